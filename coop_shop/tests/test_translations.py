"""Everything that people read is there in Indonesian and in English."""

import re
import shutil
from collections import Counter
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest
from django.conf import LazySettings
from django.core.management import call_command

from accounts.models import User
from catalog.models import Product
from members.models import Officer
from tenants.context import in_tenant
from tenants.models import PUBLIC, Cooperative
from tests import make
from tests.browsing import PLATFORM, Browser

ROOT = Path(__file__).resolve().parent.parent.parent
CATALOGUE = Path("locale/en/LC_MESSAGES/django.po")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|</?\w+>")
SOURCES = {".py", ".html", ".txt", ".po"}
# Words that no text of some length does without, and that the other language does not have.
INDONESIAN = """yang dan di ke dari untuk dengan ini itu tidak belum sudah akan bisa dapat ada atau pada oleh kami kita
anda saya jika kalau supaya lagi dulu juga hanya semua setiap lewat saat setelah sebelum sedang masih harus perlu"""
ENGLISH = """the and of to for with this that not is are was you your we our please or at by from have has be will can
all an on it no in"""


@pytest.fixture(params=["en", "id"])
def catalogue(request: pytest.FixtureRequest) -> polib.POFile:
    return polib.pofile(str(ROOT / "locale" / request.param / "LC_MESSAGES" / "django.po"))


def test_every_text_has_a_translation(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue if not entry.translated() or entry.fuzzy or entry.obsolete] == []
    forms = 2 if catalogue.metadata["Language"] == "en" else 1
    plural = [entry for entry in catalogue if entry.msgid_plural]
    assert [entry.msgid for entry in plural if sorted(entry.msgstr_plural) != list(range(forms))] == []


def test_translations_keep_the_placeholders(catalogue: polib.POFile) -> None:
    assert [entry.msgid for entry in catalogue if not _keeps_placeholders(entry)] == []


@pytest.mark.skipif(not shutil.which("xgettext"), reason="needs GNU gettext")
def test_the_english_catalogue_is_what_the_sources_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    _copy_sources(tmp_path)
    monkeypatch.chdir(tmp_path)
    settings.LOCALE_PATHS = [str(tmp_path / "locale")]
    call_command("makemessages", verbosity=0)
    assert _texts(tmp_path / CATALOGUE) - _texts(ROOT / CATALOGUE) == set(), "run manage.py makemessages and translate"
    assert _texts(ROOT / CATALOGUE) - _texts(tmp_path / CATALOGUE) == set(), "run manage.py makemessages"


@pytest.mark.parametrize(
    ("language", "prefix", "foreign"), [("en", "/en", INDONESIAN), ("id", "", ENGLISH)], ids=["english", "indonesian"]
)
def test_a_page_speaks_one_language(kopi: Cooperative, language: str, prefix: str, foreign: str) -> None:
    words = set(foreign.split())
    visits = _visits(prefix)
    assert Counter(status for status, _ in visits.values()) == {200: 35, 404: 1, 403: 2, 422: 3}
    strange = {}
    for name, (status, page) in visits.items():
        reader = Reader()
        reader.feed(page)
        assert reader.language == language, name
        assert reader.said, name
        found = [said for said in reader.said if words & _words(said)]
        strange |= {f"{status} {name}": found} if found else {}
    assert strange == {}


class Reader(HTMLParser):
    """What a person sees or hears of a page: text, and the attributes that are read out."""

    SPOKEN = ("aria-label", "title", "alt", "placeholder", "data-label", "data-copied")

    def __init__(self) -> None:
        super().__init__()
        self.language: str | None = None
        self.said: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._silent = tag in ("script", "style")
        if tag == "html":
            self.language = given.get("lang")
        self.said += [said for name in self.SPOKEN if (said := given.get(name))]

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._silent and data.strip() != "DI Yogyakarta":  # a name
            self.said.append(data.strip())


def _words(said: str) -> set[str]:
    return {word.strip(".,:;!?()“”") for word in said.lower().split()}


