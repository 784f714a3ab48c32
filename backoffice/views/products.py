"""Products: what they say and cost, how many there are, and where they are shown."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice import shelf
from backoffice.access import needs
from backoffice.filters import ProductFilter
from backoffice.forms import CountForm, ProductForm, VariantForm
from backoffice.paging import page_of
from catalog import editing
from catalog.models import Product, Variant
from inventory import stock
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
    """One product: text, state, price and weight of each choice."""
    found = get_object_or_404(shelf.for_list(Product.objects.all()), pk=pk)
    form, terms = _forms(request, found)
    if request.method == "POST" and all([form.is_valid(), *(one.is_valid() for one in terms.values())]):
        try:
            editing.edit_product(
                product_id=pk,
                **form.cleaned_data,
                terms={variant_pk: editing.Terms(**one.cleaned_data) for variant_pk, one in terms.items()},
                now=timezone.now(),
            )
        except editing.TitleTaken:
            form.add_error("title", _("Anggota ini sudah punya produk lain dengan nama yang sama."))
        else:
            messages.success(request, _("Produk disimpan."))
            return redirect("backoffice:product", pk=pk)
    return _page(request, found, form, terms, status=422 if request.method == "POST" else 200)


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


def _forms(request: HttpRequest, found: Product) -> tuple[ProductForm, dict[int, VariantForm]]:
    data = request.POST if request.method == "POST" else None
    terms = {
        variant.pk: VariantForm(
            data, prefix=f"v{variant.pk}", initial={"price": variant.price, "weight_g": variant.weight_g}
        )
        for variant in found.choices
    }
    return ProductForm(data, instance=found), terms


def _page(
    request: HttpRequest, found: Product, form: ProductForm, terms: dict[int, VariantForm], status: int
) -> HttpResponse:
    standings = shelf.standings([found.pk]).get(found.pk, [])
    wanted = {one.listing.connection_id for one in standings if one.listing.wanted_live}
    context = {
        "product": found,
        "form": form,
        "terms": [(variant, terms[variant.pk]) for variant in found.choices],
        "counts": [(variant, _count_form(variant)) for variant in found.choices],
        "standings": standings,
        "not_listed": [one for one in shelf.living_connections() if one.pk not in wanted],
    }
    return TemplateResponse(request, "backoffice/product.html", context, status=status)


def _count_form(variant: Variant) -> CountForm:
    on_hand = variant.stock.on_hand if hasattr(variant, "stock") else 0
    return CountForm(prefix=None, initial={"on_hand": on_hand, "shown": on_hand}, auto_id=f"stok_{variant.pk}_%s")


def _listing(pk: int, connection_pk: int) -> Listing:
    found = Listing.objects.select_related("product", "connection")
    return get_object_or_404(found, product=pk, connection__in=shelf.living_connections(), connection=connection_pk)
