"""Two orders each take the last piece of another choice of one product, at the same moment."""

import threading

import pytest

from catalog import figures
from catalog.models import Product
from inventory import stock
from tenants.context import TenantExecutor, in_tenant
from tests import make


@pytest.mark.parametrize("time", range(5))
def test_the_later_of_the_two_sees_that_nothing_is_left(own_cooperative, monkeypatch, time):
    both_have_reserved = threading.Barrier(2, timeout=10)
    set_stock = figures.set_stock

    def wait_for_each_other(product_ids):
        both_have_reserved.wait()
        set_stock(product_ids)

    def take(variant_id):
        stock.reserve(reference=f"T-{variant_id}", wanted={variant_id: 1}, expires_at=None, now=make.NOW)

    with in_tenant(own_cooperative):
        product = make.product(options=("200 g", "500 g"), on_hand=1)
        pks = list(product.variants.values_list("pk", flat=True))
        monkeypatch.setattr(figures, "set_stock", wait_for_each_other)
        with TenantExecutor(2) as pool:
            for future in [pool.submit(take, pk) for pk in pks]:
                future.result()
        assert Product.objects.get(pk=product.pk).in_stock is False
