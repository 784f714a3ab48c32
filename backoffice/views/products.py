"""Products: what they say and cost, how many there are, and where they are shown."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice import listing_history, shelf
from backoffice.access import needs
from backoffice.filters import ProductFilter
from backoffice.forms import CountForm
from backoffice.listing import filling, page, working
from backoffice.listing.desk import Desk
from backoffice.listing.filling import Filled
from backoffice.paging import page_of
from catalog import adding_photos, photos, proposing, showing, writing
from catalog.models import Product, Variant
from inventory import opening, stock
from marketplaces import listing
from marketplaces.models import Listing
from members.roles import May


@needs(May.SEE_PRODUCTS)
@require_safe
def products(request: HttpRequest) -> HttpResponse:
    """All products by name, narrowed by the query string, with their channel states."""
    narrowed = ProductFilter(request.GET, queryset=shelf.for_list(Product.objects.order_by("title", "pk")))
    page = page_of(request, narrowed.qs)
    shelf.sum_up(page.object_list)
    return TemplateResponse(request, "backoffice/products.html", {"filter": narrowed, "page": page})


@needs(May.SEE_PRODUCTS, to_write=May.EDIT_PRODUCTS)
@require_http_methods(["GET", "HEAD", "POST"])
def product(request: HttpRequest, pk: int) -> HttpResponse:
    """One product with all that it says, its shelf and its channels. What an officer writes is on sale at once."""
    found = get_object_or_404(shelf.for_list(Product.objects.all()), pk=pk)
    desk = Desk(member=found.member, product=found, key=uuid.uuid4())
    if request.method != "POST":
        return _page(request, desk, desk.filled())
    now, by = timezone.now(), str(request.user)
    refused = [told for file in request.FILES.getlist("photos") if (told := _refused(found, file, by, now))]
    filled = working.read(request.POST, desk)
    problems: list[tuple[str, str]] = []
    if request.POST.get("do", working.SUBMIT) == working.SUBMIT:
        filled = working.with_new_category(filled)
        problems = filled.problems()
        if not problems and not refused:
            try:
                opening.put_on_shelf(content=filled.content, member=found.member, product=found, by=by, now=now)
            except writing.Refused as refusal:
                problems = filling.named(refusal.problems)
            else:
                messages.success(request, _("Produk disimpan."))
                return working.go(request, reverse("backoffice:product", args=[pk]))
    return _page(request, desk, filled, problems, refused)


@needs(May.EDIT_PRODUCTS)
@require_POST
def set_state(request: HttpRequest, pk: int) -> HttpResponse:
    """On sale in our own shop, or hidden."""
    found = get_object_or_404(Product, pk=pk)
    state = request.POST.get("state", "")
    if state not in showing.KINDS:
        raise Http404
    showing.set_state(product_id=found.pk, state=state, by=str(request.user), now=timezone.now())
    told = _("Produk disembunyikan.") if state == Product.State.PAUSED else _("Produk dijual.")
    messages.success(request, told)
    return redirect("backoffice:product", pk=pk)


@needs(May.EDIT_PRODUCTS)
@require_POST
def count(request: HttpRequest, pk: int, variant_pk: int) -> HttpResponse:
    """The shelf was counted."""
    variant = get_object_or_404(Variant, pk=variant_pk, product=pk, is_active=True)
    form = CountForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Jumlah di rak harus angka bulat, nol atau lebih."))
        return redirect("backoffice:product", pk=pk)
    try:
        stock.count(variant_id=variant.pk, **form.cleaned_data, reference=str(request.user)[:60], now=timezone.now())
    except stock.Stale as error:
        told = _("Stok %(sku)s berubah menjadi %(now)s selagi Anda menghitung. Hitung lagi.")
        messages.error(request, told % {"sku": variant.sku, "now": error.on_hand})
    except stock.OutOfStock:
        told = _("Stok %(sku)s tidak bisa kurang dari jumlah yang sudah dipesan pembeli.")
        messages.error(request, told % {"sku": variant.sku})
    else:
        messages.success(request, _("Stok %(sku)s disimpan.") % {"sku": variant.sku})
    return redirect("backoffice:product", pk=pk)


@needs(May.EDIT_PRODUCTS)
@require_POST
def list_on_channel(request: HttpRequest, pk: int, connection_pk: int) -> HttpResponse:
    """Show it in this shop from now on."""
    found = get_object_or_404(Product, pk=pk)
    connection = get_object_or_404(shelf.living_connections(), pk=connection_pk)
    try:
        listing.want(product=found, connection=connection, now=timezone.now())
    except listing.NotOpen:
        messages.error(request, _("Buka toko dulu: baru sesudah itu produk bisa tayang di kanal."))
    else:
        messages.success(request, _("Produk akan ditayangkan di %(shop)s.") % {"shop": connection.name})
    return redirect("backoffice:product", pk=pk)


@needs(May.EDIT_PRODUCTS)
@require_POST
def unlist(request: HttpRequest, pk: int, connection_pk: int) -> HttpResponse:
    """Hide it in this shop from now on."""
    shown = _listing(pk, connection_pk)
    listing.unwant(product=shown.product, connection=shown.connection, now=timezone.now())
    messages.success(request, _("Produk akan diturunkan dari %(shop)s.") % {"shop": shown.connection.name})
    return redirect("backoffice:product", pk=pk)


@needs(May.EDIT_PRODUCTS)
@require_POST
def retry(request: HttpRequest, pk: int, connection_pk: int) -> HttpResponse:
    """Tell the channel once more, now."""
    shown = _listing(pk, connection_pk)
    listing.retry(listing=shown, now=timezone.now())
    messages.success(request, _("Dikirim ulang ke %(shop)s.") % {"shop": shown.connection.name})
    return redirect("backoffice:product", pk=pk)


def _page(
    request: HttpRequest,
    desk: Desk,
    filled: Filled,
    problems: Sequence[tuple[str, str]] = (),
    refused: Sequence[str] = (),
) -> HttpResponse:
    found = desk.product
    is_helping = request.POST.get("do") == working.HELP
    now = timezone.now()
    shown = page.context(request, desk, filled, now=now, problems=problems, told=refused, is_helping=is_helping)
    photo_to = reverse("backoffice:product_photo", args=[found.pk])
    shown |= {"is_officer": True, "base": found.updated_at.isoformat()}
    shown |= {"photo_to": photo_to, "submit_word": _("Simpan")}
    if (problems or refused) and working.wants_json(request):
        return working.wrong(request, shown)
    standings = shelf.standings([found.pk]).get(found.pk, [])
    wanted = {one.listing.connection_id for one in standings if one.listing.wanted_live}
    context = {
        **shown,
        "product": found,
        "open_proposal": found.proposals.filter(state__in=proposing.OPEN).first(),
        "counts": [(variant, _count_form(variant)) for variant in found.choices],
        "standings": standings,
        "not_listed": [one for one in shelf.living_connections() if one.pk not in wanted],
        "history": listing_history.of_product(found),
    }
    return TemplateResponse(request, "backoffice/product.html", context, status=422 if problems or refused else 200)


def _refused(product: Product, file: UploadedFile, by: str, now: datetime) -> str:
    """Why this photo was not taken; empty where it was."""
    try:
        data = file.read(photos.MOST_BYTES + 1)
        adding_photos.add_photo(product=product, data=data, name=file.name or "", by=by, now=now)
    except photos.BadPhoto as error:
        return f"{file.name}: {error}"
    return ""


def _count_form(variant: Variant) -> CountForm:
    on_hand = variant.stock.on_hand if hasattr(variant, "stock") else 0
    return CountForm(prefix=None, initial={"on_hand": on_hand, "shown": on_hand}, auto_id=f"stok_{variant.pk}_%s")


def _listing(pk: int, connection_pk: int) -> Listing:
    found = Listing.objects.select_related("product", "connection")
    return get_object_or_404(found, product=pk, connection__in=shelf.living_connections(), connection=connection_pk)
