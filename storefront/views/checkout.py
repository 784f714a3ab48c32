from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from orders import placing
from orders.models import Order
from storefront import cart as carts
from storefront import checkout as checking_out
from storefront.buyers import is_member
from storefront.forms import CheckoutForm

LONGEST_TOTAL = 18  # digits that fit into the database


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    """The cart becomes an order. Whatever stands in the way is explained, and nothing that was typed is lost."""
    if request.method == "POST":
        checking_out.remember(request.session, request.POST)
    as_member = is_member(request)
    cart_now = carts.look(request.session, is_member=as_member, now=timezone.now())
    if not cart_now.lines:
        return _nothing_to_order(request)
    draft = checking_out.draft(request.session)
    totals = checking_out.totals(cart_now, province=draft.get("province", ""))
    if request.method == "POST" and request.htmx:  # another province was chosen
        return TemplateResponse(request, "storefront/_totals.html", {"cart": cart_now, "totals": totals})

    form = CheckoutForm(request.POST) if request.method == "POST" else CheckoutForm(initial=draft)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        placed, refusal = _place(request, form, cart_now, as_member)
        if placed:
            return redirect("storefront:pay", code=placed.code)
        cart_now = carts.look(request.session, is_member=as_member, now=timezone.now())
        totals = checking_out.totals(cart_now, province=draft.get("province", ""))
    context = {
        "cart": cart_now,
        "form": form,
        "totals": totals,
        "refusal": refusal,
        "key": checking_out.key(request.session),
    }
    return TemplateResponse(request, "storefront/checkout.html", context)


def _nothing_to_order(request: HttpRequest) -> HttpResponse:
    placed = checking_out.order_of(request.POST.get("key", ""))
    if placed:  # the second of two clicks
        return redirect("storefront:pay", code=placed.code)
    messages.warning(request, _("Keranjang Anda kosong. Pilih barang dulu."))
    return redirect("storefront:cart")


def _place(request: HttpRequest, form: CheckoutForm, cart_now: carts.Cart, as_member: bool) -> tuple[Order | None, str]:
    shown = request.POST.get("shown_total", "")
    if not (shown.isascii() and shown.isdigit() and len(shown) <= LONGEST_TOTAL):
        return None, _("Ongkir sudah dihitung. Periksa totalnya, lalu tekan “Buat pesanan” sekali lagi.")
    try:
        placed = placing.place_order(
            cart=cart_now.wanted,
            buyer=form.buyer(),
            shown_total=int(shown),
            idempotency_key=checking_out.usable(request.POST.get("key", "")) or checking_out.key(request.session),
            is_member=as_member,
            language=get_language() or "id",
            now=timezone.now(),
        )
    except checking_out.REFUSALS as refusal:
        if isinstance(refusal, placing.KeyReused):
            checking_out.renew_key(request.session)
        return None, checking_out.explain(refusal, cart_now)
    carts.empty(request.session)
    checking_out.done(request.session, placed)
    return placed, ""
