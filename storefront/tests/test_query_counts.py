"""How often a page asks the database, with a small catalogue and a larger one."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from catalog import photos
from catalog.models import Category
from tenants import middleware
from tests import make
from tests.browsing import Browser

pytestmark = pytest.mark.django_db


def stock_up(count: int) -> None:
    parent = make.category("Kopi")
    for number in range(count):
        category = make.category(f"Bagian {number % 7}", parent=parent if number % 2 else None)
        seller = make.member(name=f"Anggota {number}")
        product = make.product(title=f"Barang {number}", seller=seller, options=("a", "b", "c"), in_category=category)
        photo = io.BytesIO()
        Image.new("RGB", (200, 200), (number, 0, 0)).save(photo, "PNG")
        photos.attach(product=product, data=photo.getvalue(), alt="Foto", now=make.NOW)


@pytest.fixture(autouse=True)
def known_host(settings, monkeypatch):
    """As in production: a process remembers for a while whose host it is, but nothing of the tests before."""
    monkeypatch.setattr(middleware, "_known", {})
    settings.HOSTS_KNOWN_SECONDS = 60


def asked(browser: Browser, path: str) -> int:
    """Queries of a request. Choosing the schema is one statement more when the connection last served another shop,
    and the driver sends it below what can be captured here."""
    browser.get(path)  # what is read once per process does not count
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("count", [3, 40])
def test_pages_ask_a_fixed_number_of_times(visitor, count):
    make.rate()
    stock_up(count)
    product = Category.objects.get(slug="kopi-bagian-1").products.first()
    figures = {
        "home": asked(visitor, "/"),
        "category": asked(visitor, "/kategori/kopi/"),
        "product": asked(visitor, product.get_absolute_url()),
    }
    assert figures == {"home": 5, "category": 5, "product": 8}


@pytest.mark.parametrize("count", [3, 40])
def test_a_visitor_with_a_cart_asks_once_more_for_the_session(visitor, count):
    make.rate()
    stock_up(count)
    product = Category.objects.get(slug="kopi-bagian-1").products.first()
    visitor.post("/keranjang/tambah/", {"v": product.variants.first().pk, "quantity": 1})
    assert asked(visitor, "/") == 6
    assert asked(visitor, "/kategori/kopi/") == 6
    assert asked(visitor, product.get_absolute_url()) == 9


def test_a_host_not_looked_up_lately_costs_one_more(visitor, settings):
    settings.HOSTS_KNOWN_SECONDS = 0
    assert asked(visitor, "/") == 6
