from celery import shared_task
from django.utils import timezone

from orders import expiring
from tenants import due


@shared_task
def expire_unpaid() -> None:
    """Expire the orders of this cooperative whose time is over."""
    now = timezone.now()
    with due.working("expire", now=now):
        expiring.expire_unpaid(now=now)
