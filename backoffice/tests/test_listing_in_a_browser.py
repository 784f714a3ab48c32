"""A product is listed on a phone: a screen of 360 px, a network of 3G that goes away in the middle, a tab that the
phone throws out. Nothing is lost, nothing is there twice."""

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Route, expect

from catalog.models import Product, Proposal
from coop_shop.verifying import broken_invariants
from inventory.models import Stock
from members.models import Member
from orders.models import FeeRule
from simulators.loopback import LoopbackTransport
from tenants import provisioning
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make
from tests.browsing import Browser as Client
from tests.serving import serving
from tests.weighing import CHROMIUM, PHONE, chromium

NEW = "/kelola/saya/produk/baru/"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
THIRD_GENERATION = {
    "offline": False,
    "latency": 300,
    "downloadThroughput": 700_000 / 8,
    "uploadThroughput": 250_000 / 8,
}
SLOW = 60_000  # milliseconds that an expectation may take on such a network

expect.set_options(timeout=SLOW)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine (Debian: apt install chromium)"),
]


@dataclass(kw_only=True)
class Hand:
    """A thumb on a phone, and how often it did something."""

    page: Page
    done: list[str] = field(default_factory=list)

    def write(self, label: str, text: str) -> None:
        self.done.append(label)
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, label: str, option: str) -> None:
        self.done.append(label)
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def take(self, label: str, *photos: dict) -> None:
        self.done.append(label)
        self.page.get_by_label(label, exact=True).set_input_files(list(photos))

    def tap(self, name: str) -> None:
        self.done.append(name)
        self.page.get_by_role("button", name=name, exact=True).click()


@dataclass(frozen=True, kw_only=True)
class Shop:
    base: str
    cooperative: Cooperative
    member: dict[str, str]
    officer: dict[str, str]
    product: int


@pytest.fixture(scope="module")
def shop(django_db_setup, django_db_blocker) -> Iterator[Shop]:
    """One cooperative and one server for all tests of this file, which sell things of different names."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as environment:
        # Playwright runs a loop in this thread, and Django would take the tests for asynchronous code.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        connection.set_schema_to_public()
        cooperative = provisioning.create_cooperative(
            name="Koperasi Uji", slug=f"jual-{datetime.now(UTC):%H%M%S%f}", state="open"
        )
        Cooperative.objects.filter(pk=cooperative.pk).update(province="Aceh")
        try:
            with serving() as base:
                yield _opened(cooperative, base)
        finally:
            with in_tenant(cooperative):
                assert list(broken_invariants(now=datetime.now(UTC))) == []
            connection.set_schema_to_public()
            cooperative.delete(force_drop=True)


def _opened(cooperative: Cooperative, base: str) -> Shop:
    host = f"{cooperative.slug}.localhost"
    with in_tenant(cooperative):
        rahma = make.member(name="Ibu Rahma", email="rahma@kopi.example")
        Member.objects.filter(pk=rahma.pk).update(is_trusted=True)
        make.category("Makanan")
        FeeRule.objects.create(channel="shop", cooperative_bp=500, from_date=date(2026, 1, 1))
        other = make.product(title="Kopi Gayo pilihan", seller=rahma, options=("100 g", "250 g"))
        people = [Client(host, user=rahma.user), Client(host, user=make.officer())]
    member, officer = ({"name": "sessionid", "value": one.cookies["sessionid"].value} for one in people)
    return Shop(
        base=base.format(slug=cooperative.slug), cooperative=cooperative, member=member, officer=officer,
        product=other.pk,
    )  # fmt: skip


@pytest.fixture(scope="module")
def browser(shop: Shop) -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(autouse=True)
def database(shop: Shop, browser: Browser, django_db_blocker) -> Iterator[None]:
    """What the server wrote is read here too, over a connection of its own: Playwright's loop runs in this thread."""
    with django_db_blocker.unblock():
        with in_tenant(shop.cooperative):
            yield
        connection.close()


def phone(browser: Browser, shop: Shop, cookie: dict[str, str], **options: object) -> BrowserContext:
    context = browser.new_context(**{**PHONE, "base_url": shop.base, "locale": "id-ID", **options})
    context.add_cookies([{**cookie, "url": shop.base}])
    return context


def opened(context: BrowserContext) -> tuple[Page, list[str]]:
    page = context.new_page()
    page.set_default_timeout(SLOW)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if "Content Security Policy" in said.text else None)
    return page, errors


def on_3g(page: Page) -> CDPSession:
    """What this page gets of the network from now on. One session per page: two would contradict each other."""
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", {**THIRD_GENERATION, "offline": False})
    return network


def cut(network: CDPSession) -> None:
    network.send("Network.emulateNetworkConditions", {**THIRD_GENERATION, "offline": True})


