"""Our order follows the channel's: recorded once, moved forward along our own table, never back."""

from datetime import datetime

from django.db import transaction

from ledger import posting
from marketplaces.channels.base import RemoteLine, RemoteOrder
from marketplaces.models import ChannelOrder, Connection, ListingVariant
from orders import lifecycle, placing
from orders.models import Order, OrderState

# The stage of the channel's order -> how far ours has come by then. Other stages move nothing.
REACHED = {
    "unpaid": OrderState.AWAITING_PAYMENT,
    "to_ship": OrderState.PAID,
    "arranged": OrderState.PACKED,
    "on_the_way": OrderState.SHIPPED,
    "arrived": OrderState.DELIVERED,
    "done": OrderState.COMPLETED,
}
PATH = list(REACHED.values())
CANCELLABLE = (OrderState.AWAITING_PAYMENT, OrderState.PAID, OrderState.PACKED)
UNKNOWN_BUYER = "Pembeli"


@transaction.atomic
def follow(*, shop: Connection, news: RemoteOrder, now: datetime) -> Order | None:
    """Record the order when it is new, and move it to where the channel says it is. Older news changes nothing.

    An order that was cancelled before we ever heard of it is not recorded: it holds no stock and no money.
    """
    if news.stage == "cancelled" and not Order.objects.filter(channel=shop.channel, external_id=news.id).exists():
        return None
    placed = placing.record_channel_order(
        channel=shop.channel,
        external_id=news.id,
        buyer=_buyer(news),
        lines=[_line(shop, line) for line in news.lines],
        placed_at=news.placed_at,
        now=now,
    )
    order = lifecycle.lock(placed.pk)  # one worker at a time from here on
    if not _is_news(shop, order, news):
        return order
    _unmask(order, news)
    if news.stage == "cancelled":
        _cancel(order, shop, now)
    elif news.stage in REACHED:
        _advance(order, shop, news, now)
    else:
        lifecycle.note(order, kind=news.stage, actor=shop.channel, detail=news.state, now=now)
    return Order.objects.get(pk=order.pk)


def _is_news(shop: Connection, order: Order, news: RemoteOrder) -> bool:
    """Compare with what we knew, and know it from now on. The channel's clock has whole seconds, so an equal moment
    with another state counts."""
    known, is_new = ChannelOrder.objects.get_or_create(
        connection=shop,
        external_id=news.id,
        defaults={"order": order, "external_state": news.state, "updated_at": news.updated_at},
    )
    if is_new:
        return True
    if news.updated_at < known.updated_at or (news.updated_at, news.state) == (known.updated_at, known.external_state):
        return False
    known.external_state, known.updated_at = news.state, news.updated_at
    known.save(update_fields=["external_state", "updated_at"])
    return True


def _advance(order: Order, shop: Connection, news: RemoteOrder, now: datetime) -> None:
    """Step by step, so that nothing that belongs to a step is left out. Ahead of the channel, we stay."""
    target = PATH.index(REACHED[news.stage])
    while order.state in PATH and PATH.index(OrderState(order.state)) < target:
        order = _step(order, PATH[PATH.index(OrderState(order.state)) + 1], shop, news, now)


def _step(order: Order, to: OrderState, shop: Connection, news: RemoteOrder, now: datetime) -> Order:
    if to == OrderState.PAID:
        paid = lifecycle.mark_paid(order_id=order.pk, actor=shop.channel, now=now)
        posting.captured(
            order=paid,
            payment_reference=f"{shop.channel}:{news.id}",
            clearing=shop.channel,
            amount=paid.total,
            actor=shop.channel,
            now=now,
        )
        return paid
    if to == OrderState.SHIPPED:
        return lifecycle.ship(
            order_id=order.pk, courier=news.courier[:40], tracking_number="", actor=shop.channel, now=now
        )
    return lifecycle.move(order_id=order.pk, to=to, actor=shop.channel, now=now)


def _cancel(order: Order, shop: Connection, now: datetime) -> None:
    """Its stock comes back once, and only while it has not left the house; then a return has to bring it."""
    if order.state not in CANCELLABLE:
        lifecycle.note(order, kind="cancelled_late", actor=shop.channel, now=now)
        return
    was_paid = order.state != OrderState.AWAITING_PAYMENT
    cancelled = lifecycle.cancel(order_id=order.pk, actor=shop.channel, now=now)
    if was_paid:
        posting.reversed_(order=cancelled, actor=shop.channel, now=now)


def _line(shop: Connection, line: RemoteLine) -> placing.ChannelLine:
    """By the channel's ids where we put it up ourselves, else by its SKU."""
    listed = ListingVariant.objects.filter(
        listing__connection=shop, listing__external_id=line.listing_id, external_id=line.variant_id
    ).select_related("variant")
    ours = listed.first()
    sku = ours.variant.sku if ours else line.sku
    return placing.ChannelLine(sku=sku[:100], title=line.title[:200], price=line.price, quantity=line.quantity)


def _buyer(news: RemoteOrder) -> placing.Buyer:
    return placing.Buyer(
        name=(news.buyer_name or UNKNOWN_BUYER)[:80],
        phone=news.buyer_phone[:20],
        address=news.address[:300],
        district=news.district[:60],
        regency=news.regency[:60],
        province=news.province[:60],
        postcode=news.postcode[:5],
        note=news.note[:300],
    )


def _unmask(order: Order, news: RemoteOrder) -> None:
    """The channel shows name, phone and street only once the parcel is arranged."""
    if order.address or not news.address:
        return
    order.buyer_name, order.buyer_phone, order.address = (
        (news.buyer_name or order.buyer_name)[:80],
        news.buyer_phone[:20],
        news.address[:300],
    )
    order.save(update_fields=["buyer_name", "buyer_phone", "address"])
