"""Tables of the shape that a backup's rows had, in a schema that nobody uses.

The shape follows from the names of the migrations that the schema had: from the shipped snapshot when these are all of
this code's, else by running so many of them. Statements that an archive brings along are never run: whoever hands in an
archive would otherwise command the database.

Two kinds of schemas have no cooperative, and say in their name when they were made, so that `sweep` knows their age:
`scratch_<moment>_...`, filled and dropped again, and `before_<moment>_<schema>`, what a restore replaced.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from secrets import token_hex

from django.db import transaction

from lib.schema import connection
from tenants import snapshot, versions
from tenants.bringing_up import bring_up
from tenants.models import Cooperative

SCRATCH, BEFORE = "scratch", "before"
AGE = {SCRATCH: timedelta(days=1), BEFORE: timedelta(days=7)}  # after which `sweep` drops them
NAMED = re.compile(rf"({SCRATCH}|{BEFORE})_(\d{{14}})_[a-z0-9_]+")


class ShapeUnknown(RuntimeError):
    """The rows were written by code newer than this."""


@contextmanager
def scratch(*, now: datetime) -> Iterator[str]:
    """A name for a schema of one's own on the present server. What is there under this name at the end is dropped."""
    name = f"{SCRATCH}_{stamp(now)}_{token_hex(4)}"
    try:
        yield name
    finally:
        _drop(name)


def make_tables(*, schema_name: str, migrations: Collection[versions.Key]) -> None:
    """Make the schema with empty tables as these migrations left them. Raises ShapeUnknown."""
    recorded = {key for key in migrations if key[0] in versions.tenant_labels()}
    unknown = recorded - set(versions.wanted())
    if unknown:
        raise ShapeUnknown(
            f"{'.'.join(min(unknown))} is not known to this code: use the release that wrote it, or newer"
        )
    with transaction.atomic():
        if recorded == set(versions.wanted()):
            with connection.cursor() as cursor:
                snapshot.make_schema(cursor=cursor, schema_name=schema_name)
        else:
            _execute(f"CREATE SCHEMA {_quoted(schema_name)}")
            bring_up(schema_name=schema_name, to=recorded)


def put_in_place(cooperative: Cooperative, *, schema_name: str, now: datetime) -> str:
    """`schema_name` becomes the cooperative's schema; the present one is kept under a name that is returned.

    Waits for who writes in it, LOCK_WAIT at most. Call it in a transaction.
    """
    living = cooperative.schema_name
    kept = ""
    tables = _tables(living)
    _execute("SET LOCAL lock_timeout = '10s'")
    if tables:
        _execute(f"LOCK TABLE {', '.join(f'{_quoted(living)}.{_quoted(table)}' for table in tables)}")
    if exists(living):
        kept = f"{BEFORE}_{stamp(now)}_{living}"
        _execute(f"ALTER SCHEMA {_quoted(living)} RENAME TO {_quoted(kept)}")
    _execute(f"ALTER SCHEMA {_quoted(schema_name)} RENAME TO {_quoted(living)}")
    return kept


def sweep(*, now: datetime) -> list[str]:
    """Drop on this server what has had its time: scratch schemas that a kill left, and what restores replaced."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ %s", [f"^({SCRATCH}|{BEFORE})_"])
        names = [name for (name,) in cursor.fetchall()]
    gone = [name for name in names if is_old(name, now=now)]
    for name in gone:
        _drop(name)
    return gone


def stamp(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def is_old(name: str, *, now: datetime) -> bool:
    """Whether what has this name has had its time. No other name ever has."""
    found = NAMED.fullmatch(name)
    if found is None:
        return False
    return now - datetime.strptime(f"{found[2]}+0000", "%Y%m%d%H%M%S%z") > AGE[found[1]]


def exists(schema_name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regnamespace(%s) IS NOT NULL", [_quoted(schema_name)])
        return bool(cursor.fetchone()[0])


def _tables(schema_name: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY tablename", [schema_name])
        return [name for (name,) in cursor.fetchall()]


def _drop(schema_name: str) -> None:
    _execute(f"DROP SCHEMA IF EXISTS {_quoted(schema_name)} CASCADE")


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _quoted(name: str) -> str:
    return str(connection.ops.quote_name(name))
