"""Credentials go in and never come out to a page."""

import pytest
from django.db import connection

from lib.secrets import CannotOpen
from payments import gateways
from payments.models import Gateway
from payments.tests.conftest import KEY, take_stripe
from tenants.context import in_tenant


def test_secrets_are_sealed_and_open_only_where_they_were_put(kopi, batik):
    gateway = take_stripe()
    assert gateways.opened(gateway).secrets["secret_key"] == KEY
    assert KEY not in gateway.sealed
    assert KEY not in repr(gateways.opened(gateway))
    moved = Gateway(pk=gateway.pk + 1, provider="stripe", sealed=gateway.sealed)
    with pytest.raises(CannotOpen):
        gateways.opened(moved)
    with in_tenant(batik), pytest.raises(CannotOpen):
        gateways.opened(gateway)
    assert connection.schema_name == kopi.schema_name


def test_new_keys_are_a_new_row_and_the_old_one_still_opens(kopi):
    old = take_stripe()
    new = gateways.rotate_gateway(gateway_id=old.pk, secrets={"secret_key": "sk_test_new", "webhook_secret": "whsec_n"})
    old.refresh_from_db()
    assert (old.is_active, new.is_active) == (False, True)
    assert old.hook_uid != new.hook_uid
    assert (new.label, gateways.opened(new).secrets["secret_key"]) == ("Kartu", "sk_test_new")
    assert gateways.opened(old).secrets["secret_key"] == KEY


@pytest.mark.parametrize(
    ("provider", "secrets", "missing"),
    [
        ("stripe", {}, ["secret_key", "webhook_secret"]),
        ("stripe", {"secret_key": "sk_test_x", "webhook_secret": ""}, ["webhook_secret"]),
        ("transfer", {}, ["bank", "account_number", "account_holder"]),
    ],
)
def test_an_incomplete_gateway_is_refused_and_the_one_before_stays(kopi, provider, secrets, missing):
    before = take_stripe()
    with pytest.raises(gateways.Incomplete) as refusal:
        gateways.create_gateway(provider=provider, label="x", secrets=secrets)
    assert refusal.value.missing == missing
    assert list(Gateway.objects.filter(is_active=True)) == [before]


def test_a_closed_gateway_is_offered_to_nobody(kopi):
    gateway = take_stripe()
    gateways.close_gateway(gateway_id=gateway.pk)
    assert not Gateway.objects.filter(is_active=True).exists()
