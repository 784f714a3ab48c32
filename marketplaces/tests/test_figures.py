"""Prices and stock go out as absolute figures; an older one never arrives after a newer one."""

import threading
import time

import pytest
from django.utils import timezone

from catalog.models import Variant
from inventory import making, stock
from inventory.models import Stock
from marketplaces import claiming, importing
from marketplaces.models import Connection, Listing, ListingVariant
from marketplaces.tests.conftest import bring_in, in_threads, listed, push, push_until, wait_for
from tenants.models import Due
from tests import make

UPDATE_STOCK = "/api/v2/product/update_stock"


def count(sku, pieces):
    pk = Variant.objects.get(sku=sku).pk
    stock.count(variant_id=pk, on_hand=pieces, reference="tests", now=timezone.now())


@pytest.mark.parametrize(
    ("on_hand", "reserved", "buffer", "cap", "told"),
    [(10, 3, 0, None, 7), (10, 3, 2, None, 5), (2, 0, 5, None, 0), (10, 0, 0, 4, 4), (0, 0, 0, None, 0)],
)
def test_what_a_channel_is_told(shop, shopee, on_hand, reserved, buffer, cap, told):
    listed(shop, sku="KOP", on_hand=on_hand)
    if reserved:
        pk = Variant.objects.get().pk
        stock.reserve(reference="O-1", wanted={pk: reserved}, expires_at=None, now=timezone.now())
    Connection.objects.update(buffer=buffer, cap=cap)
    push()
    assert shopee.figures("stock") == {"KOP": told}


def test_of_what_is_made_to_order_a_channel_is_told_a_week_of_its_maker(shop, shopee):
    row = listed(shop, sku="KUE", on_hand=0, made_to_order=True, daily_capacity=3, lead_days=2, options=("a", "b"))
    push()
    assert shopee.figures("stock") == {"KUE-1": 21, "KUE-2": 21}
    making.promise(reference="O-1", product=row.product, pieces=5, now=timezone.now())
    push()  # one piece is left of the second day, where the week begins now
    assert shopee.figures("stock") == {"KUE-1": 19, "KUE-2": 19}


def test_a_change_of_stock_is_one_short_call(shop, shopee):
    listed(shop, sku="KOP", options=("a", "b"))
    push()
    before = len(shopee.state()["calls"])
    count("KOP-1", 3)
    count("KOP-2", 0)
    push()
    assert [call["path"] for call in shopee.state()["calls"][before:]] == [UPDATE_STOCK]
    assert shopee.figures("stock") == {"KOP-1": 3, "KOP-2": 0}
    assert list(ListingVariant.objects.order_by("pk").values_list("pushed_quantity", "seen_quantity")) == [
        (3, 3),
        (0, 0),
    ]


def test_many_changes_become_one_figure_the_newest(shop, shopee):
    listed(shop, sku="KOP", on_hand=10)
    push()
    for pieces in (9, 8, 7):
        count("KOP", pieces)
    push()
    assert shopee.told("KOP") == [7]


def test_prices_go_out(shop, shopee):
    listed(shop, sku="KOP", options=("a", "b"))
    push()
    make.change(Variant.objects.get(sku="KOP-2"), price=99_000)
    push()
    assert shopee.figures("price") == {"KOP-1": 65_000, "KOP-2": 99_000}
    assert set(ListingVariant.objects.values_list("pushed_price", flat=True)) == {65_000, 99_000}


def test_one_variant_may_fail_alone_and_is_told_again(shop, shopee):
    row = listed(shop, sku="KOP", options=("a", "b"))
    push()
    shopee.faults({"fault": "partial_failure", "path_prefix": UPDATE_STOCK, "times": 1})
    count("KOP-1", 3)
    count("KOP-2", 4)
    push()
    row.refresh_from_db()
    assert shopee.figures("stock") == {"KOP-1": 3, "KOP-2": 10}
    assert dict(ListingVariant.objects.values_list("variant__sku", "pushed_quantity")) == {"KOP-1": 3, "KOP-2": 10}
    assert dict(ListingVariant.objects.values_list("variant__sku", "error_code")) == {"KOP-1": "", "KOP-2": "passing"}
    words = "Kanal ini sedang menolak sementara. Dicoba lagi otomatis."
    assert (row.last_error, row.needs_person) == (words, False)
    push_until(lambda: shopee.figures("stock") == {"KOP-1": 3, "KOP-2": 4})
    row.refresh_from_db()
    assert (row.last_error, row.attempts) == ("", 0)
    assert set(ListingVariant.objects.values_list("error_code", flat=True)) == {""}


