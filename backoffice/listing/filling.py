"""Fields <-> content. Both ways lose nothing: what cannot be read stays in its field, as it was typed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from backoffice.listing import typed
from backoffice.listing.rows import Row, arranged
from backoffice.listing.typed import same
from catalog import content as contents
from catalog.content import Choice, Content, Problem, Shown, Step
from catalog.models import Product
from lib import regencies

Cells = dict[str, str]
MOST_ROWS = 100
TEXTS = (
    "title",
    "category",
    "description",
    "condition",
    "axis1",
    "axis2",
    "content_unit",
    "title_en",
    "description_en",
)
BESIDE = ("origin", "values1", "values2", "new_category")
READERS = {
    "min_per_order": typed.whole,
    "max_per_order": typed.whole,
    "lead_days": typed.whole,
    "daily_capacity": typed.whole,
    "preorder_date": typed.day,
}
CELL_READERS = {
    "price": typed.rupiah,
    "weight_g": typed.gram,
    "pieces": typed.whole,
    "content_amount": typed.whole,
    "member_price": typed.rupiah,
    "steps": typed.steps,
}
CELLS = (*CELL_READERS, "sku", "barcode", "picture")
TYPED = "typed"  # beside the content of a draft: what stands in a field and cannot be read
DROPPED = "dropped"  # and the photos (pk) that were taken out: they are not mistaken for ones that came late


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A listing as it stands on the page: the content, and the text of every field. `unread` are the fields whose
    text means nothing, by name."""

    content: Content
    fields: Cells
    rows: Sequence[Row]
    unread: Cells
    dropped: Sequence[int] = ()

    def draft(self) -> dict[str, Any]:
        """For Proposal.content."""
        return {**contents.as_json(self.content), TYPED: self.unread, DROPPED: list(self.dropped)}

    def problems(self) -> list[tuple[str, str]]:
        """(name of the field on the page or "", what to do), what cannot be read first."""
        found = [(name, _unclear(name)) for name in self.unread]
        return found + [pair for pair in named(contents.problems(self.content)) if pair[0] not in self.unread]


