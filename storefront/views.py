"""The pages of a shop. Each view parses, makes one domain call, and answers."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from catalog import search as searching
from catalog import shelf
from catalog.models import Category, Picture, Product, Variant
from orders import fees, placing
from orders.models import Order
from shipping import quoting
from storefront import cart as carts
from storefront import checkout as checking_out
from storefront import listing, offers
from storefront.forms import AddForm, ChangeForm, CheckoutForm

SHOWN_ON_HOME = listing.PAGE_SIZE
LONGEST_TOTAL = 18  # digits that fit into the database


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    categories = shelf.top_categories()
    products = list(shelf.newest()[:SHOWN_ON_HOME])
    context = {"categories": shelf.with_photos(categories), "products": products}
    return TemplateResponse(request, "storefront/home.html", context)


@require_safe
@vary_on_headers("HX-Request")
def category(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Category.objects.select_related("parent"), slug=slug)
    shown = listing.sorted_by(shelf.in_category(found), listing.sort_of(request))
    page = listing.page_of(shown, request)
    if request.htmx.target == "lagi":
        return TemplateResponse(request, "storefront/_shelf.html", {"page": page})
    context = {
        "category": found,
        "below": Category.objects.filter(parent=found).order_by("position", "name"),
        "page": page,
        "sorts": [(key, name) for key, (name, _order) in listing.SORTS.items()],
    }
    return TemplateResponse(request, "storefront/category.html", context)


@require_safe
@vary_on_headers("HX-Request")
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").replace("\x00", "").strip()[: searching.LONGEST_QUERY]
    page = listing.page_of(shelf.for_cards(searching.find(query)), request)
    if request.htmx.target == "lagi":
        return TemplateResponse(request, "storefront/_shelf.html", {"page": page})
    context = {
        "query": query,
        "page": page,
        "categories": [] if page.products else shelf.with_photos(shelf.top_categories()),
    }
    template = "storefront/_results.html" if request.htmx.target == "hasil" else "storefront/search.html"
    return TemplateResponse(request, template, context)


@require_safe
@vary_on_headers("HX-Request")
def product(request: HttpRequest, slug: str) -> HttpResponse:
    """One product; `?v=` chooses a variant. Unknown or hidden is 404."""
    found = get_object_or_404(
        Product.objects.on_sale()
        .select_related("member", "category__parent")
        .prefetch_related(Prefetch("pictures", Picture.objects.order_by("position", "pk"), to_attr="photos")),
        slug=slug,
    )
    now = timezone.now()
    offer = offers.offer(
        variants=shelf.to_buy(found),
        chosen=request.GET.get("v", ""),
        fees=fees.in_force(channel=Order.SHOP, now=now),
    )
    if offer is None:
        raise Http404
    context = {
        "product": found,
        "offer": offer,
        "shipping": quoting.span(weight_g=offer.chosen.weight_g),
        "most": min(placing.MOST_PIECES, offer.available),
    }
    if request.htmx.target == "penawaran":
        return TemplateResponse(request, "storefront/_offer.html", context)
    return TemplateResponse(request, "storefront/product.html", context)


@never_cache
@require_safe
def cart(request: HttpRequest) -> HttpResponse:
    return TemplateResponse(request, "storefront/cart.html", {"cart": carts.look(request.session)})


@never_cache
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


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponse:
    """The cart becomes an order. Whatever stands in the way is explained, and nothing that was typed is lost."""
    if request.method == "POST":
        checking_out.remember(request.session, request.POST)
    cart_now = carts.look(request.session)
    if not cart_now.lines:
        return _nothing_to_order(request)
    draft = checking_out.draft(request.session)
    totals = checking_out.totals(cart_now, province=draft.get("province", ""))
    if request.method == "POST" and request.htmx:  # another province was chosen
        return TemplateResponse(request, "storefront/_totals.html", {"cart": cart_now, "totals": totals})

    form = CheckoutForm(request.POST) if request.method == "POST" else CheckoutForm(initial=draft)
    refusal = ""
    if request.method == "POST" and form.is_valid():
        placed, refusal = _place(request, form, cart_now)
        if placed:
            return redirect("storefront:pay", code=placed.code)
        cart_now = carts.look(request.session)
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


def _place(request: HttpRequest, form: CheckoutForm, cart_now: carts.Cart) -> tuple[Order | None, str]:
    shown = request.POST.get("shown_total", "")
    if not (shown.isascii() and shown.isdigit() and len(shown) <= LONGEST_TOTAL):
        return None, _("Ongkir sudah dihitung. Periksa totalnya, lalu tekan “Buat pesanan” sekali lagi.")
    try:
        placed = placing.place_order(
            cart=cart_now.wanted,
            buyer=form.buyer(),
            shown_total=int(shown),
            idempotency_key=checking_out.usable(request.POST.get("key", "")) or checking_out.key(request.session),
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
