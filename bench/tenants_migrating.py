"""The next release comes to all cooperatives of the database, while this one answers requests: part of `bench.tenants`.

The database stays at the next release; this one serves it all the same.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from threading import Event

import httpx
from django.db import connection

from bench.saying import say
from coop_shop.demo.place import ROOT
from coop_shop.demo.redis import free_port
from simulators.loopback import LoopbackTransport
from tenants import versions
from tenants.models import Cooperative
from tenants.tests import releases

PER_SECOND = 20
ASKERS = 4
KILLED_AT = 0.3  # of all


def migrating() -> None:
    """Nothing to do; one column and one index, undisturbed, killed, and with one broken cooperative."""
    _roll(None)  # whoever is behind before we begin
    nothing = [_roll(None)[0] for _ in range(3)]
    say("nothing to do, with the start of the interpreter", f"{statistics.median(nothing):.1f} s", "<= 3 s")
    cooperatives = list(Cooperative.objects.shops().order_by("pk"))
    many, broken = len(cooperatives), cooperatives[len(cooperatives) // 2]
    with tempfile.TemporaryDirectory() as folder, _requests(but=broken) as answers:
        release = releases.make(Path(folder))
        with releases.standing_on(release):
            version = versions.of_code()
        seconds, _ = _roll(release)
        say(f"one column and one index for {_rolled(version)} of {many}", f"{seconds:.1f} s", "<= 30 s")

        _take_back()
        done, killed = _kill(release, version, at=int(many * KILLED_AT))
        seconds, _ = _roll(release)
        say(f"  killed at {done}, run again: {_rolled(version)} of {many}", f"{killed:.1f} + {seconds:.1f} s")

        _take_back()
        _rename(broken, "catalog_product", "elsewhere")
        seconds, said = _roll(release)
        say(f"  one broken, named: {broken.slug in said}; the others: {_rolled(version)}", f"{seconds:.1f} s")
        _rename(broken, "elsewhere", "catalog_product")
        _roll(release, "--retry-failed")
    told = ", ".join(f"{number} answered {what}" for what, number in sorted(answers.items(), key=str))
    say(f"requests to the release before meanwhile, {PER_SECOND} a second", told, "only 200")


def _roll(release: releases.Release | None, *options: str) -> tuple[float, str]:
    began = time.perf_counter()
    said = _start(release, *options).communicate()[0]
    return time.perf_counter() - began, said


def _kill(release: releases.Release, version: str, *, at: int) -> tuple[int, float]:
    """After how many, and how many seconds."""
    began = time.perf_counter()
    process = _start(release)
    while _rolled(version) < at:
        time.sleep(0.02)
    process.kill()
    process.communicate()
    return _rolled(version), time.perf_counter() - began


def _start(release: releases.Release | None, *options: str) -> "subprocess.Popen[str]":
    told = {**(release.environment if release else os.environ), "DATABASE_URL": os.environ["DATABASE_URL"]}
    command = [sys.executable, "manage.py", "migrate_cooperatives", *options]
    return subprocess.Popen(
        command, cwd=ROOT, env=told, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )  # fmt: skip


def _rolled(version: str) -> int:
    return Cooperative.objects.filter(schema_version=version).count()


def _take_back() -> None:
    with connection.cursor() as cursor:
        for schema in Cooperative.objects.shops().values_list("schema_name", flat=True):
            cursor.execute(f'ALTER TABLE "{schema}".catalog_product DROP COLUMN motto')
            cursor.execute(f"DELETE FROM \"{schema}\".django_migrations WHERE name = '9001_later'")  # noqa: S608
    Cooperative.objects.shops().update(schema_version=versions.of_code())


def _rename(cooperative: Cooperative, table: str, to: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'ALTER TABLE "{cooperative.schema_name}".{table} RENAME TO {to}')


@contextmanager
def _requests(*, but: Cooperative) -> Iterator[Counter[object]]:
    """A web server of this release that is asked for a page of another shop PER_SECOND times a second; not for one of
    `but`, whose table is taken away."""
    port = free_port()
    told = {**os.environ, "BIND": f"127.0.0.1:{port}", "WEB_WORKERS": "1", "HOSTS_KNOWN_SECONDS": "5"}
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"]
    server = subprocess.Popen(
        command, cwd=ROOT, env=told, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )  # fmt: skip
    shops = Cooperative.objects.open().exclude(pk=but.pk)
    hosts = [f"{slug}.localhost:{port}" for slug in shops.values_list("slug", flat=True)]
    answers: Counter[object] = Counter()
    ended = Event()
    try:
        _wait_until_up(port)
        with ThreadPoolExecutor(ASKERS) as pool:
            asking = [pool.submit(_ask, hosts[number::ASKERS], answers, ended) for number in range(ASKERS)]
            yield answers
            ended.set()
            for each in asking:
                each.result()
    finally:
        ended.set()
        server.terminate()
        server.wait()


def _ask(hosts: list[str], answers: Counter[object], ended: Event) -> None:
    with httpx.Client(transport=LoopbackTransport(), timeout=30, trust_env=False) as client:
        began = time.monotonic()
        for number, host in enumerate(cycle(hosts)):
            if ended.wait(max(0.0, began + number * ASKERS / PER_SECOND - time.monotonic())):
                return
            try:
                answers[client.get(f"http://{host}/").status_code] += 1
            except httpx.HTTPError as error:
                answers[type(error).__name__] += 1


def _wait_until_up(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return
