"""Values of a listing as people read them, and two versions of a text with what differs marked."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import formats
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from catalog.content import Choice, Difference, Shown, Step
from catalog.models import Category, Picture, Product
from lib import regencies
from lib.rupiah import rupiah

MONEY = {"price", "member_price"}
LONG = {"title", "title_en", "description", "description_en"}
WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One difference, side by side. `before_photos` and `after_photos` where it is about pictures."""

    label: str | Promise
    choice: str
    before: str
    after: str
    before_photos: Sequence[Picture] = ()
    after_photos: Sequence[Picture] = ()


def side_by_side(differences: Sequence[Difference]) -> list[Row]:
    """Rows for people. Two queries, however many differences: names of categories, and pictures."""
    pictures = _pictures(differences)
    categories = _categories(differences)
    return [_row(difference, pictures, categories) for difference in differences]


def _row(difference: Difference, pictures: Mapping[int, Picture], categories: Mapping[int, str]) -> Row:
    before, after = difference.before, difference.after
    shown = {"label": difference.label, "choice": difference.choice}
    if difference.field in ("pictures", "picture"):
        return Row(
            **shown,
            before=_alts(before),
            after=_alts(after),
            before_photos=_photos(before, pictures),
            after_photos=_photos(after, pictures),
        )
    if difference.field in LONG:
        return Row(**shown, before=_marked(before, after, "del"), after=_marked(after, before, "ins"))
    return Row(
        **shown,
        before=_words(difference.field, before, categories),
        after=_words(difference.field, after, categories),
    )


def _words(field: str, value: Any, categories: Mapping[int, str]) -> str:
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if value in (None, "", ()):
        return "—"
    if field == "category":
        return categories.get(value, "—")
    if field in MONEY:
        return str(rupiah(value))
    named = {"condition": Product.Condition, "content_unit": Product.Unit}
    if field in named and value in named[field].values:
        return str(named[field](value).label)
    if field == "origin_code":
        return regencies.name(value)
    return _of_type(value)


def _of_type(value: Any) -> str:
    if isinstance(value, date):
        return formats.date_format(value, "j F Y")
    if isinstance(value, Choice):
        return f"{value.name or value.sku} · {rupiah(value.price)} · {value.weight_g} g"
    if isinstance(value, tuple):
        return "; ".join(step(each.from_quantity, each.price) for each in value if isinstance(each, Step))
    return str(value)


def step(from_quantity: int, price: int) -> str:
    """`mulai 5: Rp14.000`."""
    return _("mulai %(n)d: %(price)s") % {"n": from_quantity, "price": rupiah(price)}


def _marked(text: str, other: str, tag: str) -> SafeString | str:
    """`text` with what `other` does not have in a `<del>` or `<ins>`."""
    if not text:
        return "—"
    mine, theirs = WORDS.findall(text), WORDS.findall(other)
    parts = []
    for code, start, end, _from, _to in difflib.SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        words = str(escape("".join(mine[start:end])))
        if words:
            parts.append(words if code == "equal" else f"<{tag}>{words}</{tag}>")
    return mark_safe("".join(parts))  # noqa: S308 - every word was escaped


def _alts(value: Any) -> str:
    if isinstance(value, tuple):
        return "; ".join(shown.alt for shown in value if shown.alt) or ("" if value else "—")
    return "" if value else "—"


def _ids(value: Any) -> Iterable[int]:
    if isinstance(value, int):
        return [value]
    return [shown.picture for shown in value if isinstance(shown, Shown)] if isinstance(value, tuple) else []


def _photos(value: Any, pictures: Mapping[int, Picture]) -> list[Picture]:
    return [pictures[pk] for pk in _ids(value) if pk in pictures]


def _pictures(differences: Sequence[Difference]) -> dict[int, Picture]:
    about = [difference for difference in differences if difference.field in ("pictures", "picture")]
    wanted = {pk for difference in about for value in (difference.before, difference.after) for pk in _ids(value)}
    return Picture.objects.in_bulk(wanted) if wanted else {}


def _categories(differences: Sequence[Difference]) -> dict[int, str]:
    about = [difference for difference in differences if difference.field == "category"]
    wanted = {pk for difference in about for pk in (difference.before, difference.after) if pk}
    return {pk: category.label for pk, category in Category.objects.in_bulk(wanted).items()} if wanted else {}
