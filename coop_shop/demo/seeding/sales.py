"""Orders in every state, placed and moved by the same functions as everybody's, on days that are past.

Stands in the cooperative's schema.
"""

from datetime import datetime, timedelta
from typing import Any

from catalog.models import Variant
from coop_shop.demo.seeding import money
from coop_shop.demo.seeding.data import Data
from lib import phone
from orders import lifecycle, placing
from orders.models import Order, OrderState
from shipping import quoting

COURIERS = ("JNE", "J&T", "Pos Indonesia")
# how far an order has come by its state, and how long after being placed each step was taken
STEPS: dict[str, timedelta] = {
    OrderState.PAID: timedelta(hours=2),
    OrderState.PACKED: timedelta(hours=20),
    OrderState.SHIPPED: timedelta(days=1, hours=3),
    OrderState.DELIVERED: timedelta(days=5),
    OrderState.COMPLETED: timedelta(days=7),
}


def place_orders(data: Data, *, now: datetime) -> None:
    """The orders of the demo, oldest first. Those that are there stay as they are."""
    for number, row in enumerate(data.orders):
        if not Order.objects.filter(idempotency_key=_key(row)).exists() and not _channel_order(row):
            _place_and_move(row, number, now)


def _place_and_move(row: dict[str, Any], number: int, now: datetime) -> None:
    # An order of today was placed a little while ago, each at a minute of its own.
    placed_at = now - timedelta(days=row["days_ago"], minutes=17 * number % 240 + 3)
    order = _sold_elsewhere(row, placed_at) if row["channel"] != Order.SHOP else _sold_here(row, placed_at)
    state = row["state"]
    if state == OrderState.EXPIRED:
        lifecycle.expire(order_id=order.pk, now=min(order.expires_at, now))
        return
    if state == OrderState.CANCELLED:
        lifecycle.cancel(order_id=order.pk, actor="buyer", now=_after(placed_at, timedelta(hours=3), now))
        return
    for step, pause in STEPS.items():
        if _comes_after(step, state):
            return
        _take(step, order, row, number, _after(placed_at, pause, now))


def _take(step: str, order: Order, row: dict[str, Any], number: int, at: datetime) -> None:
    actor = "petugas"
    if step == OrderState.PAID and order.channel != Order.SHOP:
        lifecycle.mark_paid(order_id=order.pk, actor=order.channel, now=at)
    elif step == OrderState.PAID:
        money.pay(order, method=row["method"], now=at)
    elif step == OrderState.SHIPPED:
        courier = COURIERS[number % len(COURIERS)]
        tracking = f"DEMO{order.pk:08d}"
        lifecycle.ship(order_id=order.pk, courier=courier, tracking_number=tracking, actor=actor, now=at)
    else:
        lifecycle.move(order_id=order.pk, to=OrderState(step), actor=actor, now=at)


def _sold_here(row: dict[str, Any], at: datetime) -> Order:
    variants = {variant.sku: variant for variant in Variant.objects.filter(sku__in=[_["sku"] for _ in row["lines"]])}
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


def _channel_order(row: dict[str, Any]) -> bool:
    return Order.objects.filter(channel=row["channel"], external_id=_external_id(row)).exists()


def _external_id(row: dict[str, Any]) -> str:
    return f"DEMO-{row['ref'].upper()}"


def _key(row: dict[str, Any]) -> str:
    return f"demo:{row['ref']}"


def _comes_after(step: str, state: str) -> bool:
    order = list(STEPS)
    return state not in order or order.index(OrderState(step)) > order.index(OrderState(state))


def _after(placed_at: datetime, pause: timedelta, now: datetime) -> datetime:
    return min(placed_at + pause, now)
