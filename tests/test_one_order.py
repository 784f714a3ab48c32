"""The main job, end to end: real HTTP, real workers, the simulators.

A member's product is sold in the cooperative's own shop and on Shopee at the same time, from one stock; the money and
the sale are traceable.
"""

import re

import httpx
import pytest

from tests import shopping

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
SHOP = "kopi-gayo"
SOON = 5  # seconds: what acceptance allows between a sale and the other channel showing it

LISTED = """
from django.db.models import F
from marketplaces.models import ListingVariant
row = ListingVariant.objects.filter(
    pushed_quantity=F("variant__stock__on_hand") - F("variant__stock__reserved"),
    pushed_quantity__gte=3, listing__pushed_live=True, listing__product__axis1="",
).select_related("variant__product", "listing__connection").order_by("pk").first()
answer = row and {
    "variant": row.variant_id, "sku": row.variant.sku, "price": row.variant.price,
    "page": f"/produk/{row.variant.product.slug}/", "stock": row.variant.stock.available,
    "item": row.listing.external_id, "shop": row.listing.connection.external_shop_id,
    "member": row.variant.product.member.number,
}
"""
INVARIANTS = """
from django.utils import timezone
from coop_shop.verifying import broken_invariants
answer = list(broken_invariants(now=timezone.now()))
"""


@pytest.fixture(scope="module")
def goods(platform):
    """A product on sale in both places, with at least three pieces."""
    found = platform.eventually(lambda: platform.shell(SHOP, LISTED), seconds=90)
    assert found, platform.log("worker")
    return found


def on_shopee(platform, path, method="GET"):
    return httpx.request(method, f"{platform.shopee.address}{path}", trust_env=False, follow_redirects=True)


def shopee_stock(platform, goods):
    """What a buyer reads on the Shopee page."""
    page = on_shopee(platform, f"/item/{goods['item']}/").text
    return int(re.search(r'data-stock="(\d+)"', page)[1])


def test_a_sale_here_and_a_sale_there_share_one_stock(platform, goods):
    buyer = platform.client(SHOP)

    # a guest buys one piece and pays with Stripe
    shopping.put_into_cart(buyer, goods["page"], variant=goods["variant"])
    pay_page = shopping.check_out(buyer)
    assert "/bayar/" in str(pay_page.url), pay_page.text[:2000]
    hosted = shopping.choose_stripe(buyer, pay_page)
    assert platform.stripe.post("pay", session=hosted.rstrip("/").rpartition("/")[2], outcome="paid")

    # the Shopee page of that product shows the new stock
    left = goods["stock"] - 1
    assert platform.eventually(lambda: shopee_stock(platform, goods) == left, seconds=SOON), platform.log("worker")

    # somebody buys the last pieces on the Shopee page
    platform.shopee.post("buy", sku=goods["sku"], shop_id=int(goods["shop"]), quantity=left)
    sold_out = platform.eventually(lambda: "habis" in buyer.get(goods["page"]).text.lower(), seconds=SOON)
    assert sold_out, platform.log("worker")

    # the officer sees both orders with their channel
    officer = platform.login(SHOP, "pengurus")
    code = str(pay_page.url).rstrip("/").rpartition("/")[2]
    orders = officer.get("/kelola/pesanan/").text
    assert code in orders
    assert "Shopee" in orders

    # the buyer's own page says that it is paid
    token = platform.shell(SHOP, f"from orders.models import Order; answer = Order.objects.get(code={code!r}).token")
    assert "Dibayar" in buyer.get(f"/pesanan/{token}/").text

    # every rupiah is traceable to the member
    booked = platform.shell(
        SHOP,
        f"""
from ledger.models import Entry
entries = Entry.objects.filter(journal__order__code={code!r})
answer = list(entries.values_list("account__code", "amount"))
""",
    )
    amounts = dict(map(tuple, booked))
    assert sum(amounts.values()) == 0
    fee = (goods["price"] * 500 + 5_000) // 10_000
    assert amounts[f"payable:member:{goods['member']}"] == -(goods["price"] - fee)
    assert amounts["income:cooperative_fee"] == -fee
    assert platform.shell(SHOP, INVARIANTS) == []


def test_a_cancelled_shopee_order_brings_its_stock_back_once(platform, goods):
    found = platform.shell(SHOP, LISTED)
    available = f"from inventory.models import Stock; answer = Stock.objects.get(pk={found['variant']}).available"
    bought = platform.shopee.post("buy", sku=found["sku"], shop_id=int(found["shop"]), quantity=2, paid=False)
    reserved = platform.eventually(lambda: platform.shell(SHOP, available) == found["stock"] - 2, seconds=SOON)
    assert reserved, platform.log("worker")

    assert on_shopee(platform, f"/order/{bought['order_sn']}/ask_to_cancel", "POST").status_code == 200
    back = platform.eventually(lambda: platform.shell(SHOP, available) == found["stock"], seconds=SOON)
    assert back, platform.log("worker")
    state = f"from orders.models import Order; answer = Order.objects.get(external_id={bought['order_sn']!r}).state"
    assert platform.shell(SHOP, state) == "cancelled"
    assert platform.shell(SHOP, INVARIANTS) == []
