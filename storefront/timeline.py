"""The story of one order, as a buyer reads it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from orders.models import Order, OrderState

PATH = (
    (_("Dipesan"), {OrderState.AWAITING_PAYMENT}),
    (_("Dibayar"), {OrderState.PAID}),
    (_("Dikemas"), {OrderState.PACKED}),
    (_("Dikirim"), {OrderState.SHIPPED}),
    (_("Sampai"), {OrderState.DELIVERED, OrderState.COMPLETED}),
)
ENDINGS = {OrderState.CANCELLED, OrderState.EXPIRED, OrderState.RETURNED}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One station. `at` is None where the order has not been, or passed without stopping."""

    name: str
    at: datetime | None
    is_passed: bool
    is_present: bool
    is_ending: bool = False


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Where the money of the whole order goes, in whole rupiah."""

    members: Sequence[tuple[str, int]]
    cooperative: int
    channel: int  # what a marketplace keeps
    shipping: int


def steps(order: Order) -> list[Step]:
    """The stations from ordering to arrival. An order that ended early ends with that as its last station."""
    reached = {event.state: event.at for event in sorted(order.events.all(), key=lambda event: event.at)}
    furthest = max((index for index, (_name, states) in enumerate(PATH) if states & reached.keys()), default=0)
    ended = order.state in ENDINGS
    shown = [
        Step(
            name=name,
            at=min((reached[state] for state in states & reached.keys()), default=None),
            is_passed=index <= furthest,
            is_present=index == furthest and not ended,
        )
        for index, (name, states) in enumerate(PATH)
        if not ended or index <= furthest
    ]
    if ended:
        label = OrderState(order.state).label
        shown.append(Step(name=label, at=reached.get(order.state), is_passed=True, is_present=True, is_ending=True))
    return shown


def shares(order: Order) -> Shares:
    members: dict[str, int] = {}
    for line in order.lines.all():
        if line.member:
            members[line.member.name] = members.get(line.member.name, 0) + line.member_share
    return Shares(
        members=list(members.items()),
        cooperative=sum(line.cooperative_fee for line in order.lines.all()),
        channel=sum(line.channel_fee for line in order.lines.all()),
        shipping=order.shipping_cost,
    )
