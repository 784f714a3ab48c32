"""What may be pushed to us, and by whom."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from marketplaces.channels.shopee import signing
from marketplaces.models import ChannelNotice
from marketplaces.tests.conftest import PUSH_URL, SHOP, wait_for
from tenants.context import in_tenant
from tenants.models import Cooperative, Due

KEY = "shpk-test-push-key"
BODY = {
    "shop_id": SHOP,
    "code": 3,
    "timestamp": 1660123127,
    "data": {"ordersn": "220810QSK8S7BX", "status": "READY_TO_SHIP", "update_time": 1660123127},
}


def send(body=BODY, *, key=KEY, url=PUSH_URL, raw=None, host="localhost"):
    raw = raw if raw is not None else json.dumps(body).encode()
    signature = signing.sign_push(push_key=key, url=url, raw_body=raw)
    headers = {"Authorization": signature, "Host": host}
    here = connection.tenant
    try:
        return Client(enforce_csrf_checks=True).post(
            "/hooks/shopee/", raw, content_type="application/json", headers=headers
        )
    finally:
        connection.set_tenant(here)  # a request ends in `public`


@pytest.fixture
def due_before(shop):
    Due.objects.all().delete()


def test_a_push_is_stored_and_answered_with_nothing(shop, due_before):
    answer = send()
    assert (answer.status_code, answer.content) == (200, b"")
    notice = ChannelNotice.objects.get()
    assert (notice.kind, notice.external_id, notice.body, notice.handled_at) == ("order", "220810QSK8S7BX", BODY, None)
    assert Due.objects.get().kind == "import_orders"


def test_a_repeated_push_changes_nothing(shop, due_before):
    send()
    ChannelNotice.objects.update(handled_at=timezone.now())
    Due.objects.all().delete()
    assert send().status_code == 200
    assert ChannelNotice.objects.filter(handled_at__isnull=False).count() == 1
    assert (ChannelNotice.objects.count(), Due.objects.count()) == (1, 0)


@pytest.mark.parametrize("forgery", [{"key": "another"}, {"key": ""}, {"url": PUSH_URL.rstrip("/")}])
def test_a_forged_push_is_refused_and_leaves_nothing(shop, due_before, forgery):
    assert send(**forgery).status_code == 401
    assert (ChannelNotice.objects.count(), Due.objects.count()) == (0, 0)


def test_without_a_push_key_nothing_is_accepted(shop, due_before, settings):
    settings.SHOPEE_PUSH_KEY = ""
    assert send(key="").status_code == 401
    assert ChannelNotice.objects.count() == 0


def test_a_push_for_a_shop_that_nobody_has_is_thanked_for_and_dropped(shop, due_before):
    answer = send({**BODY, "shop_id": 999})
    assert (answer.status_code, answer.content) == (200, b"")
    assert (ChannelNotice.objects.count(), Due.objects.count()) == (0, 0)


def test_a_push_reaches_only_its_own_cooperative(shop, due_before):
    send()
    with in_tenant(Cooperative.objects.get(slug="batik-lasem")):
        assert ChannelNotice.objects.count() == 0
    assert set(Due.objects.values_list("cooperative__name", flat=True)) == {"Koperasi Kanal"}


@pytest.mark.parametrize("raw", [b"", b"not json", b"[]", b'{"code": "x"}', b'{"code": 3}', b"\xff\xfe"])
def test_a_signed_push_that_cannot_be_read_is_refused(shop, due_before, raw):
    assert send(raw=raw).status_code == 400
    assert ChannelNotice.objects.count() == 0


def test_a_push_that_is_too_long_is_refused(shop, due_before):
    assert send(raw=json.dumps({**BODY, "pad": "x" * 70_000}).encode()).status_code == 413
    assert ChannelNotice.objects.count() == 0


def test_pushes_we_have_no_use_for_are_thanked_for(shop, due_before):
    assert send({**BODY, "code": 8}).status_code == 200
    assert (ChannelNotice.objects.count(), Due.objects.count()) == (0, 0)


def test_only_the_platforms_host_takes_pushes(shop, due_before):
    assert send(host=Cooperative.objects.get(slug="batik-lasem").primary_domain).status_code == 404
    assert ChannelNotice.objects.count() == 0


def test_the_marketplace_counts_our_answer_as_received(shop, shopee, hooks):
    shopee.control("authorize", {"shop_id": SHOP})
    wait_for(lambda: {push["outcome"] for push in shopee.state()["pushes"]} == {"delivered"})
