"""What search engines are told."""

from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Product
from storefront import crawlers
from tenants.context import in_tenant
from tests import make
from tests.browsing import BATIK, Browser

pytestmark = pytest.mark.django_db
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
BASE = "http://kopi-gayo.localhost:8000"
MOST_ADDRESSES, MOST_BYTES = 50_000, 50 * 1024 * 1024  # of the format, for a file and for the index


def body(browser: Browser, path: str) -> bytes:
    page = browser.get(path)
    assert page.status_code == 200
    assert page["Content-Type"] == "application/xml; charset=utf-8"
    return page.getvalue()


def parts(browser: Browser) -> list[str]:
    index = ElementTree.fromstring(body(browser, "/sitemap.xml"))  # noqa: S314 - our own
    return [node.text.removeprefix(BASE) for node in index.iterfind("s:sitemap/s:loc", NAMES)]


def addresses(browser: Browser, part: str) -> list[str]:
    return [node.text for node in ElementTree.fromstring(body(browser, part)).iterfind("s:url/s:loc", NAMES)]  # noqa: S314


def everything(browser: Browser) -> list[str]:
    return [found for part in parts(browser) for found in addresses(browser, part)]


def test_the_sitemap_lists_every_public_page_in_both_languages(visitor):
    below = make.category("Biji", parent=make.category("Kopi"))
    product = make.product(in_category=below)
    make.category("Kosong")
    make.product(title="Rahasia", state=Product.State.DRAFT)
    paths = [
        "/", "/kategori/kopi/", below.get_absolute_url(), product.get_absolute_url(), "/produsen/",
        product.member.get_absolute_url(), "/halaman/tentang/", "/halaman/cara-belanja/", "/halaman/privasi/",
    ]  # fmt: skip
    found = everything(visitor)
    assert sorted(found) == sorted(f"{BASE}{prefix}{path}" for path in paths for prefix in ("", "/en"))
    for address in found:
        page = visitor.get(address.removeprefix(BASE))
        assert page.status_code == 200
        assert f'<link rel="canonical" href="{address}">' in page.text
        assert "noindex" not in page.text


def test_each_address_names_its_other_language_and_the_page_says_the_same(visitor):
    product = make.product()
    root = ElementTree.fromstring(body(visitor, parts(visitor)[1]))  # noqa: S314
    path = product.get_absolute_url()
    alternates = {"id": f"{BASE}{path}", "en": f"{BASE}/en{path}"}
    assert len(root.findall("s:url", NAMES)) == 2
    for url in root.iterfind("s:url", NAMES):
        assert {link.get("hreflang"): link.get("href") for link in url.iterfind("x:link", NAMES)} == alternates
        assert url.find("s:lastmod", NAMES).text == "2026-11-23T07:00:00Z"
        page = visitor.get(url.find("s:loc", NAMES).text.removeprefix(BASE)).text
        for language, address in alternates.items():
            assert f'<link rel="alternate" hreflang="{language}" href="{address}">' in page
        assert f'hreflang="x-default" href="{alternates["id"]}"' in page


def test_a_large_shelf_comes_in_parts(visitor, monkeypatch):
    monkeypatch.setattr(crawlers, "PRODUCTS_PER_PART", 3)
    monkeypatch.setattr(crawlers, "BATCH", 2)
    slugs = [make.product(title=f"Kopi {number}").slug for number in range(7)]
    found = [addresses(visitor, part) for part in parts(visitor)[1:]]
    assert [len(part) // 2 for part in found] == [3, 3, 1]
    assert [each for part in found for each in part][::2] == [f"{BASE}/produk/{slug}/" for slug in slugs]


def test_a_part_keeps_within_the_limits_of_the_format():
    longest = [("storefront:product", ("x" * 140,), make.NOW)]
    one = crawlers._entries(longest, "https://" + "a" * 253)
    assert crawlers.PRODUCTS_PER_PART * 2 <= MOST_ADDRESSES
    assert crawlers.MOST_PARTS + 1 <= MOST_ADDRESSES
    assert crawlers.PRODUCTS_PER_PART * len(one.encode()) < MOST_BYTES
    others = crawlers.MOST_PRODUCERS + crawlers.MOST_CATEGORIES + 100
    assert others * 2 <= MOST_ADDRESSES


def test_a_sitemap_asks_a_fixed_number_of_times(visitor):
    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            body(visitor, path)
        return len(captured)

    make.product(title="Kopi 0")
    first = parts(visitor)
    before = [asked(path) for path in ("/sitemap.xml", *first)]
    for number in range(1, 12):
        make.product(title=f"Kopi {number}", in_category=make.category(f"Rak {number}"))
    assert [asked(path) for path in ("/sitemap.xml", *first)] == before


def test_the_sitemap_is_each_cooperatives_own(kopi, batik):
    product = make.product(title="Kopi Gayo")
    other = Browser(BATIK)
    for path in ("/sitemap.xml", "/sitemap-lain.xml", f"/sitemap-produk-{product.pk}.xml"):
        assert b"kopi-gayo" not in body(other, path)


def test_what_is_sent_piece_by_piece_leaves_the_thread_where_it_stood(kopi, batik, monkeypatch):
    monkeypatch.setattr(crawlers, "BATCH", 1)
    for number in range(3):
        make.product(title=f"Kopi {number}")
    pieces = crawlers._products_from(1, kopi)
    with in_tenant(batik):
        for _piece in pieces:
            assert connection.schema_name == batik.schema_name


def test_robots_stay_out_of_what_belongs_to_a_buyer(visitor):
    page = visitor.get("/robots.txt")
    assert page["Content-Type"].startswith("text/plain")
    for path in ("/keranjang/", "/checkout/", "/bayar/", "/pesanan/", "/en/checkout/", "/cari/", "/en/cari/"):
        assert f"Disallow: {path}\n" in page.text
    assert "Sitemap: http://kopi-gayo.localhost:8000/sitemap.xml" in page.text
    closed = [line.split(": ")[1] for line in page.text.splitlines() if line.startswith("Disallow")]
    make.product()
    assert not [address for address in everything(visitor) if address.removeprefix(BASE).startswith(tuple(closed))]


@pytest.mark.parametrize("path", ["/cari/?q=kopi", "/keranjang/", "/akun/pesanan/"])
def test_pages_about_a_visitor_are_not_indexed(visitor, path):
    assert '<meta name="robots" content="noindex">' in visitor.get(path).text


def test_pages_of_the_shop_are_indexed_and_carry_a_preview(visitor):
    product = make.product()
    page = visitor.get(product.get_absolute_url()).text
    assert "noindex" not in page
    assert '<meta property="og:title" content="Kopi Arabika Gayo">' in page
    assert '<meta property="product:price:amount" content="65000">' in page
