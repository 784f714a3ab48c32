"""Wholesale, member prices, limits, what is made to order and what is sold before it is there, in an order."""

from datetime import date, timedelta

import pytest

from catalog.models import Product
from inventory import making, stock
from inventory.models import MakingDay, Reservation, Stock
from orders import lifecycle, placing
from orders.models import FeeRule, Order
from tests import make

FIRST = date(2026, 11, 26)


@pytest.fixture(autouse=True)
def shipping(kopi):
    make.rate(per_kg=20_000)


def place(cart, now, *, goods, shipping=20_000, key="k-1", **more):
    return placing.place_order(
        cart=cart, buyer=make.buyer(), shown_total=goods + shipping, idempotency_key=key, now=now, **more
    )


def nothing_happened():
    return not Order.objects.exists() and not Reservation.objects.exists() and not MakingDay.objects.exists()


def test_a_wholesale_price_is_charged_and_shared_as_charged(now):
    FeeRule.objects.create(channel="shop", cooperative_bp=1_000, from_date=date(2026, 1, 1))
    coffee = make.steps(make.variant(price=65_000, on_hand=20), (3, 60_000), (10, 55_000))
    line = place({coffee.pk: 3}, now, goods=180_000).lines.get()
    assert (line.price, line.price_kind, line.gross) == (60_000, "step", 180_000)
    assert (line.cooperative_fee, line.member_share) == (18_000, 162_000)


def test_wholesale_counts_the_variants_of_a_product_together(now):
    coffee = make.product(options=("Halus", "Kasar"), price=65_000)
    fine, coarse = (make.steps(variant, (4, 60_000)) for variant in coffee.variants.order_by("pk"))
    order = place({fine.pk: 3, coarse.pk: 1}, now, goods=240_000)
    assert set(order.lines.values_list("price", "price_kind")) == {(60_000, "step")}


def test_a_member_pays_the_member_price_and_nobody_else_does(now):
    coffee = make.variant(price=65_000)
    make.change(coffee, member_price=58_000)
    with pytest.raises(placing.PriceChanged) as refused:
        place({coffee.pk: 1}, now, goods=58_000)
    assert (refused.value.total, Order.objects.count()) == (85_000, 0)
    line = place({coffee.pk: 1}, now, goods=58_000, is_member=True).lines.get()
    assert (line.price, line.price_kind) == (58_000, "member")


