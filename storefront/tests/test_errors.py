"""What is not there, and what we broke: in the shop's own frame, with a way on."""

import pytest

from storefront.views import errors
from storefront.views import home as home_view
from tenants.models import Cooperative
from tests.browsing import PLATFORM, Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(kopi, settings):
    settings.DEBUG = False
    Cooperative.objects.filter(pk=kopi.pk).update(whatsapp="+6281200000102", colour="#7a1f5a")
    kopi.refresh_from_db()
    return kopi


def broken(path="/"):
    return Browser(raise_request_exception=False).get(path)


@pytest.fixture
def breaks(monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(home_view.parts, "of_home", fail)


def test_a_page_that_is_not_there_has_a_search_and_somebody_to_ask(shop, visitor):
    page = visitor.get("/nirwana/")
    assert page.status_code == 404
    assert 'action="/cari/"' in page.text
    assert "https://wa.me/6281200000102" in page.text
    assert 'data-theme="kopi"' in page.text
    assert "/theme-7a1f5a" in page.text
    assert 'action="/en/cari/"' in visitor.get("/en/nirwana/").text


@pytest.mark.parametrize(
    ("path", "query"),
    [("/produk/kopi-gayo-wine-12/", "kopi gayo wine"), ("/en/produk/madu-hutan/", "madu hutan"), ("/kategori/x/", "")],
)
def test_a_product_that_is_gone_is_searched_for_by_its_name(shop, visitor, path, query):
    page = visitor.get(path)
    assert page.status_code == 404
    assert f'maxlength="100" value="{query}"' in page.text


def test_what_we_broke_is_said_in_the_shops_frame_and_tells_nothing(shop, breaks):
    page = broken()
    assert page.status_code == 500
    assert "Ada gangguan di pihak kami" in page.text
    assert shop.name in page.text
    assert 'action="/cari/"' in page.text
    assert "/theme-7a1f5a" in page.text
    assert "https://wa.me/6281200000102" in page.text
    assert "secret detail" not in page.text
    assert "default-src 'none'" in page["Content-Security-Policy"]
    english = broken("/en/")
    assert 'lang="en"' in english.text
    assert 'action="/en/cari/"' in english.text


def test_it_asks_nothing_of_a_database_that_may_be_what_is_broken(shop, rf, django_assert_num_queries):
    request = rf.get("/", HTTP_HOST="kopi-gayo.localhost")
    request.tenant = shop
    with django_assert_num_queries(0):
        page = errors.broken(request)
    assert (page.status_code, shop.name in page.content.decode()) == (500, True)


def test_when_even_that_breaks_there_is_a_page_that_needs_nothing(shop, rf, monkeypatch):
    request = rf.get("/", HTTP_HOST="kopi-gayo.localhost")
    request.tenant = shop
    monkeypatch.setattr(errors.face, "Face", None)
    page = errors.broken(request)
    assert page.status_code == 500
    assert "Ada gangguan di pihak kami" in page.content.decode()


def test_before_any_shop_is_known_the_plain_page_is_shown(rf):
    page = errors.broken(rf.get("/"))
    assert (page.status_code, "Something broke" in page.content.decode()) == (500, True)


def test_the_platforms_own_page_that_is_not_there_is_no_shops(shop):
    page = Browser(PLATFORM).get("/nirwana/")
    assert page.status_code == 404
    assert "wa.me" not in page.text