def named(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    """(name of the field on the page or "", what to do)."""
    return [(_name_of(problem.field), problem.message) for problem in problems]


def posted(data: QueryDict, *, pictures: Collection[int], dropped: Collection[int] = ()) -> Filled:
    """What a form sent. `pictures` (pk) belong to this listing: those that the form does not name, because they came
    up while it was on its way, are its last ones, but for those that were `dropped` before; foreign ones are left
    out."""
    fields = {name: _clean(data.get(name, "")) for name in (*TEXTS, *READERS, *BESIDE)}
    fields["condition"] = fields["condition"] or Product.Condition.NEW.value
    rows = arranged(
        values1=typed.values(fields["values1"]),
        values2=typed.values(fields["values2"]),
        rows=[_row(data, number) for number in range(_count(data))],
    )
    rows = [row for row in rows if not row.cells.get("drop")] or rows[:1]
    named = [pk for text in data.getlist("picture") if (pk := typed.whole(text)) in pictures]
    gone = ({typed.whole(text) for text in data.getlist("drop")} | (set(dropped) - set(named))) & set(pictures)
    shown = _shown(data, [*named, *sorted(pictures)], gone)
    made = "on" if data.get("made_to_order") else ""
    return replace(_read({**fields, "made_to_order": made}, rows[:MOST_ROWS], shown), dropped=sorted(gone))


def of(content: Content, unread: Mapping[str, Any] | None = None) -> Filled:
    """What stands on the page for a content, with the texts of a draft that could not be read."""
    fields = {name: _plain(getattr(content, name)) for name in (*TEXTS, *READERS)}
    fields["origin"] = regencies.name(content.origin_code)
    fields["made_to_order"] = "on" if content.made_to_order else ""
    fields["values1"] = _listed(choice.option1 for choice in content.choices)
    fields["values2"] = _listed(choice.option2 for choice in content.choices)
    rows = [_row_of(choice) for choice in content.choices] or [Row()]
    kept = {name: text for name, text in (unread or {}).items() if isinstance(text, str)}
    for name, text in kept.items():
        prefix, dash, cell = name.partition("-")
        if not dash:
            fields[name] = text
        elif prefix[1:].isdigit() and int(prefix[1:]) < len(rows):
            rows[int(prefix[1:])].cells[cell] = text
    return Filled(content=content, fields=fields, rows=rows, unread=kept)


def _read(fields: Cells, rows: Sequence[Row], shown: Sequence[Shown]) -> Filled:
    unread: Cells = {}
    facts: dict[str, Any] = {name: fields[name] for name in TEXTS if name != "category"}
    for name, read in READERS.items():
        facts[name] = _value(read, fields[name], name, unread)
    origin = regencies.code_of(fields["origin"])
    if fields["origin"].strip() and not origin:
        unread["origin"] = fields["origin"]
    choices = [_choice(row, f"c{number}", unread) for number, row in enumerate(rows)]
    content = Content(
        **facts | {"min_per_order": facts["min_per_order"] or 1, "lead_days": facts["lead_days"] or 0},
        category=typed.whole(fields["category"]),
        made_to_order=bool(fields["made_to_order"]),
        origin_code=origin,
        choices=tuple(choices),
        pictures=tuple(shown),
    )
    return Filled(content=content, fields=fields, rows=rows, unread=unread)


def _choice(row: Row, prefix: str, unread: Cells) -> Choice:
    found: dict[str, Any] = {}
    for name, read in CELL_READERS.items():
        found[name] = _value(read, row.cells.get(name, ""), f"{prefix}-{name}", unread)
    steps = tuple(Step(from_quantity=quantity, price=price) for quantity, price in found.pop("steps") or ())
    return Choice(
        **found | {"price": found["price"] or 0, "weight_g": found["weight_g"] or 0},
        steps=steps,
        variant=typed.whole(row.variant),
        sku=row.cells.get("sku", "").strip(),
        barcode="".join(row.cells.get("barcode", "").split()),
        picture=typed.whole(row.cells.get("picture", "")),
        option1=row.option1,
        option2=row.option2,
    )


def _value(read: Any, text: str, name: str, unread: Cells) -> Any:
    if not text.strip():
        return None
    value = read(text)
    if value is None:
        unread[name] = text
    return value


def _row(data: QueryDict, number: int) -> Row:
    prefix = f"c{number}-"
    return Row(
        option1=_clean(data.get(f"{prefix}option1", "")),
        option2=_clean(data.get(f"{prefix}option2", "")),
        variant=_clean(data.get(f"{prefix}variant", "")),
        cells={name: _clean(data.get(f"{prefix}{name}", "")) for name in (*CELLS, "drop")},
    )


def _row_of(choice: Choice) -> Row:
    cells = {name: _plain(getattr(choice, name)) for name in ("pieces", "content_amount", "sku", "barcode", "picture")}
    cells["weight_g"] = _plain(choice.weight_g or None)
    cells["price"], cells["member_price"] = _money(choice.price), _money(choice.member_price)
    cells["steps"] = "\n".join(f"{step.from_quantity} = {_money(step.price)}" for step in choice.steps)
    variant = _plain(choice.variant)
    return Row(option1=choice.option1, option2=choice.option2, variant=variant, cells=cells)


def _shown(data: QueryDict, pictures: Sequence[int], gone: Collection[int]) -> list[Shown]:
    """In the order of the form, the one that was made the first one first."""
    first = typed.whole(data.get("main", ""))
    order = sorted(dict.fromkeys(pictures), key=lambda pk: pk != first)
    return [Shown(picture=pk, alt=_clean(data.get(f"alt-{pk}", ""))[:160]) for pk in order if pk not in gone]


def _count(data: QueryDict) -> int:
    return min(typed.whole(data.get("rows", "")) or 1, MOST_ROWS)


def _clean(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n")


def _plain(value: object) -> str:
    return "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)


def _money(amount: int | None) -> str:
    return f"{amount:,}".replace(",", ".") if amount else ""


def _listed(values: Any) -> str:
    """The opposite of typed.values."""
    found = {same(value): value for value in values if value}
    if any("," in value for value in found.values()):
        return "; ".join(found.values()) + (";" if len(found) == 1 else "")
    return ", ".join(found.values())


def _name_of(field: str) -> str:
    """`choices.0.price` -> `c0-price`: the field on the page that holds it."""
    head, _dot, rest = field.partition(".")
    if head == "choices":
        number, _dot, name = rest.partition(".")
        whose = {"option1": "values1", "option2": "values2"}
        return whose.get(name) or (f"c{number}-{name}" if name else "c0-price")
    return {"origin_code": "origin", "pictures": ""}.get(field, field)


def _unclear(name: str) -> str:
    kind = name.rpartition("-")[2]
    if kind in ("price", "member_price"):
        return _("Tulis rupiah tanpa sen, misalnya 65.000.")
    if kind == "weight_g":
        return _("Tulis berat dalam gram, misalnya 250.")
    if kind == "steps":
        return _("Tulis satu tingkat per baris, misalnya 10 = 60.000.")
    if kind == "origin":
        return _("Tulis nama kabupaten atau kota, misalnya Kab. Aceh Tengah.")
    if kind == "preorder_date":
        return _("Pilih tanggal.")
    return _("Tulis angka bulat.")
