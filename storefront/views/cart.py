from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, resolve_url
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from catalog.models import Product, Variant
from storefront import cart as carts
from storefront import checkout as checking_out
from storefront import offers
from storefront.buyers import is_member
from storefront.forms import AddForm, ChangeForm, LaterForm
from storefront.same_origin import same_origin


@never_cache
@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "storefront/cart.html", _context(request))


@never_cache
@same_origin
@require_POST
def cart_add(request: HttpRequest) -> HttpResponse:
    """Put pieces of a variant into the cart, as many as there are; `buy` goes on to the checkout at once."""
    form = AddForm(request.POST)
    if not form.is_valid():
        return _answer_add(request, error=_("Pilih barang dan jumlahnya dulu."))
    shown = get_object_or_404(_for_sale(), pk=form.cleaned_data["v"])
    variant = _chosen(shown, form.cleaned_data)
    if variant is None:
        return _answer_add(request, variant=shown, error=_("Pilihan itu tidak ada. Pilih yang lain."))
    quantity = form.cleaned_data["quantity"]
    try:
        added = carts.add(request.session, variant=variant, quantity=quantity, now=timezone.now())
    except carts.CartFull:
        return _answer_add(request, variant=variant, error=_full())
    except carts.NoMore as refusal:
        if "buy" in request.POST and refusal.available > 0:
            return _go_on(request, "storefront:checkout")  # it is all there already
        return _answer_add(request, variant=variant, error=_no_more(refusal))
    if "buy" in request.POST:
        return _go_on(request, "storefront:checkout")
    return _answer_add(request, variant=variant, added=added)


@never_cache
@require_POST
def cart_change(request: HttpRequest) -> HttpResponse:
    """Set the pieces of a line, or take it out."""
    form = ChangeForm(request.POST)
    if form.is_valid():
        carts.change(request.session, variant_id=form.cleaned_data["v"], quantity=form.cleaned_data["quantity"])
    else:
        messages.error(request, _("Jumlah itu tidak dapat dipakai. Tulis angka 0 sampai 999."))
    return _answer_change(request)


@never_cache
@require_POST
def cart_later(request: HttpRequest) -> HttpResponse:
    """Keep a line for later, take it back into the cart, or keep it no longer."""
    form = LaterForm(request.POST)
    if not form.is_valid():
        return _answer_change(request)
    pk, to = form.cleaned_data["v"], form.cleaned_data["to"]
    if to == "later":
        carts.put_aside(request.session, variant_id=pk)
    elif to == "nowhere":
        carts.forget(request.session, variant_id=pk)
    else:
        _take_back(request, get_object_or_404(_for_sale(), pk=pk))
    return _answer_change(request)


def _for_sale() -> Any:
    on_sale = Variant.objects.filter(is_active=True, product__in=Product.objects.on_sale())
    return on_sale.select_related("product", "stock")


def _chosen(shown: Variant, data: dict[str, Any]) -> Variant | None:
    """Where there are two axes, a page without JavaScript sends the two words beside the variant that it was made for.
    None where there is no such variant."""
    words = (data[offers.OPTION1], data[offers.OPTION2])
    if words in (("", ""), (shown.option1, shown.option2)):
        return shown
    siblings = _for_sale().filter(product=shown.product_id)
    return offers.named(siblings, words)


def _take_back(request: HttpRequest, variant: Variant) -> None:
    try:
        carts.take_back(request.session, variant=variant, now=timezone.now())
    except carts.CartFull:
        messages.error(request, _full())
    except carts.NoMore as refusal:
        messages.error(request, _no_more(refusal))


def _context(request: HttpRequest) -> dict[str, Any]:
    cart_now = carts.look(request.session, is_member=is_member(request), now=timezone.now())
    return {"cart": cart_now, "shipping": checking_out.estimate(request.session, cart_now)}


def _answer_change(request: HttpRequest) -> HttpResponse:
    if request.htmx:
        return TemplateResponse(request, "storefront/_cart.html", {**_context(request), "swapped": True})
    return redirect("storefront:cart")


def _answer_add(
    request: HttpRequest, *, variant: Variant | None = None, added: int = 0, error: str = ""
) -> HttpResponse:
    if request.htmx:
        context = {"variant": variant, "added": added, "error": error}
        return TemplateResponse(request, "storefront/_added.html", context)
    if not error:
        messages.success(request, _("“%(title)s” masuk keranjang.") % {"title": variant.product.label})
        return redirect("storefront:cart")
    messages.error(request, error)
    return redirect(variant.product if variant else "storefront:home")


def _go_on(request: HttpRequest, to: str) -> HttpResponse:
    return HttpResponseClientRedirect(resolve_url(to)) if request.htmx else redirect(to)


def _full() -> str:
    return _("Keranjang sudah penuh. Selesaikan dulu pesanan ini.")


def _no_more(refusal: carts.NoMore) -> str:
    if refusal.most is not None:
        return _("Paling banyak %(n)d per pesanan, dan itu sudah di keranjang Anda.") % {"n": refusal.most}
    if refusal.available <= 0:
        return _("Barang ini baru saja habis.")
    return _("Semua yang ada (%(n)d) sudah di keranjang Anda.") % {"n": refusal.available}
