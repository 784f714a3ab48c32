"""Killed at any moment, a cooperative is there whole or not at all."""

import multiprocessing
import random
import time
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import pytest
from django.db import connection

from members import founding
from tenants import provisioning, snapshot, versions
from tenants.models import Cooperative
from tenants.tests.founding_endlessly import run, slug_of

KILLS = 50
TABLES = snapshot.shipped().sql.count("\nCREATE TABLE ")
NURSERY = multiprocessing.get_context("forkserver")
NURSERY.set_forkserver_preload(["tenants.tests.founding_endlessly"])


@pytest.mark.timeout(400)
def test_killed_fifty_times_it_leaves_no_half_cooperative_and_the_name_free(outside_transactions: None) -> None:
    chance = random.Random(3)
    usual = seconds_for_one()
    made = in_the_middle = 0
    for nth in range(KILLS):
        child, backend, _ = begin(f"mati-{nth:02d}")
        time.sleep(chance.uniform(0, 1.2 * usual))
        in_the_middle += is_in_a_transaction(backend)
        kill(child, backend)
        assert halves() == []
        number = next(n for n in count() if not Cooperative.objects.filter(slug=slug_of(f"mati-{nth:02d}", n)).exists())
        provisioning.check_slug(slug_of(f"mati-{nth:02d}", number))
        made += number
    assert in_the_middle > KILLS / 2
    assert made > 0
    founding.found(name="Koperasi Uji", slug=slug_of("mati-49", number), admin_email="ketua@uji.example")


@pytest.mark.parametrize(
    "harm",
    [
        'DROP SCHEMA "@@" CASCADE',
        'DROP TABLE "@@".shipping_rate',
        'DELETE FROM "@@".members_officer',
        "DELETE FROM tenants_domain WHERE tenant_id = {pk}",
        "UPDATE tenants_cooperative SET schema_version = '' WHERE id = {pk}",
        'ALTER SCHEMA "@@" RENAME TO t_nobodys00000',
    ],
)
def test_a_half_cooperative_would_be_seen(harm: str, db: None) -> None:
    connection.set_schema_to_public()
    whole = founding.found(name="Koperasi Uji", slug="koperasi-uji", admin_email="ketua@uji.example")
    assert halves() == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(harm.format(pk=whole.pk).replace(snapshot.PLACE, whole.schema_name))
    assert halves() != []


def begin(name: str) -> tuple[BaseProcess, int, Connection]:
    """A process that founds without end, the number of its database process, and what it tells."""
    hears, says = NURSERY.Pipe(duplex=False)
    child = NURSERY.Process(target=run, args=(connection.settings_dict["NAME"], name, says))
    child.start()
    return child, hears.recv(), hears


def seconds_for_one() -> float:
    child, backend, hears = begin("mati-awal")
    started = time.monotonic()
    hears.recv()
    usual = time.monotonic() - started
    kill(child, backend)
    return usual


def is_in_a_transaction(backend: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT xact_start IS NOT NULL FROM pg_stat_activity WHERE pid = %s", [backend])
        return bool(cursor.fetchone()[0])


def kill(child: BaseProcess, backend: int) -> None:
    """SIGKILL. The server notices a dead client when it next speaks to it, and then rolls back."""
    child.kill()
    child.join()
    until = time.monotonic() + 20
    while is_there(backend):
        assert time.monotonic() < until, f"PostgreSQL's process {backend} lives on"
        time.sleep(0.01)


def is_there(backend: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [backend])
        return bool(cursor.fetchone()[0])


def halves() -> list[str]:
    """Schemas without a row; rows without a schema, a table, a host name, a version or (those of here) an officer."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT slug, nspname, count(DISTINCT t.tablename), count(DISTINCT d.id), schema_version
            FROM (SELECT * FROM tenants_cooperative WHERE schema_name <> 'public') c
            FULL JOIN (SELECT * FROM pg_namespace WHERE nspname LIKE 't\\_%%') n ON nspname = schema_name
            LEFT JOIN pg_tables t ON t.schemaname = nspname LEFT JOIN tenants_domain d ON d.tenant_id = c.id
            GROUP BY c.id, slug, nspname, schema_version
            """
        )
        rows = cursor.fetchall()
        half = [str(row) for row in rows if row[2:] != (TABLES, 1, versions.of_code())]
        for slug, schema, *whole in rows:
            if whole == [TABLES, 1, versions.of_code()] and slug.startswith(("mati-", "koperasi-uji")):
                cursor.execute(f"SELECT count(*) FROM {schema}.members_officer")  # noqa: S608
                half += [f"{slug} has no officer"] if cursor.fetchone() != (1,) else []
    return half
