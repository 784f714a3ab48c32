"""What a provider's record means for an attempt. Pure: no database, no clock."""

from dataclasses import dataclass
from enum import StrEnum

from payments.providers.base import Snapshot, Standing

CURRENCY = "IDR"


class Verdict(StrEnum):
    """The two that are facts about money, and the three that are not."""

    CAPTURED = "captured"
    MISMATCH = "mismatch"
    OPEN = "open"
    FAILED = "failed"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """`money_id`, `amount` (whole units of `currency`) are there where money moved; `reason` explains a mismatch."""

    verdict: Verdict
    money_id: str = ""
    amount: int = 0
    currency: str = CURRENCY
    reason: str = ""


def read(snapshot: Snapshot, *, reference: str, amount: int, live: bool | None) -> Reading:
    """Compare the record with what was agreed. Money that is not exactly that is a mismatch, never a capture."""
    if snapshot.standing != Standing.PAID:
        return Reading(verdict=Verdict(snapshot.standing.value))
    reason = _difference(snapshot, reference=reference, amount=amount, live=live)
    return Reading(
        verdict=Verdict.MISMATCH if reason else Verdict.CAPTURED,
        money_id=snapshot.money_id,
        amount=snapshot.amount,
        currency=snapshot.currency,
        reason=reason,
    )


def _difference(snapshot: Snapshot, *, reference: str, amount: int, live: bool | None) -> str:
    if snapshot.doubt:
        return snapshot.doubt
    if snapshot.reference != reference:
        return "another reference"
    if snapshot.currency != CURRENCY:
        return f"{snapshot.currency} instead of {CURRENCY}"
    if snapshot.amount != amount:
        return f"{snapshot.amount} instead of {amount}"
    if snapshot.live != live:
        return "test money at a live account, or the other way round"
    return ""