def test_stock_held_for_an_unpaid_order_at_the_channel_is_no_trouble(shop, shopee):
    """There: 5 pieces, 3 ordered and unpaid, so 2 to sell. Shopee refuses to be told 2, which is what it shows."""
    row = listed(shop, sku="KOP", on_hand=5)
    push()
    shopee.buy("KOP", 3, paid=False)
    importing.pull(now=timezone.now())
    bring_in()
    assert Stock.objects.get().available == 2
    push()
    row.refresh_from_db()
    assert (row.last_error, row.try_at) == ("", None)
    assert ListingVariant.objects.get().pushed_quantity == 2


def slow_old_figure_and_quick_new_one(shop, shopee, cooperative):
    """A worker reads 9 and its call is slow; then 8 becomes true and another worker comes."""
    listed(shop, sku="KOP", on_hand=10)
    push()
    shopee.faults({"fault": "slow", "seconds": 1.5, "path_prefix": UPDATE_STOCK, "times": 1})
    count("KOP", 9)
    under_way = threading.Event()

    def first():
        under_way.set()
        push()

    def second():
        under_way.wait()
        time.sleep(0.7)
        count("KOP", 8)
        push()

    assert in_threads(cooperative, first, second) == [None, None]
    return shopee.told("KOP")


def test_an_older_figure_never_arrives_after_a_newer_one(shop, shopee, unconnected):
    assert slow_old_figure_and_quick_new_one(shop, shopee, unconnected) == [9, 8]


def test_without_the_claim_it_does(shop, shopee, unconnected, monkeypatch):
    """The negative control: both workers talk at once, and the shop ends with a piece that is gone."""
    monkeypatch.setattr(claiming, "take", lambda listing_id: Listing.objects.values_list("claim").get()[0] or "x")
    monkeypatch.setattr(claiming, "keep", lambda *_: None)
    monkeypatch.setattr(claiming, "release", lambda *_: None)
    listing = Listing.objects.all()
    monkeypatch.setattr("marketplaces.telling._Talk.write", lambda talk, **fields: listing.update(**fields))
    assert slow_old_figure_and_quick_new_one(shop, shopee, unconnected)[:2] == [8, 9]


def test_a_claimed_listing_is_left_alone_and_noted_for_later(shop, shopee):
    row = listed(shop, sku="KOP")
    push()
    assert claiming.take(row.pk)
    count("KOP", 3)
    Due.objects.all().delete()
    push()
    assert shopee.told("KOP") == []
    (note,) = Due.objects.all()
    assert note.kind == "push"
    assert 15 < (note.at - timezone.now()).total_seconds() <= 20


def test_a_lost_claim_writes_nothing(shop, shopee):
    row = listed(shop, sku="KOP")
    claim = claiming.take(row.pk)
    Listing.objects.update(claimed_until=timezone.now())
    with pytest.raises(claiming.ClaimLost):
        claiming.keep(row.pk, claim)
    assert claiming.take(row.pk) not in ("", claim)
    claiming.release(row.pk, claim)
    assert claiming.take(row.pk) == ""


def test_many_workers_bring_many_listings_to_the_true_figure(shop, shopee, unconnected):
    for number in range(30):
        listed(shop, title=f"Kopi Nomor {number}", sku=f"KOP-{number}")
    push_until(lambda: len(shopee.items()) == 30, seconds=60)
    truth = {f"KOP-{number}": number for number in range(30)}
    for sku, pieces in truth.items():
        count(sku, 50 + pieces)
    began = time.monotonic()

    def work():
        for sku, pieces in truth.items():
            count(sku, pieces)
            push()

    assert in_threads(unconnected, work, work, work) == [None] * 3
    wait_for(lambda: not push() and shopee.figures("stock") == truth, seconds=30)
    assert time.monotonic() - began < 60
    for sku, pieces in truth.items():
        assert shopee.told(sku)[-1] == pieces
