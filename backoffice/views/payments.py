"""Money: transfers that wait for somebody to read the bank statement, and the accounts that buyers pay into."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice import todo
from backoffice.access import needs
from backoffice.forms import ConfirmTransferForm, StripeKeysForm, TransferAccountForm
from backoffice.paging import page_of
from lib.rupiah import rupiah
from members.roles import May
from payments import confirming
from payments import gateways as accounts
from payments.models import Gateway, Payment
from tenants.addresses import absolute

LAST = 4
NEXT_HOOK = "next_stripe_hook"


@needs(May.SEE_MONEY)
@require_safe
def transfers(request: HttpRequest) -> HttpResponse:
    """Transfers that wait, oldest first; `?lewat=1` for orders whose time to pay is over."""
    late = "lewat" in request.GET
    waiting = todo.transfers_waiting(late=late).select_related("order", "gateway").order_by("created_at", "pk")
    return TemplateResponse(request, "backoffice/transfers.html", {"page": page_of(request, waiting), "late": late})


@needs(May.SEE_MONEY, to_write=May.CONFIRM_MONEY)
@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: HttpRequest, reference: str) -> HttpResponse:
    """One transfer: the officer types what arrived."""
    payments = Payment.objects.select_related("order", "gateway").prefetch_related("facts")
    payment = get_object_or_404(payments, reference=reference, gateway__provider="transfer")
    form = ConfirmTransferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        amount = form.cleaned_data["amount"]
        payment = confirming.confirm_transfer(
            payment_id=payment.pk, amount=amount, officer=str(request.user), now=timezone.now()
        )
        _say(request, payment, amount)
        return redirect("backoffice:order", code=payment.order.code)
    status = 422 if form.errors else 200
    return TemplateResponse(request, "backoffice/transfer.html", {"payment": payment, "form": form}, status=status)


@needs(May.SEE_MONEY)
@require_safe
def gateways(request: HttpRequest) -> HttpResponse:
    """The ways to pay that are open."""
    return TemplateResponse(request, "backoffice/gateways.html", _ways(request))


@needs(May.CONFIRM_MONEY)
@require_POST
def set_transfer(request: HttpRequest) -> HttpResponse:
    """Another bank account. Payments that are open keep the one that their buyers saw."""
    form = TransferAccountForm(request.POST)
    if not form.is_valid():
        return TemplateResponse(
            request, "backoffice/gateways.html", {**_ways(request), "transfer_form": form}, status=422
        )
    accounts.create_gateway(provider="transfer", label=form.cleaned_data["bank"], settings=form.cleaned_data)
    messages.success(request, _("Rekening tujuan transfer disimpan."))
    return redirect("backoffice:gateways")


@needs(May.CONFIRM_MONEY)
@require_POST
def set_stripe(request: HttpRequest) -> HttpResponse:
    """Other keys. They go in and never come out; the page shows the last four characters."""
    form = StripeKeysForm(request.POST)
    if not form.is_valid():
        return TemplateResponse(
            request, "backoffice/gateways.html", {**_ways(request), "stripe_form": form}, status=422
        )
    keys = form.cleaned_data
    ends = {f"{name}_end": key[-LAST:] for name, key in keys.items()}
    accounts.create_gateway(
        provider="stripe", label="Stripe", settings=ends, secrets=keys, hook_uid=_next_hook(request)
    )
    del request.session[NEXT_HOOK]
    messages.success(request, _("Kunci Stripe disimpan."))
    return redirect("backoffice:gateways")


@needs(May.CONFIRM_MONEY)
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Offer this way to nobody from now on."""
    gateway = get_object_or_404(Gateway, pk=pk, is_active=True)
    accounts.close_gateway(gateway_id=gateway.pk)
    messages.success(request, _("Cara bayar ini ditutup."))
    return redirect("backoffice:gateways")


def _ways(request: HttpRequest) -> dict[str, object]:
    active = {gateway.provider: gateway for gateway in Gateway.objects.filter(is_active=True)}
    may_write = May.CONFIRM_MONEY in request.allowed
    return {
        "transfer": active.get("transfer"),
        "stripe": active.get("stripe"),
        "next_hook": absolute(reverse("payments:stripe_hook", args=[_next_hook(request)])) if may_write else "",
        "transfer_form": TransferAccountForm(),
        "stripe_form": StripeKeysForm(),
    }


def _next_hook(request: HttpRequest) -> UUID:
    """Stripe gives the hook's secret for an address, so the address is made before the gateway and kept meanwhile."""
    return UUID(request.session.setdefault(NEXT_HOOK, str(uuid4())))


def _say(request: HttpRequest, payment: Payment, amount: int) -> None:
    if payment.state == Payment.State.PAID:
        messages.success(request, _("Transfer dikonfirmasi. Pesanan ini lunas."))
    elif payment.state == Payment.State.MISMATCH:
        agreed = {"amount": rupiah(amount), "agreed": rupiah(payment.amount)}
        told = _("Dicatat: masuk %(amount)s, seharusnya %(agreed)s. Barang belum boleh dikirim.")
        messages.warning(request, told % agreed)
    else:
        messages.warning(request, _("Dicatat, tetapi pesanan ini tidak menunggu uang lagi. Lihat masalahnya di bawah."))
