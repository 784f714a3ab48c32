import logging

from celery import shared_task
from django.utils import timezone

from marketplaces import clock, importing, leaving, pushing, reconciling
from tenants import due
from tenants.context import in_tenant

logger = logging.getLogger(__name__)


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


@shared_task(platform=True)  # type: ignore[call-overload]
def leave_channels() -> None:
    """Closed cooperatives take down what the channels still show. One that fails stops no other."""
    for cooperative in leaving.waiting():
        try:
            with in_tenant(cooperative):
                leaving.leave(now=timezone.now())
        except Exception:
            logger.exception("%s could not leave its channels", cooperative.slug)
