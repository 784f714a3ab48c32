from celery import shared_task
from django.utils import timezone

from notifications import sending
from tenants import due


class StillWaiting(Exception):
    """Some messages did not go out: the note stays and the sweep rings again."""


@shared_task(throws=(StillWaiting,))
def send_messages() -> None:
    """Send the messages of this cooperative that wait."""
    now = timezone.now()
    with due.working("messages", now=now):
        if sending.send_waiting(now=now):
            raise StillWaiting
