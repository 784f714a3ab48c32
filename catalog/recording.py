"""The history of listings: who did what, when, and what it was before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from catalog.content import Difference, comparing
from catalog.models import Product, ProductEvent, Proposal

LONGEST_VALUE = 1000


def record(
    *,
    kind: str,
    actor: str,
    now: datetime,
    product: Product | None = None,
    proposal: Proposal | None = None,
    changed: Sequence[Difference] = (),
    reason: str = "",
) -> ProductEvent:
    """Write one event (ProductEvent.Kind). Stands in the transaction of what it tells of."""
    made = event(kind=kind, actor=actor, now=now, product=product, proposal=proposal, changed=changed, reason=reason)
    made.save(force_insert=True)
    return made


def event(
    *,
    kind: str,
    actor: str,
    now: datetime,
    product: Product | None = None,
    proposal: Proposal | None = None,
    changed: Sequence[Difference] = (),
    reason: str = "",
) -> ProductEvent:
    """As `record`, not written yet: for many at once."""
    detail: dict[str, Any] = {}
    if changed:
        detail["changed"] = [_told(difference) for difference in changed]
    if reason:
        detail["reason"] = reason
    return ProductEvent(product=product, proposal=proposal, kind=kind, actor=actor[:80], detail=detail, at=now)


def _told(difference: Difference) -> dict[str, Any]:
    return {
        "field": difference.field,
        "choice": difference.choice,
        "before": _short(comparing.plain(difference.before)),
        "after": _short(comparing.plain(difference.after)),
    }


def _short(value: Any) -> Any:
    return value[:LONGEST_VALUE] + "…" if isinstance(value, str) and len(value) > LONGEST_VALUE else value
