"""One cooperative floods a real worker with long jobs of many kinds; the others must not feel it."""

import os
import random
import signal
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from tenants import due, provisioning, turns
from tenants.context import in_tenant
from tenants.models import Due
from tenants.tests.ringing import DONE, FLOOD, store

HANDS, SECONDS = 4, 4


@pytest.fixture
def cooperatives(outside_transactions):
    return [
        provisioning.create_cooperative(name="Koperasi Uji", slug=f"banjir-{number}", state="open")
        for number in range(6)
    ]


@pytest.fixture
def worker(cooperatives, tmp_path):
    """Start a worker with this environment, and wait until it is ready."""
    running = []
    store().flushdb()
    log = tmp_path / "worker.log"

    def start(**environment):
        name = connection.settings_dict["NAME"]
        url = os.environ["DATABASE_URL"].replace("/coop_shop?", f"/{name}?")
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        command = [sys.executable, "-m", "celery", "-A", "tenants.tests.flood_worker", "worker", "-c", str(HANDS)]
        with log.open("w") as output:
            process = subprocess.Popen(
                [*command, "-l", "INFO", *quiet],
                env={**os.environ, "DATABASE_URL": url, **environment},
                cwd=Path(__file__).parents[2], stdout=output, stderr=output, start_new_session=True,
            )  # fmt: skip
        running.append(process)
        until = time.monotonic() + 30
        while b" ready." not in log.read_bytes():
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        for _ in range(2 * HANDS):  # each process has begun
            small(random.choice(cooperatives))
            time.sleep(0.1)
        wait_until_done()
        return log

    yield start
    for process in running:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)
    store().flushdb()


def flood(shop):
    """Eight kinds at once, as soon as each is done again."""
    with in_tenant(shop):
        for kind in FLOOD:
            due.note(kind, now=timezone.now())
    turns.offer([(shop.schema_name, kind) for kind in FLOOD])
    time.sleep(1)


def small(shop):
    with in_tenant(shop):
        due.note("small", now=timezone.now())


def wait_until_done():
    until = time.monotonic() + 15
    while Due.objects.filter(kind="small").exists() and time.monotonic() < until:
        time.sleep(0.1)
    assert not Due.objects.filter(kind="small").exists()


def waits(flooder, others):
    """For how many seconds the small jobs of the others waited, while the flood goes on. One note each, and its bell:
    no sweep helps here."""
    began = []
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        shop = random.choice(others)
        began.append((shop.schema_name, time.time()))
        small(shop)
        turns.offer([(flooder.schema_name, kind) for kind in FLOOD])
        time.sleep(0.1)
    ended = {}
    wait_until_done()
    for line in store().lrange(DONE, 0, -1):
        schema, at = line.decode().split()
        ended.setdefault(schema, []).append(float(at))
    return [min(at for at in ended[schema] if at >= noted) - noted for schema, noted in began]


def p95(seconds):
    return statistics.quantiles(seconds, n=20)[-1]


def test_a_flood_of_one_cooperative_leaves_the_others_p95_within_a_second(cooperatives, worker):
    flooder, *others = cooperatives
    log = worker(TURNS_AT_ONCE="2", SLOW_TURNS_AT_ONCE="2")
    flood(flooder)
    seconds = waits(flooder, others)
    assert len(seconds) > 20
    assert p95(seconds) < 1, log.read_text()
    assert store().zcard("turns:jobs:prompt:" + flooder.schema_name) > 0  # the flood went on all the time


def sessions():
    """The database sessions of others than this test."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return {pid for (pid,) in cursor.fetchall()}


def test_a_worker_keeps_its_database_sessions_and_replaces_one_that_was_cut(cooperatives, worker):
    others = sessions()
    worker(TURNS_AT_ONCE="2", SLOW_TURNS_AT_ONCE="2")
    before = sessions() - others
    for _ in range(4):
        for shop in cooperatives:
            small(shop)
        wait_until_done()
    assert 1 <= len(before) <= HANDS
    assert before <= sessions()  # two dozen jobs later
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid", [list(before)])
    for shop in cooperatives:
        small(shop)
    wait_until_done()  # no sweep here: each was done at its first bell
    assert not before & sessions()


def test_without_a_share_for_each_the_same_flood_is_felt_by_all(cooperatives, worker):
    """The negative control: fairness is the bound on what one cooperative has at work."""
    flooder, *others = cooperatives
    worker(TURNS_AT_ONCE="100", SLOW_TURNS_AT_ONCE="100")
    flood(flooder)
    assert p95(waits(flooder, others)) > 1


def test_a_worker_that_is_free_never_waits_for_the_sweep(cooperatives, worker):
    """More cooperatives than hands, two kinds each and one at a time: all is done, though no sweep runs here."""
    worker(TURNS_AT_ONCE="1", SLOW_TURNS_AT_ONCE="1")
    now = timezone.now()
    for shop in cooperatives:
        with in_tenant(shop):
            for kind in ("small", FLOOD[0]):
                due.note(kind, now=now - timedelta(seconds=1))
    wait_until_done()
    until = time.monotonic() + 10
    while store().keys("turns:jobs:*") and time.monotonic() < until:
        time.sleep(0.1)
    assert store().keys("turns:jobs:*") == []
