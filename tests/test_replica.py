"""A long report reads from a replica, where there is one that answers and is close behind; else from the primary."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from coop_shop.demo import postgres
from coop_shop.demo.__main__ import create_database
from coop_shop.demo.place import ROOT
from coop_shop.demo.servers import FORGETFUL
from tests.plugin import FOLDER, number_of_worker

pytestmark = pytest.mark.timeout(120)
PREPARE = """
from django.core.management import call_command
from tenants import provisioning
call_command("migrate_schemas", shared=True, verbosity=0)
provisioning.create_platform()
provisioning.create_cooperative(name="Koperasi Kopi", slug="koperasi-kopi", state="open")
answer = None
"""
ASK = """
from django.db import connection, transaction, DatabaseError
from catalog.models import Category
from tenants import servers
from tenants.context import in_tenant
from tenants.models import Cooperative

def is_replica():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery(), current_schema()")
        in_recovery, schema = cursor.fetchone()
        return [in_recovery, schema == kopi.schema_name]

kopi = Cooperative.objects.get(slug="koperasi-kopi")
answer = {}
with in_tenant(kopi):
    answer["before"] = is_replica()
    with servers.reading():
        answer["reading"] = is_replica()
        answer["rows"] = Category.objects.count()
        answer["directory"] = Cooperative.objects.get(pk=kopi.pk).slug
        try:
            Category.objects.create(name="x", slug="x")
        except DatabaseError as error:
            answer["writing"] = type(error.__cause__).__name__
    answer["after"] = is_replica()
    with transaction.atomic(), servers.reading():
        answer["in a transaction"] = is_replica()
"""


@pytest.fixture
def two() -> Iterator[dict[str, str]]:
    """A primary with one cooperative, and its standby by PostgreSQL's own replication. The environment for both."""
    folder = FOLDER / f"replica-{number_of_worker()}"
    first, second = folder / "first", folder / "second"
    for each in (second, first):
        postgres.forget(each)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        primary = postgres.start(first, settings=FORGETFUL)
        create_database(primary, "coop_shop")
        told = {**os.environ, "DATABASE_URL": primary.replace("/postgres?", "/coop_shop?")}
        run(told, PREPARE)
        data = postgres._data(second)
        data.parent.mkdir(parents=True, exist_ok=True)
        copy = [postgres._program("pg_basebackup", data), "-d", primary, "-D", str(data), "-R", "-c", "fast"]
        subprocess.run(copy, check=True, capture_output=True)
        if os.geteuid() == 0:
            owner = postgres._data(first).stat()
            for path in [data, *data.rglob("*")]:
                os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
        standby = postgres.start(second, settings=FORGETFUL)
        yield {**told, "DATABASE_REPLICAS": f"default={standby.replace('/postgres?', '/coop_shop?')}"}
    finally:
        for each in (second, first):
            postgres.forget(each)


def run(told: dict[str, str], code: str) -> object:
    script = f"import django, json; django.setup()\n{code}\nprint(json.dumps(answer))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=told, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_reports_read_from_the_replica_and_everything_else_from_the_primary(two):
    said = run(two, ASK)
    assert said == {
        "before": [False, True],
        "reading": [True, True],
        "rows": 0,
        "directory": "koperasi-kopi",
        "writing": "ReadOnlySqlTransaction",
        "after": [False, True],
        "in a transaction": [False, True],
    }


def test_a_replica_that_is_away_is_not_asked(two):
    postgres.stop(FOLDER / f"replica-{number_of_worker()}" / "second")
    assert run(two, ASK)["reading"] == [False, True]
