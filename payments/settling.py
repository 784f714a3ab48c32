"""A hint came, or a buyer came back, or it was time to look: ask the provider how the payment really stands.

`settle` for people who wait for a page, `ask` for work that is tried again. Both may run at once, any number of
times, in any order.
"""

import logging
import time
from datetime import datetime, timedelta

from django.db.models import F

from lib import http
from lib.secrets import CannotOpen
from payments import facts, gateways, recording, turns
from payments.models import Notice, Payment
from payments.providers import PROVIDERS
from payments.providers.base import Down, Refused
from tenants import due

TROUBLE = (Down, Refused, turns.Busy, CannotOpen)
FIRST_PAUSE = timedelta(seconds=5)
DOUBLINGS = 9  # to 43 minutes
LONGEST_PAUSE = timedelta(hours=1)
GIVE_UP = timedelta(hours=24)
WORK_SECONDS = 60.0  # well below the time limit of a task; what is left has its turn in the next one

logger = logging.getLogger(__name__)


class NotKnownYet(Exception):
    """No payment of ours is waiting for this notice: perhaps it was faster than our own commit."""


def settle(*, payment_id: int, now: datetime) -> Payment:
    """The payment as it stands after asking. Where the provider gives no answer it stays as it was, with
    `last_error`, and the watch asks again (payments/watching.py). Raises Payment.DoesNotExist."""
    try:
        return ask(payment_id=payment_id, now=now)
    except TROUBLE as error:
        Payment.objects.filter(pk=payment_id).update(last_error=_in_words(error))
        return Payment.objects.get(pk=payment_id)


def ask(*, payment_id: int, now: datetime) -> Payment:
    """Ask the provider and record the answer. Nothing is asked where money is settled or nobody can tell.

    Raises Down, Refused, turns.Busy, lib.secrets.CannotOpen, Payment.DoesNotExist.
    """
    with turns.alone(payment_id):
        payment = Payment.objects.select_related("gateway").get(pk=payment_id)
        provider = PROVIDERS[payment.gateway.provider]
        if payment.state in Payment.DECIDED or not payment.external_id or not provider.remote:
            return payment
        http.refuse_inside_transaction(f"fetch {payment.reference}")
        Payment.objects.filter(pk=payment_id).update(asked_at=now)
        credentials = gateways.opened(payment.gateway)
        snapshot = provider.fetch(credentials, external_id=payment.external_id)
        reading = facts.read(
            snapshot, reference=payment.reference, amount=payment.amount, live=provider.is_live(credentials)
        )
        return recording.record(payment_id=payment_id, reading=reading, actor=payment.gateway.provider, now=now)


def settle_notices(*, now: datetime) -> int:
    """Work through the inbox, oldest first. Returns how many notices still wait.

    A notice that cannot be settled is tried again ever more slowly for 24 hours, then put away with its error.
    """
    deadline = time.monotonic() + WORK_SECONDS
    waiting = Notice.objects.filter(handled_at=None).order_by("received_at").select_related("gateway")
    for notice in list(waiting):
        if time.monotonic() > deadline:
            break
        if not notice.attempts or again_at(notice) <= now:
            _settle_notice(notice, now)
    left = list(waiting.all())  # asked anew
    if left:
        due.note("settle", now=now, at=max(min(again_at(notice) for notice in left), now + FIRST_PAUSE))
    return len(left)


def again_at(notice: Notice) -> datetime:
    """When a notice that was tried may be tried again: 5, 10, 20 ... seconds since it came, at last every hour."""
    tried = max(notice.attempts - 1, 0)
    doublings = min(tried, DOUBLINGS)
    pause = FIRST_PAUSE * 2**doublings + LONGEST_PAUSE * (tried - doublings)
    return notice.received_at + min(pause, GIVE_UP)


def _settle_notice(notice: Notice, now: datetime) -> None:
    # Counted before the work, so that a notice that kills its worker is not tried for ever.
    Notice.objects.filter(pk=notice.pk).update(attempts=F("attempts") + 1)
    try:
        payment = Payment.objects.filter(gateway=notice.gateway, reference=notice.reference).first()
        if payment is None or not payment.external_id:
            raise NotKnownYet(notice.reference)
        ask(payment_id=payment.pk, now=now)
    except (*TROUBLE, NotKnownYet) as error:
        _put_off(notice, _in_words(error), now)
    except Exception:
        logger.exception("notice %s is in trouble", notice.external_id)
        _put_off(notice, "unexpected, see the log", now)
    else:
        Notice.objects.filter(pk=notice.pk).update(last_error="", handled_at=now)


def _put_off(notice: Notice, error: str, now: datetime) -> None:
    given_up = now if now - notice.received_at >= GIVE_UP else None
    Notice.objects.filter(pk=notice.pk).update(last_error=error, handled_at=given_up)


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:200]
