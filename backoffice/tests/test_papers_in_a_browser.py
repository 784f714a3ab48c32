"""Documents in a real Chromium: readable for everyone on a phone and on a desk, in both languages; no script needed."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page

from catalog.models import Document
from catalog.passport import papers, standing
from catalog.passport.papers import Paper
from tenants import provisioning
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make
from tests.browsing import Browser as Client
from tests.serving import serving
from tests.weighing import CHROMIUM, chromium

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine (Debian: apt install chromium)"),
]


@dataclass(frozen=True, kw_only=True)
class Shop:
    base: str
    cooperative: Cooperative
    member: str  # their sessions
    officer: str
    waiting: int
    product: str


@pytest.fixture(scope="module")
def shop(django_db_setup, django_db_blocker) -> Iterator[Shop]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as environment:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in this thread
        connection.set_schema_to_public()
        slug = f"izin-{datetime.now(UTC):%H%M%S%f}"
        cooperative = provisioning.create_cooperative(name="Koperasi Uji", slug=slug, state="open")
        try:
            with serving() as base:
                yield _opened(cooperative, base)
        finally:
            connection.set_schema_to_public()
            cooperative.delete(force_drop=True)


def _opened(cooperative: Cooperative, base: str) -> Shop:
    host, now = f"{cooperative.slug}.localhost", timezone.now()
    with in_tenant(cooperative):
        rahma = make.member(name="Ibu Rahma", email="rahma@kopi.example")
        sold = make.product(title="Keripik Pisang", seller=rahma)
        make.product(title="Keripik Tempe", seller=rahma, in_category=make.category("Camilan"))

        def handed(kind: str, number: str, until: date | None, *, accept: bool, product: object = sold) -> Document:
            paper = Paper(kind=kind, number=number, holder="Ibu Rahma", valid_until=until, photo=photo())
            return papers.hand_in(paper=paper, member=rahma, product=product, accept=accept, by="Rina", now=now)

        handed("nib", "9120304567890", None, accept=True, product=None)
        handed("halal", "ID11110000123450922", None, accept=True)
        handed("bpom", "MD867031110021", standing.today(now), accept=True)
        refused = handed("sni", "8371:2018", None, accept=False)
        papers.refuse(document_id=refused.pk, reason="Fotonya kabur.", by="Rina", now=now)
        waiting = handed("pirt", "2061171010123-49", date(2049, 12, 31), accept=False)
        papers.hand_in(paper=Paper(kind="not_halal"), member=rahma, product=None, by="Rahma", now=now)
        standing.set_requirements(category_id=make.category("Camilan").pk, kinds=["pirt"], by="Rina", now=now)
        people = [Client(host, user=rahma.user), Client(host, user=make.officer())]
    member, officer = (one.cookies["sessionid"].value for one in people)
    return Shop(
        base=base.format(slug=cooperative.slug), cooperative=cooperative, member=member, officer=officer,
        waiting=waiting.pk, product=sold.get_absolute_url(),
    )  # fmt: skip


def photo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (600, 800), "lightgrey").save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture(scope="module")
def browser(shop: Shop) -> Iterator[Browser]:
    with chromium() as running:
        yield running


def opened(browser: Browser, shop: Shop, session: str, **options: object) -> Page:
    context = browser.new_context(base_url=shop.base, **options)
    context.add_cookies([{"name": "sessionid", "value": session, "url": shop.base}])
    return context.new_page()


def wrong_with(page: Page, path: str) -> list[str]:
    """What axe finds, what is wider than the screen, what the browser complains about."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    answer = page.goto(path)
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    wrong = [f"{path} {one['id']}: {[node['html'][:90] for node in one['nodes'][:2]]}" for one in found]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        wrong.append(f"{path} is wider than the screen")
    if answer is None or answer.status != 200:
        wrong.append(f"{path} {answer and answer.status}")
    return wrong + said


@pytest.mark.parametrize(("width", "language"), [(320, ""), (1280, "/en")])
def test_every_page_is_readable_for_everyone(browser: Browser, shop: Shop, width: int, language: str):
    lists = [f"/kelola/dokumen/?lihat={tab}" for tab in ("menunggu", "kurang", "diterima")]
    officers = [*lists, f"/kelola/dokumen/{shop.waiting}/", "/kelola/dokumen/wajib/", "/kelola/dokumen/baru/"]
    members = ["/kelola/saya/dokumen/", "/kelola/saya/dokumen/baru/", shop.product]
    wrong = []
    for session, paths in ((shop.officer, officers), (shop.member, members)):
        page = opened(browser, shop, session, viewport={"width": width, "height": 780})
        for path in paths:
            wrong += wrong_with(page, language + path)
        page.context.close()
    assert wrong == []


def test_a_document_is_handed_in_and_accepted_without_javascript(browser: Browser, shop: Shop):
    page = opened(browser, shop, shop.member, java_script_enabled=False, viewport={"width": 360, "height": 780})
    page.goto("/kelola/saya/dokumen/")
    page.get_by_role("link", name="Tambah P-IRT: Keripik Tempe").click()
    page.get_by_label("Nomor", exact=False).first.fill("P-IRT 3061171010123-49")
    page.get_by_label("Berlaku sampai").fill("2049-05-31")
    page.get_by_label("Foto dokumen").set_input_files({"name": "izin.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    page.get_by_role("button", name="Simpan").click()
    assert "menunggu diperiksa" in page.content()
    desk = opened(browser, shop, shop.officer, java_script_enabled=False)
    desk.goto("/kelola/dokumen/")
    desk.get_by_role("link", name="P-IRT 3061171010123-49").click()
    desk.get_by_role("button", name="Terima").click()
    page.reload()
    assert "Keripik Tempe · kurang" not in page.content()
    assert page.goto("/cari/?q=tempe").status == 200
    assert "Keripik Tempe" in page.content()
