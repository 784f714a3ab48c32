"""Searching and narrowing in a real Chromium: with JavaScript, without it, by keyboard, on a narrow phone."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from catalog import findable, vocabulary
from catalog.models import Product
from members.models import Member
from storefront.tests import test_in_a_browser as basics
from storefront.tests.test_in_a_browser import RULES, Shop, open_page
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make
from tests.serving import serving

pytestmark = basics.pytestmark
chromium = basics.chromium

CATEGORY = "/kategori/makanan/"
# What is to be touched in the groups of choices and the chips, and is lower than 44 px
SMALL = """() =>
  [...document.querySelectorAll(".facets summary, .facet[open] .facet-value, .facet[open] .btn, .chip")]
    .filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < 43.5)
    .map((it) => it.outerHTML.slice(0, 60))"""
CHOSEN = CATEGORY + "?asal=11.04&izin=halal&min=10000&urut=termurah"


@pytest.fixture
def shop(own_cooperative: Cooperative, django_db_blocker, settings) -> Iterator[Shop]:
    settings.DEBUG = True
    with django_db_blocker.unblock(), in_tenant(own_cooperative):
        _goods()
        Cooperative.objects.filter(pk=own_cooperative.pk).update(whatsapp="+6281200000102")
    with serving() as base:
        yield Shop(base=base.format(slug=own_cooperative.slug), product="", category=CATEGORY, order="", code="")


def _goods() -> None:
    food = make.category("Makanan")
    parts = [make.category("Kering", parent=food), make.category("Basah", parent=food)]
    sellers = [make.member(name=name) for name in ("Salwati", "Rosna Dewi", "Ibu Wiwik Lestari Handayani")]
    Member.objects.filter(pk=sellers[0].pk).update(origin_code="11.04")
    names = ["Keripik Pisang", "Kripik Tempe", "Madu Hutan", "Keripik Singkong Balado", "Madu Kelulut", "Kopi Gayo"]
    for number in range(30):
        make.product(
            title=f"{names[number % 6]} {number + 1}",
            price=12_000 + 9_000 * number,
            on_hand=number % 4,
            seller=sellers[number % 3],
            in_category=parts[number % 2],
            marks=["halal"] if number % 3 == 0 else [],
            sold=number * 7,
        )
    findable.set_extra(Product.objects.values_list("pk", flat=True))
    vocabulary.count_words()


def test_every_page_of_finding_is_accessible_fits_and_is_silent(shop, chromium):
    troubles = []
    for width, language in ((320, ""), (360, "/en"), (1280, "")):
        page, errors = open_page(chromium, shop, width=width)
        for address in (CHOSEN, CATEGORY + "?maks=1", "/cari/", "/cari/?q=kerpik", "/cari/?q=pesawat"):
            page.goto(language + address)
            for facet in page.locator(".facet > summary").all()[:1]:
                facet.click()
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
            troubles += [f"{width} {address} {rule['id']}: {rule['nodes'][0]['target']}" for rule in found]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                troubles.append(f"{width} {address} scrolls sideways")
            troubles += [f"{width} {address} {small}" for small in page.evaluate(SMALL)]
            troubles += [f"{width} {address} console: {error}" for error in errors]
            errors.clear()
    assert troubles == []


def test_hits_come_while_typing_are_told_and_remembered_until_deleted(shop, chromium):
    page, errors = open_page(chromium, shop)
    page.goto("/cari/")
    field = page.get_by_label("Nama atau bahan produk")
    field.press_sequentially("kripi")
    expect(page.locator("#jumlah")).to_have_text("15 produk untuk “kripi”")
    expect(page.locator("#hasil .card-product")).to_have_count(15)
    assert page.url.endswith("/cari/?q=kripi")
    field.fill("kerpik")
    expect(page.locator("#jumlah")).to_contain_text("Mungkin maksud Anda “keripik”")
    field.fill("pesawat")
    expect(page.get_by_role("link", name="Tanya lewat WhatsApp")).to_be_visible()
    page.goto("/cari/?q=madu")
    page.goto("/cari/?q=pesawat")  # finds nothing: not worth remembering
    page.goto("/cari/")
    section = page.get_by_role("region", name="Terakhir Anda cari")
    expect(section.get_by_role("link")).to_have_text(["madu"])
    section.get_by_role("link", name="madu").click()
    expect(page.locator("#jumlah")).to_have_text("10 produk untuk “madu”")
    page.goto("/cari/")
    page.get_by_role("button", name="Hapus riwayat").click()
    expect(section).to_be_hidden()
    page.goto("/cari/")
    expect(section).to_be_hidden()
    assert errors == []


def test_a_shelf_is_narrowed_and_widened_again_with_and_without_javascript(shop, chromium):
    for javascript in (True, False):
        page, errors = open_page(chromium, shop, javascript=javascript)
        page.goto(CATEGORY)
        page.locator("summary", has_text="Izin & halal").click()
        page.get_by_label("halal", exact=False).check()
        page.locator(".facet[open]").get_by_role("button", name="Tampilkan").click()
        expect(page.locator(".card-product")).to_have_count(10)
        assert "izin=halal" in page.url
        page.get_by_role("link", name=re.compile("^Ada stok")).click()
        expect(page.locator(".card-product")).to_have_count(7)
        page.locator("summary", has_text="Harga").click()
        page.get_by_label("Harga paling tinggi").fill("Rp100rb")
        page.locator(".facet[open]").get_by_role("button", name="Tampilkan").click()
        chips = page.get_by_role("list", name="Pilihan Anda").get_by_role("link")
        expect(chips).to_have_count(4)  # three choices, and all of them
        expect(page.locator(".card-product")).to_have_count(3)
        page.get_by_role("link", name="Hapus semua", exact=True).click()
        expect(page.get_by_role("link", name="Muat lagi")).to_be_visible()
        assert errors == []


def test_search_works_without_javascript_and_choices_by_keyboard(shop, chromium):
    page, errors = open_page(chromium, shop, javascript=False)
    page.goto("/cari/")
    page.get_by_label("Nama atau bahan produk").fill("kerpik")
    page.locator("main").get_by_role("button", name="Cari").click()
    expect(page.locator("#jumlah")).to_contain_text("Mungkin maksud Anda “keripik”")
    expect(page.locator(".card-product")).to_have_count(15)
    assert errors == []
    page, _errors = open_page(chromium, shop, width=1280)
    page.goto(CATEGORY)
    page.locator("summary", has_text="Pembuat").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator(".facet[open] input").first).to_be_checked()
    page.keyboard.press("Enter")
    page.wait_for_url("**penjual=**")
    expect(page.get_by_role("list", name="Pilihan Anda").get_by_role("link")).to_have_count(1)
