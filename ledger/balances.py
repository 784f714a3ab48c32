"""What the books say: the balance of every account, and what a member may see of their own."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ledger.models import Account, Entry, Journal

# What a journal is about, by the first word of its reference (ledger/posting.py). The books keep their own memo.
SUBJECTS: dict[str, Promise] = {"captured": _("Penjualan %(code)s"), "reversed": _("Pembatalan %(code)s")}


@dataclass(frozen=True, kw_only=True)
class Balance:
    """Debit above zero, credit below, in whole rupiah."""

    code: str
    kind: str
    amount: int


@dataclass(frozen=True, kw_only=True)
class StatementRow:
    """One movement of what the cooperative owes a member; `balance` is what it owes after it, `memo` is in the
    reader's language."""

    at: datetime
    order_code: str
    memo: str
    amount: int
    balance: int


def balance(code: str) -> int:
    """Debit minus credit of one account; an account that was never used stands at zero."""
    return Entry.objects.filter(account__code=code).aggregate(sum=Sum("amount"))["sum"] or 0


def every_account() -> list[Balance]:
    """All accounts that were ever used, by code. Their amounts sum to zero."""
    rows = Account.objects.annotate(sum=Sum("entries__amount", default=0)).order_by("code")
    return [Balance(code=row.code, kind=row.kind, amount=row.sum) for row in rows]


def member_statement(*, member_id: int) -> list[StatementRow]:
    """What a member earned and lost, oldest first."""
    entries = (
        Entry.objects.filter(account__member_id=member_id)
        .select_related("journal__order")
        .order_by("journal__at", "pk")
    )
    rows: list[StatementRow] = []
    owed = 0
    for entry in entries:
        owed -= entry.amount
        order = entry.journal.order
        rows.append(
            StatementRow(
                at=entry.journal.at,
                order_code=order.code if order else "",
                memo=_in_words(entry.journal),
                amount=-entry.amount,
                balance=owed,
            )
        )
    return rows


def _in_words(journal: Journal) -> str:
    subject = SUBJECTS.get(journal.reference.partition(":")[0])
    return str(subject) % {"code": journal.order.code} if subject and journal.order else journal.memo
