"""A buyer chooses how to pay, and clicks."""

from datetime import timedelta

import pytest
from django.db import connection, transaction

from lib import http
from orders import lifecycle
from orders.models import Order
from payments import paying, settling
from payments.models import Payment
from payments.providers import PROVIDERS
from payments.tests.conftest import BACK, KEY, new_order, start, started, take_stripe, take_transfers
from tenants.context import TenantExecutor


def test_the_choices_are_what_the_cooperative_takes_in_one_order(kopi, now):
    order = new_order(now)
    assert paying.choices(order) == []
    take_stripe()
    take_transfers()
    transfer, card = paying.choices(order)
    assert (transfer.provider, transfer.label, transfer.settings["account_number"], transfer.unavailable) == (
        "transfer",
        "Transfer BRI",
        "0123456789",
        "",
    )
    assert (card.provider, card.label, card.settings, card.unavailable) == ("stripe", "Kartu", {}, "")


def test_a_card_pays_from_ten_thousand_rupiah_on(kopi, now, monkeypatch):
    take_stripe()
    order = new_order(now)
    assert PROVIDERS["stripe"].smallest == 10_000
    for smallest, largest, why in ((85_000, 85_000, ""), (85_001, 90_000, "Mulai dari Rp85.001")):
        monkeypatch.setattr(PROVIDERS["stripe"], "smallest", smallest)
        monkeypatch.setattr(PROVIDERS["stripe"], "largest", largest)
        assert [choice.unavailable for choice in paying.choices(order)] == [why]
    with pytest.raises(paying.NotOffered, match="Mulai dari"):
        start(order, now)
    assert Payment.objects.count() == 0


def test_what_the_cooperative_does_not_take_is_refused(kopi, now):
    order = new_order(now)
    for provider in ("stripe", "dukun"):
        with pytest.raises(paying.NotOffered):
            start(order, now, provider=provider)
    assert Payment.objects.count() == 0


def test_only_an_order_that_waits_for_money_can_be_paid(kopi, now):
    take_transfers()
    late, called_off = new_order(now - timedelta(hours=24)), new_order(now)
    lifecycle.cancel(order_id=called_off.pk, actor="buyer", now=now)
    for order in (late, called_off):
        with pytest.raises(paying.NotPayable):
            start(order, now, provider="transfer")
    assert Payment.objects.count() == 0


def test_a_transfer_waits_for_the_order_total_until_the_order_expires(kopi, now):
    take_transfers()
    order = new_order(now)
    payment = start(order, now, provider="transfer")
    assert (payment.state, payment.amount, payment.pay_url) == ("pending", order.total, "")
    assert payment.expires_at == order.expires_at == now + timedelta(hours=24)
    assert start(order, now, provider="transfer") == payment


def test_stripe_is_told_the_total_in_sen_with_our_reference(shop, stripe, today):
    payment = started(today)
    order = payment.order
    (session,) = stripe.objects("checkout.session")
    assert (payment.state, payment.external_id, payment.pay_url) == ("pending", session["id"], session["url"])
    assert (session["amount_total"], session["currency"]) == (order.total * 100, "idr")
    assert (session["client_reference_id"], session["metadata"]) == (payment.reference, {"payment": payment.reference})
    assert (session["success_url"], session["customer_email"]) == (BACK, "siti@pembeli.example")
    assert session["expires_at"] == int(payment.expires_at.timestamp())
    assert session["livemode"] is False


def test_a_session_lives_at_least_half_an_hour_and_less_than_a_day(shop, stripe, today):
    nearly_over = started(today)
    Order.objects.filter(pk=nearly_over.order_id).update(expires_at=today + timedelta(minutes=5))
    Payment.objects.update(state=Payment.State.FAILED)
    again = start(nearly_over.order, today)
    assert again.expires_at == today + timedelta(minutes=31)
    assert nearly_over.expires_at == today + timedelta(hours=23, minutes=59)


def test_a_second_click_finds_the_same_open_attempt(shop, stripe, today):
    payment = started(today)
    assert start(payment.order, today + timedelta(minutes=1)) == payment
    assert len(stripe.objects("checkout.session")) == 1
    assert Payment.objects.count() == 1


