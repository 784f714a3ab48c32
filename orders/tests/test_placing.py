from datetime import UTC, date, datetime, timedelta

import pytest

from catalog.models import Product
from inventory import stock
from inventory.models import Reservation, Stock
from notifications.models import Message
from orders import placing
from orders.models import FeeRule, Order, OrderLine, Parcel
from shipping import quoting
from shipping.models import Rate
from tenants.models import Due
from tests import make


@pytest.fixture
def coffee(kopi):
    make.rate(per_kg=20_000)
    return make.variant(price=65_000, on_hand=10)


def place(cart, now, *, shown, key="k-1", **buyer):
    return placing.place_order(cart=cart, buyer=make.buyer(**buyer), shown_total=shown, idempotency_key=key, now=now)


def nothing_happened():
    return (
        Order.objects.count() == 0
        and Reservation.objects.count() == 0
        and Message.objects.count() == 0
        and set(Stock.objects.values_list("reserved", flat=True)) <= {0}
    )


def test_an_order_freezes_what_was_seen_and_holds_its_stock(coffee, now):
    order = place({coffee.pk: 2}, now, shown=150_000)
    assert (order.goods_total, order.shipping_cost, order.total) == (130_000, 20_000, 150_000)
    assert (order.state, order.expires_at) == ("awaiting_payment", now + timedelta(hours=24))
    line = order.lines.get()
    assert (line.sku, line.title, line.price, line.quantity, line.gross) == (
        coffee.sku, "Kopi Arabika Gayo", 65_000, 2, 130_000,
    )  # fmt: skip
    assert Stock.objects.get().reserved == 2
    assert Message.objects.get().to == "siti@pembeli.example"
    assert Due.objects.filter(kind="expire", at=order.expires_at).count() == 1


def test_fees_are_those_in_force_and_stay_when_the_rule_changes(coffee, now):
    FeeRule.objects.create(channel="shop", cooperative_bp=500, from_date=date(2026, 1, 1))
    FeeRule.objects.create(channel="shop", cooperative_bp=9_000, from_date=date(2027, 1, 1))
    order = place({coffee.pk: 1}, now, shown=85_000)
    FeeRule.objects.create(channel="shop", cooperative_bp=1_000, from_date=date(2026, 11, 1))
    line = order.lines.get()
    assert (line.fee_rule, line.cooperative_fee, line.member_share) == ("shop:2026-01-01", 3_250, 61_750)


def test_a_rule_begins_at_midnight_on_the_cooperatives_wall(coffee):
    FeeRule.objects.create(channel="shop", cooperative_bp=500, from_date=date(2026, 1, 1))
    FeeRule.objects.create(channel="shop", cooperative_bp=1_000, from_date=date(2026, 12, 1))
    midnight = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)  # 1 December 00.00 WIB
    before = place({coffee.pk: 1}, midnight - timedelta(seconds=1), shown=85_000, key="before")
    after = place({coffee.pk: 1}, midnight, shown=85_000, key="after")
    assert [order.lines.get().cooperative_fee for order in (before, after)] == [3_250, 6_500]


def test_the_same_key_is_the_same_order_however_often_it_comes(coffee, now):
    orders = {place({coffee.pk: 1}, now, shown=85_000).pk for _ in range(5)}
    assert len(orders) == 1
    assert (OrderLine.objects.count(), Stock.objects.get().reserved) == (1, 1)


def test_the_same_key_for_other_content_is_refused(coffee, now):
    place({coffee.pk: 1}, now, shown=85_000)
    with pytest.raises(placing.KeyReused):
        place({coffee.pk: 2}, now, shown=150_000)
    assert Stock.objects.get().reserved == 1


def test_a_price_that_changed_since_it_was_shown_is_refused(coffee, now):
    with pytest.raises(placing.PriceChanged) as changed:
        place({coffee.pk: 1}, now, shown=84_999)
    assert (changed.value.shown, changed.value.total) == (84_999, 85_000)
    assert nothing_happened()