def photo(name: str, colour: str, *, side: int = 2400) -> dict[str, object]:
    """As a phone takes it: eight megapixels, with the place in it."""
    image = Image.effect_noise((side // 8, side // 6), 60).resize((side * 4 // 3, side)).convert("RGB")
    image.paste(colour, (0, 0, side, side // 2))
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (4.0, 37.0, 0.0)}
    data = io.BytesIO()
    image.save(data, "JPEG", quality=85, exif=exif)
    return {"name": name, "mimeType": "image/jpeg", "buffer": data.getvalue()}


NOTE_SIZES = """
  window.sent = [];
  const real = window.fetch;
  window.fetch = (address, options) => {
    const photo = options?.body?.get("photo");
    if (photo) window.sent.push(photo.size);
    return real(address, options);
  };
"""
STORY = "Digoreng pagi hari dari pisang kebun sendiri, manis tanpa pengawet."


def test_a_product_is_listed_over_3g_though_the_network_and_the_tab_go_away(shop, browser):
    context = phone(browser, shop, shop.member)
    page, errors = opened(context)
    network = on_3g(page)
    page.goto(NEW)
    hand = Hand(page=page)
    taken = [photo("satu.jpg", "orange"), photo("dua.jpg", "teal")]
    hand.take("Pilih dari galeri", *taken)
    hand.write("Nama produk", "Keripik Pisang Manis 250 g")
    hand.choose("Kategori", "Makanan")
    hand.write("Harga", "15rb")
    cut(network)
    hand.write("Berat (gram)", "280")
    hand.write("Jumlah stok", "12")
    hand.write("Deskripsi", STORY)
    expect(page.locator("#keadaan")).to_contain_text("Tidak ada sambungan")
    here = page.url
    page.close()  # the phone needed the memory for its camera

    page, more = opened(context)
    on_3g(page)
    page.add_init_script(NOTE_SIZES)
    page.goto(here)
    hand.page = page
    expect(page.get_by_label("Deskripsi", exact=True)).to_have_value(STORY)
    expect(page.get_by_label("Jumlah stok", exact=True)).to_have_value("12")
    expect(page.locator("#foto [data-picture]")).to_have_count(2)
    sizes = page.evaluate("window.sent")
    hand.tap("Ajukan untuk dijual")
    page.wait_for_url("**/kelola/saya/")
    expect(page.get_by_text("sudah dijual")).to_be_visible()

    assert len(hand.done) == 8 <= 12, hand.done
    assert errors + more == []
    assert 0 < max(sizes) < min(len(each["buffer"]) for each in taken) / 3  # the phone made them small
    product = Product.objects.get(title="Keripik Pisang Manis 250 g")
    variant = product.variants.get()
    assert (product.category.name, product.description) == ("Makanan", STORY)
    assert (variant.price, variant.weight_g, Stock.objects.get(pk=variant.pk).on_hand) == (15_000, 280, 12)
    assert sorted(product.pictures.values_list("width", "height")) == [(1600, 1200), (1600, 1200)]
    assert product.proposals.count() == Proposal.objects.filter(content__title=product.title).count() == 1


def lose(route: Route, seen: list[str]) -> None:
    """The server gets the first of each kind and does its work; the answer is lost on the way."""
    request = route.request
    kind = request.url.rpartition("/produk/")[2].partition("?")[0]
    if kind in seen or request.method != "POST":
        return route.continue_()
    seen.append(kind)
    with httpx.Client(transport=LoopbackTransport(), timeout=30) as client:
        done = client.post(request.url, content=request.post_data_buffer, headers=request.all_headers())
    assert done.status_code == 200, done.text
    return route.abort("connectionreset")


def test_what_is_sent_again_because_the_answer_was_lost_is_there_once(shop, browser):
    context = phone(browser, shop, shop.member)
    page, errors = opened(context)
    lost: list[str] = []
    page.route("**/kelola/saya/produk/**", lambda route: lose(route, lost))
    page.goto(NEW)
    hand = Hand(page=page)
    taken = photo("satu.jpg", "orange", side=900)
    hand.take("Pilih dari galeri", taken)
    hand.write("Nama produk", "Sambal Roa")
    hand.choose("Kategori", "Makanan")
    hand.write("Harga", "30000")
    hand.write("Berat (gram)", "200")
    hand.write("Jumlah stok", "5")
    page.get_by_placeholder("Apa yang terlihat di foto ini?").fill("Sambal dalam botol")
    hand.take("Pilih dari galeri", taken)  # chosen once more by mistake
    hand.tap("Ajukan untuk dijual")
    page.wait_for_url("**/kelola/saya/")
    assert sorted(lost) == ["baru/", "foto/", "simpan/"]
    assert errors == []
    product = Product.objects.get(title="Sambal Roa")
    assert (product.variants.get().stock.on_hand, product.pictures.get().alt) == (5, "Sambal dalam botol")
    assert Proposal.objects.filter(content__title="Sambal Roa").count() == 1


def test_who_was_logged_out_meanwhile_logs_in_and_finds_everything(shop, browser):
    context = phone(browser, shop, shop.member)
    page, _errors = opened(context)
    page.goto(NEW)
    page.get_by_label("Nama produk", exact=True).fill("Sambal Matah")
    expect(page.locator("#keadaan")).to_have_text("Semua tersimpan.")
    context.clear_cookies(name="sessionid")
    page.get_by_label("Harga", exact=True).fill("30.000")
    expect(page.locator("#keadaan")).to_contain_text("Anda perlu masuk lagi.")
    here = page.url
    assert f"next={NEW.replace('/', '%2F')}%3Fdraf%3D" in page.get_by_role("link", name="Masuk").get_attribute("href")
    context.add_cookies([{**shop.member, "url": shop.base}])
    page.goto(here)
    expect(page.get_by_label("Harga", exact=True)).to_have_value("30.000")
    expect(page.locator("#keadaan")).to_have_text("Semua tersimpan.")
    assert Proposal.objects.get(content__title="Sambal Matah").content["choices"][0]["price"] == 30_000


def test_choices_prices_and_mistakes_are_worked_out_without_leaving_the_page(shop, browser):
    context = phone(browser, shop, shop.member)
    page, errors = opened(context)
    page.goto(NEW)
    page.get_by_label("Harga", exact=True).fill("45rb")
    page.get_by_text("Hitung harga yang pas").click()
    page.get_by_label("Modal per buah").fill("40.000")
    page.get_by_role("button", name="Hitung", exact=True).click()
    expect(page.locator("#harga-wajar")).to_contain_text("Harga yang pas: Rp55.000")
    page.get_by_role("button", name="Pakai harga ini").click()
    expect(page.get_by_label("Harga", exact=True)).to_have_value("55.000")
    page.get_by_text("Ada beberapa pilihan?").click()
    page.get_by_label("Pilihannya apa?").fill("Ukuran")
    page.get_by_label("Isi pilihannya").fill("100 g, 250 g")
    page.get_by_role("button", name="Susun daftar pilihan").click()
    expect(page.locator("#pilihan fieldset")).to_have_count(2)
    expect(page.get_by_label("Harga", exact=True).nth(1)).to_have_value("55.000")
    page.get_by_role("button", name="Ajukan untuk dijual").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_role("alert").get_by_role("link", name="Nama produk").click()
    expect(page.get_by_label("Nama produk", exact=True)).to_be_focused()
    page.get_by_label("Nama produk", exact=True).fill("Keripik Tempe")
    for number in range(2):
        page.get_by_label("Berat (gram)", exact=True).nth(number).fill("0,3 kg")
    page.get_by_role("button", name="Simpan dulu").click()
    expect(page.locator("#keadaan")).to_have_text("Semua tersimpan.")
    kept = Proposal.objects.get(content__title="Keripik Tempe").content
    assert "40.000" not in str(kept) and "40000" not in str(kept)  # what it cost to make stays in the phone
    page.get_by_role("button", name="Ajukan untuk dijual").click()
    page.wait_for_url("**/kelola/saya/")
    sold = Product.objects.get(title="Keripik Tempe")
    assert list(sold.variants.order_by("position").values_list("option1", "price", "weight_g")) == [
        ("100 g", 55_000, 300),
        ("250 g", 55_000, 300),
    ]
    assert errors == []


def test_without_javascript_it_is_a_form(shop, browser):
    context = phone(browser, shop, shop.member, java_script_enabled=False)
    page, _errors = opened(context)
    page.goto(NEW)
    hand = Hand(page=page)
    hand.take("Ambil foto", photo("satu.jpg", "orange", side=900))
    hand.write("Nama produk", "Sambal Bajak")
    hand.tap("Simpan dulu")
    expect(page.locator("#foto [data-picture]")).to_have_count(1)
    hand.choose("Kategori", "Makanan")
    hand.write("Harga", "30.000")
    hand.write("Berat (gram)", "200")
    hand.write("Jumlah stok", "5")
    hand.tap("Ajukan untuk dijual")
    page.wait_for_url("**/kelola/saya/")
    product = Product.objects.get(title="Sambal Bajak")
    assert (product.pictures.count(), product.variants.get().price) == (1, 30_000)


@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_can_be_used_by_everyone(shop, browser, width):
    troubles = []
    pages = {
        "/kelola/saya/": shop.member,
        NEW: shop.member,
        f"/kelola/saya/produk/{shop.product}/": shop.member,
        f"/kelola/produk/{shop.product}/": shop.officer,
        f"/en/kelola/produk/{shop.product}/": shop.officer,
    }
    for address, who in pages.items():
        context = phone(browser, shop, who, viewport={"width": width, "height": 780}, is_mobile=width < 700)
        page, errors = opened(context)
        page.goto(address)
        page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
        found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
        troubles += [f"{address} {rule['id']}: {rule['nodes'][0]['target']}" for rule in found]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            troubles.append(f"{address} scrolls sideways")
        troubles += [f"{address}: {error}" for error in errors]
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=f"{folder}/{width}{address.replace('/', '_')}.png", full_page=True)
        context.close()
    assert troubles == []
