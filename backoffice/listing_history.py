"""The history of a listing in the reader's language: who did what, when, and what it was before."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice import listing_words
from catalog.content.comparing import LABELS
from catalog.models import Product, ProductEvent, Proposal
from lib import regencies
from lib.rupiah import rupiah

MOST = 50
ACTORS = {"import": gettext_lazy("berkas"), "clock": gettext_lazy("otomatis")}
MONEY = {"price", "member_price"}
SHORT = 80


@dataclass(frozen=True, kw_only=True)
class Happening:
    title: str
    actor: str
    at: datetime
    lines: list[str]


def of_product(product: Product) -> list[Happening]:
    """The latest first, at most MOST."""
    return _told(ProductEvent.objects.filter(product=product))


def of_proposal(proposal: Proposal) -> list[Happening]:
    """Of the listing and, where it is on sale, of its product."""
    mine = Q(proposal=proposal)
    return _told(ProductEvent.objects.filter(mine | Q(product=proposal.product) if proposal.product_id else mine))


def _told(events: Iterable[ProductEvent]) -> list[Happening]:
    return [
        Happening(
            title=str(ProductEvent.Kind(event.kind).label).capitalize(),
            actor=str(ACTORS.get(event.actor, event.actor)),
            at=event.at,
            lines=_lines(event.detail),
        )
        for event in events.order_by("-at", "-pk")[:MOST]  # type: ignore[attr-defined]
    ]


def _lines(detail: dict[str, Any]) -> list[str]:
    lines = [detail["reason"]] if detail.get("reason") else []
    for change in detail.get("changed", []):
        label = str(LABELS.get(change["field"], change["field"]))
        name = f"{label} ({change['choice']})" if change.get("choice") else label
        before, after = (_short(change["field"], change[side]) for side in ("before", "after"))
        told = _("%(what)s: dari %(before)s menjadi %(after)s")
        lines.append(told % {"what": name, "before": before, "after": after})
    return lines


def _short(field: str, value: Any) -> str:
    if value in (None, "", []):
        return "—"
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if field in MONEY and isinstance(value, int):
        return str(rupiah(value))
    if field == "origin_code":
        return regencies.name(str(value))
    if field == "steps" and isinstance(value, list):
        return "; ".join(listing_words.step(step["from_quantity"], step["price"]) for step in value)
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return str(len(value))
    if isinstance(value, dict):
        return str(value.get("name") or value.get("sku") or "—")
    text = str(value)
    return text[:SHORT] + "…" if len(text) > SHORT else text
