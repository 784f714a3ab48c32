"""Posters to print, with a code that opens the shop on a phone."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from backoffice.access import needs
from catalog import shelf
from catalog.models import Product
from members.roles import May
from pages import poster as posters


@needs(May.SEE_PRODUCTS, May.SEE_OWN)
@require_safe
def product_poster(request: HttpRequest, pk: int) -> HttpResponse:
    """Of a product on sale; members have those of their own goods."""
    goods = shelf.for_cards(Product.objects.on_sale())
    if May.SEE_PRODUCTS not in request.allowed:
        goods = goods.filter(member=request.user.member)
    product = get_object_or_404(goods, pk=pk)
    return _answer(request, posters.of_product(product, request.tenant), name=product.slug)


@needs(May.SEE_PRODUCTS, May.SEE_OWN)
@require_safe
def shop_poster(request: HttpRequest) -> HttpResponse:
    return _answer(request, posters.of_shop(request.tenant), name=slugify(request.tenant.name))


def _answer(request: HttpRequest, poster: posters.Poster, *, name: str) -> HttpResponse:
    """A4, or what `?kertas=` says."""
    paper = request.GET.get("kertas", "a4")
    if paper not in posters.PAPERS:
        raise Http404
    response = HttpResponse(posters.pdf(poster, paper=paper), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="poster-{name}-{paper}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