def test_sold_out_while_in_the_cart_is_refused(coffee, now):
    with pytest.raises(stock.OutOfStock) as refused:
        place({coffee.pk: 11}, now, shown=11 * 65_000 + 60_000)
    assert refused.value.short == {coffee.pk: 10}
    assert nothing_happened()


def test_a_hidden_product_is_refused_by_name(coffee, now):
    Product.objects.update(state=Product.State.PAUSED)
    with pytest.raises(placing.NotForSale) as refused:
        place({coffee.pk: 1}, now, shown=85_000)
    assert refused.value.variant_ids == [coffee.pk]
    assert nothing_happened()


@pytest.mark.parametrize("cart", [{}, {1: 0}, {1: -3}])
def test_an_empty_cart_is_no_order(coffee, now, cart):
    with pytest.raises(placing.EmptyCart):
        place(cart, now, shown=0)
    assert nothing_happened()


def test_a_province_without_a_rate_is_refused(coffee, now):
    Rate.objects.all().delete()
    make.rate(province="Aceh")
    with pytest.raises(quoting.NoRate):
        place({coffee.pk: 1}, now, shown=85_000)
    assert nothing_happened()


def test_every_started_kilogram_is_paid_for(coffee, now):
    assert place({coffee.pk: 4}, now, shown=280_000, key="a").shipping_cost == 20_000
    assert place({coffee.pk: 5}, now, shown=365_000, key="b").shipping_cost == 40_000


def test_goods_of_two_members_are_two_parcels(coffee, now):
    honey = make.variant(title="Madu", price=50_000, seller=make.member(name="Ina"))
    order = place({coffee.pk: 1, honey.pk: 1}, now, shown=135_000)
    assert Parcel.objects.filter(order=order).values("member").distinct().count() == 2


def record(now, *lines, external_id="SP-1"):
    return placing.record_channel_order(
        channel="shopee",
        external_id=external_id,
        buyer=make.buyer(),
        lines=[placing.ChannelLine(sku=sku, title=sku, price=price, quantity=n) for sku, price, n in lines],
        placed_at=now,
        now=now,
    )


def test_a_marketplace_sale_enters_once_and_takes_the_same_stock(coffee, now):
    orders = {record(now, (coffee.sku, 70_000, 3)).pk for _ in range(3)}
    assert len(orders) == 1
    order = Order.objects.get()
    assert (order.channel, order.external_id, order.total, order.problem) == ("shopee", "SP-1", 210_000, "")
    assert Stock.objects.values_list("on_hand", "reserved").get() == (10, 3)


def test_a_marketplace_sale_of_more_than_there_is_is_a_named_case_and_no_negative_number(coffee, now):
    order = record(now, (coffee.sku, 70_000, 11))
    assert (order.problem, order.total) == ("oversold", 770_000)
    assert Stock.objects.values_list("on_hand", "reserved").get() == (10, 0)


def test_a_sku_that_nobody_knows_is_a_named_case_and_the_rest_is_taken(coffee, now):
    order = record(now, (coffee.sku, 70_000, 1), ("HILANG-1", 5_000, 2))
    assert (order.problem, order.total) == ("unknown_sku", 80_000)
    assert sorted(order.lines.values_list("sku", "member_id")) == sorted(
        [(coffee.sku, coffee.product.member_id), ("HILANG-1", None)]
    )
    assert Stock.objects.get().reserved == 1


def test_what_is_there_of_an_oversold_order_is_promised_all_the_same(coffee, now):
    honey = make.variant(title="Madu", on_hand=2)
    order = record(now, (coffee.sku, 70_000, 11), (honey.sku, 50_000, 2))
    assert order.problem == "oversold"
    assert dict(Stock.objects.values_list("pk", "reserved")) == {coffee.pk: 0, honey.pk: 2}


def test_one_sku_on_two_lines_is_summed_before_it_is_checked(coffee, now):
    order = record(now, (coffee.sku, 70_000, 6), (coffee.sku, 70_000, 6))
    assert order.problem == "oversold"
    assert Stock.objects.get().reserved == 0