def test_twenty_clicks_at_once_are_one_call_and_one_session(shop, stripe, today, monkeypatch):
    order, calls, adapter = new_order(today), [], PROVIDERS["stripe"]
    begin = adapter.start
    monkeypatch.setattr(adapter, "start", lambda *told: calls.append(told) or begin(*told))
    with TenantExecutor(20) as buyers:
        clicks = [buyers.submit(start, order, today) for _ in range(20)]
        payments = {(click.result().pk, click.result().pay_url) for click in clicks}
    assert payments == {(Payment.objects.get().pk, stripe.objects("checkout.session")[0]["url"])}
    assert (len(calls), len(stripe.objects("checkout.session"))) == (1, 1)


def test_an_answer_that_is_lost_is_asked_for_again_with_the_same_key(shop, stripe, today):
    for sessions, fault in enumerate(["lost_answer", "garbage", "truncated", "cut", "500", "502", "429"], start=1):
        order = new_order(today)
        stripe.faults({"fault": fault, "method": "POST"})
        for _ in range(2):
            with pytest.raises(paying.ProviderAway, match="sedang tidak menjawab"):
                start(order, today)
        attempt = Payment.objects.get(order=order)
        assert (attempt.state, attempt.last_error[:6]) == ("started", "Down: "), fault
        stripe.faults()
        payment = start(order, today + timedelta(seconds=20))
        assert (payment.pk, payment.state, payment.last_error) == (attempt.pk, "pending", "")
        assert len(stripe.objects("checkout.session")) == sessions
        assert stripe.objects("checkout.session")[-1]["id"] == payment.external_id


def test_a_failure_that_stripe_keeps_under_the_key_ends_the_attempt_and_the_next_click_begins_another(
    shop, stripe, today
):
    order = new_order(today)
    stripe.faults({"fault": "saved_500", "times": 1})
    with pytest.raises(paying.ProviderRefused, match="cara bayar lain"):
        start(order, today)
    assert Payment.objects.get().state == "failed"
    payment = start(order, today)
    assert payment.state == "pending"
    assert len(stripe.objects("checkout.session")) == 1


def test_while_one_provider_is_away_the_others_stay(shop, stripe, today):
    order = new_order(today)
    stripe.faults({"fault": "500"})
    with pytest.raises(paying.ProviderAway):
        start(order, today)
    assert [choice.unavailable for choice in paying.choices(order)] == ["", ""]
    assert start(order, today, provider="transfer").state == "pending"


def test_keys_that_stripe_does_not_know_are_a_clear_refusal(shop, stripe, today):
    take_stripe(key="sk_test_dicabut")
    order = new_order(today)
    with pytest.raises(paying.ProviderRefused):
        start(order, today)
    payment = Payment.objects.get()
    assert (payment.state, payment.last_error) == ("failed", "Refused: AuthenticationError 401")
    assert "sk_test" not in payment.last_error


def test_an_attempt_that_never_reached_stripe_is_replaced_when_its_time_grew_short(shop, stripe, today):
    order = new_order(today)
    stripe.faults({"fault": "cut"})
    with pytest.raises(paying.ProviderAway):
        start(order, today)
    stripe.faults()
    Payment.objects.update(expires_at=today + timedelta(minutes=20))
    payment = start(order, today)
    assert sorted(Payment.objects.values_list("state", flat=True)) == ["closed", "pending"]
    assert payment.expires_at > today + timedelta(hours=23)


def test_new_keys_do_not_touch_what_is_open(shop, stripe, today):
    payment = started(today)
    take_stripe(key=KEY.replace("uji", "lain"))
    assert start(payment.order, today) == payment
    stripe.pay(payment)
    assert settling.settle(payment_id=payment.pk, now=today).state == "paid"


def test_no_provider_is_called_inside_a_transaction(shop, stripe, today):
    order, payment = new_order(today), started(today)
    for call in (lambda: start(order, today), lambda: settling.ask(payment_id=payment.pk, now=today)):
        with pytest.raises(http.InsideTransaction), transaction.atomic():
            call()
    assert not connection.in_atomic_block
    assert [session["id"] for session in stripe.objects("checkout.session")] == [payment.external_id]
