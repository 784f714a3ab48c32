"""Each invariant, broken by hand: the check must see it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F

from coop_shop.verifying import broken_invariants
from inventory.models import Stock
from orders.models import DocumentCounter, Order
from tenants import due
from tenants.models import Due
from tests import make

NOW = datetime.now(UTC)


def names():
    return [line.split()[0] for line in broken_invariants(now=NOW)]


def without_guards(*statements):
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def test_a_fresh_order_breaks_nothing(kopi, capsys):
    make.order()
    assert names() == []
    call_command("verify_invariants", cooperative="kopi-gayo")
    assert capsys.readouterr().out == "kopi-gayo: nothing broken\n"


@pytest.mark.breaks("I2")
def test_a_promise_without_reservation_is_seen(kopi, capsys):
    Stock.objects.filter(pk=make.variant().pk).update(reserved=1)
    assert names() == ["I2"]
    with pytest.raises(CommandError, match="1 of 2 failed: kopi-gayo"):
        call_command("verify_invariants", all=True)
    assert capsys.readouterr().out.startswith("kopi-gayo: I2 stock")


@pytest.mark.breaks("I3")
def test_pieces_without_movement_are_seen(kopi):
    Stock.objects.filter(pk=make.variant().pk).update(on_hand=11)
    assert names() == ["I3"]


@pytest.mark.breaks("I2", "I4", "I12")
def test_more_promised_than_there_is_is_seen(kopi):
    pk = make.variant().pk
    without_guards(
        "SET CONSTRAINTS ALL IMMEDIATE", "ALTER TABLE inventory_stock DROP CONSTRAINT never_promise_more_than_there_is"
    )
    Stock.objects.filter(pk=pk).update(reserved=99)
    assert names() == ["I2", "I4", "I12"]


@pytest.mark.breaks("I5")
def test_an_order_paid_without_money_is_seen(kopi):
    order = make.order()
    Order.objects.filter(pk=order.pk).update(state="paid", paid_at=NOW)
    assert names() == ["I5"]


@pytest.mark.breaks("I7")
def test_shares_that_do_not_add_up_are_seen(kopi):
    order = make.order()
    Order.objects.filter(pk=order.pk).update(goods_total=F("goods_total") + 1, total=F("total") + 1)
    assert names() == ["I7"]


@pytest.mark.breaks("I9")
def test_work_that_nobody_tried_is_seen(kopi):
    due.note("push", now=NOW)
    old = NOW - timedelta(minutes=16)
    Due.objects.update(at=old, created_at=old)
    assert names() == ["I9"]
    Due.objects.update(at=NOW, rung_at=old)  # offered again and again, and nobody began
    assert names() == ["I9"]
    Due.objects.update(attempts=1)
    assert names() == []


@pytest.mark.breaks("I10")
def test_a_gap_in_the_numbers_is_seen(kopi):
    DocumentCounter.objects.create(kind="INV", year=2026, last=1)
    assert names() == ["I10"]


@pytest.mark.breaks("I11")
def test_a_table_that_is_missing_or_in_the_wrong_place_is_seen(kopi):
    without_guards("ALTER TABLE shipping_rate SET SCHEMA public")
    assert names() == ["I11", "I11"]
