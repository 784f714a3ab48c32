from celery import shared_task
from django.utils import timezone

from members import applying, visiting


@shared_task(platform=True)
def end_visits() -> None:
    """Visits whose time is up end in the log too, when their operator does not come back."""
    visiting.end_overdue(now=timezone.now())


@shared_task(platform=True)
def forget_applications() -> None:
    """What nobody confirmed is forgotten."""
    applying.forget_unconfirmed(now=timezone.now())
