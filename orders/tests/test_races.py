from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from inventory.models import Stock
from orders import placing
from orders.models import Order
from tenants.context import in_tenant
from tests import make


def test_fifty_identical_checkouts_are_one_order(own_cooperative, now):
    with in_tenant(own_cooperative):
        make.rate()
        pk = make.variant(on_hand=100).pk
    barrier = Barrier(50)

    def click(_):
        try:
            with in_tenant(own_cooperative):
                barrier.wait(30)
                return placing.place_order(
                    cart={pk: 2}, buyer=make.buyer(), shown_total=150_000, idempotency_key="one-click", now=now
                ).code
        finally:
            connection.set_schema_to_public()
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        codes = set(pool.map(click, range(50)))
    with in_tenant(own_cooperative):
        assert codes == {Order.objects.get().code}
        assert Stock.objects.get().reserved == 2
