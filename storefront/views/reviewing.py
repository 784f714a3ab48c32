"""Reviews: all of a product, and the page on which a buyer writes one."""

from allauth.core import ratelimit
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers
from redis import RedisError

from catalog.models import Product
from lib.photo_files import BadPhoto
from orders.models import Order
from reviews import reading, writing
from storefront import reviewing
from storefront.page_cache import kept


@require_safe
@vary_on_headers("HX-Request")
@kept(query=("bintang", "halaman"))
def reviews(request: HttpRequest, slug: str) -> HttpResponse:
    """What buyers say about a product; `?bintang=` narrows it. htmx asks for the part that stands on the product."""
    product = get_object_or_404(Product.objects.on_sale().filter(price_from__gt=0), slug=slug)
    shown = reviewing.shown(
        product,
        stars=reviewing.number_in(request.GET.get("bintang", ""), most=5),
        number=reviewing.number_in(request.GET.get("halaman", ""), most=reading.LAST_PAGE) or 1,
    )
    is_part = request.htmx.target == "ulasan"
    template = "storefront/_reviews.html" if is_part else "storefront/reviews.html"
    return TemplateResponse(request, template, {"product": product, "reviews": shown})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, token: str, pk: int) -> HttpResponse:
    """A buyer writes about one line of their order, or writes it anew until an officer has looked at it."""
    order = get_object_or_404(Order, token=token)
    if not order.lines.filter(pk=pk).exists():
        raise Http404
    place = next((place for place in writing.places(order) if place.line.pk == pk and place.is_open), None)
    if place is None:
        messages.warning(request, _("Ulasan ditulis setelah barang sampai, dan bisa diubah sampai diperiksa pengurus."))
        return redirect("storefront:order", token=token)
    form = _form(request, place)
    if request.method == "POST" and form.is_valid() and _write(request, form, place):
        messages.success(request, _("Terima kasih. Ulasan Anda tayang setelah diperiksa pengurus."))
        return redirect("storefront:order", token=token)
    context = {"form": form, "place": place, "order": order, "name": writing.shown_name(order.buyer_name)}
    return TemplateResponse(request, "storefront/review.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, place: writing.Place) -> reviewing.ReviewForm:
    written = place.review
    initial = {"stars": written.stars, "text": written.text, "is_nameless": not written.name} if written else None
    is_post = request.method == "POST"
    form = reviewing.ReviewForm(request.POST if is_post else None, request.FILES if is_post else None, initial=initial)
    if written is None or not written.photos.exists():
        del form.fields["drop_photos"]
    return form


def _write(request: HttpRequest, form: reviewing.ReviewForm, place: writing.Place) -> bool:
    if not _may_draw(request, place):
        form.add_error(None, _("Terlalu sering dikirim. Coba lagi satu jam lagi."))
        return False
    try:
        writing.write_review(
            line_id=place.line.pk,
            stars=form.cleaned_data["stars"],
            text=form.cleaned_data["text"],
            pictures=form.pictures(),
            keeps_pictures=not form.cleaned_data.get("drop_photos"),
            is_named=not form.cleaned_data["is_nameless"],
            language=get_language() or "id",
            now=timezone.now(),
        )
    except BadPhoto as refusal:
        form.add_error("photos", str(refusal))
        return False
    except writing.CannotReview:  # an officer decided, or the goods came back, while it was written
        form.add_error(None, _("Ulasan ini sudah diperiksa pengurus dan tidak bisa diubah lagi."))
        return False
    return True


def _may_draw(request: HttpRequest, place: writing.Place) -> bool:
    """So many an hour for one line: photos cost the processor's time. Uncounted is refused."""
    try:
        return bool(ratelimit.consume(request, action="review", key=str(place.line.pk)))
    except (RedisError, OSError):
        return False
