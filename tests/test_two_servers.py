"""A cooperative lives on a second database server, and comes back, while all others serve and nothing is lost."""

import subprocess
import sys
import threading
import time
from collections import Counter

import psycopg
import pytest

from coop_shop.demo.place import ROOT
from tests import shopping

pytestmark = [pytest.mark.stack, pytest.mark.timeout(400)]
MOVED, STAYS = "batik-lasem", "kopi-gayo"
WHERE = """
from tenants import servers
from tenants.context import current_cooperative
from orders.models import Order
answer = [servers.here(), current_cooperative().schema_name, Order.objects.count()]
"""
PAGE = """
from django.db.models import F
from catalog.models import Product
on_sale = Product.objects.on_sale().filter(axis1="")
product = on_sale.filter(variants__stock__on_hand__gt=F("variants__stock__reserved")).order_by("pk").last()
answer = f"/produk/{product.slug}/"
"""
INVARIANTS = """
from django.utils import timezone
from coop_shop.verifying import broken_invariants
answer = list(broken_invariants(now=timezone.now()))
"""
FINGERPRINTS = """
import psycopg
from django.db import connection
from tenants.backup import copying
with psycopg.connect(**connection.get_connection_params(), autocommit=True) as own:
    answer = [[table.name, table.rows, table.sha256] for table in copying.measure(own, connection.schema_name).tables]
"""
# no job changes these
STEADY = (
    "accounts_",
    "catalog_product",
    "catalog_variant",
    "inventory_",
    "ledger_",
    "members_",
    "orders_",
    "shipping_",
)


def manage(platform, *words):
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=platform.environment, capture_output=True, text=True, check=False)


def schemas_on_second(platform):
    address = platform.environment["DATABASE_SERVERS"].removeprefix("dua=")
    with psycopg.connect(address) as second:
        return [name for (name,) in second.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 't\\_%'")]


def fingerprints(platform):
    return {name: (rows, sha) for name, rows, sha in platform.shell(MOVED, FINGERPRINTS) if name.startswith(STEADY)}


def buy(platform):
    """One order; returns its code."""
    client = platform.client(MOVED)
    shopping.put_into_cart(client, platform.shell(MOVED, PAGE))
    paying = shopping.check_out(client)
    assert "/bayar/" in str(paying.url)
    return paying.url.path.strip("/").split("/")[-1]


@pytest.fixture
def visitors(platform):
    """Two who look at both shops all the time. `visitors[slug]` counts the answers."""
    seen = {MOVED: Counter(), STAYS: Counter()}
    ended = threading.Event()

    def look(slug):
        client = platform.client(slug)
        while not ended.wait(0.05):
            seen[slug][client.get("/").status_code] += 1

    # No tenant: they only speak HTTP.
    threads = [threading.Thread(target=look, args=(slug,)) for slug in seen]  # noqa: TID251
    for thread in threads:
        thread.start()
    yield seen
    ended.set()
    for thread in threads:
        thread.join()


def test_there_and_back_while_others_serve(platform, visitors):
    home, schema, orders = platform.shell(MOVED, WHERE)
    assert home == "default"
    before = fingerprints(platform)

    moved = manage(platform, "move_cooperative", "--cooperative", MOVED, "--to", "dua")
    assert moved.returncode == 0, moved.stderr
    assert fingerprints(platform) == before
    assert platform.shell(MOVED, WHERE) == ["dua", schema, orders]
    assert schemas_on_second(platform) == [schema]

    # It sells there, its jobs run there, and its mail goes out.
    code = buy(platform)
    asked = f"from orders.models import Order; answer = Order.objects.filter(code={code!r}).count()"
    assert platform.shell(MOVED, asked) == 1
    left = "from notifications.models import Message; answer = Message.objects.filter(sent_at=None).count()"
    assert platform.eventually(lambda: platform.shell(MOVED, left) == 0, seconds=20)
    assert platform.shell(MOVED, INVARIANTS) == []

    back = manage(platform, "move_cooperative", "--cooperative", MOVED, "--to", "default")
    assert back.returncode == 0, back.stderr
    assert platform.shell(MOVED, WHERE) == ["default", schema, orders + 1]
    assert schemas_on_second(platform) == []
    assert platform.shell(MOVED, INVARIANTS) == []

    # While it moved its pages asked to come again; nobody else noticed anything.
    assert set(visitors[STAYS]) == {200}
    assert set(visitors[MOVED]) == {200, 503}


def test_a_move_that_was_killed_is_given_up_or_finished(platform):
    _, schema, orders = platform.shell(MOVED, WHERE)
    command = [sys.executable, "manage.py", "move_cooperative", "--cooperative", MOVED, "--to", "dua"]
    for seconds in (2.0, 5.0, 6.5):
        process = subprocess.Popen(
            command, cwd=ROOT, env=platform.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(seconds)
        process.kill()
        process.wait()
        done = manage(platform, "move_cooperative", "--cooperative", MOVED, "--give-up")
        assert done.returncode == 0, done.stderr
        server, _, count = platform.shell(MOVED, WHERE)
        assert count == orders
        assert schemas_on_second(platform) == ([schema] if server == "dua" else [])
        if server == "dua":
            assert manage(platform, "move_cooperative", "--cooperative", MOVED, "--to", "default").returncode == 0


def test_while_it_moves_nobody_else_moves_it_or_tidies_up(platform):
    before = platform.shell(MOVED, WHERE)
    key = platform.shell(MOVED, "from tenants.context import current_cooperative; answer = current_cooperative().pk")
    with psycopg.connect(platform.environment["DATABASE_URL"]) as mover:  # holds what a running move holds
        mover.execute("SELECT pg_advisory_lock(hashtext('coop_shop:move'), %s::int)", [key])
        for words in (["--to", "dua"], ["--give-up"]):
            refused = manage(platform, "move_cooperative", "--cooperative", MOVED, *words)
            assert refused.returncode == 1
            assert "it is being moved by another process" in refused.stderr
    assert platform.shell(MOVED, WHERE) == before
    assert schemas_on_second(platform) == []


def test_a_server_that_nobody_knows_is_refused(platform):
    before = platform.shell(MOVED, WHERE)
    refused = manage(platform, "move_cooperative", "--cooperative", MOVED, "--to", "tiga")
    assert refused.returncode == 1
    assert "no server is called “tiga”; there are default, dua" in refused.stderr
    assert platform.shell(MOVED, WHERE) == before
