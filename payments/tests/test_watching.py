"""Nobody tells us: the money is found all the same."""

from datetime import UTC, datetime, timedelta

import pytest

from payments import settling, watching
from payments.models import Payment
from payments.tests import books
from payments.tests.conftest import started
from tenants.models import Due

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("age", "last"),
    [
        (0, 0), (0.9, 0), (1, 1), (2.9, 1), (3, 3), (9, 3), (10, 10), (29, 10), (30, 30), (89, 30), (90, 90),
        (149, 90), (150, 150), (24 * 60, 30 + 23 * 60), (48 * 60, 30 + 47 * 60),
    ],
)  # fmt: skip
def test_the_timetable(age, last):
    assert watching.last_moment(AT, AT + minutes(age)) == AT + minutes(last)


def test_an_open_attempt_is_asked_about_once_per_moment_until_a_day_after_its_expiry(shop, stripe, today, monkeypatch):
    payment = started(today)
    asked = []

    def note(*, payment_id, now):
        asked.append(now)
        Payment.objects.filter(pk=payment_id).update(asked_at=now)

    monkeypatch.setattr(settling, "settle", note)
    for minute in range(49 * 60):
        watching.watch_payments(now=today + minutes(minute))
    assert asked[:5] == [today + minutes(age) for age in (1, 3, 10, 30, 90)]
    assert asked == [today + minutes(age) for age in (1, 3, 10, *range(30, 48 * 60 - 1, 60))]
    assert books.state(payment) == ("closed", "awaiting_payment", "")


def test_the_clock_ticks_while_an_attempt_is_open_and_no_longer(shop, stripe, today):
    payment = started(today)
    notes = Due.objects.filter(kind="watch_payments")
    assert list(notes.values_list("at", "every")) == [(today + minutes(1), None)]  # in the attempt's own transaction
    watching.watch_payments(now=today + minutes(1))
    assert list(notes.values_list("every", flat=True).order_by("every")) == [60, None]
    stripe.pay(payment)
    watching.watch_payments(now=today + minutes(3))
    assert list(notes.values_list("every", flat=True)) == [None]
    books.paid_once(payment)


def test_money_that_no_notice_told_of_is_found_within_a_minute(shop, stripe, today):
    stripe.post("behaviour", webhooks="lost")
    payment = started(today)
    stripe.pay(payment)
    assert watching.watch_payments(now=today + timedelta(seconds=59)) == 0
    books.nothing_happened(payment)
    assert watching.watch_payments(now=today + minutes(1)) == 1
    books.paid_once(payment)
    assert watching.watch_payments(now=today + minutes(3)) == 0


def test_a_provider_in_trouble_is_asked_again_at_the_next_moment(shop, stripe, today):
    payment = started(today)
    stripe.pay(payment)
    stripe.faults({"fault": "lost_answer"})
    assert watching.watch_payments(now=today + minutes(1)) == 1
    books.nothing_happened(payment)
    assert Payment.objects.get().last_error.startswith("Down: ")
    stripe.faults()
    assert watching.watch_payments(now=today + minutes(2)) == 0
    assert watching.watch_payments(now=today + minutes(3)) == 1
    books.paid_once(payment)


def test_one_attempt_in_trouble_does_not_stop_the_next(shop, stripe, today, monkeypatch):
    broken, good = started(today), started(today)
    stripe.pay(good)
    settle = settling.settle

    def settle_or_break(*, payment_id, now):
        if payment_id == broken.pk:
            raise RuntimeError("bug")
        return settle(payment_id=payment_id, now=now)

    monkeypatch.setattr(settling, "settle", settle_or_break)
    assert watching.watch_payments(now=today + minutes(1)) == 2
    books.paid_once(good)


def test_a_session_that_stripe_let_expire_is_closed_here(shop, stripe, today):
    payment = started(today)
    stripe.post("clock", advance=25 * 3600)
    watching.watch_payments(now=today + timedelta(hours=25))
    assert books.state(payment) == ("closed", "awaiting_payment", "")


def test_transfers_are_asked_of_nobody(shop, today):
    payment = started(today, provider="transfer")
    assert watching.watch_payments(now=today + minutes(1)) == 0
    books.nothing_happened(payment)
