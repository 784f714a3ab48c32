"""The shop opens, is looked at before that, and closes for good."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice import closing
from backoffice import going_live as checklist
from backoffice.access import needs
from backoffice.shop_forms import CloseForm
from members.roles import May
from tenants import gates, lifecycle, middleware
from tenants.models import Cooperative


@needs(May.ENTER)
@require_safe
def going_live(request: HttpRequest) -> HttpResponse:
    """What is still missing before visitors may buy."""
    points = checklist.points(cooperative_id=request.tenant.pk, now=timezone.now())
    context = {"points": points, "is_ready": all(point.is_met for point in points)}
    return TemplateResponse(request, "backoffice/going_live.html", context)


@needs(May.RUN_SHOP)
@require_POST
def open_shop(request: HttpRequest) -> HttpResponse:
    """From now on visitors may buy, if nothing is missing."""
    try:
        checklist.open_shop(cooperative_id=request.tenant.pk, by=str(request.user), now=timezone.now())
    except checklist.NotReady as error:
        missing = ", ".join(str(point.name) for point in error.missing)
        messages.error(request, _("Belum bisa dibuka. Yang kurang: %(missing)s.") % {"missing": missing})
        return redirect("backoffice:going_live")
    except lifecycle.Refused:
        messages.error(request, _("Toko ini tidak sedang disiapkan."))
    else:
        middleware.forget_hosts()
        messages.success(request, _("Toko dibuka. Bagikan alamatnya kepada pembeli."))
    return redirect("backoffice:home")


@needs(May.ENTER, May.SEE_OWN)
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """The shop as visitors will see it, for this person; orders are not taken."""
    if request.tenant.state == Cooperative.State.PREPARING:
        request.session[gates.PREVIEW] = True
    return redirect("storefront:home")


@needs(May.RUN_SHOP)
@require_http_methods(["GET", "HEAD", "POST"])
def close(request: HttpRequest) -> HttpResponse:
    """What closing means; POST closes for good."""
    if request.tenant.state == Cooperative.State.CLOSED:
        raise Http404
    form = CloseForm(request.POST if request.method == "POST" else None, slug=request.tenant.slug)
    if request.method == "POST" and form.is_valid():
        try:
            closing.close_shop(
                cooperative_id=request.tenant.pk,
                by=str(request.user),
                reason=form.cleaned_data["reason"],
                now=timezone.now(),
            )
        except closing.OrdersOwed:
            form.add_error(None, _("Kirim atau batalkan dulu pesanan yang sudah dibayar."))
        except lifecycle.Refused:
            form.add_error(None, _("Toko ini sudah tidak bisa ditutup dari sini."))
        else:
            middleware.forget_hosts()
            return redirect("backoffice:home")
    context = {"form": form, "owed": closing.orders_owed(), "days": settings.PURGE_AFTER_DAYS}
    return TemplateResponse(request, "backoffice/close.html", context, status=422 if form.errors else 200)
