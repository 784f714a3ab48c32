"""Bad days of the marketplace: each fault is seen, said in plain words, and got over without a second listing."""

import time

import pytest
from django.utils import timezone

from catalog.models import Variant
from inventory import stock
from lib import http
from marketplaces import pushing
from marketplaces.channels.errors import ChannelDown, RateLimited, Refused, Rejected, TokenInvalid
from marketplaces.channels.shopee.client import _retry_after
from marketplaces.channels.shopee.errors import classify
from marketplaces.models import Connection, Listing
from marketplaces.tests.conftest import listed, push, push_until
from tenants.models import Due

ADD, STOCK = "/api/v2/product/add_item", "/api/v2/product/update_stock"
DOWN = "Kanal ini sedang tidak dapat dihubungi. Dicoba lagi otomatis."
UNKNOWN = "Jawaban kanal ini tidak sampai. Hasilnya diperiksa lalu dicoba lagi otomatis."
LIMITED = "Kanal ini sedang membatasi jumlah permintaan. Dilanjutkan otomatis."
FAULTS = {
    "429": LIMITED,
    "500": UNKNOWN,
    "502": UNKNOWN,
    "cut": UNKNOWN,
    "lost_answer": UNKNOWN,
    "cut_mid_body": UNKNOWN,
    "truncated": UNKNOWN,
    "garbage": UNKNOWN,
    "huge": UNKNOWN,
    "gzip_bomb": UNKNOWN,
}


@pytest.fixture(autouse=True)
def short_waits(monkeypatch):
    monkeypatch.setattr(pushing, "_backoff", lambda *_, **__: 0.2)


def count(sku, pieces):
    pk = Variant.objects.get(sku=sku).pk
    stock.count(variant_id=pk, on_hand=pieces, reference="tests", now=timezone.now())


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_while_publishing_makes_exactly_one_listing_in_the_end(shop, shopee, fault):
    row = listed(shop, sku="KOP", options=("a", "b"))
    shopee.faults({"fault": fault, "path_prefix": ADD, "times": 2})
    push()
    row.refresh_from_db()
    assert (row.last_error, row.needs_person, row.external_id) == (FAULTS[fault], False, "")
    push_until(lambda: [item["item_status"] for item in shopee.items()] == ["NORMAL"])
    assert shopee.figures("stock") == {"KOP-1": 10, "KOP-2": 10}
    row.refresh_from_db()
    assert (row.last_error, row.attempts, row.publishing_at) == ("", 0, None)


def test_after_a_lost_answer_the_listing_is_looked_for_and_not_made_again(shop, shopee):
    listed(shop, sku="KOP")
    shopee.faults({"fault": "lost_answer", "path_prefix": ADD, "times": 1})
    push_until(lambda: Listing.objects.filter(pushed_live=True, last_error="").exists())
    assert (len(shopee.calls("add_item")), len(shopee.calls("search_item"))) == (1, 1)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_while_telling_stock_ends_with_the_true_figure(shop, shopee, fault):
    row = listed(shop, sku="KOP")
    push()
    shopee.faults({"fault": fault, "path_prefix": STOCK, "times": 2})
    count("KOP", 3)
    push()
    row.refresh_from_db()
    assert (row.last_error, row.needs_person) == (FAULTS[fault], False)
    push_until(lambda: shopee.figures("stock") == {"KOP": 3} and row_is_fine(row))


def row_is_fine(row):
    row.refresh_from_db()
    return row.last_error == ""


def test_an_answer_that_drips_is_given_up_in_time(shop, shopee, monkeypatch):
    monkeypatch.setattr(http, "DEADLINE_SECONDS", 1.0)
    row = listed(shop, sku="KOP")
    push()
    shopee.faults({"fault": "drip", "seconds": 0.05, "path_prefix": STOCK, "times": 1})
    count("KOP", 3)
    began = time.monotonic()
    push()
    row.refresh_from_db()
    assert row.last_error == UNKNOWN
    assert time.monotonic() - began < 4
    push_until(lambda: row_is_fine(row))
    assert shopee.figures("stock") == {"KOP": 3}


def test_a_marketplace_that_is_not_there(shop, shopee, settings):
    row = listed(shop, sku="KOP")
    settings.SHOPEE_API_BASE = "http://127.0.0.1:1"
    push()
    row.refresh_from_db()
    assert (row.last_error, row.error_code, row.publishing_at) == (DOWN, "down", None)
    settings.SHOPEE_API_BASE = shopee.base
    push_until(lambda: shopee.figures("stock") == {"KOP": 10})


