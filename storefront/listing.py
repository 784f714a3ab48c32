"""A page of a shelf: in which order, and which slice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, ProductQuerySet
from storefront.narrowing import Asked

PAGE_SIZE = 24
LAST_PAGE = 200  # so the database never counts off more than 4,800 rows; who wants more narrows the shelf
NEWEST = ("-created_at", "-pk")
ORDERS = {
    "": NEWEST,
    "terbaru": NEWEST,
    "termurah": ("price_from", "pk"),
    "termahal": ("-price_from", "-pk"),
    "terlaris": ("-sold", "-created_at", "-pk"),
}
PRICED = {"termurah": _("Harga terendah"), "termahal": _("Harga tertinggi")}
SORTS: Mapping[str, str | Promise] = {"": _("Terbaru"), **PRICED, "terlaris": _("Paling laris")}
SORTS_OF_SEARCH: Mapping[str, str | Promise] = {
    "": _("Paling cocok"), "terbaru": _("Terbaru"), **PRICED, "terlaris": _("Paling laris"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Page:
    products: Sequence[Product]
    number: int
    sort: str
    next_query: str  # of the address of the page after this one; empty on the last
    before_query: str


def page_of(products: ProductQuerySet, request: HttpRequest, asked: Asked) -> Page:
    """The page that `?page=` asks for. Anything that is not a page number is page 1. One row more than shown tells
    whether there is a next page, so nothing is counted."""
    number = _number(request.GET.get("page", ""))
    start = (number - 1) * PAGE_SIZE
    rows = list(products[start : start + PAGE_SIZE + 1])
    return Page(
        products=rows[:PAGE_SIZE],
        number=number,
        sort=asked.sort,
        next_query=asked.page(number + 1) if len(rows) > PAGE_SIZE and number < LAST_PAGE else "",
        before_query=asked.page(number - 1) if number > 1 else "",
    )


def sorted_by(products: ProductQuerySet, sort: str) -> ProductQuerySet:
    return products.order_by(*ORDERS[sort])


def sort_links(sorts: Mapping[str, str | Promise], asked: Asked) -> list[tuple[str | Promise, str, bool]]:
    """(name, address, whether it is the present one) of each order."""
    return [
        (name, asked.address(without=["urut"], plus=[("urut", key)] if key else []), key == asked.sort)
        for key, name in sorts.items()
    ]


def _number(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 5 else 1
