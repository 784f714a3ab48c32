"""Categories and search."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from catalog import search as searching
from catalog import shelf
from catalog.models import Category
from storefront import listing


@require_safe
@vary_on_headers("HX-Request")
def category(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Category.objects.select_related("parent"), slug=slug)
    shown = listing.sorted_by(shelf.in_category(found), listing.sort_of(request))
    page = listing.page_of(shown, request)
    if request.htmx.target == "lagi":
        return TemplateResponse(request, "storefront/_shelf.html", {"page": page})
    context = {
        "category": found,
        "below": Category.objects.filter(parent=found).order_by("position", "name"),
        "page": page,
        "sorts": [(key, name) for key, (name, _order) in listing.SORTS.items()],
    }
    return TemplateResponse(request, "storefront/category.html", context)


@require_safe
@vary_on_headers("HX-Request")
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").replace("\x00", "").strip()[: searching.LONGEST_QUERY]
    page = listing.page_of(shelf.for_cards(searching.find(query)), request)
    if request.htmx.target == "lagi":
        return TemplateResponse(request, "storefront/_shelf.html", {"page": page})
    context = {
        "query": query,
        "page": page,
        "categories": [] if page.products else shelf.with_photos(shelf.top_categories()),
    }
    template = "storefront/_results.html" if request.htmx.target == "hasil" else "storefront/search.html"
    return TemplateResponse(request, template, context)
