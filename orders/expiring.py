"""Orders that nobody paid in time."""

from datetime import datetime

from orders import lifecycle
from orders.models import Order
from tenants import due


def expire_unpaid(*, now: datetime, limit: int = 200) -> int:
    """Expire what is past its time, oldest first. Returns how many; what is left over is due at once. One order in
    trouble does not stop the next."""
    late = Order.objects.unpaid().filter(expires_at__lte=now).order_by("expires_at")
    expired = 0
    for order_id in list(late.values_list("pk", flat=True)[:limit]):
        try:
            lifecycle.expire(order_id=order_id, now=now)
            expired += 1
        except lifecycle.WrongState:
            continue  # paid or cancelled a moment ago
    if late.exists():
        due.note("expire", now=now)
    return expired
