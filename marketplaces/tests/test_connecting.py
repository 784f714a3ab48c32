"""A shop is joined through the marketplace's own pages, and its right to act is kept alive."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils import timezone

from lib.secrets import CannotOpen
from lib.signing import sign
from marketplaces import connecting, opening
from marketplaces.channels.errors import Refused
from marketplaces.models import Connection
from marketplaces.tests.conftest import OFFICER, SHOP, agree, connect, in_threads
from tenants.context import in_tenant
from tenants.models import ChannelRoute, Cooperative

REFRESH = "auth/access_token/get"


def neighbour():
    return Cooperative.objects.get(slug="batik-lasem")


def finish(params, officer=OFFICER):
    return connecting.finish(channel="shopee", officer_id=officer, params=params, now=timezone.now())


def test_an_officer_connects_a_shop_and_its_pushes_are_routed_here(unconnected):
    joined = connect()
    assert (joined.state, joined.external_shop_id, joined.name) == ("active", str(SHOP), "Kopi Gayo Takengon")
    route = ChannelRoute.objects.get(channel="shopee", external_shop_id=str(SHOP))
    assert route.cooperative_id == unconnected.pk


def test_the_way_back_leads_to_the_cooperatives_own_host(unconnected):
    link = connecting.start(channel="shopee", officer_id=OFFICER)
    back = urlsplit(parse_qs(urlsplit(link).query)["redirect"][0])
    assert (back.hostname, back.path) == (unconnected.primary_domain, "/kelola/kanal/shopee/kembali/")


@pytest.mark.parametrize("state", ["", "forged", "other-officer", "other-purpose"])
def test_a_way_back_that_was_not_begun_here_connects_nothing(unconnected, shopee, state):
    params = agree(connecting.start(channel="shopee", officer_id=OFFICER))
    forged = {
        "other-officer": sign({"channel": "shopee", "officer": 99}, purpose=connecting.PURPOSE),
        "other-purpose": sign({"channel": "shopee", "officer": OFFICER}, purpose="cart"),
    }.get(state, state)
    with pytest.raises(connecting.BadState):
        finish({**params, "state": forged})
    assert not Connection.objects.exists()
    assert shopee.calls("token/get") == []


def test_the_state_of_one_cooperative_means_nothing_to_another(unconnected):
    params = agree(connecting.start(channel="shopee", officer_id=OFFICER))
    with in_tenant(neighbour()):
        with pytest.raises(connecting.BadState):
            finish(params)
        assert not Connection.objects.exists()


def test_a_shop_of_another_cooperative_is_refused(shop, unconnected, shopee):
    with in_tenant(neighbour()):
        with pytest.raises(connecting.ShopTaken):
            connect()
        assert not Connection.objects.exists()
    assert ChannelRoute.objects.get(external_shop_id=str(SHOP)).cooperative_id == unconnected.pk
    assert len(shopee.calls("token/get")) == 1  # the code was not spent


def test_a_spent_code_connects_nothing(unconnected):
    params = agree(connecting.start(channel="shopee", officer_id=OFFICER))
    finish(params)
    Connection.objects.all().delete()
    with pytest.raises(Refused) as refused:
        finish(params)
    assert refused.value.problem.code == "code_spent"
    assert not Connection.objects.exists()


def test_tokens_are_sealed_to_their_row(shop):
    assert "access" not in shop.sealed_tokens
    other = Connection.objects.create(
        channel="shopee", external_shop_id="1", name="x", connected_at=timezone.now(), sealed_tokens=shop.sealed_tokens
    )
    with pytest.raises(CannotOpen):
        connecting._tokens(other)


def test_an_expired_token_is_renewed_once_and_the_call_goes_through(shop, shopee):
    shopee.control("expire_tokens")
    adapter = opening.channel("shopee")
    assert connecting.ask(shop, adapter.shop_name) == "Kopi Gayo Takengon"
    assert connecting.ask(shop, adapter.shop_name) == "Kopi Gayo Takengon"
    assert len(shopee.calls(REFRESH)) == 1


def test_a_token_about_to_expire_is_renewed_before_the_call(shop, shopee):
    Connection.objects.update(access_expires_at=timezone.now() + timedelta(minutes=4))
    connecting.ask(shop, opening.channel("shopee").shop_name)
    assert [call["path"].rpartition("/v2/")[2] for call in shopee.state()["calls"]][-2:] == [
        REFRESH,
        "shop/get_shop_info",
    ]


def test_workers_that_find_the_token_expired_together_renew_it_once(shop, shopee, unconnected):
    shopee.control("expire_tokens")
    shopee.faults({"fault": "slow", "seconds": 0.4, "path_prefix": "/api/v2/auth/"})
    adapter = opening.channel("shopee")

    def work():
        return connecting.ask(Connection.objects.get(), adapter.shop_name)

    assert in_threads(unconnected, *[work] * 4) == ["Kopi Gayo Takengon"] * 4
    assert len(shopee.calls(REFRESH)) == 1
    shop.refresh_from_db()
    assert shop.state == "active"


def test_without_the_lock_the_same_race_loses_the_shop(shop, shopee, unconnected, monkeypatch):
    """The negative control: a refresh token is good once."""
    monkeypatch.setattr(connecting._OneAtATime, "_run", lambda *_: None)
    shopee.control("expire_tokens")
    shopee.faults({"fault": "slow", "seconds": 0.4, "path_prefix": "/api/v2/auth/"})
    adapter = opening.channel("shopee")
    in_threads(unconnected, *[lambda: connecting.ask(Connection.objects.get(), adapter.shop_name)] * 4)
    assert len(shopee.calls(REFRESH)) > 1


def test_a_dead_refresh_token_asks_an_officer_to_connect_again(shop, shopee):
    shopee.control("expire_tokens", {"refresh_too": True})
    with pytest.raises(connecting.ConnectionLost):
        connecting.ask(shop, opening.channel("shopee").shop_name)
    shop.refresh_from_db()
    assert shop.state == "lost"
    assert shop.last_error == "Izin toko ke kanal ini habis. Hubungkan ulang tokonya."
    assert connect().state == "active"
    assert Connection.objects.get().last_error == ""


def test_disconnecting_forgets_the_tokens_and_the_route(shop):
    connecting.disconnect(shop)
    shop.refresh_from_db()
    assert (shop.state, shop.sealed_tokens) == ("closed", "")
    assert not ChannelRoute.objects.filter(external_shop_id=str(SHOP)).exists()
    with pytest.raises(connecting.ConnectionLost):
        connecting.ask(shop, opening.channel("shopee").shop_name)
