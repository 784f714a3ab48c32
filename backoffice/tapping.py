"""Stock by one tap, as pages show and take it: the member's own page, and the page that a link in a chat opens."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django import forms
from django.utils.translation import gettext as _

from catalog.models import Product, Variant
from inventory import quick
from members.models import Member

MORE = (1, 5, 10)
NONE, SET = "none", "set"


class TapForm(forms.Form):
    """One tap: `tap` is NONE, SET (to `pieces`), or how many more there are."""

    variant = forms.IntegerField(min_value=1)
    tap = forms.ChoiceField(choices=[(tap, tap) for tap in (NONE, SET, *map(str, MORE))])
    pieces = forms.IntegerField(min_value=0, max_value=quick.MOST, required=False)
    shown = forms.IntegerField(min_value=0)
    key = forms.UUIDField()

    def clean(self) -> None:
        if self.cleaned_data.get("tap") == SET and self.cleaned_data.get("pieces") is None:
            raise forms.ValidationError("no number")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One choice with its buttons. `key` makes a tap that is sent twice one tap."""

    variant: Variant
    available: int
    promised: int
    key: str
    said: str = ""
    is_refused: bool = False


def rows(member: Member) -> list[tuple[Product, Sequence[Row]]]:
    """All that the member counts, by product. One query."""
    found = quick.countable(member)
    return [
        (product, [_row(variant) for variant in variants])
        for product, variants in groupby(found, key=lambda variant: variant.product)
    ]


def take(member: Member, form: TapForm, *, by: str, now: datetime) -> Row | None:
    """Do what was tapped. Returns the row as it is now and what to say; None where the variant is not this member's to
    count."""
    variant = quick.countable(member).filter(pk=form.data.get("variant")).first() if form.is_valid() else None
    if variant is None:
        return None
    said, is_refused = _do(variant, form, by, now)
    return _row(quick.countable(member).get(pk=variant.pk), said=said, is_refused=is_refused)


def _do(variant: Variant, form: TapForm, by: str, now: datetime) -> tuple[str, bool]:
    """What to say, and whether nothing changed."""
    data = form.cleaned_data
    try:
        if data["tap"] == NONE:
            quick.sold_out(variant_id=variant.pk, by=by, now=now)
            return _("Sekarang habis."), False
        if data["tap"] == SET:
            quick.set_to(variant_id=variant.pk, pieces=data["pieces"], shown=data["shown"], by=by, now=now)
            return _("Tersimpan: %(n)d.") % {"n": data["pieces"]}, False
        pieces = int(data["tap"])
        added = quick.add(variant_id=variant.pk, pieces=pieces, key=data["key"].hex, by=by, now=now)
        return (_("Ditambah %(n)d.") % {"n": pieces} if added else _("Ketukan ini sudah tercatat.")), False
    except quick.Changed as changed:
        return _("Stok berubah menjadi %(n)d selagi Anda menghitung. Hitung lagi, lalu simpan.") % {
            "n": changed.available
        }, True


def _row(variant: Variant, *, said: str = "", is_refused: bool = False) -> Row:
    stock = getattr(variant, "stock", None)
    return Row(
        variant=variant,
        available=stock.available if stock else 0,
        promised=stock.reserved if stock else 0,
        key=uuid.uuid4().hex,
        said=said,
        is_refused=is_refused,
    )
