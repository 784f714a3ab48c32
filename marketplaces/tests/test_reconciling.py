"""What the channel really shows is read back; a difference is named and repaired."""

from types import SimpleNamespace

from django.utils import timezone

from marketplaces import connecting, opening, reconciling
from marketplaces.models import Listing, ListingVariant
from marketplaces.reconciling import Drift
from marketplaces.tests.conftest import listed, push
from orders.models import Order


def reconcile():
    return reconciling.reconcile(now=timezone.now())


def by_hand(shop, path, body):
    opening.channel("shopee")._client.post(path, body, connecting.living_access(shop))


def test_what_is_in_step_is_left_alone(shop, shopee):
    listed(shop, sku="KOP", options=("a", "b"))
    push()
    assert reconcile() == []
    push()
    assert shopee.calls("update_stock") == []


def test_figures_changed_by_hand_are_named_and_repaired(shop, shopee):
    row = listed(shop, sku="KOP", on_hand=10)
    push()
    item_id = shopee.item()["item_id"]
    by_hand(shop, "product/update_stock", {"item_id": item_id, "stock_list": [{"seller_stock": [{"stock": 99}]}]})
    prices = [{"model_id": 0, "original_price": 50_000}]
    by_hand(shop, "product/update_price", {"item_id": item_id, "price_list": prices})
    assert reconcile() == [
        Drift(listing_id=row.pk, what="price", pushed=65_000, seen=50_000),
        Drift(listing_id=row.pk, what="quantity", pushed=10, seen=99),
    ]
    assert ListingVariant.objects.values_list("seen_price", "seen_quantity").get() == (50_000, 99)
    push()
    assert (shopee.figures("stock"), shopee.figures("price")) == ({"KOP": 10}, {"KOP": 65_000})
    assert reconcile() == []


def test_a_shop_too_large_for_one_turn_is_seen_whole_in_the_next(shop, shopee, monkeypatch):
    for sku in ("A", "B", "C"):
        listed(shop, sku=sku, title=f"Kopi {sku}")
    push()
    read, read_back = [], reconciling._read_back

    def slow(listing_id, claim, now):
        read.append(listing_id)
        clock[0] += 40
        return read_back(listing_id, claim, now)

    clock = [0.0]
    monkeypatch.setattr(reconciling, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    monkeypatch.setattr(reconciling, "_read_back", slow)
    assert reconcile() == []
    assert len(read) == 2
    reconcile()
    assert len(read) == 4
    assert set(read) == set(Listing.objects.values_list("pk", flat=True))


def test_a_listing_hidden_by_hand_comes_back(shop, shopee):
    row = listed(shop)
    push()
    by_hand(shop, "product/unlist_item", {"item_list": [{"item_id": shopee.item()["item_id"], "unlist": True}]})
    assert reconcile() == [Drift(listing_id=row.pk, what="live", pushed=True, seen=False)]
    push()
    assert shopee.item()["item_status"] == "NORMAL"


def test_a_sale_that_we_have_not_heard_of_is_no_drift(shop, shopee):
    listed(shop, sku="KOP", on_hand=10)
    push()
    shopee.buy("KOP", 4)
    assert reconcile() == []
    assert Order.objects.get().state == "paid"
    push()
    assert shopee.figures("stock") == {"KOP": 6}