def _visits(prefix: str) -> dict[str, tuple[int, str]]:
    """Address -> status and page, of buyers, officers, a member and an operator. No content has a word of either
    language's list in it."""
    seller = make.member(email="rahma@kopi.example")
    product = make.product(title="Gayo Wine", seller=seller, options=("A", "B"))
    Product.objects.filter(pk=product.pk).update(description="Arabika")
    order = make.order(cart={product.variants.first().pk: 2})
    seen: dict[str, tuple[int, str]] = {}
    buyer, stranger = Browser(), Browser(enforce_csrf_checks=True)
    officer, member = Browser(user=make.officer(role=Officer.Role.PENGURUS)), Browser(user=seller.user)

    def visit(browser: Browser, path: str, *, said: dict | None = None) -> None:
        address = prefix + path
        answer = browser.get(address) if said is None else browser.post(address, said)
        seen[f"{address} {'' if said is None else said}".strip()] = (answer.status_code, answer.content.decode())

    buyer.post(f"{prefix}/keranjang/tambah/", {"v": product.variants.last().pk, "quantity": 1})
    for path in (
        "/", "/cari/", "/cari/?q=wine", "/cari/?q=xyz", f"/kategori/{product.category.slug}/",
        f"/produk/{product.slug}/", "/keranjang/", "/checkout/", f"/bayar/{order.code}/", f"/pesanan/{order.token}/",
        "/akun/pesanan/", "/akun/masuk/", "/akun/daftar/", "/akun/nonaktif/", "/nowhere/",
    ):  # fmt: skip
        visit(buyer, path)
    visit(buyer, "/checkout/", said={"email": "x"})
    visit(buyer, "/akun/masuk/", said={"email": "x"})
    visit(buyer, "/akun/masuk/", said={})
    visit(stranger, "/checkout/", said={})
    _visit_platform(visit)
    for path in (
        "/akun/", "/kelola/", "/kelola/pesanan/", "/kelola/pesanan/?q=xyz", f"/kelola/pesanan/{order.code}/",
        "/kelola/produk/", f"/kelola/produk/{product.pk}/", "/kelola/kanal/", "/kelola/pembayaran/",
        "/kelola/pembayaran/cara/", "/kelola/anggota/", "/kelola/kunjungan/", "/kunjungan/mulai/",
    ):  # fmt: skip
        visit(officer, path)
    visit(officer, f"/kelola/produk/{product.pk}/", said={"title": ""})
    visit(officer, "/kelola/pembayaran/cara/transfer/", said={})
    for path in ("/kelola/saya/", "/kelola/saya/penjualan/", "/kelola/saya/laporan/"):
        visit(member, path)
    return seen


def _visit_platform(visit: Callable[..., None]) -> None:
    """Its front page, the sign-up, and an operator's way to the second step."""
    platform = Browser(PLATFORM)
    for path in ("/", "/daftar/"):
        visit(platform, path)
    visit(platform, "/daftar/", said={"email": "x", "phone": "x", "slug": "-"})
    operator = Browser(PLATFORM)
    with in_tenant(Cooperative.objects.get(schema_name=PUBLIC)):
        operator.force_login(User.objects.create_superuser("op@platform.example", name="Op"))
    for path in ("/akun/langkah-kedua/", "/akun/langkah-kedua/pasang/"):
        visit(operator, path)


def _copy_sources(to: Path) -> None:
    """Extraction writes beside its sources, so it gets a copy of them."""
    for top in ROOT.iterdir():
        if top.is_dir() and not top.name.startswith(".") and top.name not in ("node_modules", "var", "media"):
            shutil.copytree(top, to / top.name, ignore=_not_sources)


def _not_sources(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if (Path(folder) / name).is_file() and Path(name).suffix not in SOURCES}


def _texts(path: Path) -> set[tuple[str, str, str]]:
    return {(entry.msgctxt or "", entry.msgid, entry.msgid_plural) for entry in polib.pofile(str(path))}


def _keeps_placeholders(entry: polib.POEntry) -> bool:
    translations = [entry.msgstr] if not entry.msgid_plural else list(entry.msgstr_plural.values())
    wanted = sorted(PLACEHOLDER.findall(entry.msgid))
    return all(sorted(PLACEHOLDER.findall(text)) == wanted for text in translations)
