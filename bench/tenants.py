"""`python -m bench tenants`: what a thousand cooperatives on one machine cost.

BENCH_COOPERATIVES makes it another number than 1000.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import django

MANY = int(os.environ.get("BENCH_COOPERATIVES", "1000"))
NEW, MIGRATED = 200, 5
ROUNDS, REQUESTS = 30, 10
PLAIN = "new by django-tenants' migrate_schemas, without officer"

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, reset_queries, transaction  # noqa: E402

from bench.asking import Worker  # noqa: E402
from bench.saying import say  # noqa: E402
from bench.tenants_migrating import migrating  # noqa: E402
from members import founding  # noqa: E402
from members.models import Member  # noqa: E402
from tenants import provisioning  # noqa: E402
from tenants.context import in_tenant  # noqa: E402
from tenants.models import Cooperative, Domain  # noqa: E402
from tests import make  # noqa: E402


def measure() -> None:
    """Fill a database, then print each figure with the goal beside it."""
    call_command("migrate_schemas", shared=True, verbosity=0)
    provisioning.create_platform()
    began = time.perf_counter()
    for number in range(MANY):
        _fill(_found(f"banyak-{number:04d}"))
    say(f"{MANY} cooperatives with a product each", f"{time.perf_counter() - began:.0f} s")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        say("  MB on disk of each", f"{cursor.fetchone()[0] / MANY / 1e6:.1f}")
    for part in PARTS:
        part()


def making() -> None:
    """Two hundred new ones among the many, and now and then one as django-tenants makes it."""
    ours, plain, processor = [], [], 0.0
    for number in range(NEW):
        began = _processor_seconds()
        ours.append(_seconds(lambda slug=f"baru-{number:04d}": _found(slug)))
        processor += _processor_seconds() - began
        if number % (NEW // MIGRATED) == 0:
            plain.append(_seconds(lambda slug=f"lama-{number:04d}": _migrate_plainly(slug)))
    p50, p95 = statistics.median(ours), statistics.quantiles(ours, n=20)[-1]
    say(f"new among {MANY}, first officer and defaults: p50 / p95 of {NEW}", f"{p50:.3f} / {p95:.3f} s", "p95 <= 0.25")
    say("  processor time of one, both sides; load meanwhile", f"{processor / NEW:.3f} s; {os.getloadavg()[0]:.1f}")
    say(f"{PLAIN}: median of {MIGRATED}", f"{statistics.median(plain):.3f} s")
    say("  times as long", f"{statistics.median(plain) / p50:.1f}")


def serving() -> None:
    """A request to one of the many against one to the only one, by turns; and what both remember."""
    alone = Worker(database_url=os.environ["DATABASE_URL_OF_ONE"])
    among = Worker(database_url=os.environ["DATABASE_URL"])
    hosts = [f"banyak-{number:04d}.localhost" for number in range(MANY)]
    schemas = list(Cooperative.objects.filter(slug__startswith="banyak-").values_list("schema_name", flat=True))
    alone.visit(["satu.localhost"], times=REQUESTS)
    among.visit(hosts[:1], times=REQUESTS)
    before = among.memory()
    first = among.visit(hosts)
    touched = among.memory()
    again = among.visit(hosts)
    only, one = [], []
    for turn in range(ROUNDS):
        host = hosts[turn * 31 % MANY]
        only.append(statistics.median(alone.visit(["satu.localhost"], times=REQUESTS)))
        one.append(statistics.median(among.visit([host], times=REQUESTS + 1)[1:]))
    ratios = [many / single for many, single in zip(one, only, strict=True)]
    say("a page of one of the many / of the only one: median", f"{statistics.median(ratios):.2f}", "<= 1.10")
    say("  min to max", f"{min(ratios):.2f} to {max(ratios):.2f}")
    say("  the only one, ms", f"{1000 * statistics.median(only):.1f}")
    say("  first visit by a session / later visits, ms", f"{_ms(first)} / {_ms(again)}")
    among.read_all_tables(schemas)
    worst = among.memory()
    among.recycle()
    among.visit(hosts[:1])
    fresh = among.memory()
    for what, name in (("web process", "python"), ("its database session", "session")):
        figures = [_mb(at[name]) for at in (before, touched, worst, fresh)]
        say(f"{what}: MB after 1 / first page of all / every table of all / recycled", " / ".join(figures))
    alone.stop()
    among.stop()


PARTS = [making, serving, migrating]


def fill_one() -> None:
    """The other database: one cooperative, alone."""
    call_command("migrate_schemas", shared=True, verbosity=0)
    provisioning.create_platform()
    _fill(_found("satu"))


def _found(slug: str) -> Cooperative:
    reset_queries()
    return founding.found(name=f"Koperasi {slug}", slug=slug, admin_email="ketua@ukur.example", state="open")


def _fill(cooperative: Cooperative) -> None:
    with in_tenant(cooperative), transaction.atomic():
        make.product(seller=Member.objects.first() or make.member())


def _migrate_plainly(slug: str) -> None:
    cooperative = Cooperative(name=slug, slug=slug, state="open")
    cooperative.save()
    cooperative.create_schema(verbosity=0)
    Domain.objects.create(domain=f"{slug}.localhost", tenant=cooperative)
    connection.set_schema_to_public()


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _processor_seconds() -> float:
    """Of this process, and of its database session where there is a /proc."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    ticks = stat.read_text().rpartition(")")[2].split()[11:13] if stat.exists() else []
    return time.process_time() + sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _ms(seconds: Sequence[float]) -> str:
    return f"{1000 * statistics.median(seconds):.1f}"


def _mb(number: float | None) -> str:
    return "?" if number is None else f"{number:.0f}"


if __name__ == "__main__":
    fill_one() if sys.argv[1:] == ["one"] else measure()
