"""An order comes into being: from our own checkout, or from a marketplace."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from catalog.models import Product, Variant
from inventory import holding, making, stock
from orders import fees, messages, pricing
from orders.models import Order, OrderEvent, OrderLine, Parcel
from shipping import quoting
from tenants import due, opening_hours
from tenants.context import current_cooperative

HOLD = timedelta(hours=24)
MOST_PIECES = 999


class EmptyCart(Exception):
    """There is nothing in the cart that can be bought."""


class NotForSale(Exception):
    """`variant_ids` are gone or hidden since they were put into the cart."""

    def __init__(self, variant_ids: Sequence[int]) -> None:
        super().__init__(variant_ids)
        self.variant_ids = list(variant_ids)


class NotSoMany(Exception):
    """Less or more of a product than one order may have, all its variants together. `limits` maps product id ->
    (least, most or None)."""

    def __init__(self, limits: Mapping[int, tuple[int, int | None]]) -> None:
        super().__init__(limits)
        self.limits = dict(limits)


class PriceChanged(Exception):
    """The buyer saw `shown`, it now costs `total` (whole rupiah)."""

    def __init__(self, *, shown: int, total: int) -> None:
        super().__init__(shown, total)
        self.shown = shown
        self.total = total


class OnHoliday(Exception):
    """The cooperative takes no orders in its shop until `back`; None: nobody knows yet."""

    def __init__(self, back: date | None) -> None:
        super().__init__(back)
        self.back = back


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
class PricedLine:
    variant: Variant
    quantity: int
    piece: pricing.PiecePrice


@dataclass(frozen=True, kw_only=True)
class Priced:
    """A cart with today's prices."""

    lines: list[PricedLine]
    goods_total: int
    weight_g: int


def price_cart(cart: Mapping[int, int], *, is_member: bool = False) -> Priced:
    """Look up `cart` (variant id -> quantity) for a buyer who is a member or not. Raises EmptyCart, NotForSale,
    NotSoMany."""
    wanted = {pk: min(quantity, MOST_PIECES) for pk, quantity in cart.items() if quantity > 0}
    if not wanted:
        raise EmptyCart
    variants = for_sale(wanted)
    gone = wanted.keys() - {variant.pk for variant in variants}
    if gone:
        raise NotForSale(sorted(gone))
    lines = price_lines([(variant, wanted[variant.pk]) for variant in variants], is_member=is_member)
    broken = broken_limits(lines)
    if broken:
        raise NotSoMany(broken)
    return Priced(
        lines=lines,
        goods_total=pricing.goods_total((line.piece.amount, line.quantity) for line in lines),
        weight_g=pricing.total_weight((line.variant.weight_g, line.quantity) for line in lines),
    )


def for_sale(variant_ids: Iterable[int]) -> list[Variant]:
    """Those of the variants that can be bought, with product, member and wholesale steps. Two queries."""
    found = Variant.objects.filter(pk__in=list(variant_ids), is_active=True, product__in=Product.objects.on_sale())
    return list(found.select_related("product__member").prefetch_related("steps").order_by("pk"))


def price_lines(lines: Sequence[tuple[Variant, int]], *, is_member: bool) -> list[PricedLine]:
    """What each line (a variant of `for_sale`, pieces) costs this buyer when they are bought together."""
    wanted = [
        pricing.Wanted(product_id=variant.product_id, quantity=quantity, tag=price_tag(variant))
        for variant, quantity in lines
    ]
    pieces = pricing.price_pieces(wanted, is_member=is_member)
    return [
        PricedLine(variant=variant, quantity=quantity, piece=piece)
        for (variant, quantity), piece in zip(lines, pieces, strict=True)
    ]


def price_tag(variant: Variant) -> pricing.PriceTag:
    steps = sorted((step.from_quantity, step.price) for step in variant.steps.all())
    return pricing.PriceTag(price=variant.price, member_price=variant.member_price, steps=tuple(steps))


def broken_limits(lines: Sequence[PricedLine]) -> dict[int, tuple[int, int | None]]:
    """Products of which these lines have less or more than one order may, with their limits."""
    products = {line.variant.product_id: line.variant.product for line in lines}
    pieces = pricing.pieces_of_product((line.variant.product_id, line.quantity) for line in lines)
    return {
        pk: (product.min_per_order, product.max_per_order)
        for pk, product in products.items()
        if pieces[pk] < product.min_per_order
        or (product.max_per_order is not None and pieces[pk] > product.max_per_order)
    }


