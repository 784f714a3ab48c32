"""The shop itself: what it says about itself, what parcels cost, and what the cooperative keeps."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.access import needs
from backoffice.shop_forms import FeeForm, RateForm, ShopForm
from members.roles import May
from orders import fees as fee_rules
from orders.models import FeeRule, Order
from shipping import setting
from shipping.models import Rate
from tenants import describing
from tenants.models import Cooperative


@needs(May.RUN_SHOP)
@require_http_methods(["GET", "HEAD", "POST"])
def shop(request: HttpRequest) -> HttpResponse:
    """Name, story, contact, address, legal numbers, colours."""
    cooperative = Cooperative.objects.get(pk=request.tenant.pk)  # as it is now, not as the process remembers it
    form = ShopForm(request.POST if request.method == "POST" else None, instance=cooperative)
    if request.method == "POST" and form.is_valid():
        describing.describe(cooperative_id=cooperative.pk, **form.cleaned_data)
        messages.success(request, _("Profil toko disimpan."))
        return redirect("backoffice:shop")
    return TemplateResponse(request, "backoffice/shop.html", {"form": form}, status=422 if form.errors else 200)


@needs(May.RUN_SHOP)
@require_http_methods(["GET", "HEAD", "POST"])
def rates(request: HttpRequest) -> HttpResponse:
    """What a parcel costs, by province; POST sets one."""
    form = RateForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        setting.set_rate(**form.cleaned_data)
        messages.success(request, _("Tarif disimpan."))
        return redirect("backoffice:rates")
    context = {"form": form, "rates": Rate.objects.order_by("province")}
    return TemplateResponse(request, "backoffice/rates.html", context, status=422 if form.errors else 200)


@needs(May.RUN_SHOP)
@require_POST
def rate_remove(request: HttpRequest, pk: int) -> HttpResponse:
    rate = get_object_or_404(Rate, pk=pk)
    setting.remove_rate(rate_id=rate.pk)
    messages.success(request, _("Tarif dihapus."))
    return redirect("backoffice:rates")


@needs(May.RUN_SHOP)
@require_http_methods(["GET", "HEAD", "POST"])
def fees(request: HttpRequest) -> HttpResponse:
    """What the cooperative keeps of a sale in its own shop; POST decides it from today on."""
    form = FeeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        today = timezone.now().astimezone(ZoneInfo(request.tenant.zone)).date()
        try:
            fee_rules.decide(channel=Order.SHOP, cooperative_bp=form.basis_points(), from_date=today)
        except fee_rules.DateTaken:
            form.add_error("percent", _("Aturan yang mulai hari ini sudah ada. Ubah lagi mulai besok."))
        else:
            messages.success(request, _("Bagian koperasi disimpan. Berlaku untuk pesanan mulai hari ini."))
            return redirect("backoffice:fees")
    rules = FeeRule.objects.order_by("channel", "-from_date")
    context = {"form": form, "rules": [(rule, rule.cooperative_bp / 100, rule.channel_bp / 100) for rule in rules]}
    return TemplateResponse(request, "backoffice/fees.html", context, status=422 if form.errors else 200)
