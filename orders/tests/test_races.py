import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from inventory.models import Stock
from orders import documents, lifecycle, placing
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


@pytest.mark.breaks("I5")  # the money itself is the business of payments/
def test_a_payment_that_waits_for_the_shelf_holds_no_invoice_number(own_cooperative, now):
    """A payment after expiry has the shelf first and needs a number then: the other way round they would wait for each
    other for ever."""
    with in_tenant(own_cooperative):
        coffee = make.variant()
        order = make.order(cart={coffee.pk: 1})

    def pay():
        try:
            with in_tenant(own_cooperative):
                return lifecycle.mark_paid(order_id=order.pk, actor="stripe", now=now).invoice_number
        finally:
            connection.set_schema_to_public()
            connection.close()

    with ThreadPoolExecutor(1) as pool, in_tenant(own_cooperative):
        with transaction.atomic():
            Stock.objects.select_for_update().get(pk=coffee.pk)
            payment = pool.submit(pay)
            _wait_until_somebody_waits_for_us()
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")
            assert documents.next_number("INV", now=now) == "INV/2026/000001"
            transaction.set_rollback(True)
        assert payment.result(30) == "INV/2026/000001"


def _wait_until_somebody_waits_for_us():
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction would see the same picture for ever
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")
