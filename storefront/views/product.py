from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from catalog import shelf
from catalog.models import Picture, Product
from orders import fees, placing
from orders.models import Order
from shipping import quoting
from storefront import offers
from storefront.page_cache import kept


@require_safe
@vary_on_headers("HX-Request")
@kept(query=("v",))
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product; `?v=` chooses a variant. Unknown or hidden is 404."""
    found = get_object_or_404(
        Product.objects.on_sale()
        .select_related("member", "category__parent")
        .prefetch_related(Prefetch("pictures", Picture.objects.order_by("position", "pk"), to_attr="photos")),
        slug=slug,
    )
    now = timezone.now()
    offer = offers.offer(
        variants=shelf.to_buy(found),
        chosen=request.GET.get("v", ""),
        fees=fees.in_force(channel=Order.SHOP, now=now),
    )
    if offer is None:
        raise Http404
    context = {
        "product": found,
        "offer": offer,
        "shipping": quoting.span(weight_g=offer.chosen.weight_g),
        "most": min(placing.MOST_PIECES, offer.available),
    }
    if request.htmx.target == "penawaran":
        return TemplateResponse(request, "storefront/_offer.html", context)
    return TemplateResponse(request, "storefront/product.html", context)
