"""What a visitor has asked a shelf for, read from the address and written back into addresses.

Everything that narrows or sorts a shelf stands in the address: it can be sent to somebody, kept, and gone back to. What
is no choice of ours is left out of the next address, so that no link carries a stranger's words on.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from catalog.facets import MARKS, Chosen, Counts, Value
from lib import regencies
from lib.rupiah import rupiah

# All that a shelf's address may hold besides the words that are searched for and the page
PARAMETERS = ("kategori", "penjual", "asal", "izin", "stok", "min", "maks", "urut")
MOST_OF_A_KIND = 12
HIGHEST_PRICE = 10**12
IN_STOCK = "ada"
SLUG = re.compile(r"[-\w]{1,80}", re.ASCII)
PRICE = re.compile(r"\s*(?:rp)?\.?\s*([\d.]{1,18})\s*(rb|ribu|k|jt|juta)?\s*", re.ASCII | re.IGNORECASE)
TIMES = {"": 1, "rb": 1_000, "ribu": 1_000, "k": 1_000, "jt": 1_000_000, "juta": 1_000_000}

Pair = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """`words`: those searched for, as they were typed."""

    chosen: Chosen
    sort: str
    words: str = ""

    def pairs(self) -> list[Pair]:
        """The address, in one order whatever order it came in."""
        chosen = self.chosen
        limits = [("min", chosen.price_from), ("maks", chosen.price_to)]
        return [
            *([("q", self.words)] if self.words else []),
            *(("kategori", slug) for slug in chosen.categories),
            *(("penjual", str(pk)) for pk in chosen.members),
            *(("asal", code) for code in chosen.origins),
            *(("izin", mark) for mark in chosen.marks),
            *([("stok", IN_STOCK)] if chosen.in_stock else []),
            *((name, str(price)) for name, price in limits if price is not None),
            *([("urut", self.sort)] if self.sort else []),
        ]

    def address(self, *, without: Iterable[str] = (), but: Pair | None = None, plus: Iterable[Pair] = ()) -> str:
        """`?…`: all that is asked for, leaving out the parameters `without` and the one pair `but`."""
        left_out = set(without)
        kept = [pair for pair in self.pairs() if pair[0] not in left_out and pair != but]
        return "?" + urlencode([*kept, *plus])

    def page(self, number: int) -> str:
        return self.address(plus=[("page", str(number))] if number > 1 else [])


@dataclass(frozen=True, kw_only=True)
class Chip:
    """A choice, and the address without it."""

    label: str
    without: str


@dataclass(frozen=True, kw_only=True)
class Facet:
    """A group of choices as the page shows it: checkboxes of one name, or links."""

    name: str
    label: str
    values: Sequence[Value]
    links: Sequence[tuple[Value, str]] = ()

    @property
    def chosen(self) -> int:
        return sum(value.is_chosen for value in self.values)


def asked_for(request: HttpRequest, *, sorts: Iterable[str], words: str = "") -> Asked:
    """What the address asks for; what it asks for wrongly, it does not ask for."""
    query = request.GET
    sort = query.get("urut", "")
    return Asked(chosen=_chosen(query), sort=sort if sort in set(sorts) else "", words=words)


def facets_of(counts: Counts, asked: Asked) -> list[Facet]:
    """The groups in which there is something to choose."""
    groups = [
        Facet(name="kategori", label=_("Kategori"), values=counts.categories),
        Facet(name="min", label=_("Harga"), values=counts.bands, links=_band_links(counts, asked)),
        Facet(name="penjual", label=_("Pembuat"), values=counts.members),
        Facet(name="asal", label=_("Asal"), values=counts.origins),
        Facet(name="izin", label=_("Izin & halal"), values=counts.marks),
    ]
    return [group for group in groups if group.chosen or any(value.products < counts.total for value in group.values)]


def chips_of(counts: Counts, asked: Asked) -> list[Chip]:
    """Everything that is chosen, each with the way back."""
    chosen = asked.chosen
    chips = []
    for name, values in (("kategori", counts.categories), ("penjual", counts.members)):
        known = {str(value.value): value.label for value in values}
        for pair in asked.pairs():
            if pair[0] == name:
                chips.append(Chip(label=known.get(pair[1], _("Pilihan lain")), without=asked.address(but=pair)))
    chips += [Chip(label=regencies.name(code), without=asked.address(but=("asal", code))) for code in chosen.origins]
    marks = {value.value: value.label for value in counts.marks}
    chips += [Chip(label=marks.get(mark, mark), without=asked.address(but=("izin", mark))) for mark in chosen.marks]
    if chosen.in_stock:
        chips.append(Chip(label=_("Ada stok"), without=asked.address(without=["stok"])))
    if chosen.price_from is not None or chosen.price_to is not None:
        label = band_label(chosen.price_from, chosen.price_to)
        chips.append(Chip(label=label, without=asked.address(without=["min", "maks"])))
    return chips


def stock_link(counts: Counts, asked: Asked) -> str:
    """To what can be bought at once; empty where that is all there is, or it is chosen already."""
    if asked.chosen.in_stock or counts.in_stock == counts.total:
        return ""
    return asked.address(plus=[("stok", IN_STOCK)])


def band_label(least: int | None, most: int | None) -> str:
    if least is None:
        return _("sampai %(price)s") % {"price": rupiah(most or 0)}
    if most is None:
        return _("mulai %(price)s") % {"price": rupiah(least)}
    return f"{rupiah(least)} – {rupiah(most)}"


def _band_links(counts: Counts, asked: Asked) -> list[tuple[Value, str]]:
    links = []
    for band in counts.bands:
        least, most = band.value
        limits = [("min", least), ("maks", most)]
        plus = [] if band.is_chosen else [(name, str(price)) for name, price in limits if price is not None]
        labelled = replace(band, label=band_label(least, most))
        links.append((labelled, asked.address(without=["min", "maks"], plus=plus)))
    return links


def _chosen(query: QueryDict) -> Chosen:
    least, most = price(query.get("min", "")), price(query.get("maks", ""))
    if least is not None and most is not None and most < least:
        least, most = most, least
    return Chosen(
        categories=_several(slug for slug in query.getlist("kategori") if SLUG.fullmatch(slug)),
        members=tuple(int(pk) for pk in _several(pk for pk in query.getlist("penjual") if _is_number(pk))),
        origins=_several(code for code in query.getlist("asal") if regencies.name(code)),
        marks=_several(mark for mark in query.getlist("izin") if mark in MARKS),
        in_stock=query.get("stok") == IN_STOCK,
        price_from=least,
        price_to=most,
    )


def price(text: str) -> int | None:
    """Whole rupiah of what people type: `50000`, `Rp50.000`, `50rb`; None where it is no price."""
    found = PRICE.fullmatch(text)
    digits = found[1].replace(".", "") if found else ""
    if not found or not digits:
        return None
    return min(int(digits) * TIMES[(found[2] or "").lower()], HIGHEST_PRICE)


def _several(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))[:MOST_OF_A_KIND]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 12 and str(int(text)) == text
