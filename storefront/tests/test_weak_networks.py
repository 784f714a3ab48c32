"""On a phone whose network goes away: what is shown, what is kept, and that no price is ever an old one."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from django.db import connection
from playwright.sync_api import Browser, BrowserContext, Page, expect

from catalog.models import Variant
from tenants import provisioning
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make
from tests.serving import serving
from tests.weighing import CHROMIUM, PHONE, chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine (Debian: apt install chromium)"),
]
KEPT = """async () => {
  const found = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  return found;
}"""


@dataclass(frozen=True, kw_only=True)
class Shop:
    """One that can be cut off: `cut()` stops the server, and nothing answers any more."""

    cooperative: Cooperative
    base: str
    product: str
    cut: Callable[[], None]


@pytest.fixture(scope="module")
def shop(django_db_setup, django_db_blocker) -> Iterator[Shop]:
    """One for all tests of this file; the last of them cuts it off."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as environment:
        # Playwright runs a loop in this thread, and Django would take the tests for asynchronous code.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        connection.set_schema_to_public()
        cooperative = provisioning.create_cooperative(
            name="Koperasi Uji", slug=f"sinyal-{uuid.uuid4().hex[:8]}", state="open"
        )
        Cooperative.objects.filter(pk=cooperative.pk).update(colour="#ffd400", phone="+628110001")
        try:
            with ExitStack() as server:
                with in_tenant(cooperative):
                    make.rate()
                    product = make.product(title="Kopi Gayo", price=65_000).get_absolute_url()
                base = server.enter_context(serving()).format(slug=cooperative.slug)
                yield Shop(cooperative=cooperative, base=base, product=product, cut=server.close)
        finally:
            connection.set_schema_to_public()
            cooperative.delete(force_drop=True)


@pytest.fixture(scope="module")
def browser(shop: Shop) -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def phone(browser: Browser, shop: Shop) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=shop.base, locale="id-ID", **PHONE)
    yield context
    context.close()


def with_worker(phone: BrowserContext) -> Page:
    """A page that the service worker looks after."""
    page = phone.new_page()
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page


def put_into_cart(page: Page, shop: Shop) -> None:
    page.goto(shop.product)
    page.get_by_role("button", name="Masukkan keranjang").click()
    expect(page.locator("#isi-keranjang")).to_have_text("1 barang")


def test_what_was_typed_stays_and_is_sent_when_there_is_a_network_again(shop, phone):
    page = with_worker(phone)
    put_into_cart(page, shop)
    page.goto("/checkout/")
    page.get_by_label("Nama penerima").fill("Siti Aminah")
    phone.set_offline(True)
    line = page.locator("#luring")
    expect(line).to_contain_text("Tidak ada sambungan internet")
    page.get_by_role("button", name="Lihat ongkir dan total").click()
    expect(line).to_contain_text("Belum terkirim")
    expect(page.get_by_label("Nama penerima")).to_have_value("Siti Aminah")
    assert page.url.endswith("/checkout/")
    phone.set_offline(False)
    page.get_by_role("button", name="Kirim sekarang").click()
    expect(page.get_by_role("alert")).to_contain_text("Beberapa isian perlu diperbaiki")
    expect(page.get_by_label("Nama penerima")).to_have_value("Siti Aminah")


def set_price(shop: Shop, price: int) -> None:
    with in_tenant(shop.cooperative):
        make.change(Variant.objects.get(), price=price)
    connection.close()  # the browser's loop has a connection of its own, which nobody else would close


def test_a_cart_that_comes_back_shows_todays_prices(shop, phone):
    page = with_worker(phone)
    put_into_cart(page, shop)
    page.goto("/keranjang/")
    page.get_by_role("link", name="Kopi Gayo").first.click()
    page.wait_for_url(f"**{shop.product}*")
    set_price(shop, 70_000)
    page.go_back()
    expect(page.get_by_text("Rp70.000").first).to_be_visible()
    set_price(shop, 65_000)


def test_the_shop_can_be_put_on_the_home_screen(shop, phone):
    page = with_worker(phone)
    session = phone.new_cdp_session(page)
    missing = [error["errorId"] for error in session.send("Page.getInstallabilityErrors")["installabilityErrors"]]
    assert missing in ([], ["in-incognito"])  # as a test's browser is
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"].endswith("/manifest.webmanifest")
    hint = page.locator("#pasang")
    ask = "dispatchEvent(Object.assign(new Event('beforeinstallprompt'), { prompt() { window.asked = true; } }))"
    page.evaluate(ask)
    expect(hint).to_be_hidden()  # on the first day nobody is asked
    page.evaluate("localStorage.setItem('kunjungan-pertama', '2026-01-01')")
    page.reload()
    page.evaluate(ask)
    expect(hint).to_be_visible()
    page.get_by_role("button", name="Tidak", exact=True).click()
    expect(hint).to_be_hidden()
    page.reload()
    page.evaluate(ask)
    expect(hint).to_be_hidden()  # who said no is not asked again
    page.evaluate("localStorage.setItem('pasang', '')")
    page.reload()
    page.evaluate(ask)
    page.get_by_role("button", name="Pasang di HP", exact=True).click()
    assert page.evaluate("window.asked") is True


def test_without_a_network_a_page_of_the_shop_says_so_and_nothing_of_it_was_kept(shop, phone):
    page = with_worker(phone)
    put_into_cart(page, shop)
    page.goto("/keranjang/")
    expect(page.get_by_text("Rp65.000").first).to_be_visible()
    kept = page.evaluate(KEPT)
    assert sorted(path for path in kept if not path.startswith(("/static/", "/theme-"))) == ["/en/luring/", "/luring/"]
    assert any(path.startswith("/theme-ffd400") for path in kept)
    shop.cut()
    for path, said, colour in (
        ("/keranjang/", "Tidak ada sambungan internet", "rgb(131, 107, 0)"),
        (shop.product, "Tidak ada sambungan internet", "rgb(131, 107, 0)"),
    ):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(said)
        assert page.url.endswith(path)  # "try again" asks for the page that was wanted
        assert page.get_by_text("Rp65.000").count() == 0
        button = page.get_by_role("link", name="Coba lagi")
        assert button.evaluate("it => getComputedStyle(it).backgroundColor") == colour  # dressed as the shop is
        expect(page.get_by_role("link", name="+628110001")).to_be_visible()
    page.goto("/en/")
    assert page.locator("html").get_attribute("lang") == "en"
