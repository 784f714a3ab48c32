"""Document numbers without gaps, per cooperative, kind and year (invariant I10)."""

from datetime import datetime
from zoneinfo import ZoneInfo

from orders.models import DocumentCounter
from tenants.context import current_cooperative


def next_number(kind: str, *, now: datetime) -> str:
    """`INV/2026/000123`. Call it late in the transaction: the counter's row stays locked until it ends, and a
    rolled-back transaction takes no number. The year is the one on the cooperative's wall."""
    year = now.astimezone(ZoneInfo(current_cooperative().zone)).year
    DocumentCounter.objects.get_or_create(kind=kind, year=year)
    counter = DocumentCounter.objects.select_for_update().get(kind=kind, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{kind}/{year}/{counter.last:06d}"
