"""The officers end their shop themselves."""

from datetime import datetime

from orders.models import Order, OrderState
from tenants import lifecycle
from tenants.models import Cooperative

OWED = (OrderState.PAID, OrderState.PACKED)


class OrdersOwed(Exception):
    """Buyers have paid and `count` parcels have not left. Nothing has changed."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


def close_shop(*, cooperative_id: int, by: str, reason: str, now: datetime) -> Cooperative:
    """End the shop of the cooperative in whose schema we stand. Raises OrdersOwed, lifecycle.Refused,
    lifecycle.ReasonMissing."""
    owed = orders_owed()
    if owed:
        raise OrdersOwed(owed)
    return lifecycle.close(cooperative_id=cooperative_id, by=by, reason=reason, now=now)


def orders_owed() -> int:
    """Orders that buyers have paid and that have not left."""
    return Order.objects.filter(state__in=OWED).count()
