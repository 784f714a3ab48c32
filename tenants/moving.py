"""A cooperative moves whole to another database server, while all others serve.

Its own pages answer 503 for the seconds that it takes. A kill at any moment leaves it whole on one of the two servers:
the directory says on which, and running the command again finishes the move.
"""

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from tenants import servers, snapshot, versions
from tenants.backup import copying
from tenants.models import Cooperative, Due

LOCK_WAIT = "30s"  # for transactions that still write into the cooperative
MOST_DUE = 10_000


class CannotMove(RuntimeError):
    """It stays where it is; the message says why."""


def move(*, cooperative_id: int, to: str) -> copying.Contents:
    """Move the cooperative to the server `to`. Returns what was moved: tables, rows, fingerprints.

    Raises CannotMove and servers.ServerUnknown, and whatever the servers raise; then the cooperative serves again
    where it was.
    """
    with _alone(cooperative_id):
        cooperative = _begin(cooperative_id, to)
        try:
            time.sleep(settings.HOSTS_KNOWN_SECONDS)  # until no web process takes it for being open at its old place
            with _connected(cooperative.server) as holding, holding.transaction():
                _hold_writers(holding, cooperative.schema_name)
                contents = _copy(cooperative, to)
                _switch(holding, cooperative, to)
            servers.publish(Cooperative.objects.get(pk=cooperative_id))
        except BaseException:
            _give_up(cooperative_id)
            raise
        tidy(cooperative_id=cooperative_id)
        return contents


def give_up(*, cooperative_id: int) -> None:
    """Serve again where the directory says that it lives, and remove what an interrupted move has left elsewhere.

    Raises CannotMove while the move still runs.
    """
    with _alone(cooperative_id):
        _give_up(cooperative_id)


def tidy(*, cooperative_id: int) -> None:
    """Remove its schema from every server on which it does not live, and bring its due work to where it does."""
    cooperative = Cooperative.objects.get(pk=cooperative_id)
    for name in servers.names():
        if name == cooperative.server:
            continue
        with _connected(name) as elsewhere:
            elsewhere.execute(_drop(cooperative.schema_name))
        with servers.on(name):
            rows = list(Due.objects.filter(cooperative_id=cooperative_id).values()[:MOST_DUE])
        kept = [Due(**{**row, "id": None}) for row in rows]
        with servers.on(cooperative.server):
            Due.objects.bulk_create(kept, ignore_conflicts=True)  # a standing order may stand there already
        with servers.on(name):
            Due.objects.filter(pk__in=[row["id"] for row in rows]).delete()


@contextmanager
def _alone(cooperative_id: int) -> Iterator[None]:
    """One move of a cooperative at a time: another one's tidying would drop what this one has just copied.

    The lock is a session's at the home server, so it goes with a process that is killed.
    """
    with _connected(servers.HOME) as own:
        lock = "SELECT pg_try_advisory_lock(hashtext('coop_shop:move'), %s::int)"
        if own.execute(lock, [cooperative_id]).fetchone() != (True,):
            raise CannotMove("it is being moved by another process: wait for that one, or end it first")
        yield


def _give_up(cooperative_id: int) -> None:
    Cooperative.objects.filter(pk=cooperative_id).update(moving_to="")
    tidy(cooperative_id=cooperative_id)


def _begin(cooperative_id: int, to: str) -> Cooperative:
    if to not in servers.names():
        raise servers.ServerUnknown(to)
    cooperative = Cooperative.objects.shops().get(pk=cooperative_id)
    if cooperative.server == to:
        raise CannotMove(f"{cooperative.slug} is on {to} already")
    if cooperative.schema_version != versions.of_code():
        raise CannotMove(f"{cooperative.slug} has not the schema of this code: run migrate_cooperatives first")
    free = Cooperative.objects.filter(pk=cooperative_id, moving_to__in=["", to])
    if not free.update(moving_to=to):
        raise CannotMove(f"{cooperative.slug} is being moved to {cooperative.moving_to}")
    tidy(cooperative_id=cooperative_id)
    return cooperative


def _hold_writers(holding: "psycopg.Connection[Any]", schema: str) -> None:
    """Wait for who writes, then let nobody write any more: what is committed from here on is what was copied."""
    holding.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(LOCK_WAIT))
    names = holding.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema]).fetchall()
    held = sql.SQL(", ").join(sql.Identifier(schema, name) for (name,) in names)
    holding.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(held))


def _copy(cooperative: Cooperative, to: str) -> copying.Contents:
    schema = cooperative.schema_name
    folder = Path(tempfile.mkdtemp(prefix="coop-shop-move-"))
    try:
        with _connected(cooperative.server) as source:
            contents = copying.dump(source, schema, into=lambda table: (folder / table).open("wb"))
        with _connected(to) as target:
            with target.transaction(), target.cursor() as cursor:
                snapshot.make_schema(cursor=cursor, schema_name=schema)
                # without triggers it is four times as fast; the fingerprints below tell whether all is there
                copying.load(
                    target, schema, contents, source=lambda table: (folder / table).open("rb"), with_triggers=False
                )
            arrived = copying.measure(target, schema, like=contents)
    finally:
        shutil.rmtree(folder)
    if arrived.tables != contents.tables:
        raise CannotMove(f"what arrived of {cooperative.slug} on {to} is not what left")
    return contents


def _switch(holding: "psycopg.Connection[Any]", cooperative: Cooperative, to: str) -> None:
    """The directory names the new place and the old one is gone: whoever waited to write there fails and comes again.

    From the home server both are one transaction. From another one, a kill just between the two leaves the old schema
    until `tidy` removes it.
    """
    update = "UPDATE public.tenants_cooperative SET server = %s, moving_to = '' WHERE id = %s"
    if cooperative.server == servers.HOME:
        holding.execute(update, [to, cooperative.pk])
    else:
        Cooperative.objects.filter(pk=cooperative.pk).update(server=to, moving_to="")
    holding.execute(_drop(cooperative.schema_name))


def _drop(schema: str) -> sql.Composed:
    return sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema))


@contextmanager
def _connected(name: str) -> Iterator["psycopg.Connection[Any]"]:
    """A connection of its own to the server, beside Django's."""
    parameters = connections[name].get_connection_params()
    with psycopg.connect(**parameters, autocommit=True) as own:
        yield own
