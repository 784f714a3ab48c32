"""What is made to order: so many pieces a day and no more, whoever asks, and free again when an order is off."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from django.db import connection

from catalog.models import Product
from inventory import holding, making, stock
from inventory.models import MakingDay, MakingPromise, Stock
from tenants.context import in_tenant
from tenants.models import Due
from tests import make

FIRST = date(2026, 11, 26)  # three days after the 23rd


def taken(product):
    return dict(product.making_days.filter(taken__gt=0).values_list("date", "taken"))


def test_a_promise_takes_the_earliest_days_that_have_room(kopi, now):
    cake = make.made_to_order(capacity=10, lead_days=3)
    assert making.promise(reference="O-1", product=cake, pieces=7, now=now) == FIRST
    assert making.promise(reference="O-2", product=cake, pieces=15, now=now) == date(2026, 11, 28)
    assert taken(cake) == {FIRST: 10, date(2026, 11, 27): 10, date(2026, 11, 28): 2}
    assert making.promise(reference="O-3", product=cake, pieces=1, now=now) == date(2026, 11, 28)


def test_the_day_is_that_on_the_cooperatives_wall(kopi):
    cake = make.made_to_order(lead_days=0)
    evening = datetime(2026, 11, 23, 17, 30, tzinfo=UTC)  # 24 November 00.30 WIB
    assert making.promise(reference="O-1", product=cake, pieces=1, now=evening) == date(2026, 11, 24)


def test_more_than_can_be_made_is_refused_and_nothing_is_promised(kopi, now):
    cake = make.made_to_order(capacity=2)
    making.promise(reference="O-1", product=cake, pieces=1, now=now)
    with pytest.raises(making.FullyBooked) as refused:
        making.promise(reference="O-2", product=cake, pieces=2 * making.HORIZON_DAYS, now=now)
    assert refused.value.left == 2 * making.HORIZON_DAYS - 1
    assert taken(cake) == {FIRST: 1}
    assert MakingPromise.objects.count() == 1


def test_a_maker_without_a_limit_has_it_all_ready_on_the_first_day(kopi, now):
    cake = make.made_to_order(capacity=None)
    assert making.promise(reference="O-1", product=cake, pieces=400, now=now) == FIRST


def test_a_maker_who_can_make_nothing_promises_nothing(kopi, now):
    cake = make.made_to_order(capacity=0)
    assert making.outlook([cake], now=now)[cake.pk].left == 0
    with pytest.raises(making.FullyBooked):
        making.promise(reference="O-1", product=cake, pieces=1, now=now)


def test_a_released_order_leaves_its_days_free_once(kopi, now):
    cake = make.made_to_order(capacity=10)
    making.promise(reference="O-1", product=cake, pieces=15, now=now)
    making.promise(reference="O-2", product=cake, pieces=3, now=now)
    Due.objects.all().delete()
    for _again in range(3):
        making.release(reference="O-1", now=now)
    assert taken(cake) == {date(2026, 11, 27): 3}
    assert Due.objects.filter(kind="push").count() == 1
    assert making.promise(reference="O-3", product=cake, pieces=10, now=now) == FIRST


def test_the_outlook_says_what_is_left_and_when_it_would_be_ready(kopi, now):
    cake = make.made_to_order(capacity=10)
    making.promise(reference="O-1", product=cake, pieces=12, now=now)
    outlook = making.outlook([cake, make.product()], now=now)[cake.pk]
    assert outlook.free[:2] == [(date(2026, 11, 27), 8), (date(2026, 11, 28), 10)]
    assert outlook.left == 10 * making.HORIZON_DAYS - 12
    assert (outlook.left_within(1), outlook.left_within(2)) == (8, 18)
    assert (outlook.ready(8), outlook.ready(9)) == (date(2026, 11, 27), date(2026, 11, 28))
    assert outlook.ready(601) is None


def test_a_preorder_is_not_ready_before_its_day(kopi, now):
    later = date(2026, 12, 24)
    shelf = make.product(preorder_date=later)
    cake = make.made_to_order(preorder_date=later)
    assert making.first_day(shelf, now=now) == later
    assert making.promise(reference="O-1", product=cake, pieces=1, now=now) == later
    over = make.product(title="Lama", preorder_date=date(2026, 11, 23))
    assert making.first_day(over, now=now) is None


def test_an_order_holds_shelf_and_days_together_or_nothing(kopi, now):
    cake, honey = make.made_to_order(capacity=5), make.variant(title="Madu", on_hand=2)
    piece = cake.variants.get()
    with pytest.raises(stock.OutOfStock) as refused:
        holding.hold(reference="O-1", wanted={piece.pk: 4, honey.pk: 3}, expires_at=None, now=now)
    assert refused.value.short == {honey.pk: 2}
    assert taken(cake) == {}
    assert Stock.objects.get(pk=honey.pk).reserved == 0
    ready = holding.hold(reference="O-1", wanted={piece.pk: 4, honey.pk: 2}, expires_at=None, now=now)
    assert ready == {piece.pk: FIRST}
    assert (taken(cake), Stock.objects.get(pk=honey.pk).reserved) == ({FIRST: 4}, 2)
    holding.let_go(reference="O-1", now=now)
    assert (taken(cake), Stock.objects.get(pk=honey.pk).reserved) == ({}, 0)


def test_variants_of_one_product_share_its_days(kopi, now):
    cake = make.made_to_order(capacity=1, options=("Pandan", "Cokelat"))
    first, second = cake.variants.order_by("pk")
    assert holding.available([first, second], now=now) == {first.pk: 60, second.pk: 60}
    with pytest.raises(stock.OutOfStock) as refused:
        holding.hold(reference="O-1", wanted={first.pk: 60, second.pk: 1}, expires_at=None, now=now)
    assert refused.value.short == {first.pk: 60, second.pk: 60}
    ready = holding.hold(reference="O-2", wanted={first.pk: 2, second.pk: 1}, expires_at=None, now=now)
    assert set(ready.values()) == {date(2026, 11, 28)}


def test_what_was_on_the_shelf_when_it_was_ordered_goes_back_there(kopi, now):
    """The maker changes to making to order while an order is open."""
    honey = make.variant(on_hand=5)
    holding.hold(reference="O-1", wanted={honey.pk: 3}, expires_at=None, now=now)
    Product.objects.update(made_to_order=True, in_stock=True)
    holding.let_go(reference="O-1", now=now)
    assert Stock.objects.get().reserved == 0


BUYERS = 12


def all_at_once(cooperative, cake, now):
    """BUYERS people each want one piece of the first day; how many were promised one on it."""
    start = Barrier(BUYERS)

    def buy(index):
        try:
            with in_tenant(cooperative):
                start.wait(20)
                return making.promise(reference=f"O-{index}", product=cake, pieces=1, now=now)
        finally:
            connection.set_schema_to_public()
            connection.close()

    with ThreadPoolExecutor(BUYERS) as pool:
        return sum(day == FIRST for day in pool.map(buy, range(BUYERS)))


def test_a_day_is_never_promised_beyond_its_capacity_by_buyers_at_once(own_cooperative, now):
    with in_tenant(own_cooperative):
        cake = make.made_to_order(capacity=5)
    assert all_at_once(own_cooperative, cake, now) == 5
    with in_tenant(own_cooperative):
        assert taken(cake) == {FIRST: 5, date(2026, 11, 27): 5, date(2026, 11, 28): 2}


def test_without_the_lock_the_same_day_is_promised_too_often(own_cooperative, now, monkeypatch):
    """The negative control: look at the day, wait, then take."""
    with in_tenant(own_cooperative):
        cake = make.made_to_order(capacity=5)
        MakingDay.objects.create(product=cake, date=FIRST)  # its first writer would make the others wait
    seen = Barrier(BUYERS)

    def careless(day_pk):
        row = MakingDay.objects.get(pk=day_pk)
        seen.wait(20)
        return row

    monkeypatch.setattr(making, "_lock", careless)
    assert all_at_once(own_cooperative, cake, now) == BUYERS
    with in_tenant(own_cooperative):
        assert taken(cake) == {FIRST: BUYERS}


def test_orders_of_two_makers_in_opposite_order_never_wait_in_a_circle(own_cooperative, now):
    with in_tenant(own_cooperative):
        cakes = [make.made_to_order(title=title, capacity=3) for title in ("Lapis", "Bolu")]
        pks = [cake.variants.get().pk for cake in cakes]
    start = Barrier(BUYERS)

    def buy(index):
        pair = pks if index % 2 else pks[::-1]
        try:
            with in_tenant(own_cooperative):
                start.wait(20)
                holding.hold(reference=f"O-{index}", wanted=dict.fromkeys(pair, 1), expires_at=None, now=now)
                holding.let_go(reference=f"O-{index}", now=now)
            return "ok"
        finally:
            connection.set_schema_to_public()
            connection.close()

    with ThreadPoolExecutor(BUYERS) as pool:
        assert list(pool.map(buy, range(BUYERS))) == ["ok"] * BUYERS
    with in_tenant(own_cooperative):
        assert not MakingDay.objects.exclude(taken=0).exists()
