"""An order comes into being: from our own checkout, or from a marketplace."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from catalog.models import Product, Variant
from inventory import stock
from orders import fees, messages, pricing
from orders.models import Order, OrderEvent, OrderLine, Parcel
from shipping import quoting
from tenants import due

HOLD = timedelta(hours=24)
MOST_PIECES = 999


class EmptyCart(Exception):
    """There is nothing in the cart that can be bought."""


class NotForSale(Exception):
    """`variant_ids` are gone or hidden since they were put into the cart."""

    def __init__(self, variant_ids: Sequence[int]) -> None:
        super().__init__(variant_ids)
        self.variant_ids = list(variant_ids)


class PriceChanged(Exception):
    """The buyer saw `shown`, it now costs `total` (whole rupiah)."""

    def __init__(self, *, shown: int, total: int) -> None:
        super().__init__(shown, total)
        self.shown = shown
        self.total = total


class KeyReused(Exception):
    """The idempotency key already stands for another order."""


@dataclass(frozen=True, kw_only=True)
class Buyer:
    """Who buys and where it goes; phone in E.164."""

    name: str
    phone: str
    address: str
    district: str
    regency: str
    province: str
    postcode: str = ""
    email: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Priced:
    """A cart with today's prices. `lines` are (variant, quantity)."""

    lines: list[tuple[Variant, int]]
    goods_total: int
    weight_g: int


def price_cart(cart: Mapping[int, int]) -> Priced:
    """Look up `cart` (variant id -> quantity). Raises EmptyCart, NotForSale."""
    wanted = {pk: min(quantity, MOST_PIECES) for pk, quantity in cart.items() if quantity > 0}
    if not wanted:
        raise EmptyCart
    variants = Variant.objects.filter(pk__in=wanted, is_active=True, product__state=Product.State.LIVE).select_related(
        "product__member"
    )
    lines = [(variant, wanted[variant.pk]) for variant in variants.order_by("pk")]
    gone = wanted.keys() - {variant.pk for variant, _ in lines}
    if gone:
        raise NotForSale(sorted(gone))
    return Priced(
        lines=lines,
        goods_total=pricing.goods_total((variant.price, quantity) for variant, quantity in lines),
        weight_g=pricing.total_weight((variant.weight_g, quantity) for variant, quantity in lines),
    )


def place_order(
    *,
    cart: Mapping[int, int],
    buyer: Buyer,
    shown_total: int,
    idempotency_key: str,
    language: str = "id",
    now: datetime,
) -> Order:
    """Turn a cart into an order that awaits payment and holds its stock until `expires_at`.

    The same `idempotency_key` with the same content is the same order, however often it comes.
    Raises EmptyCart, NotForSale, PriceChanged, quoting.NoRate, stock.OutOfStock, KeyReused; nothing is
    written then.
    """
    digest = _digest(cart, buyer)
    existing = _placed_before(idempotency_key, digest)
    if existing:
        return existing
    priced = price_cart(cart)
    quote = quoting.quote(province=buyer.province, weight_g=priced.weight_g)
    total = priced.goods_total + quote.cost
    if total != shown_total:
        raise PriceChanged(shown=shown_total, total=total)
    try:
        with transaction.atomic():
            order = Order.objects.create(
                channel=Order.SHOP,
                idempotency_key=idempotency_key,
                request_hash=digest,
                language=language,
                goods_total=priced.goods_total,
                shipping_cost=quote.cost,
                total=total,
                days_from=quote.days_from,
                days_to=quote.days_to,
                placed_at=now,
                expires_at=now + HOLD,
                **_buyer_fields(buyer),
            )
            _write_lines(order, priced.lines, now)
            wanted = {variant.pk: quantity for variant, quantity in priced.lines}
            stock.reserve(reference=order.code, wanted=wanted, expires_at=order.expires_at, now=now)
            due.note("expire", now=now, at=order.expires_at)
            messages.placed(order, now=now)
    except IntegrityError:
        existing = _placed_before(idempotency_key, digest)
        if existing is None:
            raise
        return existing
    return order


