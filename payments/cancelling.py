"""Calling off an order of our own: goods back on the shelf and the sale out of the books, together."""

from datetime import datetime

from django.db import transaction

from ledger import posting
from orders import lifecycle
from orders.models import Order


@transaction.atomic
def cancel_order(*, order_id: int, actor: str, now: datetime, detail: str = "") -> Order:
    """Cancel, and if it was paid, owe the money to the buyer instead of sharing it. Raises lifecycle.WrongState."""
    order = lifecycle.cancel(order_id=order_id, actor=actor, now=now, detail=detail)
    posting.reversed_(order=order, actor=actor, now=now)
    return order
