"""Tasks and notes: what is due rings until it is done, and nothing rings for ever."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone

from catalog.models import Variant
from inventory import stock
from marketplaces import clock, connecting, pushing, tasks
from marketplaces.models import Connection, Listing
from marketplaces.tests.conftest import listed, wait_for
from orders.models import Order
from tenants import sweeping
from tenants.models import Due


def run(task):
    """As a worker does: bound to the cooperative by the message's header."""
    here = connection.tenant
    task.apply(headers={"_schema_name": here.schema_name}, throw=True)
    connection.set_tenant(here)


def test_a_push_that_is_done_leaves_nothing_due(shop, shopee):
    listed(shop, sku="KOP")
    run(tasks.push)
    assert shopee.figures("stock") == {"KOP": 10}
    assert not Due.objects.filter(kind="push").exists()


def test_a_push_that_failed_is_due_when_it_may_be_tried_again(shop, shopee):
    row = listed(shop, sku="KOP")
    shopee.faults({"fault": "500", "path_prefix": "/api/v2/product/"})
    run(tasks.push)
    row.refresh_from_db()
    (note,) = Due.objects.filter(kind="push")
    assert (note.at, row.attempts) == (row.try_at, 1)
    run(tasks.push)
    row.refresh_from_db()
    assert row.attempts == 1
    assert Due.objects.filter(kind="push").count() == 1


def test_a_listing_that_waits_for_a_person_rings_no_bells(shop, shopee):
    listed(shop, title="Teh")
    run(tasks.push)
    run(tasks.push)
    assert Listing.objects.get().needs_person
    assert not Due.objects.filter(kind="push").exists()


def test_a_turn_that_is_over_leaves_the_rest_due(shop, shopee, monkeypatch):
    for number in range(6):
        listed(shop, title=f"Kopi Nomor {number}")
    monkeypatch.setattr(pushing, "TURN_SECONDS", 0.0)
    run(tasks.push)
    assert shopee.items() == []
    assert Due.objects.filter(kind="push", at__lte=timezone.now()).exists()


def test_pull_and_import_hand_the_order_on_to_push(shop, shopee):
    listed(shop, sku="KOP")
    run(tasks.push)
    shopee.buy("KOP", 3)
    run(tasks.pull)
    assert Due.objects.filter(kind="import_orders").exists()
    run(tasks.import_orders)
    assert Order.objects.get().state == "paid"
    assert not Due.objects.filter(kind__in=["pull", "import_orders"], every=None).exists()
    assert Due.objects.filter(kind="push", every=None).exists()
    run(tasks.push)
    assert shopee.figures("stock") == {"KOP": 7}


def by_the_clock():
    """The standing orders of channels."""
    return dict(Due.objects.filter(kind__in=clock.EVERY, every__isnull=False).values_list("kind", "every"))


def test_only_a_connected_shop_is_looked_after_by_the_clock(shop, shopee):
    assert by_the_clock() == {}
    run(tasks.pull)  # which connecting the shop has noted
    assert by_the_clock() == {"pull": 60, "push": 300, "reconcile": 3600}
    connecting.disconnect(shop)
    run(tasks.pull)
    assert by_the_clock() == {}


def test_upkeep_brings_back_what_a_lost_write_took_away(shop):
    sweeping.upkeep(now=timezone.now())
    assert by_the_clock() == {"pull": 60, "push": 300, "reconcile": 3600}
    Connection.objects.update(state="lost")
    sweeping.upkeep(now=timezone.now())
    assert by_the_clock() == {}


def test_reconciling_leaves_what_drifted_to_push(shop, shopee):
    row = listed(shop, sku="KOP")
    run(tasks.push)
    row.variants.update(pushed_quantity=4)
    run(tasks.reconcile)
    assert row.variants.get().pushed_quantity == 10
    assert not Due.objects.filter(kind="reconcile").exists()


def test_figures_go_out_before_new_listings(shop, shopee, monkeypatch):
    listed(shop, sku="OLD")
    run(tasks.push)
    for number in range(3):
        listed(shop, title=f"Kopi Nomor {number}")
    stock.count(variant_id=Variant.objects.get(sku="OLD").pk, on_hand=1, reference="t", now=timezone.now())
    work, _ = pushing._to_do(timezone.now())
    assert work[0][0] == Listing.objects.get(product__variants__sku="OLD").pk
    assert len(work) == 4


def test_a_claim_of_the_dead_is_come_back_to(shop, shopee):
    row = listed(shop, sku="KOP")
    Listing.objects.filter(pk=row.pk).update(claim="dead", claimed_until=timezone.now() + timedelta(seconds=1))
    run(tasks.push)
    assert shopee.items() == []
    assert Due.objects.filter(kind="push").exists()
    wait_for(lambda: not run(tasks.push) and len(shopee.items()) == 1)
