"""Files of products in a real Chromium: readable for everyone on a phone and on a desk, in both languages; the walk
without JavaScript."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, Page

from catalog.importing import jobs
from catalog.models import ImportJob
from inventory import opening
from tenants import provisioning
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make
from tests.browsing import Browser as Client
from tests.serving import serving
from tests.weighing import CHROMIUM, chromium

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 360, 1280)
LANGUAGES = ("", "/en")
HEADING = "title,description,category,price,stock,sku,weight_g,seller\n"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine (Debian: apt install chromium)"),
]


@dataclass(frozen=True, kw_only=True)
class Shop:
    base: str
    cooperative: Cooperative
    officer: str  # their session
    jobs: dict[str, int]


@pytest.fixture(scope="module")
def shop(django_db_setup, django_db_blocker) -> Iterator[Shop]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as environment:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright runs a loop in this thread
        connection.set_schema_to_public()
        slug = f"berkas-{datetime.now(UTC):%H%M%S%f}"
        cooperative = provisioning.create_cooperative(name="Koperasi Uji", slug=slug, state="open")
        try:
            with serving() as base:
                yield _opened(cooperative, base.format(slug=slug))
        finally:
            connection.set_schema_to_public()
            cooperative.delete(force_drop=True)


def _opened(cooperative: Cooperative, base: str) -> Shop:
    with in_tenant(cooperative):
        make.product(title="Kopi lama", sku="LAMA", price=50_000, seller=make.member(name="Ibu Rahma", number="A-1"))
        rows = HEADING + "Kopi lama,,Kopi,55000,1,LAMA,250,A-1\nKopi baru,,Kopi,12.500,4,BARU,250,A-1\n"
        rows += "".join(f"Kopi {n},,Kopi,15.0,1,S-{n},250,A-1\n" for n in range(40))
        found = {"checked": _begun(rows, "harga panen raya 2026.csv")}
        found["mapping"] = _begun("DAFTAR;;\nBarang;Rupiah;Sisa\nKopi;65.000;3\nTeh;9.000;4\n", "barang.csv")
        found["failed"] = _begun("halo\x00\x01", "rusak.xls", bad=True)
        done = _begun(HEADING + "Teh,,Teh,9000,1,T-1,100,A-1\n", "teh.csv")
        jobs.start(job_id=done, now=timezone.now())
        _go_on()
        stopped = _begun(HEADING + "Gula,,Gula,9000,1,G-1,100,A-1\n", "gula.csv")
        jobs.start(job_id=stopped, now=timezone.now())
        jobs.cancel(job_id=stopped)
        found |= {"done": done, "cancelled": stopped}
        officer = Client(f"{cooperative.slug}.localhost", user=make.officer())
    return Shop(base=base, cooperative=cooperative, officer=officer.cookies["sessionid"].value, jobs=found)


def _begun(text: str, name: str, *, bad: bool = False) -> int:
    job = make.import_job("\xd0\xcf" if bad else text, name=name)
    if bad:
        with job.file.storage.open(job.file.name, "wb") as file:
            file.write(b"\xd0\xcf\x11\xe0" + b"x" * 50)
    _go_on()
    return job.pk


def _go_on() -> None:
    while opening.go_on_importing(now=timezone.now()):
        pass


@pytest.fixture(scope="module")
def browser(shop: Shop) -> Iterator[Browser]:
    with chromium() as running:
        yield running


def opened(browser: Browser, shop: Shop, **options: object) -> Page:
    context = browser.new_context(base_url=shop.base, **options)
    context.add_cookies([{"name": "sessionid", "value": shop.officer, "url": shop.base}])
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


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_a_file_is_readable(shop: Shop, browser: Browser, width: int, language: str) -> None:
    page = opened(browser, shop, viewport={"width": width, "height": 800})
    paths = [
        f"{language}/kelola/produk/impor/",
        *(f"{language}/kelola/produk/impor/{pk}/" for pk in shop.jobs.values()),
    ]
    assert [line for path in paths for line in wrong_with(page, path)] == []
    page.context.close()


def test_the_whole_walk_works_without_javascript(shop: Shop, browser: Browser) -> None:
    page = opened(browser, shop, java_script_enabled=False, viewport={"width": 360, "height": 800})
    page.goto("/kelola/produk/impor/")
    text = (HEADING + "Gula Aren Walk,,Gula,22.500,6,G-WALK,500,A-1\n").encode()
    page.set_input_files("input[name=file]", {"name": "gula.csv", "mimeType": "text/csv", "buffer": text})
    page.get_by_role("button", name="Periksa berkas").click()
    assert page.get_by_role("heading", name="Sedang diperiksa").is_visible()
    _work(shop)
    page.reload()
    page.get_by_role("button", name="Jalankan").click()
    _work(shop)
    page.reload()
    assert page.get_by_role("heading", name="Selesai").is_visible()
    with in_tenant(shop.cooperative):
        assert ImportJob.objects.latest("pk").counts["run"]["new"] == 1
    page.context.close()


def _work(shop: Shop) -> None:
    with in_tenant(shop.cooperative):
        _go_on()
