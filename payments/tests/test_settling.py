"""However, whenever and however often we are told: the provider's own record decides, once."""

import itertools
import threading

import pytest

from inventory import stock
from inventory.models import Stock
from notifications.models import Message
from orders import lifecycle
from orders.models import Order, OrderEvent
from payments import confirming, recording, settling, turns
from payments.facts import Reading, Verdict
from payments.models import Fact, Payment
from payments.providers import PROVIDERS
from payments.tests import books
from payments.tests.conftest import new_order, start, started, take_transfers
from tenants.context import TenantExecutor, in_tenant


def settle(payment, today):
    return settling.settle(payment_id=payment.pk, now=today)


def pieces(order) -> tuple[int, int]:
    row = Stock.objects.get(variant__in=order.lines.values("variant"))
    return row.on_hand, row.reserved


def test_paid_once_is_one_sale_one_journal_and_one_piece_less(shop, stripe, today):
    payment = started(today)
    assert settle(payment, today).state == "pending"
    books.nothing_happened(payment)
    stripe.pay(payment)
    assert settle(payment, today).state == "paid"
    books.paid_once(payment)
    assert pieces(payment.order) == (9, 0)
    order = Order.objects.get()
    assert (order.paid_at, order.invoice_number) == (today, f"INV/{today:%Y}/000001")
    assert Message.objects.filter(key=f"{order.code}:paid").count() == 1


def test_asking_twenty_times_at_once_changes_nothing_more(shop, stripe, today):
    payment = started(today)
    stripe.pay(payment)
    with TenantExecutor(20) as askers:
        answers = [askers.submit(settle, payment, today) for _ in range(20)]
        assert {answer.result().state for answer in answers} == {"paid"}
    books.paid_once(payment)
    assert pieces(payment.order) == (9, 0)


def test_a_declined_card_may_be_tried_again_on_the_same_page(shop, stripe, today):
    payment = started(today)
    stripe.pay(payment, "declined")
    assert settle(payment, today).state == "pending"
    stripe.pay(payment)
    settle(payment, today)
    books.paid_once(payment)


def test_a_bank_that_takes_its_time_pays_later_or_fails(shop, stripe, today):
    for outcome, expected in (("settle", ("paid", "paid", "")), ("fail", ("failed", "awaiting_payment", ""))):
        payment = started(today)
        stripe.pay(payment, "later")
        assert settle(payment, today).state == "pending"
        stripe.pay(payment, outcome)
        settle(payment, today)
        assert books.state(payment) == expected
    books.paid_once(Payment.objects.order_by("pk").first())


def test_a_session_that_expired_closes_the_attempt_and_another_can_begin(shop, stripe, today):
    payment = started(today)
    stripe.post("expire", session=payment.external_id)
    settle(payment, today)
    assert books.state(payment) == ("closed", "awaiting_payment", "")
    again = start(payment.order, today)
    stripe.pay(again)
    settle(again, today)
    books.paid_once(again)


# changed in the session, changed in the payment intent, what the case says, what is owed
NOT_AS_AGREED = [
    ({"amount_total": 8_500_100}, {"amount_received": 8_500_100}, "85001 IDR, 85001 instead of 85000", 85_001),
    ({"amount_total": 8_499_900}, {"amount_received": 8_499_900}, "84999 IDR, 84999 instead of 85000", 84_999),
    ({"amount_total": 85_000}, {"amount_received": 85_000}, "850 IDR, 850 instead of 85000", 850),
    ({"amount_total": 8_500_050}, {"amount_received": 8_500_050}, "85000 IDR, parts of a rupiah", 85_000),
    ({}, {"amount_received": 8_499_900}, "84999 IDR, session and payment differ", 84_999),
    ({"currency": "usd"}, {"currency": "usd"}, "85000 USD, USD instead of IDR", 0),
    ({"client_reference_id": "MILIK-LAIN"}, {}, "85000 IDR, another reference", 85_000),
    ({"livemode": True}, {}, "85000 IDR, test money at a live account, or the other way round", 85_000),
]


def test_money_that_is_not_what_was_agreed_releases_nothing(shop, stripe, today):
    for in_session, in_intent, detail, owed in NOT_AS_AGREED:
        before = books.owed_to_nobody_yet()
        payment = started(today)
        stripe.pay(payment)
        stripe.post("tamper", id=payment.external_id, set=in_session)
        stripe.post("tamper", id=stripe.objects("payment_intent")[-1]["id"], set=in_intent)
        for _ in range(2):
            settle(payment, today)
        assert books.state(payment) == ("mismatch", "awaiting_payment", "wrong_amount"), detail
        assert [kind for kind, _ in books.facts(payment)] == ["mismatch"]
        assert pieces(payment.order) == (10, 1)
        assert books.owed_to_nobody_yet() - before == owed
        event = OrderEvent.objects.get(kind="wrong_amount", order=payment.order)
        assert event.detail == f"{payment.reference}: {detail}"


def test_late_money_takes_the_goods_again_when_they_are_there(shop, stripe, today):
    payment = started(today)
    lifecycle.expire(order_id=payment.order_id, now=today)
    assert pieces(payment.order) == (10, 0)
    stripe.pay(payment)
    settle(payment, today)
    books.paid_once(payment)
    assert pieces(payment.order) == (9, 0)


