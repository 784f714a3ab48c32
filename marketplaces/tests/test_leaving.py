"""A closed cooperative takes down what the channels show, and gives up the right to act there."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from marketplaces import leaving, listing, tasks
from marketplaces.models import Connection
from marketplaces.tests.conftest import listed, push
from tenants import lifecycle
from tenants.models import ChannelRoute, Cooperative


@pytest.fixture(autouse=True)
def open_again(own_cooperative):
    yield
    Cooperative.objects.filter(pk=own_cooperative.pk).update(state=Cooperative.State.OPEN, state_reason="")


def close():
    here = connection.tenant
    closed = lifecycle.close(cooperative_id=here.pk, by="RAT", reason="bubar", now=timezone.now())
    connection.set_tenant(closed)


def leave_by_task():
    """As a worker does, which begins in `public`."""
    here = connection.tenant
    connection.set_schema_to_public()
    tasks.leave_channels.apply(throw=True)
    connection.set_tenant(here)


def test_what_is_shown_is_taken_down_and_then_the_tokens_are_forgotten(shop, shopee):
    listed(shop, sku="KOP")
    push()
    assert shopee.item()["item_status"] == "NORMAL"
    close()
    leave_by_task()
    assert shopee.item()["item_status"] == "UNLIST"
    shop.refresh_from_db()
    assert (shop.state, shop.sealed_tokens, shop.access_expires_at) == (Connection.State.CLOSED, "", None)
    assert not ChannelRoute.objects.filter(cooperative=connection.tenant).exists()
    assert leaving.waiting() == []


def test_a_channel_that_is_down_is_asked_again_and_keeps_its_route_meanwhile(shop, shopee):
    row = listed(shop, sku="KOP")
    push()
    close()
    shopee.faults({"fault": "500", "path_prefix": "/api/v2/product/", "times": 50})
    leave_by_task()
    shop.refresh_from_db()
    assert (shop.state, [one.pk for one in leaving.waiting()]) == (Connection.State.ACTIVE, [connection.tenant.pk])
    shopee.control("faults", [])
    row.refresh_from_db()
    leaving.leave(now=row.try_at or timezone.now())
    assert (shopee.item()["item_status"], leaving.waiting()) == ("UNLIST", [])


def test_a_channel_that_stays_down_for_a_day_is_left_as_it_is(shop, shopee):
    listed(shop, sku="KOP")
    push()
    close()
    shopee.faults({"fault": "500", "path_prefix": "/api/v2/product/", "times": 50})
    leaving.leave(now=timezone.now() + leaving.GIVE_UP_AFTER - timedelta(minutes=1))
    assert len(leaving.waiting()) == 1
    leaving.leave(now=timezone.now() + leaving.GIVE_UP_AFTER)
    shop.refresh_from_db()
    assert (shop.state, shop.sealed_tokens, leaving.waiting()) == (Connection.State.CLOSED, "", [])
    assert shopee.item()["item_status"] == "NORMAL"


def test_an_open_or_suspended_cooperative_leaves_nothing(shop, shopee):
    listed(shop, sku="KOP")
    push()
    lifecycle.suspend(cooperative_id=connection.tenant.pk, by="op", reason="tagihan", now=timezone.now())
    leave_by_task()
    shop.refresh_from_db()
    assert (shop.state, shopee.item()["item_status"], leaving.waiting()) == ("active", "NORMAL", [])


@pytest.fixture
def earlier(own_cooperative):
    """Another cooperative, which closed before."""
    other = Cooperative.objects.filter(slug="batik-lasem")
    other.update(state="closed", state_since=timezone.now() - timedelta(days=1))
    route = ChannelRoute.objects.create(channel="shopee", external_shop_id="1", cooperative=other.get())
    yield other.get()
    route.delete()
    other.update(state="open")


def test_one_that_fails_stops_no_other(shop, shopee, earlier, monkeypatch):
    listed(shop, sku="KOP")
    push()
    close()
    real = leaving.leave

    def leave(*, now):
        if connection.tenant.pk == earlier.pk:
            raise RuntimeError("batik is broken")
        real(now=now)

    monkeypatch.setattr(leaving, "leave", leave)
    leave_by_task()
    assert [one.slug for one in leaving.waiting()] == ["batik-lasem"]


def test_a_shop_in_preparation_is_connected_but_nothing_is_shown_yet(shop, shopee):
    row = listed(shop, sku="KOP")
    listing.unwant(product=row.product, connection=shop, now=timezone.now())
    Cooperative.objects.filter(pk=connection.tenant.pk).update(state="preparing")
    connection.set_tenant(Cooperative.objects.get(pk=connection.tenant.pk))
    with pytest.raises(listing.NotOpen):
        listing.want(product=row.product, connection=shop, now=timezone.now())
    row.refresh_from_db()
    assert row.wanted_live is False
