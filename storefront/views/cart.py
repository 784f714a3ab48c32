from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from catalog.models import Product, Variant
from storefront import cart as carts
from storefront.forms import AddForm, ChangeForm
from storefront.same_origin import same_origin


@never_cache
@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "storefront/cart.html", {"cart": carts.look(request.session)})


@never_cache
@same_origin
@require_POST
def cart_add(request: HttpRequest) -> HttpResponse:
    """Put pieces of a variant into the cart, as many as there are."""
    form = AddForm(request.POST)
    if not form.is_valid():
        return _answer_add(request, error=_("Pilih barang dan jumlahnya dulu."))
    variant = get_object_or_404(
        Variant.objects.filter(is_active=True, product__state=Product.State.LIVE).select_related("product", "stock"),
        pk=form.cleaned_data["v"],
    )
    try:
        added = carts.add(request.session, variant=variant, quantity=form.cleaned_data["quantity"] or 1)
    except carts.CartFull:
        return _answer_add(request, error=_("Keranjang sudah penuh. Selesaikan dulu pesanan ini."))
    except carts.NoMore as refusal:
        return _answer_add(request, variant=variant, error=_no_more(refusal))
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
    if request.htmx:
        return TemplateResponse(
            request, "storefront/_cart.html", {"cart": carts.look(request.session), "swapped": True}
        )
    return redirect("storefront:cart")


def _answer_add(
    request: HttpRequest, *, variant: Variant | None = None, added: int = 0, error: str = ""
) -> HttpResponse:
    if request.htmx:
        context = {"variant": variant, "added": added, "error": error}
        return TemplateResponse(request, "storefront/_added.html", context)
    if not error:
        messages.success(request, _("“%(title)s” masuk keranjang.") % {"title": variant.product.title})
        return redirect("storefront:cart")
    messages.error(request, error)
    return redirect(variant.product if variant else "storefront:home")


def _no_more(refusal: carts.NoMore) -> str:
    if refusal.available <= 0:
        return _("Barang ini baru saja habis.")
    return _("Semua yang ada (%(n)d) sudah di keranjang Anda.") % {"n": refusal.available}
