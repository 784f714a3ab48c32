"""Many buyers at once on a real database, each race with its negative control: without the guard it must fail."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection
from django.db.models import F

from inventory import stock
from inventory.models import Reservation, Stock
from tenants.context import in_tenant
from tests import make

BUYERS = 20


def all_at_once(cooperative, work, number=BUYERS):
    """Run `work(i)` in `number` threads that start together; count outcomes by name."""
    barrier = Barrier(number)

    def one(index):
        try:
            with in_tenant(cooperative):
                barrier.wait(20)
                work(index)
            return "ok"
        except (stock.OutOfStock, DatabaseError) as error:
            return type(error).__name__
        finally:
            connection.set_schema_to_public()
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return Counter(pool.map(one, range(number)))


def buy(wanted, now):
    return lambda index: stock.reserve(reference=f"O-{index}", wanted=wanted, expires_at=None, now=now)


def test_the_last_pieces_are_sold_once(own_cooperative, now):
    with in_tenant(own_cooperative):
        pk = make.variant(on_hand=5).pk
    assert all_at_once(own_cooperative, buy({pk: 1}, now)) == {"ok": 5, "OutOfStock": 15}
    with in_tenant(own_cooperative):
        assert Stock.objects.values_list("on_hand", "reserved").get() == (5, 5)
        assert Reservation.objects.count() == 5


@pytest.mark.breaks("I4")
def test_without_the_condition_the_same_race_oversells(own_cooperative, now, monkeypatch):
    """The negative control: read first, write later, as shops do that oversell."""
    with in_tenant(own_cooperative):
        pk = make.variant(on_hand=5).pk
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE inventory_stock DROP CONSTRAINT never_promise_more_than_there_is")
    read = Barrier(BUYERS)

    def careless(variant_id, quantity):
        left = Stock.objects.get(pk=variant_id).available
        read.wait(20)
        if left < quantity:
            return False
        return bool(Stock.objects.filter(pk=variant_id).update(reserved=F("reserved") + quantity))

    monkeypatch.setattr(stock, "_promise", careless)
    assert all_at_once(own_cooperative, buy({pk: 1}, now)) == {"ok": 20}
    with in_tenant(own_cooperative):
        assert Stock.objects.values_list("on_hand", "reserved").get() == (5, 20)


def test_baskets_in_opposite_order_never_wait_for_each_other_in_a_circle(own_cooperative, now):
    with in_tenant(own_cooperative):
        first, second = make.variant(on_hand=100).pk, make.variant(title="Madu", on_hand=100).pk

    def opposite(index):
        pair = (first, second) if index % 2 else (second, first)
        stock.reserve(reference=f"O-{index}", wanted=dict.fromkeys(pair, 1), expires_at=None, now=now)

    assert all_at_once(own_cooperative, opposite) == {"ok": BUYERS}


@pytest.mark.breaks("I2")
def test_without_the_order_of_keys_opposite_baskets_do_deadlock(own_cooperative, now):
    """The negative control: the same statements in the order of the basket."""
    with in_tenant(own_cooperative):
        first, second = make.variant(on_hand=100).pk, make.variant(title="Madu", on_hand=100).pk
    locked = Barrier(2)

    def careless(index):
        pair = (first, second) if index % 2 else (second, first)
        with stock.transaction.atomic():
            stock._promise(pair[0], 1)
            locked.wait(20)
            stock._promise(pair[1], 1)

    assert all_at_once(own_cooperative, careless, number=2) == {"ok": 1, "OperationalError": 1}


def test_payment_and_expiry_at_the_same_moment_end_in_one_of_the_two(own_cooperative, now):
    with in_tenant(own_cooperative):
        pk = make.variant(on_hand=10).pk
        stock.reserve(reference="O-1", wanted={pk: 4}, expires_at=None, now=now)

    def either(index):
        (stock.commit if index % 2 else stock.release)(reference="O-1", now=now)

    assert all_at_once(own_cooperative, either) == {"ok": BUYERS}
    with in_tenant(own_cooperative):
        assert Stock.objects.values_list("on_hand", "reserved").get() in {(6, 0), (10, 0)}


@pytest.mark.parametrize("times", [20])
def test_giving_back_twenty_times_at_once_gives_back_once(own_cooperative, now, times):
    with in_tenant(own_cooperative):
        pk = make.variant(on_hand=10).pk
        stock.reserve(reference="O-1", wanted={pk: 4}, expires_at=None, now=now)
        stock.commit(reference="O-1", now=now)
    outcomes = all_at_once(own_cooperative, lambda _: stock.give_back(reference="O-1", now=now), times)
    assert outcomes["ok"] >= 1
    assert sum(outcomes.values()) == times
    with in_tenant(own_cooperative):
        assert Stock.objects.values_list("on_hand", "reserved").get() == (10, 0)
