"""Orders that nobody paid in time."""

import logging
from datetime import datetime, timedelta

from orders import lifecycle
from orders.models import Order
from tenants import due

logger = logging.getLogger(__name__)
AGAIN = timedelta(minutes=5)


def expire_unpaid(*, now: datetime, limit: int = 200) -> int:
    """Expire what is past its time, oldest first. Returns how many; what is left over is due at once. One order in
    trouble does not stop the next."""
    late = Order.objects.unpaid().filter(expires_at__lte=now).order_by("expires_at")
    batch = list(late.values_list("pk", flat=True)[:limit])
    expired = 0
    for order_id in batch:
        try:
            lifecycle.expire(order_id=order_id, now=now)
            expired += 1
        except lifecycle.WrongState:
            continue  # paid or cancelled a moment ago
        except Exception:
            logger.exception("expiring order %s", order_id)
            due.note("expire", now=now, at=now + AGAIN)
    if late.exclude(pk__in=batch).exists():
        due.note("expire", now=now)
    return expired
