"""Orders: find them, pack them, send them, call them off."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backoffice import exporting, history
from backoffice.access import needs
from backoffice.filters import OrderFilter
from backoffice.forms import CancelForm, ShipForm, SolveForm
from backoffice.paging import page_of
from members.roles import May
from orders import lifecycle
from orders.models import Order, OrderState
from payments import cancelling
from tenants import servers
from tenants.context import current_cooperative

MOST_EXPORTED = 10_000


@needs(May.SEE_ORDERS)
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """All orders, newest first, narrowed by the query string."""
    narrowed = OrderFilter(request.GET, queryset=_newest())
    page = page_of(request, narrowed.qs)
    return TemplateResponse(request, "backoffice/orders.html", {"filter": narrowed, "page": page})


@needs(May.SEE_ORDERS)
@require_safe
@servers.reading()
def export(request: HttpRequest) -> HttpResponse:
    """The same list as CSV."""
    chosen = OrderFilter(request.GET, queryset=_newest()).qs.prefetch_related("parcels")[:MOST_EXPORTED]
    zone = ZoneInfo(current_cooperative().zone)
    head = [
        _("Kode"), _("Faktur"), _("Kanal"), _("Nomor di kanal"), _("Status"), _("Masalah"), _("Pembeli"), _("Nomor HP"),
        _("Alamat"), _("Kecamatan"), _("Kabupaten/kota"), _("Provinsi"), _("Kode pos"), _("Barang"), _("Nilai barang"),
        _("Ongkos kirim"), _("Total"), _("Dipesan"), _("Dibayar"), _("Resi"),
    ]  # fmt: skip
    rows = (
        (
            order.code, order.invoice_number, order.channel, order.external_id, order.get_state_display(),
            order.problem_name, order.buyer_name, order.buyer_phone, order.address,
            order.district, order.regency, order.province, order.postcode, order.pieces, order.goods_total,
            order.shipping_cost, order.total, f"{order.placed_at.astimezone(zone):%Y-%m-%d %H:%M}",
            f"{order.paid_at.astimezone(zone):%Y-%m-%d %H:%M}" if order.paid_at else "",
            " ".join(f"{parcel.courier} {parcel.tracking_number}".strip() for parcel in order.parcels.all()),
        )
        for order in chosen
    )  # fmt: skip
    return exporting.csv_response(filename="pesanan.csv", head=head, rows=rows)


@needs(May.SEE_ORDERS)
@require_safe
def order(request: HttpRequest, code: str) -> HttpResponse:
    """One order with everything that is known about it."""
    found = get_object_or_404(Order, code=code)
    return TemplateResponse(request, "backoffice/order.html", _about(found))


@needs(May.HANDLE_ORDERS)
@require_POST
def pack(request: HttpRequest, code: str) -> HttpResponse:
    return _move(request, code, OrderState.PACKED, _("Pesanan dikemas."))


@needs(May.HANDLE_ORDERS)
@require_POST
def deliver(request: HttpRequest, code: str) -> HttpResponse:
    return _move(request, code, OrderState.DELIVERED, _("Pesanan sampai."))


@needs(May.HANDLE_ORDERS)
@require_POST
def complete(request: HttpRequest, code: str) -> HttpResponse:
    return _move(request, code, OrderState.COMPLETED, _("Pesanan selesai."))


@needs(May.HANDLE_ORDERS)
@require_POST
def ship(request: HttpRequest, code: str) -> HttpResponse:
    """The courier has it: courier and tracking number."""
    found = get_object_or_404(Order, code=code, channel=Order.SHOP)
    form = ShipForm(request.POST)
    if not form.is_valid():
        return TemplateResponse(request, "backoffice/order.html", {**_about(found), "ship_form": form}, status=422)
    return _do(
        request,
        found,
        lambda: lifecycle.ship(
            order_id=found.pk, **form.cleaned_data, actor=str(request.user)[:80], now=timezone.now()
        ),
        _("Pesanan dikirim."),
    )


@needs(May.HANDLE_ORDERS)
@require_POST
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Call it off, with a reason that the history keeps."""
    found = get_object_or_404(Order, code=code, channel=Order.SHOP)
    form = CancelForm(request.POST)
    if not form.is_valid():
        return TemplateResponse(request, "backoffice/order.html", {**_about(found), "cancel_form": form}, status=422)
    return _do(
        request,
        found,
        lambda: cancelling.cancel_order(
            order_id=found.pk, actor=str(request.user)[:80], now=timezone.now(), detail=form.cleaned_data["reason"]
        ),
        _("Pesanan dibatalkan."),
    )


@needs(May.HANDLE_ORDERS)
@require_POST
def solve(request: HttpRequest, code: str) -> HttpResponse:
    """The case of an order is settled; what was done stays in its history."""
    found = get_object_or_404(Order.objects.exclude(problem=""), code=code)
    form = SolveForm(request.POST)
    if not form.is_valid():
        return TemplateResponse(request, "backoffice/order.html", {**_about(found), "solve_form": form}, status=422)
    lifecycle.solve(
        order_id=found.pk, actor=str(request.user)[:80], now=timezone.now(), detail=form.cleaned_data["what_was_done"]
    )
    messages.success(request, _("Masalah pesanan ini selesai."))
    return redirect("backoffice:order", code=code)


def _newest() -> QuerySet[Order]:
    return Order.objects.annotate(pieces=Sum("lines__quantity", default=0)).order_by("-placed_at", "-pk")


def _about(found: Order) -> dict[str, object]:
    return {
        "order": found,
        "lines": found.lines.select_related("member").order_by("pk"),
        "payments": found.payments.select_related("gateway").prefetch_related("facts").order_by("created_at"),
        "parcels": found.parcels.select_related("member").order_by("pk"),
        "events": history.of(found.events.order_by("at", "pk")),
        "ship_form": ShipForm(),
        "cancel_form": CancelForm(),
        "solve_form": SolveForm(),
    }


def _move(request: HttpRequest, code: str, to: OrderState, done: str) -> HttpResponse:
    found = get_object_or_404(Order, code=code)
    return _do(
        request,
        found,
        lambda: lifecycle.move(order_id=found.pk, to=to, actor=str(request.user)[:80], now=timezone.now()),
        done,
    )


def _do(request: HttpRequest, found: Order, step: Callable[[], Order], done: str) -> HttpResponse:
    try:
        step()
    except lifecycle.WrongState as error:
        state = error.order.get_state_display().lower()
        messages.error(request, _("Tidak bisa: pesanan ini sudah berstatus “%(state)s”.") % {"state": state})
    else:
        messages.success(request, done)
    return redirect("backoffice:order", code=found.code)
