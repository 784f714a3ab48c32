"""Hostile texts, headers, and what one cooperative must not show of another."""

import json
import re
from html.parser import HTMLParser

import pytest

from catalog.models import Category, Product
from members.models import Member
from tenants.models import Cooperative
from tests import make
from tests.browsing import BATIK, KOPI, Browser

pytestmark = pytest.mark.django_db
HOSTILE = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, list[str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [name for name, _value in attrs]))


def elements(html: str) -> list[tuple[str, list[str]]]:
    """Every element with the names of its attributes, as a browser reads them."""
    parser = _Elements()
    parser.feed(html)
    return parser.found


@pytest.fixture
def hostile(kopi: Cooperative) -> Product:
    member = make.member(name=HOSTILE[:80])
    Member.objects.filter(pk=member.pk).update(story=HOSTILE, village=HOSTILE)
    product = make.product(title="Kopi", seller=member, options=("a", "b"))
    Product.objects.filter(pk=product.pk).update(title=HOSTILE, description=HOSTILE, slug="jahat")
    product.variants.filter(option1="a").update(option1="<b>&")
    Category.objects.update(name=HOSTILE[:60])
    return Product.objects.get(pk=product.pk)


def test_hostile_titles_are_text_on_every_page(visitor, hostile):
    variant = hostile.variants.first()
    visitor.post("/keranjang/tambah/", {"v": variant.pk, "quantity": 1})
    order = make.order(cart={variant.pk: 1}, name=HOSTILE[:80], address=HOSTILE, note=HOSTILE)
    pages = ["/", "/produk/jahat/", "/kategori/kopi/", "/cari/?q=alert", "/keranjang/", "/checkout/"]
    pages += [f"/pesanan/{order.token}/", "/cari/?q=" + HOSTILE]
    for address in pages:
        page = visitor.get(address)
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text
        assert "<b>&" not in page.text


def test_structured_data_cannot_be_left_and_tells_the_offers(visitor, hostile):
    page = visitor.get("/produk/jahat/").text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    data = json.loads(block.group(1))
    assert data["@type"] == "Product"
    assert data["name"] == HOSTILE
    assert [offer["price"] for offer in data["offers"]["offers"]] == ["65000", "65000"]
    assert data["offers"]["offers"][0]["availability"] == "https://schema.org/InStock"
    assert data["url"] == "http://kopi-gayo.localhost:8000/produk/jahat/"


def test_pages_carry_the_policy_and_nothing_inline(visitor, hostile):
    variant = hostile.variants.first()
    visitor.post("/keranjang/tambah/", {"v": variant.pk, "quantity": 1})
    order = make.order(cart={variant.pk: 1})
    for address in (
        "/",
        "/produk/jahat/",
        "/keranjang/",
        "/checkout/",
        f"/bayar/{order.code}/",
        f"/pesanan/{order.token}/",
    ):
        page = visitor.get(address)
        policy = page["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert page["X-Frame-Options"] == "DENY"
        assert page["X-Content-Type-Options"] == "nosniff"
        for tag, attributes in elements(page.text):
            assert tag != "style"
            assert not [name for name in attributes if name == "style" or name.startswith("on")]
        scripts = re.findall(r"<script([^>]*)>", page.text)
        assert all("src=" in script or "application/ld+json" in script for script in scripts)


def test_a_slug_of_another_cooperative_is_404(kopi, batik):
    product = make.product()
    for address in (product.get_absolute_url(), "/kategori/kopi/"):
        assert Browser(KOPI).get(address).status_code == 200
        assert Browser(BATIK).get(address).status_code == 404


def test_a_cart_of_another_cooperative_is_empty_here(kopi, batik):
    at_kopi = Browser(KOPI)
    at_kopi.post("/keranjang/tambah/", {"v": make.variant().pk, "quantity": 1})
    at_batik = Browser(BATIK)
    at_batik.cookies = at_kopi.cookies
    assert "Keranjang Anda masih kosong." in at_batik.get("/keranjang/").text


def test_an_unknown_page_is_404_in_the_shops_own_frame(visitor, settings):
    settings.DEBUG = False
    page = visitor.get("/tidak/ada/")
    assert page.status_code == 404
    assert "Halaman ini tidak ada" in page.text
    assert 'action="/cari/"' in page.text


def test_a_suspended_shop_says_so_and_sells_nothing(visitor, kopi):
    Cooperative.objects.filter(pk=kopi.pk).update(state=Cooperative.State.SUSPENDED, phone="+62811")
    for address in ("/", "/keranjang/", "/produk/kopi/"):
        page = visitor.get(address)
        assert page.status_code == 503
        assert "Toko ini ditutup sementara" in page.text
        assert "+62811" in page.text
