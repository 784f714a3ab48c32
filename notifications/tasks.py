from celery import shared_task
from django.utils import timezone

from notifications import sending
from tenants import due


@shared_task
def send_messages() -> None:
    """Send the messages of this cooperative that wait."""
    now = timezone.now()
    with due.working("messages", now=now):
        sending.send_waiting(now=now)
