"""The shop in a real Chromium: readable for everyone at every width, and pleasant with JavaScript on."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from catalog import photos, picturing
from storefront.tests.buying import offer_transfer
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make
from tests.serving import serving

CHROMIUM = Path("/usr/bin/chromium")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 360, 1280)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine (Debian: apt install chromium)"),
]


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A shop that answers on a port of its own."""

    base: str
    product: str
    category: str
    order: str
    code: str


@pytest.fixture
def shop(own_cooperative: Cooperative, django_db_blocker, settings) -> Iterator[Shop]:
    settings.DEBUG = True
    with django_db_blocker.unblock(), in_tenant(own_cooperative):
        product, order = _goods()
        Cooperative.objects.filter(pk=own_cooperative.pk).update(
            story_id="Sepuluh keluarga di tepi danau.", regency="Kabupaten Aceh Tengah", whatsapp="+6281200000102"
        )
    with serving() as base:
        yield Shop(
            base=base.format(slug=own_cooperative.slug),
            product=product.get_absolute_url(),
            category=product.category.get_absolute_url(),
            order=f"/pesanan/{order.token}/",
            code=order.code,
        )


def _goods():
    offer_transfer()
    seller = make.member(name="Salwati")
    for number in range(26):
        product = make.product(title=f"Kopi Gayo pilihan nomor {number}", seller=seller, options=("200 g", "500 g"))
    upload = io.BytesIO()
    Image.new("RGB", (400, 400), "peru").save(upload, "PNG")
    photos.attach(product=product, data=upload.getvalue(), alt="Biji kopi di atas kain", now=make.NOW)
    picturing.render_waiting(now=make.NOW)
    make.change(product.variants.get(option1="500 g"), price=182_000)
    return product, make.order(cart={product.variants.first().pk: 1}, now=timezone.now())


@pytest.fixture
def chromium(shop: Shop) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def open_page(chromium: Browser, shop: Shop, *, width: int = 360, javascript: bool = True) -> tuple[Page, list[str]]:
    context = chromium.new_context(
        base_url=shop.base,
        viewport={"width": width, "height": 780},
        is_mobile=width < 700,
        has_touch=width < 700,
        java_script_enabled=javascript,
        bypass_csp=False,
        locale="id-ID",
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return page, errors


def put_into_cart(page: Page, shop: Shop) -> None:
    page.goto(shop.product)
    page.get_by_role("button", name="Masukkan keranjang").click()
    expect(page.locator("#isi-keranjang")).to_have_text("1 barang")


def fill_in(page: Page) -> None:
    page.get_by_label("Nama penerima").fill("Siti Aminah")
    page.get_by_label("Nomor HP / WhatsApp").fill("0812-3456-7890")
    page.get_by_label("Alamat lengkap").fill("Jl. Mawar No. 5")
    page.get_by_label("Kecamatan").fill("Kebayoran Baru")
    page.get_by_label("Kabupaten / kota").fill("Jakarta Selatan")
    page.get_by_label("Provinsi").select_option("DKI Jakarta")


def test_every_page_is_accessible_fits_and_is_silent_at_every_width(shop, chromium):
    troubles = []
    for width in WIDTHS:
        page, errors = open_page(chromium, shop, width=width)
        put_into_cart(page, shop)
        pages = ["/", shop.category, shop.product, "/cari/?q=tidakada", "/keranjang/", "/checkout/", shop.order]
        pages += [f"/bayar/{shop.code}/", "/akun/pesanan/", "/en/"]
        for address in pages:
            page.goto(address)
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
            troubles += [f"{width} {address} {rule['id']}: {rule['nodes'][0]['target']}" for rule in found]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                troubles.append(f"{width} {address} scrolls sideways")
            troubles += [f"{width} {address} console: {error}" for error in errors]
            errors.clear()
    assert troubles == []


def test_the_purchase_with_javascript(shop, chromium):
    page, errors = open_page(chromium, shop)
    page.goto(shop.product)
    page.get_by_role("radio", name="500 g").check()
    expect(page.locator("#penawaran .money").first).to_have_text("Rp182.000")
    assert "?v=" in page.url
    page.get_by_role("button", name="Masukkan keranjang").click()
    expect(page.locator("#kabar")).to_contain_text("masuk keranjang")
    page.get_by_role("link", name="Lihat keranjang").click()
    page.get_by_role("button", name="Tambah Kopi").click()
    expect(page.locator("#isi-keranjang")).to_have_text("2 barang")
    page.get_by_role("link", name="Lanjut ke pembayaran").click()
    fill_in(page)
    expect(page.locator("#total")).to_contain_text("Rp384.000")
    page.get_by_role("button", name="Buat pesanan").click()
    page.wait_for_url("**/bayar/**")
    page.get_by_role("button", name="Transfer Bank Aceh").click()
    expect(page.get_by_text("0102030405")).to_be_visible()
    assert errors == []


def test_the_purchase_without_javascript(shop, chromium):
    page, errors = open_page(chromium, shop, javascript=False)
    page.goto(shop.product)
    page.get_by_role("button", name="Masukkan keranjang").click()
    page.get_by_role("link", name="Lanjut ke pembayaran").click()
    fill_in(page)
    page.get_by_role("button", name="Lihat ongkir dan total").click()
    page.get_by_role("button", name="Buat pesanan").click()
    page.wait_for_url("**/bayar/**")
    page.get_by_role("link", name="Lihat pesanan").click()
    expect(page.get_by_text("Jl. Mawar No. 5")).to_be_visible()
    assert errors == []


def test_more_cards_come_and_the_reader_goes_on_at_the_first_of_them(shop, chromium):
    page, errors = open_page(chromium, shop)
    page.goto(shop.category)
    expect(page.locator(".card-product")).to_have_count(24)
    page.get_by_role("link", name="Muat lagi").click()
    expect(page.locator(".card-product")).to_have_count(26)
    expect(page.locator(".card-link").nth(24)).to_be_focused()
    assert errors == []


def test_mistakes_take_the_focus_and_lead_to_their_fields(shop, chromium):
    page, _errors = open_page(chromium, shop)
    put_into_cart(page, shop)
    page.goto("/checkout/")
    page.get_by_role("button", name="Lihat ongkir dan total").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Kecamatan").click()
    expect(page.get_by_label("Kecamatan")).to_be_focused()


def test_the_focused_thing_is_never_under_a_bar(shop, chromium):
    page, _errors = open_page(chromium, shop)
    page.goto("/")
    hidden = []
    for _step in range(60):
        page.keyboard.press("Tab")
        hidden += page.evaluate(
            """() => {
              const it = document.activeElement, bar = document.querySelector(".bottom-bar");
              if (it === document.body || bar.contains(it)) return [];
              const box = it.getBoundingClientRect();
              return box.top >= bar.getBoundingClientRect().top ? [it.outerHTML.slice(0, 80)] : [];
            }"""
        )
    assert hidden == []