def test_late_money_for_goods_that_are_gone_waits_for_a_person(shop, stripe, today):
    payment = start(new_order(today, on_hand=1), today)
    lifecycle.expire(order_id=payment.order_id, now=today)
    variant = payment.order.lines.get().variant_id
    stock.count(variant_id=variant, on_hand=0, reference="gone", now=today)
    stripe.pay(payment)
    for _ in range(2):
        settle(payment, today)
    assert books.state(payment) == ("late", "expired", "late_money")
    assert books.facts(payment) == [("captured", payment.amount)]
    assert books.journals(payment.order) == ["unassigned"]
    assert books.owed_to_nobody_yet() == payment.amount
    assert pieces(payment.order) == (0, 0)


def test_money_for_an_order_that_was_called_off_waits_for_a_person(shop, stripe, today):
    payment = started(today)
    lifecycle.cancel(order_id=payment.order_id, actor="buyer", now=today)
    stripe.pay(payment)
    settle(payment, today)
    assert books.state(payment) == ("late", "cancelled", "late_money")
    assert books.owed_to_nobody_yet() == payment.amount


def test_an_order_that_is_paid_twice_is_sold_once_and_owes_the_second_sum(shop, stripe, today):
    order = new_order(today)
    by_card, by_transfer = start(order, today), start(order, today, provider="transfer")
    confirming.confirm_transfer(payment_id=by_transfer.pk, amount=order.total, officer="Ibu Rahma", now=today)
    stripe.pay(by_card)
    for _ in range(2):
        settle(by_card, today)
    assert books.state(by_transfer) == ("paid", "paid", "double_money")
    assert books.state(by_card) == ("late", "paid", "double_money")
    assert books.journals(order) == ["captured", "unassigned"]
    assert books.owed_to_nobody_yet() == order.total
    assert books.times_paid(order) == 1
    assert pieces(order) == (9, 0)


SAYINGS = {
    "paid": Reading(verdict=Verdict.CAPTURED, money_id="pi_1", amount=85_000),
    "open": Reading(verdict=Verdict.OPEN),
    "failed": Reading(verdict=Verdict.FAILED),
    "closed": Reading(verdict=Verdict.CLOSED),
}


@pytest.mark.parametrize("order_of_news", list(itertools.permutations(SAYINGS)), ids="-".join)
def test_in_whatever_order_the_news_come_the_money_counts(kopi, now, order_of_news):
    take_transfers()
    payment = started(now, provider="transfer")
    for name in order_of_news:
        recording.record(payment_id=payment.pk, reading=SAYINGS[name], actor="stripe", now=now)
    books.paid_once(payment)


def test_an_answer_of_before_cannot_overtake_a_newer_one(shop, stripe, today, monkeypatch):
    """The first asker reads `open`, is held up, and meanwhile the buyer pays and a second asker comes."""
    payment = started(today)
    adapter, asked, go_on = PROVIDERS["stripe"], [], threading.Event()

    class Slow:
        def __getattr__(self, name):
            return getattr(adapter, name)

        def fetch(self, credentials, *, external_id):
            snapshot = adapter.fetch(credentials, external_id=external_id)
            asked.append(snapshot.standing)
            if len(asked) == 1:
                go_on.wait(5)
            return snapshot

    monkeypatch.setitem(PROVIDERS, "stripe", Slow())
    with TenantExecutor(2) as askers:
        first = askers.submit(settle, payment, today)
        while not asked:
            assert not first.done()
        stripe.pay(payment)
        second = askers.submit(settle, payment, today)
        go_on.set()
        assert (first.result().state, second.result().state) == ("pending", "paid")
    assert asked == ["open", "paid"]
    books.paid_once(payment)


def test_a_turn_that_never_comes_leaves_the_payment_as_it_was(shop, stripe, today, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.1)
    payment = started(today)
    stripe.pay(payment)
    with turns.alone(payment.pk), TenantExecutor(1) as other:
        left = other.submit(settle, payment, today).result()
    assert (left.state, left.last_error) == ("pending", f"Busy: {payment.pk}")
    books.nothing_happened(payment)
    settle(payment, today)
    books.paid_once(payment)


def test_the_turn_of_a_payment_is_not_the_turn_of_another_cooperatives_payment_of_the_same_number(
    shop, theirs, monkeypatch
):
    monkeypatch.setattr(turns, "PATIENCE_SECONDS", 0.1)
    batik, _ = theirs

    def take(payment_id):
        with turns.alone(payment_id):
            return True

    with turns.alone(7):
        with TenantExecutor(1) as ours, pytest.raises(turns.Busy):
            ours.submit(take, 7).result()
        with in_tenant(batik):
            executor = TenantExecutor(1)
            assert executor.submit(take, 7).result()
            executor.shutdown()


def test_a_provider_in_trouble_changes_nothing_and_the_next_look_finds_the_money(shop, stripe, today):
    payment = started(today)
    stripe.pay(payment)
    for fault in ("500", "429", "502", "garbage", "truncated", "cut", "lost_answer", "cut_mid_body"):
        stripe.faults({"fault": fault})
        left = settle(payment, today)
        assert left.last_error.startswith("Down: "), fault
        books.nothing_happened(payment)
    stripe.faults()
    assert settle(payment, today).last_error == ""
    books.paid_once(payment)


def test_each_fact_is_kept_once_and_never_edited(shop, stripe, today):
    payment = started(today)
    stripe.pay(payment)
    settle(payment, today)
    fact = Fact.objects.get()
    assert (fact.external_id, fact.actor) == (stripe.objects("payment_intent")[0]["id"], "stripe")
    copy = {"payment": payment, "kind": fact.kind, "external_id": fact.external_id, "amount": 1, "actor": "x"}
    with pytest.raises(Exception, match="each_fact_once"):
        Fact.objects.create(**copy, at=today)
    with pytest.raises(Exception, match="append-only"):
        Fact.objects.update(amount=1)
    assert fact.currency == "IDR"
    books.paid_once(payment)
