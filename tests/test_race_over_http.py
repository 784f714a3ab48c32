"""Forty buyers at once for ten pieces, over HTTP: exactly ten orders, thirty clear refusals, no server error.

And the negative control: the same race against a shop without the guard must oversell, or the race proves nothing.
"""

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import httpx
import pytest

from coop_shop.demo.redis import free_port
from simulators.loopback import LoopbackTransport
from tests import shopping

pytestmark = [pytest.mark.stack, pytest.mark.timeout(400)]
BUYERS, PIECES, SHOP = 40, 10, "batik-lasem"
INVARIANTS = """
from django.utils import timezone
from coop_shop.verifying import broken_invariants
answer = list(broken_invariants(now=timezone.now()))
"""
TAKE = """
from django.utils import timezone
from catalog.models import Product
from inventory import stock
product = Product.objects.on_sale().filter(axis1="", variants__stock__reserved=0).order_by("pk")[{nth}]
variant = product.variants.get()
stock.count(variant_id=variant.pk, on_hand={pieces}, reference="test", now=timezone.now())
answer = [variant.pk, f"/produk/{{product.slug}}/"]
"""
SHELF = "from inventory.models import Stock; s = Stock.objects.get(pk={pk}); answer = [s.on_hand, s.reserved]"


def test_the_last_ten_pieces_go_to_ten_of_forty_buyers(platform):
    pk, page = platform.shell(SHOP, TAKE.format(nth=0, pieces=PIECES))
    outcomes = race(platform.url(SHOP, ""), pk, page)
    assert outcomes == {"ordered": PIECES, "refused": BUYERS - PIECES}
    assert platform.shell(SHOP, SHELF.format(pk=pk)) == [PIECES, PIECES]
    assert platform.shell(SHOP, INVARIANTS) == []


def test_without_the_guard_the_same_race_oversells(platform, careless_shop):
    pk, page = platform.shell(SHOP, TAKE.format(nth=1, pieces=PIECES))
    outcomes = race(careless_shop, pk, page)
    on_hand, reserved = platform.shell(SHOP, SHELF.format(pk=pk))
    assert outcomes["ordered"] > PIECES
    assert reserved > on_hand


def race(address: str, variant: int, page: str) -> Counter[str]:
    start = Barrier(BUYERS)

    def buy(number: int) -> str:
        # A new connection each time: one that waited at the start may have been closed by the server meanwhile.
        transport = LoopbackTransport(limits=httpx.Limits(max_keepalive_connections=0))
        with httpx.Client(base_url=address, follow_redirects=True, timeout=120, transport=transport) as client:
            shopping.put_into_cart(client, page, variant=variant)
            shown = shopping.submit(
                client, client.get("/checkout/"), having="phone", **{**shopping.ADDRESS, "name": f"Pembeli {number}"}
            )
            start.wait(120)
            return outcome(shopping.submit(client, shown, having="phone"))

    with ThreadPoolExecutor(BUYERS) as pool:
        return Counter(pool.map(buy, range(BUYERS)))


def outcome(answer: httpx.Response) -> str:
    if answer.status_code != 200:
        return f"HTTP {answer.status_code}"
    if "/bayar/" in str(answer.url):
        return "ordered"
    explained = re.search(r"baru saja habis|tinggal \d+", answer.text) and 'role="alert"' in answer.text
    return "refused" if explained else "unclear"


@pytest.fixture
def careless_shop(platform) -> Iterator[str]:
    """The address of the shop, served without its guard; the stock it left behind is put right afterwards."""
    port = free_port()
    constraint = "ALTER TABLE inventory_stock {} CONSTRAINT never_promise_more_than_there_is {}"
    run = "from django.db import connection\nwith connection.cursor() as cursor:\n    cursor.execute({!r})"
    platform.shell(SHOP, run.format(constraint.format("DROP", "")))
    threads = ["--worker-class", "gthread", "--threads", str(BUYERS), "--no-control-socket"]
    server = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "tests.careless_wsgi", "-b", f"127.0.0.1:{port}", *threads],
        env={**platform.environment, "SITE_PORT": f":{port}"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert platform.eventually(lambda: is_up(port), seconds=60)
        yield f"http://{SHOP}.localhost:{port}"
    finally:
        server.terminate()
        server.wait(30)
        platform.shell(SHOP, CALL_OFF)
        platform.shell(SHOP, run.format(constraint.format("ADD", "CHECK (reserved <= on_hand)")))


CALL_OFF = """
from django.utils import timezone
from orders import lifecycle
from orders.models import Order
for pk in Order.objects.unpaid().filter(buyer_name__startswith="Pembeli ").values_list("pk", flat=True):
    lifecycle.cancel(order_id=pk, actor="test", now=timezone.now())
"""


def is_up(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
