"""One page of a list; a number that is no page is the nearest page that exists."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

PER_PAGE = 25


def page_of(request: HttpRequest, rows: QuerySet | list) -> Page:
    """The page that `?halaman=` names. Two queries: the count and the rows."""
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("halaman"))
