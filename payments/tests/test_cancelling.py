"""Calling off an order of our own."""

import pytest

from inventory.models import Stock
from ledger import balances
from orders import lifecycle
from payments import cancelling, confirming
from payments.tests import books
from payments.tests.conftest import new_order, started, take_transfers


def test_a_paid_order_that_is_called_off_owes_its_money_and_has_its_goods_back(kopi, now):
    take_transfers()
    payment = started(now, provider="transfer")
    confirming.confirm_transfer(payment_id=payment.pk, amount=payment.amount, officer="Ibu Rahma", now=now)
    cancelling.cancel_order(order_id=payment.order_id, actor="Ibu Rahma", now=now)
    assert books.state(payment) == ("paid", "cancelled", "")
    assert {row.code: row.amount for row in balances.every_account() if row.amount} == {
        "clearing:transfer": payment.amount,
        "liability:unassigned": -payment.amount,
    }
    assert Stock.objects.get().on_hand == 10
    with pytest.raises(lifecycle.WrongState):
        cancelling.cancel_order(order_id=payment.order_id, actor="Ibu Rahma", now=now)
    assert books.journals(payment.order) == ["captured", "reversed"]


def test_an_unpaid_order_that_is_called_off_books_nothing(kopi, now):
    order = new_order(now)
    cancelling.cancel_order(order_id=order.pk, actor="buyer", now=now)
    assert books.journals(order) == []
