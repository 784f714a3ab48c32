"""Some products of a file are looked at, or written: the same judgement both times."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from catalog import content as contents
from catalog import writing_many
from catalog.content import Difference
from catalog.importing import matching
from catalog.importing.judging import Judge, Trouble
from catalog.importing.matching import TO_BE_MADE, Categories, Plan
from catalog.importing.spooling import Group
from catalog.models import ImportJob, WantedPicture
from catalog.writing import Refused
from catalog.writing_many import Item
from lib.rupiah import rupiah
from tenants import due

OpenStock = Callable[[Mapping[int, int]], None]  # variant pk -> pieces, for those that are new
MOST_SHOWN = 20  # products that a report names as examples


@dataclass(kw_only=True)
class Tally:
    """What came of some products: counted in products (`new`, `changed`, `unchanged`, `wrong`) and in rows
    (`rows_wrong`)."""

    counts: Counter[str] = field(default_factory=Counter)
    troubles: list[Trouble] = field(default_factory=list)
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    rows: int = 0
    wishes: dict[tuple[int, str], int] = field(default_factory=dict)  # (product, address) -> row

    def add(self, plans: Iterable[Plan]) -> None:
        for plan in plans:
            self.counts[plan.outcome] += 1
            self.troubles += plan.troubles
            shown = self.examples.setdefault(plan.outcome, [])
            if plan.outcome in (matching.NEW, matching.CHANGED) and len(shown) < MOST_SHOWN:
                shown.append(_example(plan))

    def close(self) -> None:
        self.troubles.sort(key=lambda trouble: trouble.row)
        self.counts["rows_wrong"] = len({(t.column.partition(":")[0], t.row) for t in self.troubles if not t.is_note})
        self.counts["notes"] = sum(trouble.is_note for trouble in self.troubles)


def look(groups: Sequence[Group], *, judge: Judge, categories: Categories) -> Tally:
    """What writing them would do. Nothing is written."""
    tally, wanted = _judged(groups, judge)
    tally.add(matching.match(wanted, judge=judge, known=categories, lock=False))
    tally.close()
    return tally


def write(
    groups: Sequence[Group],
    *,
    judge: Judge,
    categories: Categories,
    by: str,
    now: datetime,
    open_stock: OpenStock,
    job: ImportJob | None = None,
) -> Tally:
    """Write them. What somebody else changes at the same moment is written one by one, so that only the product that
    cannot be written stays out. Stands in a transaction."""
    tally, wanted = _judged(groups, judge)

    def put(some: Sequence[Any]) -> None:
        with transaction.atomic():
            plans = matching.match(some, judge=judge, known=categories, lock=True)
            _refuse_twice(plans)
            tally_of = _carry_out(plans, categories=categories, by=by, now=now, open_stock=open_stock, job=job)
        tally.wishes |= tally_of
        tally.add(plans)

    try:
        put(wanted)
    except (IntegrityError, Refused):
        categories.reload()
        for one in wanted:
            try:
                put([one])
            except (IntegrityError, Refused):
                categories.reload()
                plan = Plan(wanted=one)
                told = _("Produk ini sedang diubah orang lain, atau bertabrakan dengan yang ada di toko.")
                plan.troubles = [
                    Trouble(row=choice.row.number, reason=told, title=one.said["title"]) for choice in one.choices
                ]
                tally.add([plan])
    tally.close()
    return tally


def _judged(groups: Sequence[Group], judge: Judge) -> tuple[Tally, list[Any]]:
    tally, found = Tally(), []
    for group in groups:
        tally.rows += len(group.rows)
        wanted, troubles = judge.judge(group)
        tally.troubles += troubles
        if wanted is None:
            tally.counts[matching.WRONG] += 1
        else:
            found.append(wanted)
    return tally, found


def _refuse_twice(plans: Sequence[Plan]) -> None:
    """Two groups that mean the same product of the shop, one by its SKU and one by its name."""
    seen: dict[int, int] = {}
    for plan in plans:
        if plan.product is None or plan.content is None:
            continue
        first = seen.setdefault(plan.product.pk, plan.wanted.rows[0].number)
        if first != plan.wanted.rows[0].number:
            plan.content = None
            told = _("Produk ini sudah ada di baris %(row)d.") % {"row": first}
            plan.troubles = [Trouble(row=choice.row.number, reason=told) for choice in plan.wanted.choices]


def _carry_out(
    plans: Sequence[Plan],
    *,
    categories: Categories,
    by: str,
    now: datetime,
    open_stock: OpenStock,
    job: ImportJob | None,
) -> dict[tuple[int, str], int]:
    items: list[tuple[Plan, Item]] = []
    for plan in plans:
        if plan.outcome in (matching.WRONG, matching.UNCHANGED):
            _try_again(plan.again, job, now)
            continue
        assert plan.content is not None
        if plan.content.category == TO_BE_MADE:
            plan.content = replace(plan.content, category=categories.make(plan.category))
        item = Item(
            content=plan.content, member=plan.wanted.member, product=plan.product, before=plan.before, state=plan.state
        )
        items.append((plan, item))
        _try_again(plan.again, job, now)
    opening = writing_many.write_many([item for _plan, item in items], by=by, now=now)
    if opening:
        open_stock(opening)
    return _wish(items, now=now, job=job)


def _try_again(wishes: Sequence[int], job: ImportJob | None, now: datetime) -> None:
    """Pictures that could not be had before: now perhaps, out of the ZIP of this file."""
    if wishes:
        again = WantedPicture.objects.filter(pk__in=wishes)
        again.update(job=job, done_at=None, error="", attempts=0, try_at=None)
        due.note("fetch_pictures", now=now)


def _wish(items: Sequence[tuple[Plan, Item]], *, now: datetime, job: ImportJob | None) -> dict[tuple[int, str], int]:
    rows, found = [], {}
    for plan, item in items:
        assert item.product is not None
        begin = len(plan.before.pictures or ()) if plan.before else 0
        for position, wish in enumerate(plan.wishes, start=begin):
            variants = [item.by_sku[sku] for sku in plan.pictures.get(wish.address, []) if sku in item.by_sku]
            rows.append(
                WantedPicture(
                    product=item.product, job=job, address=wish.address, alt=wish.alt, position=position,
                    variants=variants,
                )
            )  # fmt: skip
            found[item.product.pk, wish.address] = wish.row
    if rows:
        WantedPicture.objects.bulk_create(rows, ignore_conflicts=True)
        due.note("fetch_pictures", now=now)
    return found


def _example(plan: Plan) -> dict[str, Any]:
    found: dict[str, Any] = {"title": plan.wanted.said["title"], "row": plan.wanted.rows[0].number}
    if plan.before is not None and plan.content is not None:
        told = contents.differences(plan.before, plan.content)[:4]
        found["changes"] = [[str(each.label), _short(each, each.before), _short(each, each.after)] for each in told]
    return found


def _short(difference: Difference, value: Any) -> str:
    if difference.kind == "price" and isinstance(value, int):
        return rupiah(value)
    plain = contents.comparing.plain(value)
    if isinstance(plain, dict):
        return str(plain.get("sku", ""))
    return "" if plain is None else str(plain)[:60]
