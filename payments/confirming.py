"""An officer read the bank statement: money that no provider tells of comes through the same door."""

from datetime import datetime

from payments import facts, recording
from payments.facts import Reading
from payments.models import Payment
from payments.providers.base import Snapshot, Standing


class NotATransfer(Exception):
    """This payment runs through a provider, which is the one to say whether it is paid."""


def confirm_transfer(*, payment_id: int, amount: int, officer: str, now: datetime) -> Payment:
    """`officer` saw `amount` rupiah arrive for this payment. Saying so twice is one fact.

    Another amount than agreed releases no goods: the payment becomes a mismatch and the order a case.
    A transfer can be confirmed after its time, too. Raises NotATransfer, Payment.DoesNotExist, ValueError for an
    amount that is not above zero.
    """
    if amount <= 0:
        raise ValueError("an amount that arrived is above zero")
    payment = Payment.objects.select_related("gateway").get(pk=payment_id)
    if payment.gateway.provider != "transfer":
        raise NotATransfer(payment.reference)
    return recording.record(payment_id=payment_id, reading=_read(payment, amount), actor=officer[:80], now=now)


def _read(payment: Payment, amount: int) -> Reading:
    seen = Snapshot(
        standing=Standing.PAID,
        reference=payment.reference,
        amount=amount,
        currency=facts.CURRENCY,
        money_id=f"confirmed:{payment.reference}",
    )
    return facts.read(seen, reference=payment.reference, amount=payment.amount, live=None)
