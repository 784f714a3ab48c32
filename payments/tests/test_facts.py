"""From a provider's record to a verdict: tables."""

import pytest

from payments import facts
from payments.facts import Verdict
from payments.providers import stripe
from payments.providers.base import Snapshot, Standing

AGREED = {"reference": "7XK4Q2MD-AB23CD", "amount": 150_000, "live": False}


def session(**changed):
    """A paid Checkout Session of Rp150.000 as Stripe tells it, with its payment intent expanded."""
    intent = {"id": "pi_1", "status": "succeeded", "amount_received": 15_000_000, "currency": "idr"}
    intent |= {name.removeprefix("intent_"): changed.pop(name) for name in list(changed) if name.startswith("intent_")}
    return {
        "id": "cs_test_1",
        "status": "complete",
        "payment_status": "paid",
        "client_reference_id": "7XK4Q2MD-AB23CD",
        "amount_total": 15_000_000,
        "currency": "idr",
        "livemode": False,
        "payment_intent": intent,
        **changed,
    }


def whole(amount):
    return {"amount_total": amount, "intent_amount_received": amount}


def test_exactly_what_was_agreed_is_a_capture():
    reading = facts.read(stripe.snapshot(session()), **AGREED)
    assert reading == facts.Reading(verdict=Verdict.CAPTURED, money_id="pi_1", amount=150_000)


@pytest.mark.parametrize(
    ("changed", "amount", "reason"),
    [
        (whole(15_000_100), 150_001, "150001 instead of 150000"),
        (whole(14_999_900), 149_999, "149999 instead of 150000"),
        (whole(100), 1, "1 instead of 150000"),
        (whole(150_000), 1_500, "1500 instead of 150000"),
        (whole(1_500_000_000), 15_000_000, "15000000 instead of 150000"),
        (whole(0), 0, "0 instead of 150000"),
        (whole(-15_000_000), -150_000, "-150000 instead of 150000"),
        (whole(15_000_050), 150_000, "parts of a rupiah"),
        (whole("15000000"), 0, "the amount is not a whole number"),
        (whole(15_000_000.0), 0, "the amount is not a whole number"),
        (whole(True), 0, "the amount is not a whole number"),
        (whole(None), 0, "the amount is not a whole number"),
        ({"intent_amount_received": 14_999_900}, 149_999, "session and payment differ"),
        ({"amount_total": 14_999_900}, 150_000, "session and payment differ"),
        ({"client_reference_id": "OTHER"}, 150_000, "another reference"),
        ({"client_reference_id": None}, 150_000, "another reference"),
        ({"livemode": True}, 150_000, "test money at a live account, or the other way round"),
    ],
)
def test_any_other_money_is_a_mismatch_with_its_reason(changed, amount, reason):
    reading = facts.read(stripe.snapshot(session(**changed)), **AGREED)
    assert (reading.verdict, reading.amount, reading.reason) == (Verdict.MISMATCH, amount, reason)


def test_another_currency_is_a_mismatch_that_keeps_its_name():
    reading = facts.read(stripe.snapshot(session(currency="usd", intent_currency="usd")), **AGREED)
    assert (reading.verdict, reading.currency, reading.reason) == (Verdict.MISMATCH, "USD", "USD instead of IDR")


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({"status": "open", "payment_status": "unpaid", "payment_intent": None}, Verdict.OPEN),
        ({"status": "open", "payment_status": "unpaid", "intent_status": "requires_payment_method"}, Verdict.OPEN),
        ({"payment_status": "unpaid", "intent_status": "processing"}, Verdict.OPEN),
        ({"payment_status": "unpaid", "intent_status": "requires_payment_method"}, Verdict.FAILED),
        ({"payment_status": "unpaid", "intent_status": "canceled"}, Verdict.FAILED),
        ({"payment_status": "no_payment_required"}, Verdict.FAILED),
        ({"status": "expired", "payment_status": "unpaid", "payment_intent": None}, Verdict.CLOSED),
    ],
)
def test_without_money_there_is_only_a_standing(changed, verdict):
    reading = facts.read(stripe.snapshot(session(**changed)), **AGREED)
    assert reading == facts.Reading(verdict=verdict)


def test_a_provider_without_test_mode_is_not_asked_for_one():
    seen = Snapshot(standing=Standing.PAID, reference="R", amount=5, currency="IDR", money_id="m")
    assert facts.read(seen, reference="R", amount=5, live=None).verdict == Verdict.CAPTURED
    assert facts.read(seen, reference="R", amount=5, live=True).verdict == Verdict.MISMATCH
