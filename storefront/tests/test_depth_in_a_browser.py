"""Two axes, buying at once, keeping for later, and stock by one tap, in a real Chromium."""

from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from catalog import photos, picturing
from catalog.models import Product
from inventory import quick
from members.models import Member
from storefront.tests import test_in_a_browser as basics
from storefront.tests.photos_of import png
from storefront.tests.test_in_a_browser import RULES, WIDTHS, open_page
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make
from tests.serving import serving

pytestmark = basics.pytestmark
chromium = basics.chromium


@dataclass(frozen=True)
class Depth:
    """A shop that answers on a port of its own."""

    base: str
    coffee: str
    cake: str
    link: str


@pytest.fixture
def shop(own_cooperative, django_db_blocker, settings):
    settings.DEBUG = True
    with django_db_blocker.unblock(), in_tenant(own_cooperative):
        make.rate()
        coffee, cake = _coffee(), make.made_to_order(capacity=10, title="Kue Lapis Pandan", price=85_000)
        Cooperative.objects.filter(pk=own_cooperative.pk).update(whatsapp="+6281200000102", regency="Kab. Aceh Tengah")
        link = f"/kelola/stok/{quick.link(Member.objects.get())}/"
        addresses = (coffee.get_absolute_url(), cake.get_absolute_url(), link)
    with serving() as base:
        yield Depth(base.format(slug=own_cooperative.slug), *addresses)


def _coffee() -> Product:
    """250 g in Halus and Kasar, 500 g in Halus alone; wholesale and member prices; the coarse one has its photo."""
    product = make.product(
        title="Kopi Arabika Gayo Honey", options=("a", "b", "c"), on_hand=40, content_unit="g", max_per_order=30
    )
    Product.objects.filter(pk=product.pk).update(axis2="Gilingan")
    taken = [photos.attach(product=product, data=png(it), alt=it, now=make.NOW) for it in ("peru", "tan", "sienna")]
    picturing.render_waiting(now=make.NOW)
    words = (("250 g", "Halus"), ("250 g", "Kasar"), ("500 g", "Halus"))
    for number, (variant, (first, second)) in enumerate(zip(product.variants.order_by("pk"), words, strict=True)):
        price, amount = (120_000, 500) if first == "500 g" else (65_000, 250)
        make.change(
            variant, option1=first, option2=second, price=price, content_amount=amount, member_price=price - 5_000,
            picture=taken[1] if number == 1 else None,
        )  # fmt: skip
        make.steps(variant, (3, price - 3_000), (10, price - 8_000))
    return product


def test_words_on_two_axes_swap_price_photo_and_address(shop, chromium):
    page, errors = open_page(chromium, shop)
    page.goto(shop.coffee)
    page.get_by_label("Jumlah").fill("4")
    page.get_by_role("radio", name="Kasar").check()
    expect(page.locator("#galeri img").first).to_have_attribute("alt", "tan")
    page.get_by_role("radio", name="500 g").check()
    expect(page.locator("#penawaran .money").first).to_have_text("Rp120.000")
    assert "?v=" in page.url
    expect(page.get_by_label("Jumlah")).to_have_value("4")
    expect(page.get_by_role("radio", name="500 g")).to_be_focused()
    page.get_by_role("button", name="Beli").click()
    page.wait_for_url("**/checkout/")
    page.goto("/keranjang/")
    expect(page.locator("#keranjang")).to_contain_text("harga grosir")
    page.get_by_role("button", name="Simpan dulu").click()
    expect(page.locator("#keranjang")).to_contain_text("Disimpan dulu")
    expect(page.locator("#isi-keranjang")).to_have_text("")
    assert errors == []


def test_a_member_taps_in_the_chats_browser(shop, chromium):
    page, errors = open_page(chromium, shop)
    page.goto(shop.link)
    row = page.locator(".tap").first
    row.get_by_role("button", name="+5").click()
    expect(row).to_contain_text("Bisa dijual: 45")
    row.get_by_role("button", name="Habis").click()
    expect(row).to_contain_text("Sekarang habis.")
    row.get_by_role("spinbutton").fill("12")
    row.get_by_role("spinbutton").press("Enter")
    expect(row).to_contain_text("Bisa dijual: 12")
    assert errors == []


def test_pages_in_depth_are_accessible_and_fit_at_every_width(shop, chromium):
    troubles = []
    for width in WIDTHS:
        page, errors = open_page(chromium, shop, width=width)
        for address in (shop.coffee, shop.cake):
            page.goto(address)
            page.get_by_role("button", name="Masukkan keranjang").click()
            expect(page.locator("#kabar")).to_contain_text("masuk keranjang")
        for address in (shop.coffee, shop.cake, "/keranjang/", "/checkout/", shop.link, f"/en{shop.coffee}"):
            page.goto(address)
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
            troubles += [f"{width} {address} {rule['id']}: {rule['nodes'][0]['target']}" for rule in found]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                troubles.append(f"{width} {address} scrolls sideways")
            small = page.evaluate(
                """() => [...document.querySelectorAll("main button, main .btn, main label.choice")]
                  .map((it) => [it.getBoundingClientRect(), it.outerHTML.slice(0, 90)])
                  .filter(([box]) => box.width && (box.height < 44 || box.width < 44)).map(([box, it]) => it)"""
            )
            troubles += [f"{width} {address} small: {it}" for it in small]
        troubles += [f"{width} console: {error}" for error in errors]
    assert troubles == []
