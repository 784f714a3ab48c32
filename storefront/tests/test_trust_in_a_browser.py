"""Reviews, producers and passing on, in a real Chromium: for everyone, at every width, with and without JavaScript."""

import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from catalog import photos, picturing
from catalog.models import Product
from members import describing
from members.models import Member
from orders.models import Order, OrderState
from reviews import moderating, writing
from storefront.tests.buying import offer_transfer
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make
from tests.browsing import Browser as Client
from tests.serving import serving

CHROMIUM = Path("/usr/bin/chromium")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (360, 1280)
PICTURES = os.environ.get("SCREENSHOTS", "")  # a folder: what each page looks like, for people

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine (Debian: apt install chromium)"),
]


@dataclass(frozen=True, kw_only=True)
class Shop:
    base: str
    product: str
    producer: str
    order: str
    sessions: dict[str, str]


@pytest.fixture(scope="module")
def photo() -> bytes:
    image = Image.effect_mandelbrot((900, 900), (-2.2, -1.4, 0.8, 1.4), 60).convert("RGB")
    with io.BytesIO() as buffer:
        image.save(buffer, "JPEG", quality=80)
        return buffer.getvalue()


@pytest.fixture
def shop(own_cooperative: Cooperative, django_db_blocker, settings, photo: bytes) -> Iterator[Shop]:
    settings.DEBUG = True
    Cooperative.objects.filter(pk=own_cooperative.pk).update(
        regency="Kab. Aceh Tengah", whatsapp="+6281200000102", email="halo@kopi.example", nib="1234567890123",
        legal_number="AHU-0001234.AH.01.26",
    )  # fmt: skip
    with django_db_blocker.unblock(), in_tenant(own_cooperative):
        offer_transfer()
        goods = _reviewed_product(photo)
        order = _arrived(goods)
        host = own_cooperative.primary_domain
        people = {"member": goods.member.user, "pengurus": make.officer()}
        sessions = {name: Client(host, user=user).cookies["sessionid"].value for name, user in people.items()}
    with serving() as base:
        yield Shop(
            base=base.format(slug=own_cooperative.slug),
            product=goods.get_absolute_url(),
            producer=goods.member.get_absolute_url(),
            order=f"/pesanan/{order.token}/",
            sessions=sessions,
        )


def _reviewed_product(photo: bytes) -> Product:
    seller = make.member(name="Salwati Rahmawati", email="salwati@kopi.example")
    describing.set_portrait(member_id=seller.pk, name="saya.jpg", data=photo)
    about = {"village": "Bebesen", "origin_code": "11.04", "story": "Kebun kami di lereng.\n\nSejak 1998."}
    Member.objects.filter(pk=seller.pk).update(**about)
    goods = make.product(title="Kopi Gayo Wine", seller=seller, on_hand=500)
    for number in range(3):
        make.product(title=f"Kopi Gayo pilihan nomor {number}", seller=seller)
    photos.attach(product=goods, data=photo, alt="Biji kopi di atas kain", now=make.NOW)
    picturing.render_waiting(now=make.NOW)
    for number, stars in enumerate((5, 5, 4, 5, 2, 5, 3, 5)):
        line = _arrived(goods).lines.get()
        taken = [("a.jpg", photo)] if number % 3 == 0 else []
        at = make.NOW + timedelta(hours=number)
        text = "Harum sekali, kemasannya rapi.\n\nSudah beli tiga kali." if number % 2 == 0 else ""
        review = writing.write_review(
            line_id=line.pk, stars=stars, text=text, pictures=taken, language="id", now=at, is_named=number != 3
        )
        moderating.show(seen={review.pk: at}, by="Petugas", now=at)
        if number in (1, 4, 7):
            after = at + timedelta(hours=20)
            moderating.reply(review_id=review.pk, text="Terima kasih banyak!", by=seller.name, now=after)
    waiting = _arrived(goods).lines.get()
    writing.write_review(
        line_id=waiting.pk, stars=1, text="Pecah.", pictures=[("a.jpg", photo)], language="id", now=make.NOW
    )
    return Product.objects.select_related("member__user").get(pk=goods.pk)


def _arrived(goods: Product) -> Order:
    order = make.order(cart={goods.variants.get().pk: 1})
    Order.objects.filter(pk=order.pk).update(state=OrderState.DELIVERED)
    return Order.objects.get(pk=order.pk)


@pytest.fixture
def chromium(shop: Shop) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def open_page(
    chromium: Browser, shop: Shop, *, width: int = 360, javascript: bool = True, who: str = ""
) -> tuple[Page, list[str]]:
    context = chromium.new_context(
        base_url=shop.base,
        viewport={"width": width, "height": 780},
        is_mobile=width < 700,
        has_touch=width < 700,
        java_script_enabled=javascript,
        locale="id-ID",
    )
    if who:
        context.add_cookies([{"name": "sessionid", "value": shop.sessions[who], "url": shop.base}])
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return page, errors


