"""What a cooperative says about its own health where operators read it: figures, never rows.

    beat()    every quarter of an hour: what waits, what fails, how large the database is
    check()   every night: what only a long look tells

Each is work of the cooperative (settings.DUE_TASKS), at a moment of its own, so that a thousand do not come at once.
"""

from datetime import datetime

from django.db import connection

from tenants import due
from tenants.context import current_cooperative
from tenants.models import Pulse

EVERY = {"pulse": 900, "verify": 86_400}  # seconds

SIZE = """
SELECT coalesce(sum(pg_total_relation_size(pg_class.oid)), 0) FROM pg_class
JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = %s AND relkind = 'r'
"""


def set_clock(*, now: datetime) -> None:
    """Every living cooperative has a pulse."""
    for kind, every in EVERY.items():
        due.keep(kind, every=every, now=now)


def beat(*, drift: int, now: datetime) -> None:
    """Publish what the cooperative in whose schema we stand is doing now. `drift` is counted above this app."""
    cooperative = current_cooperative()
    figures = {
        "at": now,
        "lag_s": due.lag(cooperative, now=now),
        "failures": due.failing(cooperative),
        "drift": drift,
        "database_bytes": _database_bytes(cooperative.schema_name),
    }
    Pulse.objects.update_or_create(cooperative=cooperative, defaults=figures)


def check(*, broken: int, file_bytes: int, now: datetime) -> None:
    """Publish what was found at night: broken invariants, and the bytes of files."""
    Pulse.objects.update_or_create(
        cooperative=current_cooperative(),
        defaults={"broken": broken, "file_bytes": file_bytes},
        create_defaults={"broken": broken, "file_bytes": file_bytes, "at": now},
    )


def _database_bytes(schema_name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(SIZE, [schema_name])
        return int(cursor.fetchone()[0])
