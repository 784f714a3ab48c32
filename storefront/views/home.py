from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from catalog import shelf
from storefront import listing
from storefront.page_cache import kept

SHOWN_ON_HOME = listing.PAGE_SIZE


@require_safe
@kept()
def home(request: HttpRequest) -> HttpResponse:
    categories = shelf.top_categories()
    products = list(shelf.newest()[:SHOWN_ON_HOME])
    context = {"categories": shelf.with_photos(categories), "products": products}
    return TemplateResponse(request, "storefront/home.html", context)
