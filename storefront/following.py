"""After the order: paying it and seeing how it goes."""

from collections.abc import Sequence

from allauth.account.models import EmailAddress
from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from catalog.models import Product
from orders.models import Order, OrderLine, OrderState
from payments import paying, settling
from payments.models import Payment
from reviews import writing
from storefront import cart as carts
from storefront import checkout as checking_out
from storefront import timeline
from tenants.addresses import absolute

RETURNED = "dari"  # where a buyer comes from who was at a payment provider
SHOWN_ORDERS = 50


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, code: str) -> HttpResponse:
    """How to pay an order. Codes are read out, so this page tells nothing about the buyer, and neither does a provider:
    whoever comes back from there comes here, and only who ordered in this browser goes on to the order."""
    found = get_object_or_404(Order, code=code, channel=Order.SHOP)
    mine = found.token in checking_out.my_tokens(request.session)
    if request.method == "POST":
        return _start(request, found)
    if RETURNED in request.GET:
        _settle(found)
        return redirect("storefront:order", token=found.token) if mine else redirect("storefront:pay", code=code)
    waiting = found.state == OrderState.AWAITING_PAYMENT and not _is_over(found)
    context = {
        "order": found,
        "waiting": waiting,
        "choices": paying.choices(found) if waiting else [],
        "transfer": _open_transfer(found) if waiting else None,
        "mine": mine,
    }
    return TemplateResponse(request, "storefront/pay.html", context)


@never_cache
@require_safe
def order(request: HttpRequest, token: str) -> HttpResponse:
    """One order, for whoever holds its link. A buyer who comes back from a provider sees the true state at once."""
    found = get_object_or_404(_orders(), token=token)
    if RETURNED in request.GET:
        _settle(found)
        return redirect("storefront:order", token=token)
    context = {
        "order": found,
        "steps": timeline.steps(found),
        "waiting": found.state == OrderState.AWAITING_PAYMENT and not _is_over(found),
        "shares": timeline.shares(found),
        "link": absolute(reverse("storefront:order", args=[token])),
        "review_places": writing.places(found),
    }
    return TemplateResponse(request, "storefront/order.html", context)


@never_cache
@require_POST
def order_again(request: HttpRequest, token: str) -> HttpResponse:
    """Put everything of an order that is still there into the cart."""
    found = get_object_or_404(Order, token=token)
    lines = found.lines.filter(variant__is_active=True, variant__product__in=Product.objects.on_sale())
    missing = found.lines.count()
    for line in lines.select_related("variant__product"):
        try:
            carts.add(request.session, variant=line.variant, quantity=line.quantity, now=timezone.now())
        except (carts.NoMore, carts.CartFull):
            continue
        missing -= 1
    if missing:
        messages.warning(request, _("Sebagian barang pesanan itu sudah habis atau tidak dijual lagi."))
    return redirect("storefront:cart")


@never_cache
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """My orders: those of my proven e-mail addresses when I am logged in, and those placed in this browser."""
    mine = Order.objects.filter(token__in=checking_out.my_tokens(request.session))
    if request.user.is_authenticated:
        proven = EmailAddress.objects.filter(user=request.user, verified=True).values_list("email", flat=True)
        addresses = {address.lower() for address in proven}
        mine |= Order.objects.filter(channel=Order.SHOP, buyer_email__in=addresses).exclude(buyer_email="")
    shown = mine.prefetch_related("lines").order_by("-placed_at", "-pk")[:SHOWN_ORDERS]
    return TemplateResponse(request, "storefront/orders.html", {"orders": shown})


def _start(request: HttpRequest, found: Order) -> HttpResponse:
    return_url = absolute(reverse("storefront:pay", args=[found.code])) + f"?{RETURNED}=bayar"
    provider = request.POST.get("provider", "")
    try:
        payment = paying.start(order_id=found.pk, provider=provider, return_url=return_url, now=timezone.now())
    except paying.CannotPay as refusal:
        messages.error(request, str(refusal))
        return redirect("storefront:pay", code=found.code)
    return redirect(payment.pay_url or reverse("storefront:pay", args=[found.code]))


def _settle(found: Order) -> None:
    payment = found.payments.filter(state__in=Payment.OPEN).exclude(external_id="").order_by("-created_at").first()
    if payment:
        settling.settle(payment_id=payment.pk, now=timezone.now())


def _orders() -> "Sequence[Order]":
    lines = OrderLine.objects.select_related("member", "variant__product").order_by("pk")
    return Order.objects.prefetch_related(Prefetch("lines", lines), "parcels__member", "events")


def _is_over(found: Order) -> bool:
    return found.expires_at is not None and found.expires_at <= timezone.now()


def _open_transfer(found: Order) -> Payment | None:
    open_ones = found.payments.filter(state__in=Payment.OPEN, gateway__provider="transfer")
    return open_ones.select_related("gateway").first()
