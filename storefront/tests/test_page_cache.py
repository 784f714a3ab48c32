"""Pages that are kept for everybody: which are, for whom, and that hostile visitors gain nothing."""

import gzip

import brotli
import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.middleware.csrf import get_token

from catalog.models import Category, Product
from storefront import page_cache
from storefront.tests.keeping import is_kept, queries_of
from storefront.views import finding
from tenants import freshness
from tenants.models import Cooperative
from tests import make
from tests.browsing import BATIK, Browser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages_are_kept")]


def entries() -> int:
    """How many pages the cache holds."""
    cache = caches["shared"]
    return len(list(cache._cache.get_client().scan_iter("shared:1:page:*")))


def test_the_second_visitor_gets_what_was_made_for_the_first(kopi):
    product = make.product()
    for path in ("/", "/en/", "/kategori/kopi/", "/kategori/kopi/?urut=termurah", product.get_absolute_url()):
        first, second = Browser().get(path), Browser().get(path)
        assert first.content == second.content
        assert queries_of(Browser(), path) == 0
        assert dict(first.items()) == dict(second.items())
        assert "default-src 'none'" in second.headers["Content-Security-Policy"]
        assert second.headers["X-Frame-Options"] == "DENY"
        assert "Kopi Arabika Gayo" in second.text


