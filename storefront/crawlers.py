"""For search engines: what they may read, and where everything is."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from catalog import producers
from catalog.models import Category, Product
from pages import writing
from tenants.addresses import absolute
from tenants.context import in_tenant
from tenants.models import Cooperative

# The format allows 50,000 addresses and 50 MB a file: each of ours stands twice, in about 330 bytes.
PRODUCTS_PER_PART = 10_000
MOST_PARTS = 100
MOST_PRODUCERS, MOST_CATEGORIES = 5_000, 2_000
LEVELS = 3  # of categories
BATCH = 1_000
PRIVATE = ("/keranjang/", "/checkout/", "/bayar/", "/pesanan/", "/akun/", "/kelola/", "/tanya/", "/cari/")
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
)
XML = "application/xml; charset=utf-8"
Address = tuple[str, Sequence[object], datetime | None]  # name of the view, its arguments, when the page changed


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    closed = "".join(f"Disallow: {prefix}{path}\n" for path in PRIVATE for prefix in ("", "/en"))
    body = f"User-agent: *\n{closed}Sitemap: {absolute('/sitemap.xml')}\n"
    return HttpResponse(body, content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=600)
def sitemap(request: HttpRequest) -> HttpResponse:
    """The index of the parts: one of everything but products, and one for each 10,000 products."""
    names = ["lain", *(f"produk-{first}" for first in _first_products())]
    parts = "".join(f"<sitemap><loc>{escape(absolute(f'/sitemap-{name}.xml'))}</loc></sitemap>\n" for name in names)
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{parts}</sitemapindex>\n"
    )
    return HttpResponse(body, content_type=XML)


@require_safe
@cache_control(public=True, max_age=600)
def sitemap_others(request: HttpRequest) -> HttpResponse:
    """Home, categories, pages of text, and who makes what is sold."""
    addresses: list[Address] = [("storefront:home", (), None), ("storefront:producers", (), None)]
    addresses += [("storefront:category", (slug,), None) for slug in _categories_on_sale()]
    addresses += [
        ("storefront:page", (text.slug,), None)
        for text in writing.shown(cooperative=request.tenant, language="id")  # type: ignore[attr-defined]
    ]
    addresses += [
        ("storefront:producer", (member.pk, member.slug), None) for member in producers.producers()[:MOST_PRODUCERS]
    ]
    return HttpResponse(HEAD + _entries(addresses, absolute("")) + "</urlset>\n", content_type=XML)


@require_safe
@cache_control(public=True, max_age=600)
def sitemap_products(request: HttpRequest, first: int) -> StreamingHttpResponse:
    """The products on sale from this one on, as many as belong into a part. Sent while it is made."""
    return StreamingHttpResponse(_products_from(first, request.tenant), content_type=XML)  # type: ignore[attr-defined]


def _categories_on_sale() -> list[str]:
    """Those that have something on sale in them, and those above them, as long as there are not unheard-of many."""
    rows = {row.pk: row for row in Category.objects.order_by("position", "name")[:MOST_CATEGORIES]}
    found = set(Product.objects.on_sale().order_by().values_list("category", flat=True).distinct())
    for _level in range(LEVELS - 1):
        found |= {rows[pk].parent_id for pk in found if pk in rows}
    return [row.slug for pk, row in rows.items() if pk in found]


def _first_products() -> list[int]:
    """The first product of each part. One query that reads an index."""
    numbered = Product.objects.on_sale().annotate(number=Window(RowNumber(), order_by=F("pk").asc()))
    firsts = numbered.annotate(place=F("number") % PRODUCTS_PER_PART).filter(place=1 % PRODUCTS_PER_PART)
    return list(firsts.order_by("pk").values_list("pk", flat=True)[:MOST_PARTS])


def _products_from(first: int, cooperative: Cooperative) -> Iterator[str]:
    """Between two pieces that are sent this thread stands where it stood before, and holds no cursor."""
    yield HEAD
    last, left = first - 1, PRODUCTS_PER_PART
    while left > 0:
        with in_tenant(cooperative):
            rows = list(
                Product.objects.on_sale()
                .filter(pk__gt=last)
                .order_by("pk")
                .values_list("pk", "slug", "updated_at")[: min(BATCH, left)]
            )
            piece = _entries([("storefront:product", (slug,), at) for _pk, slug, at in rows], absolute(""))
        if not rows:
            break
        yield piece
        last, left = rows[-1][0], left - len(rows)
    yield "</urlset>\n"


def _entries(addresses: Sequence[Address], origin: str) -> str:
    """Each address twice, and each of them naming both."""
    both = []
    for language in ("id", "en"):
        with override(language):
            both.append([escape(origin + reverse(name, args=args)) for name, args, _at in addresses])
    found = []
    for (_name, _args, at), indonesian, english in zip(addresses, *both, strict=True):
        links = (
            f'<xhtml:link rel="alternate" hreflang="id" href="{indonesian}"/>'
            f'<xhtml:link rel="alternate" hreflang="en" href="{english}"/>'
        )
        changed = f"<lastmod>{at:%Y-%m-%dT%H:%M:%SZ}</lastmod>" if at else ""
        found += [f"<url><loc>{loc}</loc>{changed}{links}</url>\n" for loc in (indonesian, english)]
    return "".join(found)