def test_every_page_is_accessible_fits_and_is_silent_at_every_width(shop, chromium):
    wanted = {
        "": ["/", shop.product, f"{shop.product}ulasan/?bintang=5", "/produsen/", f"/en{shop.producer}", shop.order],
        "pengurus": ["/kelola/ulasan/", "/kelola/ulasan/?status=shown"],
        "member": ["/kelola/saya/ulasan/", "/kelola/saya/profil/"],
    }
    troubles = []
    for width, (who, addresses) in product(WIDTHS, wanted.items()):
        page, errors = open_page(chromium, shop, width=width, who=who)
        for address in addresses:
            page.goto(address)
            if address == shop.order:
                page.get_by_role("link", name="Tulis ulasan").click()
            for closed in page.locator("details").all():
                closed.evaluate("it => it.open = true")
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
            troubles += [f"{width} {address} {rule['id']}: {rule['nodes'][0]['target']}" for rule in found]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                troubles.append(f"{width} {address} scrolls sideways")
            troubles += [f"{width} {address} console: {error}" for error in errors]
            errors.clear()
            if PICTURES:
                name = address.strip("/").replace("/", "-").partition("?")[0] or "beranda"
                page.screenshot(path=f"{PICTURES}/{width}-{who}-{name}.png", full_page=True)
    assert troubles == []


def test_with_javascript_stars_narrow_in_place_and_the_phone_s_own_way_of_passing_on_is_there(shop, chromium):
    page, errors = open_page(chromium, shop)
    page.add_init_script("navigator.share = (what) => { window.shared = what; return Promise.resolve(); };")
    page.goto(shop.product)
    expect(page.locator(".review")).to_have_count(6)
    page.get_by_role("link", name="2 bintang").click()
    expect(page.locator(".review")).to_have_count(1)
    page.get_by_role("link", name="tampilkan semua ulasan").click()
    expect(page.locator(".review")).to_have_count(6)
    page.get_by_role("link", name="Lebih lama").click()
    expect(page.locator(".review")).to_have_count(2)
    assert page.url.endswith(shop.product)
    page.get_by_role("button", name="Bagikan").click()
    assert page.evaluate("window.shared.url") == shop.base + shop.product
    assert "Kopi Gayo Wine" in page.evaluate("window.shared.text")
    assert errors == []


def test_photos_travel_small_and_arrive(shop, chromium):
    page, errors = open_page(chromium, shop)
    sent = []
    page.on("request", lambda request: sent.append(len(request.post_data_buffer or b"")))
    page.goto(shop.order)
    page.get_by_role("link", name="Tulis ulasan").click()
    page.get_by_role("radio", name="5 dari 5 bintang").check()
    large = Image.effect_noise((3000, 2400), 90).convert("RGB")
    with io.BytesIO() as buffer:
        large.save(buffer, "JPEG", quality=95)
        photo = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}
    assert len(photo["buffer"]) > 4_000_000
    page.get_by_label("Foto").set_input_files([photo, photo])
    page.get_by_role("button", name="Kirim ulasan").click()
    expect(page.get_by_text("Menunggu diperiksa pengurus")).to_be_visible()
    assert max(sent) < 4_000_000
    assert errors == []


def test_without_javascript_a_buyer_writes_with_a_photo_and_passes_on_by_a_link(shop, chromium, photo):
    page, errors = open_page(chromium, shop, javascript=False)
    page.goto(shop.product)
    expect(page.get_by_role("button", name="Bagikan")).to_have_count(0)
    expect(page.get_by_role("link", name="Bagikan lewat WhatsApp")).to_be_visible()
    page.get_by_role("link", name="2 bintang").click()
    expect(page.locator(".review")).to_have_count(1)
    page.goto(shop.order)
    page.get_by_role("link", name="Tulis ulasan").click()
    page.get_by_role("radio", name="4 dari 5 bintang").check()
    page.get_by_label("Ulasan Anda").fill("Enak.")
    page.get_by_label("Foto").set_input_files([{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo}])
    page.get_by_role("button", name="Kirim ulasan").click()
    expect(page.get_by_text("Menunggu diperiksa pengurus")).to_be_visible()
    page.get_by_role("link", name="Ubah ulasan").click()
    expect(page.get_by_label("Ulasan Anda")).to_have_value("Enak.")
    expect(page.get_by_label("Buang foto yang sudah dikirim")).not_to_be_checked()
    assert errors == []
