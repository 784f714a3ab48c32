"""Orders in every state, placed and moved by the same functions as everybody's, on days that are past.

Stands in the cooperative's schema.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from catalog.models import Variant
from coop_shop.demo.seeding import money
from coop_shop.demo.seeding.data import Data
from lib import phone
from orders import lifecycle, placing
from orders.models import Order, OrderState
from payments.models import Payment
from shipping import quoting

COURIERS = ("JNE", "J&T", "Pos Indonesia")
# how far an order has come by its state, and how long after being placed each step was taken
STEPS: dict[OrderState, timedelta] = {
    OrderState.PAID: timedelta(hours=2),
    OrderState.PACKED: timedelta(hours=20),
    OrderState.SHIPPED: timedelta(days=1, hours=3),
    OrderState.DELIVERED: timedelta(days=5),
    OrderState.COMPLETED: timedelta(days=7),
}


def place_orders(data: Data, *, now: datetime) -> None:
    """The orders of the demo, oldest first. Those that are there stay as they are."""
    staff = {row["role"]: row["name"] for row in data.about["officers"]}
    for number, row in enumerate(data.orders):
        if not _is_there(row):
            # An order of today was placed a little while ago, each at a minute of its own.
            placed_at = now - timedelta(days=row["days_ago"], minutes=17 * number % 240 + 3)
            _Story(row=row, number=number, staff=staff, placed_at=placed_at, now=now).tell()


@dataclass(frozen=True, kw_only=True)
class _Story:
    """One order from being placed to where the data says that it stands."""

    row: dict[str, Any]
    number: int
    staff: dict[str, str]
    placed_at: datetime
    now: datetime

    def tell(self) -> None:
        state = OrderState(self.row["state"])
        here = self.row["channel"] == Order.SHOP
        order = _sold_here(self.row, self.placed_at) if here else _sold_elsewhere(self.row, self.placed_at)
        payment = money.begin(order, method=self.row["method"], now=self.placed_at) if here else None
        if state == OrderState.EXPIRED:
            lifecycle.expire(order_id=order.pk, now=min(order.expires_at, self.now))
        elif state == OrderState.CANCELLED:
            actor = "buyer" if here else order.channel
            lifecycle.cancel(order_id=order.pk, actor=actor, now=self._after(timedelta(hours=3)))
        elif state in STEPS:
            way = list(STEPS)
            for step in way[: way.index(state) + 1]:
                self._take(step, order, payment, self._after(STEPS[step]))

    def _take(self, step: OrderState, order: Order, payment: Payment | None, at: datetime) -> None:
        actor = self.staff["petugas"]
        if step == OrderState.PAID and payment:
            money.pay(payment, officer=self.staff["bendahara"], now=at)
        elif step == OrderState.PAID:
            lifecycle.mark_paid(order_id=order.pk, actor=order.channel, now=at)
        elif step == OrderState.SHIPPED:
            courier = COURIERS[self.number % len(COURIERS)]
            tracking = f"DEMO{order.pk:08d}"
            lifecycle.ship(order_id=order.pk, courier=courier, tracking_number=tracking, actor=actor, now=at)
        else:
            lifecycle.move(order_id=order.pk, to=step, actor=actor, now=at)

    def _after(self, pause: timedelta) -> datetime:
        return min(self.placed_at + pause, self.now)


def _sold_here(row: dict[str, Any], at: datetime) -> Order:
    variants = {
        variant.sku: variant for variant in Variant.objects.filter(sku__in=[line["sku"] for line in row["lines"]])
    }
    cart = {variants[line["sku"]].pk: line["quantity"] for line in row["lines"]}
    buyer = _buyer(row)
    priced = placing.price_cart(cart)
    quote = quoting.quote(province=buyer.province, weight_g=priced.weight_g)
    return placing.place_order(
        cart=cart,
        buyer=buyer,
        shown_total=priced.goods_total + quote.cost,
        idempotency_key=_key(row),
        now=at,
    )


def _sold_elsewhere(row: dict[str, Any], at: datetime) -> Order:
    skus = [line["sku"] for line in row["lines"]]
    variants = {variant.sku: variant for variant in Variant.objects.filter(sku__in=skus).select_related("product")}
    return placing.record_channel_order(
        channel=row["channel"],
        external_id=_external_id(row),
        buyer=_buyer(row),
        lines=[
            placing.ChannelLine(
                sku=line["sku"],
                title=variants[line["sku"]].product.title,
                price=variants[line["sku"]].price,
                quantity=line["quantity"],
            )
            for line in row["lines"]
        ],
        placed_at=at,
        now=at,
    )


def _buyer(row: dict[str, Any]) -> placing.Buyer:
    person, address = row["buyer"], row["address"]
    return placing.Buyer(
        name=person["name"],
        phone=phone.normalise(person["phone"]) if person.get("phone") else "",
        email=person.get("email", ""),
        address=f"{address['street']}, {address['village']}",
        district=address["kecamatan"],
        regency=address["kabupaten"],
        province=address["province"],
        postcode=address.get("postcode", ""),
        note=row.get("note", ""),
    )


def _is_there(row: dict[str, Any]) -> bool:
    placed_here = Q(idempotency_key=_key(row))
    return Order.objects.filter(placed_here | Q(channel=row["channel"], external_id=_external_id(row))).exists()


def _external_id(row: dict[str, Any]) -> str:
    return f"DEMO-{row['ref'].upper()}"


def _key(row: dict[str, Any]) -> str:
    return f"demo:{row['ref']}"
