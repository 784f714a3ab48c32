"""A shop in any colours, with every kind of block, in a real Chromium: readable for everyone, also while it is being
arranged without JavaScript."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from PIL import Image
from playwright.sync_api import Browser, expect

from pages import blocks, pictures
from pages.models import Block
from tenants import describing, provisioning
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make
from tests.browsing import Browser as Client
from tests.serving import serving
from tests.weighing import CHROMIUM, chromium

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ("#ffd400", "#0a0a0a")  # one that is too light, one that has no hue
PAGES = ("/", "/en/", "/halaman/", "/halaman/privasi/", "/luring/", "/nirwana/")
OFFICE = (
    "/kelola/toko/tampilan/?own=1&colour=%2300ff00", "/kelola/toko/jam/", "/kelola/toko/beranda/",
    "/kelola/toko/beranda/{collection}/", "/kelola/toko/halaman/", "/kelola/toko/halaman/privasi/",
)  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine (Debian: apt install chromium)"),
]


@dataclass(frozen=True, kw_only=True)
class Shop:
    cooperative: Cooperative
    base: str
    session: str
    collection: int


@pytest.fixture(scope="module")
def shop(django_db_setup, django_db_blocker) -> Iterator[Shop]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as environment:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in this thread
        connection.set_schema_to_public()
        cooperative = provisioning.create_cooperative(
            name="Koperasi Uji", slug=f"warna-{uuid4().hex[:8]}", state="open"
        )
        try:
            with serving() as base:
                yield _arranged(cooperative, base.format(slug=cooperative.slug))
        finally:
            connection.set_schema_to_public()
            cooperative.delete(force_drop=True)


def _arranged(cooperative: Cooperative, base: str) -> Shop:
    week = {day: ["08:00", "16:00"] for day in "01234"}
    describing.describe(
        cooperative_id=cooperative.pk, week=week, holiday_from="2026-01-01", holiday_note="Panen raya", address="Jl. 1",
        story_id="Sepuluh keluarga.", latitude="4.62345", longitude="96.84712",
    )  # fmt: skip
    said = {"title_id": "Panen raya", "text_id": "## Oktober\n- kopi\n- madu\n\nhttps://kopi.example"}
    with in_tenant(cooperative):
        make.product(title="Kopi Gayo")
        upload = io.BytesIO()
        Image.new("RGB", (1600, 900), "peru").save(upload, "JPEG")
        kept = pictures.keep_wide(data=upload.getvalue(), filename="kebun.jpg", cooperative=cooperative)
        for kind in (*Block.Kind.values, "banner"):
            pictured = {
                "picture": kept.name,
                "picture_width": kept.width,
                "picture_height": kept.height,
                "alt_id": "Kebun",
            }
            own = {**said, **(pictured if "picture" in blocks.CONTENT[kind] else {})}
            shelf = {"title_id": "Pilihan", "source": "newest"}
            block = blocks.add(kind=kind)
            blocks.write(key=str(block.pk), content=shelf if kind == "collection" else own, cooperative=cooperative)
        officer = Client(f"{cooperative.slug}.localhost", user=make.officer())
        collection = Block.objects.filter(kind="collection").first().pk
    return Shop(
        cooperative=cooperative, base=base, session=officer.cookies["sessionid"].value, collection=collection
    )  # fmt: skip


@pytest.fixture(scope="module")
def browser(shop: Shop) -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def open_page(browser: Browser, shop: Shop, *, width: int, javascript: bool = True):
    context = browser.new_context(
        base_url=shop.base, viewport={"width": width, "height": 780}, is_mobile=width < 700,
        java_script_enabled=javascript, locale="id-ID", service_workers="block",
    )  # fmt: skip
    context.add_cookies([{"name": "sessionid", "value": shop.session, "url": shop.base}])
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    return page, errors


@pytest.mark.parametrize("colour", COLOURS)
def test_everything_can_be_read_in_any_colour_at_every_width(shop, browser, colour):
    describing.describe(cooperative_id=shop.cooperative.pk, colour=colour)
    connection.close()
    troubles = []
    office = [path.format(collection=shop.collection) for path in OFFICE]
    for width in (320, 1280):
        page, errors = open_page(browser, shop, width=width)
        for address in (*PAGES, *(office if colour == COLOURS[0] else ())):
            answer = page.goto(address)
            assert answer.status == (404 if address == "/nirwana/" else 200), address
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
            troubles += [f"{width} {address} {rule['id']}: {rule['nodes'][0]['target']}" for rule in found]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                troubles.append(f"{width} {address} scrolls sideways")
            troubles += [f"{width} {address} {error}" for error in errors if "404" not in error]
            errors.clear()
        page.context.close()
    assert troubles == []


def test_the_home_page_is_arranged_without_javascript(shop, browser):
    page, errors = open_page(browser, shop, width=360, javascript=False)
    page.goto("/kelola/toko/beranda/")
    page.get_by_role("button", name="Teks", exact=True).click()
    page.get_by_label("Judul", exact=False).first.fill("Pasar Minggu")
    page.get_by_role("button", name="Simpan").click()
    expect(page.get_by_role("status").or_(page.locator("#pesan"))).to_contain_text("Bagian beranda disimpan")
    last = page.get_by_role("listitem").filter(has_text="Pasar Minggu")
    last.get_by_role("button", name="Naikkan").click()
    page.goto("/")
    headings = page.get_by_role("heading").all_inner_texts()
    assert headings.index("Pasar Minggu") == len(headings) - 2  # the second banner comes after it
    assert errors == []
    page.context.close()