def test_a_broken_channel_is_not_tried_with_every_listing(shop, shopee):
    for number in range(12):
        listed(shop, title=f"Kopi Nomor {number}")
    push_until(lambda: len(shopee.items()) == 12)
    shopee.faults({"fault": "500", "path_prefix": STOCK})
    for variant in Variant.objects.all():
        count(variant.sku, 4)
    push()
    assert len(shopee.calls("update_stock")) <= pushing.DOWN_IN_A_TURN + pushing.HANDS
    shopee.faults()
    push_until(lambda: set(shopee.figures("stock").values()) == {4})


def test_the_channels_own_waiting_time_is_kept(shop, shopee):
    listed(shop, sku="KOP")
    push()
    count("KOP", 3)
    shopee.faults({"fault": "429", "path_prefix": STOCK, "times": 1, "retry_after": "2"})
    Due.objects.all().delete()
    push()
    (note,) = Due.objects.all()
    assert 1 < (note.at - timezone.now()).total_seconds() <= 2
    push()
    assert len(shopee.calls("update_stock")) <= 1
    push_until(lambda: shopee.figures("stock") == {"KOP": 3})


def test_a_channel_that_limits_hard_is_served_in_the_end(shop, shopee):
    shopee.control("settings", {"rate_limit": 8})
    for number in range(6):
        listed(shop, title=f"Kopi Nomor {number}")
    push_until(lambda: [item["item_status"] for item in shopee.items()] == ["NORMAL"] * 6, seconds=30)


def test_a_token_that_is_refused_twice_is_not_a_lost_shop(shop, shopee):
    row = listed(shop, sku="KOP")
    push()
    count("KOP", 3)
    shopee.faults({"fault": "token_expired", "path_prefix": STOCK, "times": 2})
    push()
    assert Connection.objects.get().state == "active"
    assert len(shopee.calls("access_token/get")) == 1
    push_until(lambda: row_is_fine(row))
    assert shopee.figures("stock") == {"KOP": 3}


def test_a_wrong_clock_is_said_to_the_officer(shop, shopee):
    row = listed(shop, sku="KOP")
    push()
    count("KOP", 3)
    shopee.faults({"fault": "clock_skew", "path_prefix": "/api/", "times": 1})
    push()
    words = "Jam server tidak cocok dengan jam kanal. Pengelola platform perlu memeriksanya."
    row.refresh_from_db()
    assert (row.last_error, Connection.objects.get().last_error) == (words, words)
    push_until(lambda: row_is_fine(row))
    assert Connection.objects.get().last_error == ""


@pytest.mark.parametrize(
    ("error", "message", "kind", "about"),
    [
        ("common.error_auth", "Invalid access_token.", TokenInvalid, None),
        ("invalid_acceess_token", "", TokenInvalid, None),
        ("error_auth", "no linked", TokenInvalid, None),
        ("error_auth", "partner_id is invalid", Refused, "app_invalid"),
        ("error_auth", "Stock should be larger than reserved stock", Rejected, "reserved_stock"),
        ("error_param", "Timestamp is expired.", Refused, "clock"),
        ("error_sign", "Wrong sign.", Refused, "app_invalid"),
        ("error_auth", "Invalid code", Refused, "code_spent"),
        ("order.error_limit", "try again after 00:00 (UTC+08:00)", RateLimited, None),
        ("product.error_system_busy", "", ChannelDown, None),
        ("error_price_exceed_min_limitt", "", Rejected, "price_refused"),
        ("product.error_param", "invalid field Weight: value must be within 0 and 50 kg", Rejected, "other"),
        ("shop_banned", "", Refused, "shop_suspended"),
        ("something_new", "Nobody knows", Rejected, "other"),
    ],
)
def test_the_same_code_means_different_things(error, message, kind, about):
    meant = classify(error, message)
    assert type(meant) is kind
    problems = getattr(meant, "problems", None) or [getattr(meant, "problem", None)]
    assert (problems[0].code if problems[0] else None) == about


@pytest.mark.parametrize(
    ("header", "seconds"), [("2", 2.0), ("", None), ("soon", None), ("-5", None), ("999999", 3600.0)]
)
def test_retry_after_is_read_with_care(header, seconds):
    assert _retry_after(header) == seconds
