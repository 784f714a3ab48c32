"""Two hundred listings whose stock changes, while workers are killed -9 and Redis is flushed: every listing ends at the
true quantity, and none ever shows an older value after a newer one."""

import time

import pytest

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]
SHOP, LISTINGS, KILLS, SOON = "kopi-gayo", 200, 5, 60
FIRST, LAST = 500, 497  # counted down, so that an older value is a larger one

LIVE = """
from marketplaces.models import Listing
answer = Listing.objects.filter(pushed_live=True).exists()
"""
PUBLISH = f"""
from django.utils import timezone
from catalog import figures
from catalog.models import Picture, Product, Variant
from inventory import stock
from marketplaces import listing
from marketplaces.models import Connection, Listing
now = timezone.now()
shop = Connection.objects.get(state="active")
model = Listing.objects.filter(connection=shop, pushed_live=True).first().product
photo = model.pictures.first()
for n in range({LISTINGS}):
    product = Product.objects.create(
        title=f"Kopi uji tahan banting {{n:03d}}", slug=f"uji-{{n:03d}}", description=model.description,
        member=model.member, category=model.category, state="live",
    )
    Picture.objects.create(
        product=product, image=photo.image.name, width=photo.width, height=photo.height, alt="uji",
        sha256=photo.sha256, rendered_at=now,
    )
    variant = Variant.objects.create(product=product, sku=f"UJI-{{n:03d}}", price=50_000, weight_g=200)
    figures.set_prices([product.pk])
    stock.count(variant_id=variant.pk, on_hand={FIRST}, reference="uji", now=now)
    listing.want(product=product, connection=shop, now=now)
"""
PUSHED = """
from marketplaces.models import ListingVariant
rows = ListingVariant.objects.filter(variant__sku__startswith="UJI-", listing__pushed_live=True)
answer = rows.filter(pushed_quantity={quantity}).count()
"""
COUNT = """
from django.utils import timezone
from catalog.models import Variant
from inventory import stock
for pk in Variant.objects.filter(sku__startswith="UJI-").order_by("pk").values_list("pk", flat=True):
    stock.count(variant_id=pk, on_hand={quantity}, reference="uji", now=timezone.now())
"""
INVARIANTS = """
from django.utils import timezone
from coop_shop.verifying import broken_invariants
answer = list(broken_invariants(now=timezone.now()))
"""


def pushed(platform, quantity):
    return platform.shell(SHOP, PUSHED.format(quantity=quantity))


@pytest.fixture
def two_hundred(platform):
    assert platform.eventually(lambda: platform.shell(SHOP, LIVE), seconds=90), platform.log("worker")
    platform.shell(SHOP, PUBLISH)
    all_out = platform.eventually(lambda: pushed(platform, FIRST) == LISTINGS, seconds=240)
    assert all_out, f"{pushed(platform, FIRST)} published\n{platform.log('worker')}"
    return LISTINGS


def test_all_listings_end_at_the_true_quantity_and_never_go_back(platform, two_hundred):
    platform.shopee.post(
        "faults", body=[{"fault": "slow", "path_prefix": "/api/v2/product/update_stock", "seconds": 0.1}]
    )
    try:
        for kill, quantity in enumerate(range(FIRST - 1, LAST - 1, -1)):
            platform.shell(SHOP, COUNT.format(quantity=quantity))
            platform.kill_worker()
            if kill == 1:
                platform.flush_redis()
        for _ in range(KILLS - (FIRST - LAST)):
            time.sleep(2)
            platform.kill_worker()
        platform.flush_redis()
        done = platform.eventually(lambda: pushed(platform, LAST) == LISTINGS, seconds=SOON)
    finally:
        platform.shopee.post("faults", body=[])
    assert done, f"{pushed(platform, LAST)} of {LISTINGS}\n{platform.log('worker')}"

    shown = stock_at_shopee(platform)
    assert {sku: history[-1] for sku, history in shown.items()} == dict.fromkeys(shown, LAST)
    assert len(shown) == LISTINGS
    assert {sku: history for sku, history in shown.items() if history != sorted(history, reverse=True)} == {}
    assert platform.shell(SHOP, INVARIANTS) == []


def stock_at_shopee(platform):
    """Every value that the marketplace ever took, by SKU, in its own order."""
    state = platform.shopee.get("state")
    return {
        item["item_sku"]: [entry["stock"] for entry in item["stock_history"]]
        for item in state["items"]
        if item["item_sku"].startswith("UJI-")
    }
