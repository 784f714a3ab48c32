"""A page of a shelf: in which order, and which slice."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, ProductQuerySet

PAGE_SIZE = 24
LAST_PAGE = 200
SORTS = {
    "": (_("Terbaru"), ("-created_at", "-pk")),
    "termurah": (_("Harga terendah"), ("price_from", "pk")),
    "termahal": (_("Harga tertinggi"), ("-price_from", "pk")),
    "terlaris": (_("Paling laris"), ("-sold", "-created_at", "-pk")),
}


@dataclass(frozen=True, kw_only=True)
class Page:
    products: Sequence[Product]
    number: int
    sort: str
    next_query: str  # of the address of the page after this one; empty on the last
    before_query: str


def page_of(products: ProductQuerySet, request: HttpRequest) -> Page:
    """The page that `?page=` asks for. Anything that is not a page number is page 1. One row more than shown tells
    whether there is a next page, so nothing is counted."""
    number = _number(request.GET.get("page", ""))
    start = (number - 1) * PAGE_SIZE
    rows = list(products[start : start + PAGE_SIZE + 1])
    return Page(
        products=rows[:PAGE_SIZE],
        number=number,
        sort=sort_of(request),
        next_query=_query(request, number + 1) if len(rows) > PAGE_SIZE else "",
        before_query=_query(request, number - 1) if number > 1 else "",
    )


def sort_of(request: HttpRequest) -> str:
    """What `?urut=` asks for; anything unknown is the newest first."""
    sort = request.GET.get("urut", "")
    return sort if sort in SORTS else ""


def sorted_by(products: ProductQuerySet, sort: str) -> ProductQuerySet:
    return products.order_by(*SORTS[sort][1])


def _number(text: str) -> int:
    return min(max(int(text), 1), LAST_PAGE) if text.isascii() and text.isdigit() and len(text) < 5 else 1


def _query(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["page"] = str(number)
    if number == 1:
        del query["page"]
    return "?" + query.urlencode()
