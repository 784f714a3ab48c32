"""For search engines: what they may read, and where everything is."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog import shelf
from catalog.models import Product
from tenants.addresses import absolute

MOST_ADDRESSES = 20_000  # the format allows 50,000, and each of ours stands twice
PRIVATE = ("/keranjang/", "/checkout/", "/bayar/", "/pesanan/", "/akun/", "/kelola/")


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    closed = "".join(f"Disallow: {prefix}{path}\n" for path in PRIVATE for prefix in ("", "/en"))
    body = f"User-agent: *\n{closed}Sitemap: {absolute('/sitemap.xml')}\n"
    return HttpResponse(body, content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def sitemap(request: HttpRequest) -> TemplateResponse:
    """Every public page of this cooperative in both languages."""
    names: list[tuple[str, list[str]]] = [("storefront:home", [])]
    names += [("storefront:category", [category.slug]) for category in shelf.top_categories()]
    slugs = Product.objects.on_sale().order_by("-created_at").values_list("slug", flat=True)[:MOST_ADDRESSES]
    names += [("storefront:product", [slug]) for slug in slugs]
    with override("id"):
        indonesian = [reverse(name, args=args) for name, args in names]
    with override("en"):
        english = [reverse(name, args=args) for name, args in names]
    return TemplateResponse(
        request,
        "storefront/sitemap.xml",
        {"pages": list(zip(indonesian, english, strict=True)), "origin": absolute("")},
        content_type="application/xml",
    )