def test_a_browser_keeps_a_page_and_asks_each_time(kopi):
    make.product()
    page = Browser().get("/")
    assert page["Cache-Control"] == "private, no-cache"
    assert {"Cookie", "Accept-Encoding"} <= {name.strip() for name in page["Vary"].split(",")}
    again = Browser().get("/", headers={"If-None-Match": page["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", page["ETag"])
    Product.objects.update(title="Kopi Robusta")
    changed = Browser().get("/", headers={"If-None-Match": page["ETag"]})
    assert changed.status_code == 200
    assert "Kopi Robusta" in changed.text


def test_a_change_that_a_page_does_not_show_costs_no_bytes(kopi):
    make.product()
    page = Browser().get("/")
    Category.objects.create(name="Kosong", slug="kosong")  # nothing of it is on sale
    assert Browser().get("/", headers={"If-None-Match": page["ETag"]}).status_code == 304


def test_it_travels_as_the_browser_can_read_it(kopi):
    make.product()
    plain = Browser().get("/")
    assert "Content-Encoding" not in plain
    for _visit in ("made", "kept"):
        best = Browser().get("/kategori/kopi/", headers={"Accept-Encoding": "gzip, deflate, br"})
        assert best["Content-Encoding"] == "br"
        assert best["Content-Length"] == str(len(best.content))
        common = Browser().get("/kategori/kopi/", headers={"Accept-Encoding": "gzip"})
        assert common["Content-Encoding"] == "gzip"
        bare = Browser().get("/kategori/kopi/")
        assert bare["Content-Length"] == str(len(bare.content))
        assert brotli.decompress(best.content) == gzip.decompress(common.content) == bare.content


def test_two_cooperatives_never_share_a_page(kopi, batik):
    make.product(title="Kopi Gayo Asli")
    assert "Kopi Gayo Asli" in Browser().get("/").text
    for _visit in ("made", "kept"):
        other = Browser(BATIK).get("/")
        assert "Kopi Gayo Asli" not in other.text
        assert "Koperasi Batik Lasem" in other.text
    assert entries() == 2


def test_languages_parts_and_saved_data_are_pages_of_their_own(kopi):
    make.product()
    asked = [
        ("/kategori/kopi/", {}),
        ("/en/kategori/kopi/", {}),
        ("/kategori/kopi/?urut=termurah", {}),
        ("/kategori/kopi/", {"HX-Request": "true", "HX-Target": "lagi"}),
        ("/kategori/kopi/", {"Save-Data": "on"}),
        ("/kategori/kopi/", {"HX-Request": "true", "HX-Target": "hasil"}),
    ]
    for number, (path, headers) in enumerate(asked, start=1):
        Browser().get(path, headers=headers)
        assert entries() == number
    for path, headers in asked:
        assert queries_of(Browser(), path, **headers) == 0
    part = Browser().get("/kategori/kopi/", headers={"HX-Request": "true", "HX-Target": "lagi"}).text
    assert "<html" not in part
    assert 'lang="en"' in Browser().get("/en/kategori/kopi/").text


def test_whoever_has_a_cart_gets_pages_of_their_own(kopi):
    variant = make.variant()
    buyer = Browser()
    buyer.post("/keranjang/tambah/", {"v": variant.pk, "quantity": 3})
    assert 'class="badge badge-sm badge-secondary">3' in buyer.get("/").text
    del buyer.cookies["messages"]  # it was shown
    assert queries_of(buyer, "/") > 0
    assert "badge-secondary" not in Browser().get("/").text
    assert 'class="badge badge-sm badge-secondary">3' in buyer.get("/").text


def test_a_message_is_shown_to_whom_it_was_written(kopi):
    make.product()
    Browser().get("/")
    visitor = Browser()
    visitor.get("/keranjang/")
    assert "/keranjang/" in visitor.post("/checkout/", {}, follow=False).url
    visitor.cookies.pop("sessionid", None)
    assert "Keranjang Anda kosong" in visitor.get("/").text
    assert "Keranjang Anda kosong" not in Browser().get("/").text


@pytest.mark.parametrize(
    "path", ["/keranjang/", "/checkout/", "/akun/masuk/", "/kategori/tidak-ada/", "/produk/tidak-ada/", "/kelola/"]
)
def test_what_is_a_visitors_own_or_is_not_there_is_not_kept(kopi, path):
    for _visit in range(2):
        page = Browser().get(path)
        assert "private, no-cache" not in page.get("Cache-Control", "")
    assert entries() == 0


def sets_a_cookie(request: object, response: HttpResponse) -> None:
    response.set_cookie("who", "me")


def shows_a_token(request: object, response: HttpResponse) -> None:
    get_token(request)


def has_an_opinion(request: object, response: HttpResponse) -> None:
    response["Cache-Control"] = "max-age=5"


def fails(request: object, response: HttpResponse) -> None:
    response.status_code = 404


@pytest.mark.parametrize("spoil", [sets_a_cookie, shows_a_token, has_an_opinion, fails])
def test_an_answer_that_is_not_everybodys_is_not_kept(kopi, monkeypatch, spoil):
    make.product()
    original = finding.TemplateResponse

    def spoilt(request: object, *args: object, **kwargs: object) -> HttpResponse:
        response = original(request, *args, **kwargs)
        spoil(request, response)
        return response

    monkeypatch.setattr(finding, "TemplateResponse", spoilt)
    visitor = Browser()
    for _visit in range(2):
        visitor.get("/kategori/kopi/")
    assert entries() == 0


@pytest.mark.parametrize(
    "query", ["x=1", "page=1&x=1", "page=1&%79=1", "page=" + "1" * 400, "utm_source=a&x=1", "PAGE=1"]
)
def test_an_address_with_anything_unknown_in_it_is_answered_and_not_kept(kopi, query):
    make.product()
    assert "Kopi Arabika Gayo" in Browser().get(f"/kategori/kopi/?{query}").text
    assert entries() == 0


def test_what_senders_of_links_append_is_taken_out(kopi):
    make.product()
    bare = Browser().get("/kategori/kopi/?urut=termurah")
    for query in ("urut=termurah&fbclid=IwAR1", "utm_source=wa&utm_medium=x&urut=termurah", "gclid=1&urut=termurah"):
        assert Browser().get(f"/kategori/kopi/?{query}").content == bare.content
    assert entries() == 1
    assert "fbclid" not in Browser().get("/?fbclid=jejak").text


@pytest.mark.parametrize(
    "headers",
    [
        {"HX-Request": "true", "HX-Target": "buatan-1"},
        {"HX-Request": "true", "HX-Boosted": "true"},
        {"HX-Request": "true", "HX-History-Restore-Request": "true"},
    ],
)
def test_parts_that_no_page_of_ours_asks_for_are_not_kept(kopi, headers):
    make.product()
    assert Browser().get("/kategori/kopi/", headers=headers).status_code == 200
    assert entries() == 0


def test_made_up_searches_cannot_fill_the_cache(kopi, monkeypatch):
    make.product()
    monkeypatch.setattr(page_cache, "MOST_QUERIES", 3)
    for number in range(6):
        assert Browser().get(f"/cari/?q=karangan{number}").status_code == 200
    assert entries() == 3
    assert is_kept("/")  # pages without a query are counted on their own
    Product.objects.update(title="Kopi Baru")
    assert is_kept("/cari/?q=karangan0")  # what was there already is renewed


def test_nor_can_anything_else(kopi, monkeypatch):
    monkeypatch.setattr(page_cache, "MOST_PAGES", 2)
    for number in range(4):
        Browser().get(make.product(title=f"Kopi {number}").get_absolute_url())
    assert entries() == 2


def test_one_cooperatives_flood_leaves_room_for_another(kopi, batik, monkeypatch):
    monkeypatch.setattr(page_cache, "MOST_PAGES", 0)
    Browser().get("/")
    assert entries() == 0
    monkeypatch.setattr(page_cache, "MOST_PAGES", 1)
    Browser(BATIK).get("/")
    assert entries() == 1


def test_a_large_answer_is_not_kept(kopi, monkeypatch):
    monkeypatch.setattr(page_cache, "MOST_BYTES", 100)
    assert Browser().get("/").status_code == 200
    assert entries() == 0


def test_without_the_cache_every_page_is_made_anew(kopi, settings, monkeypatch):
    make.product()
    settings.CACHES = {name: {**each, "LOCATION": "redis://127.0.0.1:9/0"} for name, each in settings.CACHES.items()}
    caches.close_all()
    try:
        for _visit in range(2):
            assert queries_of(Browser(), "/") > 0
        Product.objects.update(title="Kopi Baru")
        assert "Kopi Baru" in Browser().get("/").text
    finally:
        settings.CACHES = {name: {**each, "LOCATION": settings.CACHE_URL} for name, each in settings.CACHES.items()}
        caches.close_all()
        monkeypatch.setattr(freshness, "_away_until", 0.0)


def test_pages_of_another_release_are_none_of_ours(kopi, monkeypatch):
    make.product()
    assert is_kept("/")
    monkeypatch.setattr(page_cache, "RELEASE", "another")
    Browser().get("/")
    assert entries() == 2


@pytest.mark.parametrize("state", [Cooperative.State.SUSPENDED, Cooperative.State.PREPARING, Cooperative.State.CLOSED])
def test_a_shop_that_is_not_open_any_more_shows_its_sign_at_once(kopi, state):
    make.product()
    assert is_kept("/")
    Cooperative.objects.filter(pk=kopi.pk).update(state=state)
    assert Browser().get("/").status_code in (503, 410)
    Cooperative.objects.filter(pk=kopi.pk).update(state=Cooperative.State.OPEN)
    assert Browser().get("/").status_code == 200
