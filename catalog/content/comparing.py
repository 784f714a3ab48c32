"""Two versions of a listing side by side, and a proposal on top of what changed meanwhile."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.content.shape import Choice, Content, Step

TEXT, PRICE, PICTURE = "text", "price", "picture"
LABELS: Mapping[str, Promise] = {
    "title": _("nama produk"),
    "title_en": _("nama dalam bahasa Inggris"),
    "category": _("kategori"),
    "description": _("deskripsi"),
    "description_en": _("deskripsi dalam bahasa Inggris"),
    "condition": _("kondisi"),
    "origin_code": _("asal"),
    "axis1": _("pilihan pertama"),
    "axis2": _("pilihan kedua"),
    "content_unit": _("satuan isi"),
    "min_per_order": _("paling sedikit per pesanan"),
    "max_per_order": _("paling banyak per pesanan"),
    "made_to_order": _("dibuat setelah dipesan"),
    "lead_days": _("lama membuat (hari)"),
    "daily_capacity": _("sanggup per hari"),
    "preorder_date": _("dikirim mulai"),
    "pictures": _("foto"),
    "choices": _("pilihan"),
    "sku": _("SKU"),
    "option1": _("pilihan pertama"),
    "option2": _("pilihan kedua"),
    "price": _("harga"),
    "member_price": _("harga anggota"),
    "weight_g": _("berat (gram)"),
    "barcode": _("barcode"),
    "content_amount": _("isi"),
    "picture": _("foto"),
    "steps": _("harga grosir"),
}
KINDS = {"price": PRICE, "member_price": PRICE, "steps": PRICE, "pictures": PICTURE, "picture": PICTURE}
ONLY_ONCE = {"pieces", "variant"}  # of a choice: not part of what it says


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One thing that is not the same. `choice` names the choice that it belongs to; empty: the product's own.

    `before` and `after` are values as in Content; None in one of them: the choice is not there on that side.
    """

    field: str
    kind: str  # text, price or picture: what a cooperative may want to approve
    before: Any
    after: Any
    choice: str = ""

    @property
    def label(self) -> str | Promise:
        return LABELS.get(self.field, self.field)


def differences(before: Content, after: Content) -> list[Difference]:
    """What differs, in the order of the fields."""
    return [*_of_product(before, after), *_of_choices(before, after)]


def merged(*, base: Content, wanted: Content, now: Content) -> Content:
    """`now` with everything that `wanted` changed of `base`: what somebody else changed meanwhile stays, unless the
    proposal changes the same thing."""
    flat = {
        field.name: getattr(wanted, field.name)
        for field in fields(Content)
        if field.name != "choices" and getattr(wanted, field.name) != getattr(base, field.name)
    }
    return replace(now, **flat, choices=_merged_choices(base, wanted, now))


def _of_product(before: Content, after: Content) -> Iterator[Difference]:
    for field in fields(Content):
        one, other = getattr(before, field.name), getattr(after, field.name)
        if field.name == "choices" or one == other or (field.name == "pictures" and other is None):
            continue
        yield Difference(field=field.name, kind=KINDS.get(field.name, TEXT), before=one, after=other)


def _of_choices(before: Content, after: Content) -> Iterator[Difference]:
    known = {choice.variant: choice for choice in before.choices}
    kept = {choice.variant for choice in after.choices}
    for choice in after.choices:
        was = known.get(choice.variant) if choice.variant is not None else None
        if was is None:
            yield Difference(field="choices", kind=PRICE, before=None, after=choice, choice=choice.name or choice.sku)
        else:
            yield from _of_choice(was, choice)
    for choice in before.choices:
        if choice.variant not in kept:
            yield Difference(field="choices", kind=TEXT, before=choice, after=None, choice=choice.name or choice.sku)


def _of_choice(was: Choice, choice: Choice) -> Iterator[Difference]:
    for field in fields(Choice):
        one, other = getattr(was, field.name), getattr(choice, field.name)
        if field.name in ONLY_ONCE or one == other or (field.name == "sku" and not other):
            continue
        name = choice.name or choice.sku
        yield Difference(field=field.name, kind=KINDS.get(field.name, TEXT), before=one, after=other, choice=name)


def _merged_choices(base: Content, wanted: Content, now: Content) -> tuple[Choice, ...]:
    were = {choice.variant: choice for choice in base.choices}
    are = {choice.variant: choice for choice in now.choices}
    taken_out = set(were) - {choice.variant for choice in wanted.choices}
    found = []
    for choice in wanted.choices:
        was, current = were.get(choice.variant), are.get(choice.variant)
        if choice.variant is None or was is None:
            found.append(choice)
        elif current is not None:  # somebody else may have taken it out
            found.append(_merged_choice(was, choice, current))
    added = [choice for choice in now.choices if choice.variant not in were and choice.variant not in taken_out]
    return (*found, *added)


def _merged_choice(was: Choice, choice: Choice, current: Choice) -> Choice:
    changed = {
        field.name: getattr(choice, field.name)
        for field in fields(Choice)
        if getattr(choice, field.name) != getattr(was, field.name)
    }
    return replace(current, **changed)


def plain(value: Any) -> Any:
    """A value of a Difference for a JSON column."""
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, Step):
        return {"from_quantity": value.from_quantity, "price": value.price}
    if isinstance(value, Choice):
        return {"name": value.name, "sku": value.sku, "price": value.price}
    if hasattr(value, "picture"):
        return {"picture": value.picture, "alt": value.alt}
    return value if isinstance(value, str | int | bool | type(None)) else str(value)