@pytest.mark.parametrize(("pieces", "is_fine"), [(2, False), (3, True), (6, True), (7, False)])
def test_an_order_has_neither_less_nor_more_of_a_product_than_it_may(now, pieces, is_fine):
    coffee = make.product(options=("Halus", "Kasar"), price=10_000, min_per_order=3, max_per_order=6)
    fine, coarse = coffee.variants.order_by("pk")
    cart = {fine.pk: pieces - 1, coarse.pk: 1}
    if is_fine:
        assert place(cart, now, goods=10_000 * pieces, shipping=20_000 * -(-pieces // 4)).goods_total == 10_000 * pieces
        return
    with pytest.raises(placing.NotSoMany) as refused:
        place(cart, now, goods=10_000 * pieces)
    assert refused.value.limits == {coffee.pk: (3, 6)}
    assert nothing_happened()


def test_what_is_made_to_order_needs_no_stock_and_the_line_says_when_it_is_ready(now):
    cake = make.made_to_order(capacity=10, price=50_000)
    piece = cake.variants.get()
    line = place({piece.pk: 12}, now, goods=600_000, shipping=60_000).lines.get()
    assert line.ready_date == date(2026, 11, 27)
    assert Stock.objects.values_list("on_hand", "reserved").get() == (0, 0)


def test_more_than_can_be_made_is_refused_with_what_can_be(now):
    piece = make.made_to_order(capacity=1, price=50_000).variants.get()
    with pytest.raises(stock.OutOfStock) as refused:
        place({piece.pk: 61}, now, goods=61 * 50_000, shipping=320_000)
    assert refused.value.short == {piece.pk: making.HORIZON_DAYS}
    assert nothing_happened()


def test_a_preorder_takes_stock_and_says_its_day(now):
    coffee = make.variant(price=65_000, on_hand=5, preorder_date=date(2026, 12, 24))
    line = place({coffee.pk: 2}, now, goods=130_000).lines.get()
    assert (line.ready_date, Stock.objects.get().reserved) == (date(2026, 12, 24), 2)


def test_what_lies_on_the_shelf_has_no_day(now):
    assert place({make.variant(price=65_000).pk: 1}, now, goods=65_000).lines.get().ready_date is None


@pytest.mark.parametrize("end", ["expire", "cancel"])
def test_an_order_that_ends_early_leaves_the_makers_days_free(now, end):
    piece = make.made_to_order(capacity=10, price=50_000).variants.get()
    order = place({piece.pk: 10}, now, goods=500_000, shipping=60_000)
    if end == "expire":
        lifecycle.expire(order_id=order.pk, now=now)
    else:
        lifecycle.cancel(order_id=order.pk, actor="Rosmaidar", now=now)
    assert MakingDay.objects.get().taken == 0
    assert place({piece.pk: 10}, now, goods=500_000, shipping=60_000, key="k-2").lines.get().ready_date == FIRST


@pytest.mark.breaks("I5")
def test_a_paid_order_keeps_its_days_until_it_is_cancelled(now):
    piece = make.made_to_order(capacity=10, price=50_000).variants.get()
    order = place({piece.pk: 4}, now, goods=200_000, shipping=20_000)
    lifecycle.mark_paid(order_id=order.pk, actor="stripe", now=now)
    assert MakingDay.objects.get().taken == 4
    lifecycle.cancel(order_id=order.pk, actor="Rosmaidar", now=now)
    assert MakingDay.objects.get().taken == 0


@pytest.mark.breaks("I5")
def test_an_expired_order_that_is_paid_late_gets_days_that_are_left_then(now):
    piece = make.made_to_order(capacity=10, price=50_000).variants.get()
    order = place({piece.pk: 4}, now, goods=200_000, shipping=20_000)
    lifecycle.expire(order_id=order.pk, now=now)
    place({piece.pk: 10}, now, goods=500_000, shipping=60_000, key="k-2")
    lifecycle.mark_paid(order_id=order.pk, actor="stripe", now=now + timedelta(days=2))
    assert order.lines.get().ready_date == date(2026, 11, 28)


def test_what_lacks_a_document_cannot_be_ordered(now):
    coffee = make.variant(price=65_000)
    Product.objects.update(lacks="halal")
    with pytest.raises(placing.NotForSale):
        place({coffee.pk: 1}, now, goods=65_000)
    assert nothing_happened()


def record(now, *lines):
    return placing.record_channel_order(
        channel="shopee", external_id="SP-1", buyer=make.buyer(), placed_at=now, now=now,
        lines=[placing.ChannelLine(sku=sku, title=sku, price=price, quantity=n) for sku, price, n in lines],
    )  # fmt: skip


def test_a_marketplace_sale_takes_the_same_days_at_the_marketplaces_price(now):
    cake = make.made_to_order(capacity=10, options=("Pandan", "Cokelat"), sku="KUE")
    make.steps(cake.variants.get(sku="KUE-1"), (2, 1_000))
    order = record(now, ("KUE-1", 70_000, 6), ("KUE-2", 70_000, 6))
    assert list(order.lines.order_by("pk").values_list("price", "price_kind", "ready_date")) == [
        (70_000, "", FIRST), (70_000, "", date(2026, 11, 27)),
    ]  # fmt: skip
    assert order.problem == ""


def test_a_marketplace_sale_of_more_than_can_be_made_is_a_named_case(now):
    make.made_to_order(capacity=1, sku="KUE")
    order = record(now, ("KUE", 70_000, 61))
    assert (order.problem, MakingDay.objects.filter(taken__gt=0).count()) == ("oversold", 0)