def _digest(cart: Mapping[int, int], buyer: Buyer) -> str:
    content = json.dumps([sorted(cart.items()), asdict(buyer)], sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _placed_before(idempotency_key: str, digest: str) -> Order | None:
    order = Order.objects.filter(idempotency_key=idempotency_key).first()
    if order and order.request_hash != digest:
        raise KeyReused(idempotency_key)
    return order


def _buyer_fields(buyer: Buyer) -> dict[str, str]:
    fields = {name: value for name, value in asdict(buyer).items() if name not in ("name", "phone", "email")}
    return {**fields, "buyer_name": buyer.name, "buyer_phone": buyer.phone, "buyer_email": buyer.email}


def _write_lines(order: Order, lines: Sequence[tuple[Variant, int]], now: datetime) -> None:
    rule = fees.in_force(channel=order.channel, now=now)
    OrderLine.objects.bulk_create(_line(order, variant, quantity, variant.price, rule) for variant, quantity in lines)
    members = sorted({variant.product.member_id for variant, _ in lines})
    Parcel.objects.bulk_create(Parcel(order=order, member_id=member_id) for member_id in members)
    OrderEvent.objects.create(order=order, kind="placed", state=order.state, actor="buyer", at=now)


def _line(order: Order, variant: Variant, quantity: int, price: int, rule: pricing.Fees) -> OrderLine:
    shares = pricing.share_line(price=price, quantity=quantity, fees=rule)
    return OrderLine(
        order=order,
        variant=variant,
        member_id=variant.product.member_id,
        title=variant.product.title,
        variant_name=variant.name,
        sku=variant.sku,
        price=price,
        quantity=quantity,
        weight_g=variant.weight_g,
        fee_rule=rule.name,
        **asdict(shares),
    )


@dataclass(frozen=True, kw_only=True)
class ChannelLine:
    """One line as the marketplace tells it; price in whole rupiah per piece."""

    sku: str
    title: str
    price: int
    quantity: int


def record_channel_order(
    *,
    channel: str,
    external_id: str,
    buyer: Buyer,
    lines: Sequence[ChannelLine],
    placed_at: datetime,
    now: datetime,
) -> Order:
    """Write down a sale that already happened on a marketplace, and promise its stock.

    The same (channel, external_id) again returns the order as it is. A sale of more than there is, or of an SKU
    that nobody knows, is written down all the same: the order carries a named problem for a person, and no
    number goes below zero.
    """
    order = Order.objects.filter(channel=channel, external_id=external_id).first()
    if order:
        return order
    try:
        with transaction.atomic():
            return _record(channel, external_id, buyer, lines, placed_at, now)
    except IntegrityError:  # another worker was quicker
        return Order.objects.get(channel=channel, external_id=external_id)


def _record(
    channel: str,
    external_id: str,
    buyer: Buyer,
    lines: Sequence[ChannelLine],
    placed_at: datetime,
    now: datetime,
) -> Order:
    total = pricing.goods_total((line.price, line.quantity) for line in lines)
    order = Order.objects.create(
        channel=channel,
        external_id=external_id,
        goods_total=total,
        shipping_cost=0,  # the marketplace carries it
        total=total,
        placed_at=placed_at,
        **_buyer_fields(buyer),
    )
    variants = {
        variant.sku: variant
        for variant in Variant.objects.filter(sku__in=[line.sku for line in lines]).select_related("product")
    }
    rule = fees.in_force(channel=channel, now=now)
    OrderLine.objects.bulk_create(_channel_line(order, line, variants.get(line.sku), rule) for line in lines)
    members = sorted({variants[line.sku].product.member_id for line in lines if line.sku in variants})
    Parcel.objects.bulk_create(Parcel(order=order, member_id=member_id) for member_id in members)
    OrderEvent.objects.create(order=order, kind="placed", state=order.state, actor=channel, at=now)
    order.problem = _take_stock(order, lines, variants, now)
    order.save(update_fields=["problem"])
    return order


def _channel_line(order: Order, line: ChannelLine, variant: Variant | None, rule: pricing.Fees) -> OrderLine:
    if variant:
        return _line(order, variant, line.quantity, line.price, rule)
    shares = pricing.share_line(price=line.price, quantity=line.quantity, fees=rule)
    return OrderLine(
        order=order, title=line.title, sku=line.sku, price=line.price, quantity=line.quantity, weight_g=0,
        fee_rule=rule.name, **asdict(shares),
    )  # fmt: skip


def _take_stock(order: Order, lines: Sequence[ChannelLine], variants: Mapping[str, Variant], now: datetime) -> str:
    wanted: dict[int, int] = {}
    for line in lines:
        if line.sku in variants:
            pk = variants[line.sku].pk
            wanted[pk] = wanted.get(pk, 0) + line.quantity
    problem = "" if len(variants) == len({line.sku for line in lines}) else Order.Problem.UNKNOWN_SKU
    for pk, quantity in sorted(wanted.items()):
        try:
            stock.reserve(reference=order.code, wanted={pk: quantity}, expires_at=None, now=now)
        except stock.OutOfStock:
            problem = Order.Problem.OVERSOLD
    return problem
