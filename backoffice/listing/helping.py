"""The price helper: what the member typed, and what each way to sell makes of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.listing import typed
from catalog import price_advice
from catalog.price_advice import Advice, Split
from marketplaces.models import Connection
from orders import fees
from orders.models import Order

MARGINS = range(0, 1001)
USUAL_MARGIN = "30"


class HelpForm(forms.Form):
    """What it cost to make stays on this page and in the member's own phone: it is not kept with the listing."""

    cost = forms.CharField(
        label=gettext_lazy("Modal per buah"),
        required=False,
        help_text=gettext_lazy("Bahan, kemasan, dan upah. Tidak disimpan di toko."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "placeholder": "40.000", "autocomplete": "off"}),
    )
    margin = forms.CharField(
        label=gettext_lazy("Untung yang diinginkan (%)"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_cost(self) -> int | None:
        return _read(self.cleaned_data["cost"], typed.rupiah, _("Tulis rupiah tanpa sen, misalnya 65.000."))

    def clean_margin(self) -> int | None:
        told = _("Tulis angka bulat.")
        value = _read(self.cleaned_data["margin"], typed.whole, told)
        if value is not None and value not in MARGINS:
            raise forms.ValidationError(told)
        return value


@dataclass(frozen=True, kw_only=True)
class Way:
    """A place to sell, the price that covers everything there, and what is left of the price that was typed."""

    name: str
    advice: Advice | None
    split: Split | None


def ways(*, cost: int | None, margin: int | None, price: int | None, now: datetime) -> list[Way]:
    """Our own shop, and each marketplace that is connected. Without a cost there is no advice, only the split."""
    return [_way(name, channel, cost, margin or 0, price, now) for channel, name in _channels()]


def _way(name: str, channel: str, cost: int | None, margin: int, price: int | None, now: datetime) -> Way:
    rule = fees.in_force(channel=channel, now=now)
    rates = {"cooperative_bp": rule.cooperative_bp, "channel_bp": rule.channel_bp}
    advice = None
    if cost:
        try:
            advice = price_advice.advise(cost=cost, margin_percent=margin, **rates)
        except price_advice.NothingLeft:
            advice = None
    split = price_advice.split(price=price, **rates) if price else None
    return Way(name=name, advice=advice, split=split)


def _channels() -> Iterator[tuple[str, str]]:
    yield Order.SHOP, _("Toko sendiri")
    active = Connection.objects.filter(state=Connection.State.ACTIVE).order_by("channel")
    for channel in active.values_list("channel", flat=True).distinct():
        yield channel, channel.capitalize()


def _read(text: str, read: object, told: str) -> int | None:
    if not text.strip():
        return None
    value = read(text)
    if value is None or value > typed.LARGEST:
        raise forms.ValidationError(told)
    return value
