"""What the template of a listing gets to show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest

from backoffice.listing import helping
from backoffice.listing.desk import Desk
from backoffice.listing.filling import Filled
from backoffice.listing.forms import ChoiceForm, ListingForm, categories, nearby
from backoffice.listing.rows import Row
from catalog import checklist
from catalog.models import Picture, Variant

FACTS = ("condition", "origin", "content_unit", "min_per_order", "max_per_order")
MAKING = ("lead_days", "daily_capacity", "preorder_date")
ENGLISH = ("title_en", "description_en")
AXES = ("axis1", "values1", "axis2", "values2")


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """What stands in the way, with the field that it is about where there is one."""

    message: str
    label: Any = ""
    target: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One choice on the page."""

    row: Row
    form: ChoiceForm
    variant: Variant | None


def context(
    request: HttpRequest,
    desk: Desk,
    filled: Filled,
    *,
    now: datetime,
    problems: Sequence[tuple[str, str]] = (),
    told: Iterable[str] = (),
    is_helping: bool = False,
) -> dict[str, Any]:
    """`problems` are those of `filled` that are to be shown, `told` what else went wrong."""
    pictures = {picture.pk: picture for picture in desk.pictures()}
    photos = _photos(desk, filled, pictures)
    form = ListingForm(filled.fields, categories=categories())
    lines = _lines(desk, filled, [picture for picture, _alt in photos])
    troubles = [Trouble(message=message) for message in told]
    for name, message in problems:
        troubles.append(_put(name, message, form, lines))
    return {
        "desk": desk,
        "filled": filled,
        "form": form,
        "lines": lines,
        "photos": photos,
        "troubles": troubles,
        "checks": points(desk, filled),
        "kabupaten": nearby(request.tenant.province),
        **_parts(form, lines),
        **help_context(request.POST if is_helping else {}, filled, now=now),
    }


def points(desk: Desk, filled: Filled) -> list[checklist.Check]:
    sizes = {picture.pk: (picture.width, picture.height) for picture in desk.pictures()}
    return checklist.checks(filled.content, sizes=sizes)


def help_context(data: Any, filled: Filled, *, now: datetime) -> dict[str, Any]:
    """The price helper, for what was typed into it and the price of the first choice."""
    asked = data or {"margin": helping.USUAL_MARGIN}
    form = helping.HelpForm({name: asked.get(name, "") for name in ("cost", "margin")})
    known = form.cleaned_data if form.is_valid() else {}
    price = filled.content.choices[0].price if filled.content.choices else 0
    ways = helping.ways(cost=known.get("cost"), margin=known.get("margin"), price=price or None, now=now)
    return {"help": form, "ways": ways}


def _photos(desk: Desk, filled: Filled, pictures: dict[int, Picture]) -> list[tuple[Picture, str]]:
    """As the listing shows them, and behind them those that arrived before their place was kept."""
    alts = {one.picture: one.alt for one in filled.content.pictures or () if one.picture in pictures}
    late = [pk for pk in pictures if pk not in alts and pk not in {*filled.dropped, *desk.dropped()}]
    return [(pictures[pk], alts.get(pk, "")) for pk in [*alts, *late]]


def _lines(desk: Desk, filled: Filled, pictures: list[Picture]) -> list[Line]:
    variants = desk.product.variants.select_related("stock") if desk.product else ()
    known = {str(variant.pk): variant for variant in variants}
    found = []
    for number, row in enumerate(filled.rows):
        prefix = f"c{number}"
        cells = {f"{prefix}-{name}": text for name, text in row.cells.items()}
        variant = known.get(row.variant)
        form = ChoiceForm(cells, prefix=prefix, is_there=variant is not None, photos=pictures)
        found.append(Line(row=row, form=form, variant=variant))
    return found


def _put(name: str, message: str, form: ListingForm, lines: Sequence[Line]) -> Trouble:
    """The message at its field, and in the summary with a link to it."""
    prefix, dash, cell = name.partition("-")
    if dash and prefix[1:].isdigit() and int(prefix[1:]) < len(lines):
        line = lines[int(prefix[1:])]
        if cell in line.form.fields:
            return _at(line.form, cell, message, line.row.name)
    elif name in form.fields:
        return _at(form, name, message)
    return Trouble(message=message)


def _at(form: forms.Form, name: str, message: str, of: str = "") -> Trouble:
    form.is_valid()
    form.add_error(name, message)
    field = form[name]
    label = f"{field.label} ({of})" if of else field.label
    return Trouble(message=message, label=label, target=field.id_for_label)


def _parts(form: ListingForm, lines: Sequence[Line]) -> dict[str, Any]:
    """The fields in groups, and which groups are open because something stands in them."""
    groups = {"axes": AXES, "facts": FACTS, "making": MAKING, "english": ENGLISH}
    parts: dict[str, Any] = {name: [form[field] for field in fields] for name, fields in groups.items()}
    wrong = {field.name for field in form if field.errors}
    parts["open"] = {
        "axes": bool(form["values1"].value() or wrong & set(AXES)),
        "more": bool(wrong & {*FACTS, *MAKING, *ENGLISH, "made_to_order"}),
    }
    return parts
