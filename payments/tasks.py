from celery import shared_task
from django.utils import timezone

from payments import settling, watching
from tenants import due


@shared_task
def settle_notices() -> None:
    """Settle what providers told this cooperative."""
    now = timezone.now()
    with due.working("settle", now=now):
        settling.settle_notices(now=now)


@shared_task
def watch_payments() -> None:
    """Ask about the open attempts of this cooperative."""
    now = timezone.now()
    with due.working("watch_payments", now=now):
        watching.watch_payments(now=now)
