"""An order moves from state to state, only along the table in orders/models.py, under the lock of its row."""

from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from catalog import selling
from inventory import holding, stock
from orders import documents, messages
from orders.models import NEXT_STATES, Order, OrderEvent, OrderState, Parcel


class WrongState(Exception):
    """The order cannot go from its state to `wanted`."""

    def __init__(self, order: Order, wanted: str) -> None:
        super().__init__(f"{order.code}: {order.state} -> {wanted}")
        self.order = order
        self.wanted = wanted


def lock(order_id: int) -> Order:
    """The order, locked until the transaction ends. Take it before anything else that belongs to the order."""
    return Order.objects.select_for_update(of=("self",), no_key=True).get(pk=order_id)


@transaction.atomic
def mark_paid(*, order_id: int, actor: str, now: datetime) -> Order:
    """Money for the whole order is here: number the invoice, take the goods off the shelf, tell people.

    An order that had expired takes its stock again first. Raises WrongState, stock.OutOfStock.
    """
    order = lock(order_id)
    if order.state == OrderState.EXPIRED:
        _promise_again(order, now)
    stock.commit(reference=order.code, now=now)
    _count_sold(order, 1)
    # After the stock, as for an expired order: two payments must not wait for each other's counter and shelf.
    order.invoice_number = order.invoice_number or documents.next_number("INV", now=now)
    order.paid_at = now
    _move(order, OrderState.PAID, actor, now)
    messages.paid(order, now=now)
    return order


@transaction.atomic
def cancel(*, order_id: int, actor: str, now: datetime, detail: str = "") -> Order:
    """Call the order off before it leaves the house; its stock comes back exactly once. Raises WrongState."""
    order = lock(order_id)
    _move(order, OrderState.CANCELLED, actor, now, detail)
    holding.let_go(reference=order.code, now=now)
    stock.give_back(reference=order.code, now=now)
    if order.paid_at:
        _count_sold(order, -1)
    return order


@transaction.atomic
def expire(*, order_id: int, now: datetime) -> Order:
    """Nobody paid in time: the stock is for sale again. Raises WrongState (paid meanwhile: good)."""
    order = lock(order_id)
    _move(order, OrderState.EXPIRED, "clock", now)
    holding.let_go(reference=order.code, now=now)
    messages.expired(order, now=now)
    return order


@transaction.atomic
def move(*, order_id: int, to: OrderState, actor: str, now: datetime, detail: str = "") -> Order:
    """Any step that changes neither stock nor money: packed, delivered, completed, returned. Raises WrongState."""
    order = lock(order_id)
    _move(order, to, actor, now, detail)
    if to == OrderState.PACKED:
        Parcel.objects.filter(order=order, packed_at=None).update(packed_at=now)
    if to == OrderState.RETURNED:
        _count_sold(order, -1)
    return order


@transaction.atomic
def ship(*, order_id: int, courier: str, tracking_number: str, actor: str, now: datetime) -> Order:
    """The parcels are with the courier. Raises WrongState."""
    order = lock(order_id)
    _move(order, OrderState.SHIPPED, actor, now, f"{courier} {tracking_number}".strip())
    Parcel.objects.filter(order=order).update(courier=courier, tracking_number=tracking_number, shipped_at=now)
    messages.shipped(order, now=now)
    return order


@transaction.atomic
def solve(*, order_id: int, actor: str, now: datetime, detail: str) -> Order:
    """A person settled the order's case; `detail` says how, and the history keeps it. Again changes nothing."""
    order = lock(order_id)
    if order.problem:
        note(order, kind="solved", actor=actor, now=now, detail=f"{order.problem}: {detail}")
        order.problem = ""
        order.save(update_fields=["problem"])
    return order


def note(order: Order, *, kind: str, actor: str, now: datetime, detail: str = "") -> None:
    """Write into the order's history without moving it."""
    OrderEvent.objects.create(order=order, kind=kind, actor=actor, detail=detail, at=now)


def _move(order: Order, to: OrderState, actor: str, now: datetime, detail: str = "") -> None:
    if to not in NEXT_STATES[order.state]:
        raise WrongState(order, to)
    order.state = to
    order.save(update_fields=["state", "invoice_number", "paid_at"])
    OrderEvent.objects.create(order=order, kind="moved", state=to, actor=actor, detail=detail, at=now)


def _count_sold(order: Order, sign: int) -> None:
    """What cards say was sold is what was paid for and kept."""
    lines = order.lines.exclude(variant=None).values_list("variant__product")
    selling.count_sold({product: sign * pieces for product, pieces in lines.annotate(pieces=Sum("quantity"))})


def _promise_again(order: Order, now: datetime) -> None:
    wanted: dict[int, int] = {}
    for variant_id, quantity in order.lines.exclude(variant=None).values_list("variant_id", "quantity"):
        wanted[variant_id] = wanted.get(variant_id, 0) + quantity
    ready = holding.hold(reference=order.code, wanted=wanted, expires_at=None, now=now)
    for variant_id, day in ready.items():  # later than what was said when it was placed
        order.lines.filter(variant=variant_id).update(ready_date=day)
