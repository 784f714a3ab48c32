"""Nobody told us: attempts that are open are asked about by the clock, so that no paid order waits for a notice."""

import logging
import time
from datetime import datetime, timedelta

from django.db.models import F, QuerySet

from payments import settling
from payments.models import Payment
from tenants import due

FIRST = [timedelta(minutes=minutes) for minutes in (1, 3, 10, 30)]
THEN_EVERY = timedelta(hours=1)
CLOCK_SECONDS = 60
AFTER_EXPIRY = timedelta(hours=24)

logger = logging.getLogger(__name__)


def watch_payments(*, now: datetime) -> int:
    """Ask about every open attempt whose moment has come. Returns how many were asked about.

    Moments are +1, 3, 10, 30 minutes, then hourly until the attempt expired and 24 hours more; then it is closed.
    """
    asked = 0
    deadline = time.monotonic() + settling.WORK_SECONDS
    for payment in _open(now).exclude(external_id="").order_by(F("asked_at").asc(nulls_first=True), "pk"):
        if time.monotonic() > deadline:
            break  # the clock comes again in a minute, and begins with those who waited longest
        if payment.asked_at is None or payment.asked_at < last_moment(payment.created_at, now):
            _look(payment, now)
            asked += 1
    _open(now).filter(expires_at__lte=now - AFTER_EXPIRY).update(state=Payment.State.CLOSED)
    set_clock(now=now)
    return asked


def set_clock(*, now: datetime) -> None:
    """Come back every minute while attempts are open. Whoever begins one leaves a note: that is the first time."""
    if Payment.objects.filter(state__in=Payment.OPEN).exists():
        due.keep("watch_payments", every=CLOCK_SECONDS, now=now)
    else:
        due.drop("watch_payments")


def last_moment(created_at: datetime, now: datetime) -> datetime:
    """The latest moment of the timetable that is not after `now`; before the first one, `created_at`."""
    age = now - created_at
    if age >= FIRST[-1]:
        return created_at + FIRST[-1] + THEN_EVERY * ((age - FIRST[-1]) // THEN_EVERY)
    return created_at + max((moment for moment in FIRST if moment <= age), default=timedelta(0))


def _open(now: datetime) -> QuerySet[Payment]:
    return Payment.objects.filter(created_at__lte=now - FIRST[0], state__in=Payment.OPEN)


def _look(payment: Payment, now: datetime) -> None:
    try:
        settling.settle(payment_id=payment.pk, now=now)
    except Exception:  # one attempt in trouble does not stop the next
        logger.exception("payment %s is in trouble", payment.reference)
