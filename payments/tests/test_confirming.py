"""An officer reads the bank statement."""

from datetime import timedelta

import pytest
from django.db import connection

from orders import lifecycle
from payments import confirming
from payments.models import Fact, Payment
from payments.tests import books
from payments.tests.conftest import new_order, started, take_stripe, take_transfers
from tenants.context import TenantExecutor, in_tenant


def confirm(payment, now, amount=None, officer="Ibu Rahma"):
    amount = payment.amount if amount is None else amount
    return confirming.confirm_transfer(payment_id=payment.pk, amount=amount, officer=officer, now=now)


def transfer(now):
    take_transfers()
    return started(now, provider="transfer")


def test_the_exact_amount_pays_the_order(kopi, now):
    payment = transfer(now)
    assert confirm(payment, now).state == "paid"
    books.paid_once(payment)
    assert Fact.objects.get().actor == "Ibu Rahma"


def test_two_clicks_are_one_fact(kopi, now):
    payment = transfer(now)
    confirm(payment, now)
    confirm(payment, now + timedelta(seconds=1), officer="Pak Joko")
    confirm(payment, now + timedelta(seconds=2), amount=1)
    books.paid_once(payment)
    assert Fact.objects.get().actor == "Ibu Rahma"


def test_ten_clicks_of_two_officers_at_once_are_one_fact(shop, today):
    payment = started(today, provider="transfer")
    with TenantExecutor(10) as clicks:
        for click in [clicks.submit(confirm, payment, today) for _ in range(10)]:
            click.result()
    books.paid_once(payment)


@pytest.mark.parametrize("difference", [-1, 1, 85_000])
def test_another_amount_is_a_case_and_no_goods_leave(kopi, now, difference):
    payment = transfer(now)
    for _ in range(2):
        confirm(payment, now, amount=payment.amount + difference)
    assert books.state(payment) == ("mismatch", "awaiting_payment", "wrong_amount")
    assert books.facts(payment) == [("mismatch", payment.amount + difference)]
    assert books.owed_to_nobody_yet() == payment.amount + difference


@pytest.mark.parametrize("amount", [0, -85_000])
def test_nothing_is_no_amount(kopi, now, amount):
    payment = transfer(now)
    with pytest.raises(ValueError, match="above zero"):
        confirm(payment, now, amount=amount)
    books.nothing_happened(payment)


def test_a_transfer_after_its_time_takes_the_goods_again(kopi, now):
    payment = transfer(now)
    lifecycle.expire(order_id=payment.order_id, now=now + timedelta(hours=24))
    Payment.objects.update(state="closed")
    confirm(payment, now + timedelta(hours=25))
    books.paid_once(payment)


def test_what_a_provider_knows_is_not_for_an_officer_to_say(kopi, now):
    gateway = take_stripe()
    order = new_order(now)
    payment = Payment.objects.create(
        order=order, gateway=gateway, reference="R", amount=order.total, state="pending", created_at=now, expires_at=now
    )
    with pytest.raises(confirming.NotATransfer):
        confirm(payment, now)
    books.nothing_happened(payment)


def test_an_officer_of_another_cooperative_finds_no_such_payment(kopi, batik, now):
    payment = transfer(now)
    with in_tenant(batik), pytest.raises(Payment.DoesNotExist):
        confirm(payment, now)
    assert connection.schema_name == kopi.schema_name
    books.nothing_happened(payment)
