"""The cache may be lost at any time: buyers browse, fill a cart and order all the same."""

import pytest
from django.core.cache import caches

from orders.models import Order
from tests import make
from tests.browsing import Browser


@pytest.fixture
def cache_away(settings):
    """Nobody listens where the cache should be."""
    away = {name: {**config, "LOCATION": "redis://127.0.0.1:9/0"} for name, config in settings.CACHES.items()}
    before = settings.CACHES
    settings.CACHES = away
    caches.close_all()
    yield
    settings.CACHES = before
    caches.close_all()


def test_a_buyer_orders_while_the_cache_is_away(kopi, cache_away):
    make.rate()
    product = make.product(price=65_000)
    browser = Browser()
    assert browser.get("/").status_code == 200
    added = browser.post("/keranjang/tambah/", {"v": product.variants.get().pk, "quantity": 1})
    assert added.status_code == 302
    typed = {
        "name": "Siti", "phone": "081234567890", "address": "Jl. Mawar 5", "district": "Kebayoran Baru",
        "regency": "Jakarta Selatan", "province": "DKI Jakarta", "shown_total": "85000",
    }  # fmt: skip
    assert "/bayar/" in browser.post("/checkout/", typed).url
    assert Order.objects.get().total == 85_000
