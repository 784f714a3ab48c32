"""I1: debits equal credits."""

from collections.abc import Iterator

from django.db.models import Sum

from ledger.models import Journal


def broken() -> Iterator[str]:
    """One line per journal of the present cooperative that does not balance, or that is empty."""
    for journal in Journal.objects.annotate(balance=Sum("entries__amount")).exclude(balance=0):
        yield f"I1 journal {journal.reference}: {journal.balance}"
    for empty in Journal.objects.filter(entries=None):
        yield f"I1 journal {empty.reference}: no entries"
