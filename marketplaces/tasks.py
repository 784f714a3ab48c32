from celery import shared_task
from django.utils import timezone

from marketplaces import clock, importing, pushing, reconciling
from tenants import due


@shared_task
def push() -> None:
    """Tell the channels of this cooperative what they do not know yet."""
    now = timezone.now()
    with due.working("push", now=now):
        pushing.push(now=now)


@shared_task
def pull() -> None:
    """Ask the channels of this cooperative which orders changed; go on doing so while there are channels."""
    now = timezone.now()
    with due.working("pull", now=now):
        importing.pull(now=now)
        clock.set_clock(now=now)


@shared_task
def import_orders() -> None:
    """Bring in the orders that pushes and pulls have named."""
    now = timezone.now()
    with due.working("import_orders", now=now):
        importing.import_orders(now=now)


@shared_task
def reconcile() -> None:
    """Compare what the channels show with what they confirmed."""
    now = timezone.now()
    with due.working("reconcile", now=now):
        reconciling.reconcile(now=now)
