"""Categories and search."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from catalog import facets, finding, shelf
from catalog.facets import Counts
from catalog.models import Category
from catalog.search import LONGEST_QUERY
from storefront import listing, narrowing
from storefront.narrowing import Asked
from storefront.page_cache import kept
from storefront.remembering import remembered

BEST_SELLERS = 8


@require_safe
@vary_on_headers("HX-Request")
@kept(query=("page", *narrowing.PARAMETERS))
def category(request: HttpRequest, slug: str) -> HttpResponse:
    asked = narrowing.asked_for(request, sorts=listing.SORTS)

    def read() -> tuple[Category, list[Category], listing.Page]:
        found = get_object_or_404(Category.objects.select_related("parent"), slug=slug)
        below = shelf.all_below(found)
        wanted = facets.narrow(shelf.in_category(found, below), asked.chosen)
        return found, below, listing.page_of(listing.sorted_by(wanted, asked.sort), request, asked)

    found, below, page = remembered(request, "shelf", read)
    if request.htmx.target == "lagi":
        return TemplateResponse(request, "storefront/_shelf.html", {"page": page})
    counts = remembered(request, "counts", lambda: facets.count(shelf.in_category(found, below), asked.chosen))
    parts = [part for part in below if part.parent_id == found.pk]
    context = {"category": found, "below": parts, "sorts": listing.sort_links(listing.SORTS, asked)}
    return TemplateResponse(request, "storefront/category.html", context | _narrowed(page, counts, asked))


@require_safe
@vary_on_headers("HX-Request")
@kept(query=("q", "page", *narrowing.PARAMETERS))
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    asked = narrowing.asked_for(request, sorts=listing.SORTS_OF_SEARCH, words=query)
    found = finding.look_for(query, asked.chosen)
    page = listing.page_of(shelf.for_cards(_in_order(found, asked)), request, asked)
    if request.htmx.target == "lagi":
        return TemplateResponse(request, "storefront/_shelf.html", {"page": page})
    context = {"query": query, "found": found, "sorts": listing.sort_links(listing.SORTS_OF_SEARCH, asked)}
    context |= _narrowed(page, found.counts, asked)
    if not page.products:
        context["categories"] = shelf.with_photos(shelf.top_categories())
    if not query:
        context["best_sellers"] = list(shelf.best_sellers()[:BEST_SELLERS])
    template = "storefront/_results.html" if request.htmx.target == "hasil" else "storefront/search.html"
    return TemplateResponse(request, template, context)


def _in_order(found: finding.Found, asked: Asked) -> Any:
    if not asked.sort:
        return found.best_first(asked.chosen)
    return listing.sorted_by(facets.narrow(found.products, asked.chosen), asked.sort)


def _narrowed(page: listing.Page, counts: Counts, asked: Asked) -> dict[str, Any]:
    return {
        "page": page,
        "asked": asked,
        "counts": counts,
        "total": max(counts.total, len(page.products)),
        "stock_link": narrowing.stock_link(counts, asked),
        "facets": narrowing.facets_of(counts, asked),
        "chips": narrowing.chips_of(counts, asked),
        "nothing_chosen": asked.address(without=[name for name in narrowing.PARAMETERS if name != "urut"]),
    }