def place_order(
    *,
    cart: Mapping[int, int],
    buyer: Buyer,
    shown_total: int,
    idempotency_key: str,
    is_member: bool = False,
    language: str = "id",
    now: datetime,
) -> Order:
    """Turn a cart into an order that awaits payment and holds its stock until `expires_at`.

    `is_member`: the buyer is logged in as a member, and pays member prices. The same `idempotency_key` with the same
    content is the same order, however often it comes. Raises EmptyCart, NotForSale, NotSoMany, PriceChanged,
    OnHoliday, quoting.NoRate, stock.OutOfStock, KeyReused; nothing is written then.
    """
    digest = _digest(cart, buyer)
    existing = _placed_before(idempotency_key, digest)
    if existing:
        return existing
    if holiday := opening_hours.stops_orders(current_cooperative(), now=now):
        raise OnHoliday(holiday.back)
    priced = price_cart(cart, is_member=is_member)
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
            wanted = {line.variant.pk: line.quantity for line in priced.lines}
            ready = holding.hold(reference=order.code, wanted=wanted, expires_at=order.expires_at, now=now)
            _write_lines(order, priced.lines, ready, now)
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


def _write_lines(order: Order, lines: Sequence[PricedLine], ready: Mapping[int, date], now: datetime) -> None:
    rule = fees.in_force(channel=order.channel, now=now)
    OrderLine.objects.bulk_create(
        _line(order, line.variant, line.quantity, line.piece, rule, _ready_date(line.variant, ready, now))
        for line in lines
    )
    members = sorted({line.variant.product.member_id for line in lines})
    Parcel.objects.bulk_create(Parcel(order=order, member_id=member_id) for member_id in members)
    OrderEvent.objects.create(order=order, kind="placed", state=order.state, actor="buyer", at=now)


def _ready_date(variant: Variant, ready: Mapping[int, date], now: datetime) -> date | None:
    return ready.get(variant.pk) or making.first_day(variant.product, now=now)


def _line(
    order: Order, variant: Variant, quantity: int, piece: pricing.PiecePrice, rule: pricing.Fees, ready: date | None
) -> OrderLine:
    shares = pricing.share_line(price=piece.amount, quantity=quantity, fees=rule)
    return OrderLine(
        order=order,
        variant=variant,
        member_id=variant.product.member_id,
        title=variant.product.title,
        variant_name=variant.name,
        sku=variant.sku,
        price=piece.amount,
        price_kind=piece.kind,
        ready_date=ready,
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
    problem, ready = _take_stock(order, lines, variants, now)
    rule = fees.in_force(channel=channel, now=now)
    OrderLine.objects.bulk_create(
        _channel_line(order, line, variants.get(line.sku), rule, ready, now) for line in lines
    )
    members = sorted({variants[line.sku].product.member_id for line in lines if line.sku in variants})
    Parcel.objects.bulk_create(Parcel(order=order, member_id=member_id) for member_id in members)
    OrderEvent.objects.create(order=order, kind="placed", state=order.state, actor=channel, at=now)
    order.problem = problem
    order.save(update_fields=["problem"])
    return order


def _channel_line(
    order: Order,
    line: ChannelLine,
    variant: Variant | None,
    rule: pricing.Fees,
    ready: Mapping[int, date],
    now: datetime,
) -> OrderLine:
    if variant:
        piece = pricing.PiecePrice(amount=line.price)
        return _line(order, variant, line.quantity, piece, rule, _ready_date(variant, ready, now))
    shares = pricing.share_line(price=line.price, quantity=line.quantity, fees=rule)
    return OrderLine(
        order=order, title=line.title, sku=line.sku, price=line.price, quantity=line.quantity, weight_g=0,
        fee_rule=rule.name, **asdict(shares),
    )  # fmt: skip


def _take_stock(
    order: Order, lines: Sequence[ChannelLine], variants: Mapping[str, Variant], now: datetime
) -> tuple[str, dict[int, date]]:
    """The problem of the order, if any, and when what is made to order will be ready."""
    wanted: dict[int, int] = {}
    for line in lines:
        if line.sku in variants:
            pk = variants[line.sku].pk
            wanted[pk] = wanted.get(pk, 0) + line.quantity
    problem = "" if len(variants) == len({line.sku for line in lines}) else Order.Problem.UNKNOWN_SKU
    made = {variant.pk: variant.product_id for variant in variants.values() if variant.product.made_to_order}
    ready: dict[int, date] = {}
    # what is made first, then the shelf, each in the order in which everybody locks (inventory/holding.py)
    for pk, quantity in sorted(wanted.items(), key=lambda row: (row[0] not in made, made.get(row[0], 0), row[0])):
        try:
            ready |= holding.hold(reference=order.code, wanted={pk: quantity}, expires_at=None, now=now)
        except stock.OutOfStock:
            problem = Order.Problem.OVERSOLD
    return problem, ready
