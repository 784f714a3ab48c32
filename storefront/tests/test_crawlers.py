"""What search engines are told."""

from xml.etree import ElementTree

import pytest

from tests import make
from tests.browsing import BATIK, Browser

pytestmark = pytest.mark.django_db
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def test_the_sitemap_lists_every_public_page_in_both_languages(visitor):
    product = make.product()
    page = visitor.get("/sitemap.xml")
    assert page["Content-Type"] == "application/xml"
    found = {node.text for node in ElementTree.fromstring(page.content).iterfind("s:url/s:loc", NAMES)}  # noqa: S314
    base = "http://kopi-gayo.localhost:8000"
    paths = ["/", "/kategori/kopi/", product.get_absolute_url()]
    assert found == {f"{base}{prefix}{path}" for path in paths for prefix in ("", "/en")}


def test_the_sitemap_is_each_cooperatives_own(kopi, batik):
    make.product(title="Kopi Gayo")
    assert "kopi-gayo" not in Browser(BATIK).get("/sitemap.xml").text


def test_robots_stay_out_of_what_belongs_to_a_buyer(visitor):
    page = visitor.get("/robots.txt")
    assert page["Content-Type"].startswith("text/plain")
    for path in ("/keranjang/", "/checkout/", "/bayar/", "/pesanan/", "/en/checkout/"):
        assert f"Disallow: {path}\n" in page.text
    assert "Sitemap: http://kopi-gayo.localhost:8000/sitemap.xml" in page.text


@pytest.mark.parametrize("path", ["/cari/?q=kopi", "/keranjang/", "/akun/pesanan/"])
def test_pages_about_a_visitor_are_not_indexed(visitor, path):
    assert '<meta name="robots" content="noindex">' in visitor.get(path).text


def test_pages_of_the_shop_are_indexed_and_carry_a_preview(visitor):
    product = make.product()
    page = visitor.get(product.get_absolute_url()).text
    assert "noindex" not in page
    assert '<meta property="og:title" content="Kopi Arabika Gayo">' in page
    assert '<meta property="product:price:amount" content="65000">' in page
