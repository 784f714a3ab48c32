"""Workers that are killed in the middle of a push, as real processes."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from catalog.models import Variant
from inventory import stock
from marketplaces import pacing
from marketplaces.models import Listing
from marketplaces.tests.conftest import PUSH_URL, Simulator, listed, push, push_until, wait_for

WORKER = """
import django
django.setup()
from django.utils import timezone
from marketplaces import pushing
from tenants.context import in_tenant
from tenants.models import Cooperative
with in_tenant(Cooperative.objects.get(pk={pk})):
    while True:
        pushing.push(now=timezone.now())
"""


@pytest.fixture
def worker(own_cooperative):
    """Start a worker that pushes again and again."""
    running = []

    def start():
        name = connection.settings_dict["NAME"]
        environment = {
            **os.environ,
            "DATABASE_URL": os.environ["DATABASE_URL"].replace("/coop_shop?", f"/{name}?"),
            "SHOPEE_API_BASE": Simulator.base,
            "SHOPEE_PUSH_URL": PUSH_URL,
            "SHOPEE_CALLS_PER_SECOND": "500",
        }
        command = [sys.executable, "-c", WORKER.format(pk=own_cooperative.pk)]
        running.append(subprocess.Popen(command, env=environment, cwd=Path(__file__).parents[2]))
        return running[-1]

    yield start
    for process in running:
        process.kill()
        process.wait(10)


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait(10)


def leases_run_out():
    """Twenty seconds later."""
    time.sleep(0.3)  # what was under way has arrived by now
    Listing.objects.update(claimed_until=timezone.now())


def test_a_worker_killed_while_publishing_leaves_exactly_one_listing(shop, shopee, worker):
    row = listed(shop, sku="KOP", options=("a", "b"))
    shopee.faults({"fault": "slow", "seconds": 1.5, "path_prefix": "/api/v2/product/add_item", "times": 1})
    process = worker()
    wait_for(lambda: Listing.objects.exclude(publishing_at=None).exists(), seconds=30)
    time.sleep(0.3)
    kill(process)
    push()
    assert shopee.calls("search_item") == []  # the dead worker's claim still stands
    wait_for(lambda: len(shopee.items()) == 1)
    row.refresh_from_db()
    assert (row.external_id, row.publishing_at is not None) == ("", True)
    leases_run_out()
    push_until(lambda: [item["item_status"] for item in shopee.items()] == ["NORMAL"])
    row.refresh_from_db()
    assert (row.external_id, row.publishing_at) == (str(shopee.item()["item_id"]), None)
    assert len(shopee.calls("search_item")) == 1


def test_workers_killed_and_redis_flushed_lose_nothing(shop, shopee, worker):
    skus = [f"KOP-{number:02d}" for number in range(40)]
    for sku in skus:
        listed(shop, title=f"Kopi {sku}", sku=sku)
    push_until(lambda: len(shopee.items()) == 40, seconds=60)
    numbers = dict(Variant.objects.values_list("sku", "pk"))
    shopee.faults({"fault": "slow", "seconds": 0.05, "path_prefix": "/api/v2/product/update_stock"})
    truth = dict.fromkeys(skus, 10_000)

    def sell(seconds):
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            sku = random.choice(skus)
            truth[sku] -= 1
            stock.count(variant_id=numbers[sku], on_hand=truth[sku], reference="tests", now=timezone.now())

    processes = [worker() for _ in range(3)]
    wait_for(lambda: not sell(0.2) and len(shopee.calls("update_stock")) > 20, seconds=60)
    for process in processes:
        sell(1)
        kill(process)
        for address in (django_settings.REDIS_URL, django_settings.CACHE_URL):  # ours; other workers share the server
            pacing._redis(address).flushdb()
    for sku in skus:
        truth[sku] -= 1
        stock.count(variant_id=numbers[sku], on_hand=truth[sku], reference="tests", now=timezone.now())
    leases_run_out()
    push_until(lambda: shopee.figures("stock") == truth, seconds=30)
    for sku in skus:
        told = shopee.told(sku)
        assert told == sorted(told, reverse=True)
    assert sum(len(shopee.told(sku)) for sku in skus) > 80
