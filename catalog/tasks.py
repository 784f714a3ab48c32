from celery import shared_task
from django.utils import timezone

from catalog import picturing
from tenants import due


@shared_task
def render_pictures() -> None:
    """Make the sizes of photos that have none yet, a second at a time so that other work gets its turn."""
    now = timezone.now()
    with due.working("pictures", now=now):
        if picturing.render_waiting(now=now):
            due.note("pictures", now=now)
