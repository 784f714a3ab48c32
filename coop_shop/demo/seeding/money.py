"""How buyers pay. Stands in the cooperative's schema."""

from datetime import datetime

from coop_shop.demo.seeding.data import Data
from orders import lifecycle
from orders.models import Order


def open_gateways(data: Data) -> None:
    pass


def pay(order: Order, *, method: str, now: datetime) -> None:
    lifecycle.mark_paid(order_id=order.pk, actor=method, now=now)
