from collections.abc import Sequence

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from catalog import shelf
from catalog.models import Picture, Product, Variant
from orders import fees
from orders.models import Order
from shipping import quoting
from storefront import offers, reviewing
from storefront.buyers import is_member
from storefront.page_cache import kept


@require_safe
@vary_on_headers("HX-Request")
@kept(query=("v", offers.OPTION1, offers.OPTION2))
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product; `?v=` chooses a variant, as does a word for each of two axes. Unknown or hidden is 404."""
    found = get_object_or_404(
        Product.objects.on_sale()
        .select_related("member", "category__parent")
        .prefetch_related(Prefetch("pictures", Picture.objects.order_by("position", "pk"), to_attr="photos")),
        slug=slug,
    )
    now = timezone.now()
    offer = offers.offer(
        variants=shelf.to_buy(found),
        chosen=request.GET,
        is_member=is_member(request),
        fees=fees.in_force(channel=Order.SHOP, now=now),
        now=now,
    )
    if offer is None:
        raise Http404
    context = {
        "product": found,
        "offer": offer,
        "photos": _photos(found, offer.chosen),
        "shipping": quoting.span(weight_g=offer.chosen.weight_g),
        "written_in": {"title": _language(found.title_en), "text": _language(found.description_en)},
    }
    if request.htmx.target == "penawaran":
        part = TemplateResponse(request, "storefront/_offer.html", {**context, "swapped": True})
        part["HX-Replace-Url"] = f"{found.get_absolute_url()}?v={offer.chosen.pk}"
        return part
    context["reviews"] = reviewing.shown(found)
    return TemplateResponse(request, "storefront/product.html", context)


def _photos(found: Product, chosen: Variant) -> Sequence[Picture]:
    """The product's photos; that of the chosen variant comes first where it has one of its own."""
    photos: Sequence[Picture] = found.photos
    return sorted(photos, key=lambda photo: photo.pk != chosen.picture_id)


def _language(english: str) -> str:
    """In which language a text is shown to this reader (catalog.models.in_language)."""
    return "en" if english and get_language() == "en" else "id"
