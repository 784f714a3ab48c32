"""Fifty cooperatives get the next release while this one goes on serving: `manage.py` in processes of its own."""

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import cycle

import httpx
import psycopg
import pytest
from psycopg import sql

from coop_shop.demo.place import ROOT
from coop_shop.demo.redis import free_port
from simulators.loopback import LoopbackTransport
from tenants import versions
from tenants.tests import releases
from tests.plugin import number_of_worker

pytestmark = pytest.mark.timeout(120)
MANY = 50
PER_SECOND = 20
# As if tables were large: time to look at what happens meanwhile.
SLOW = releases.COLUMN_AND_INDEX + "migrations.RunSQL('SELECT pg_sleep(0.15)'),"
SAFE = "safe_because = 'it only waits'"
FOUND = f"""
import django
django.setup()
from tenants import provisioning
provisioning.create_platform()
for number in range({MANY}):
    provisioning.create_cooperative(name=f"Koperasi {{number}}", slug=f"koperasi-ke-{{number:02d}}x", state="open")
"""
SIGN_UP = """
from django.db import connection
from tenants import provisioning
connection.set_schema_to_public()
answer = provisioning.create_cooperative(name="Koperasi", slug={!r}, state="open").schema_version
"""
SELL = """
import uuid
from tests import make
make.product(title=uuid.uuid4().hex)
answer = True
"""
DEFINED = """
from django.db import connection
from tenants import fingerprints
answer = fingerprints.definition(schema_name=connection.schema_name)
"""


class Fleet:
    """A database with cooperatives of this release, and programs that work on it."""

    def __init__(self, name: str) -> None:
        self.url = os.environ["TEST_DATABASE_URL"].replace("/coop_shop?", f"/{name}?")
        self.running: list[subprocess.Popen[str]] = []

    def ask(self, statement: str | sql.Composed, *values: object) -> list[tuple]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            return connection.execute(statement, values).fetchall()

    def start(self, *command: str, release: releases.Release | None = None, **more: str) -> "subprocess.Popen[str]":
        """A program of this release, or of the next."""
        told = {**(release.environment if release else os.environ), "DATABASE_URL": self.url, **more}
        self.running.append(
            subprocess.Popen(
                [sys.executable, *command], cwd=ROOT, env=told, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )
        )  # fmt: skip
        return self.running[-1]

    def roll(self, release: releases.Release | None = None) -> "subprocess.Popen[str]":
        return self.start("manage.py", "migrate_cooperatives", "--workers", "2", release=release)

    def rolled(self, version: str) -> int:
        return self.ask("SELECT count(*) FROM tenants_cooperative WHERE schema_version = %s", version)[0][0]

    def wait_until_rolled(self, number: int, version: str) -> None:
        until = time.monotonic() + 30
        while self.rolled(version) < number:
            assert time.monotonic() < until
            time.sleep(0.02)

    def whole(self, version: str) -> list[bool]:
        """Of each cooperative: whether its tables, its records and its row agree on the release that it has."""
        agree = []
        for schema, has in self.schemas():
            column, index = self.ask(
                "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = 'motto'),"
                " to_regclass(%s) IS NOT NULL",
                f"{schema}.catalog_product",
                f"{schema}.product_motto",
            )[0]
            records = sql.SQL("SELECT FROM {} WHERE name = '9001_later'").format(of(schema, "django_migrations"))
            agree.append({column, index, bool(self.ask(records))} == {has == version})
        return agree

    def schemas(self) -> list[tuple[str, str]]:
        return self.ask("SELECT schema_name, schema_version FROM tenants_cooperative WHERE schema_name <> 'public'")

    def reset(self) -> None:
        """Everybody has this release again, and who was born meanwhile is gone."""
        born = self.ask("SELECT schema_name FROM tenants_cooperative WHERE slug ~ '^lahir'")
        with psycopg.connect(self.url, autocommit=True) as connection:
            for (schema,) in born:
                connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
            connection.execute("DELETE FROM tenants_due")
            connection.execute("DELETE FROM tenants_domain WHERE domain ~ '^lahir'")
            connection.execute("DELETE FROM tenants_cooperative WHERE slug ~ '^lahir'")
            for schema, _ in self.schemas():
                alter = sql.SQL("ALTER TABLE IF EXISTS {} DROP COLUMN IF EXISTS motto")
                connection.execute(alter.format(of(schema, "catalog_product")))
                forget = sql.SQL("DELETE FROM {} WHERE name = '9001_later'")
                connection.execute(forget.format(of(schema, "django_migrations")))
            connection.execute(
                "UPDATE tenants_cooperative SET schema_version = %s, migrate_error = '' WHERE schema_name <> 'public'",
                [versions.of_code()],
            )

    def stop(self) -> None:
        for process in self.running:
            process.kill()
            process.communicate()
        self.running.clear()


class Shell:
    """A process of a release that runs what it is told, in a cooperative (tests/stack_shell.py)."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def __call__(self, slug: str, code: str):
        self._process.stdin.write(json.dumps({"slug": slug, "code": code}) + "\n")
        self._process.stdin.flush()
        said = json.loads(self._process.stdout.readline())
        assert not said["error"], said["error"]
        return said["answer"]


@pytest.fixture(scope="module")
def founded() -> Iterator[Fleet]:
    name = f"fleet_{number_of_worker()}"
    drop_database(name)
    on_server(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    fleet = Fleet(name)
    try:
        for command in (("manage.py", "migrate_cooperatives"), ("-c", FOUND)):
            process = fleet.start(*command)
            said = process.communicate(timeout=60)[0]
            assert process.returncode == 0, said
        yield fleet
    finally:
        fleet.stop()
        drop_database(name)


@pytest.fixture
def fleet(founded: Fleet) -> Iterator[Fleet]:
    yield founded
    founded.stop()
    founded.reset()


def test_shops_serve_while_all_are_rolled_and_new_ones_are_born_right(fleet, tmp_path):
    release = releases.make(tmp_path, SLOW, says=SAFE)
    version = version_of(release)
    old = Shell(fleet.start("-m", "tests.stack_shell"))
    new = Shell(fleet.start("-m", "tests.stack_shell", release=release))
    slugs = [slug for (slug,) in fleet.ask("SELECT slug FROM tenants_cooperative WHERE id > 1 ORDER BY id")]
    before = old(slugs[0], DEFINED)
    assert new(slugs[0], "answer = 1") == 1
    port = free_port()
    fleet.start("-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", BIND=f"127.0.0.1:{port}", WEB_WORKERS="1")
    wait_until_up(port)

    roll = fleet.roll(release)
    served: Counter[int] = Counter()
    sold, born, next_slug = [], [], cycle(slugs)
    with httpx.Client(transport=LoopbackTransport(), timeout=10, trust_env=False) as client:
        for number in range(10_000):
            if roll.poll() is not None:
                break
            began = time.monotonic()
            slug = next(next_slug)
            page = "/cari/?q=kopi" if number % 2 else "/"
            served[client.get(f"http://{slug}.localhost:{port}{page}").status_code] += 1
            if number % 10 == 0:
                sold.append(old(slug, SELL))
            if not born and fleet.rolled(version) > 5:
                born = [old(slugs[0], SIGN_UP.format("lahir-lama")), new(slugs[0], SIGN_UP.format("lahir-baru"))]
            time.sleep(max(0.0, began + 1 / PER_SECOND - time.monotonic()))

    assert (roll.returncode, fleet.rolled(version)) == (0, MANY + 2), roll.stdout.read()
    assert (set(served), all(sold)) == ({200}, True)
    assert (served[200] > PER_SECOND, len(sold) > 2) == (True, True)
    assert born == [versions.of_code(), version]
    after = {slug: new(slug, DEFINED) for slug in (slugs[0], slugs[-1], "lahir-lama", "lahir-baru")}
    assert len({tuple(lines) for lines in after.values()}) == 1
    assert set(before) < set(after[slugs[0]])
    assert old("lahir-baru", SELL)  # old code goes on with what new code has made


def test_a_roll_that_is_killed_goes_on_where_it_was(fleet, tmp_path):
    release = releases.make(tmp_path, SLOW, says=SAFE)
    version = version_of(release)
    killed = fleet.roll(release)
    fleet.wait_until_rolled(10, version)
    killed.kill()
    killed.wait()
    wait_until_nobody_is_connected(fleet)
    done = fleet.rolled(version)
    assert 10 <= done < MANY
    assert fleet.whole(version) == [True] * MANY
    again = fleet.roll(release)
    assert f"{MANY - done} cooperatives brought to {version}" in again.communicate(timeout=60)[0]
    assert (fleet.rolled(version), fleet.whole(version)) == (MANY, [True] * MANY)


def test_one_broken_cooperative_is_named_and_the_command_fails(fleet, tmp_path):
    release = releases.make(tmp_path)
    schema, slug = fleet.ask("SELECT schema_name, slug FROM tenants_cooperative ORDER BY id OFFSET 1 LIMIT 1")[0]
    rename = sql.SQL("ALTER TABLE {} RENAME TO {}")
    with psycopg.connect(fleet.url) as connection:
        connection.execute(rename.format(of(schema, "catalog_product"), sql.Identifier("elsewhere")))
    roll = fleet.roll(release)
    said = roll.communicate(timeout=60)[0]
    with psycopg.connect(fleet.url) as connection:
        connection.execute(rename.format(of(schema, "elsewhere"), sql.Identifier("catalog_product")))
    assert re.search(rf'^{slug}: \S+: ProgrammingError: relation "catalog_product" does not exist', said, re.M)
    assert (roll.returncode, "1 cooperatives were left behind" in said) == (1, True)
    assert fleet.rolled(version_of(release)) == MANY - 1
    again = fleet.start("manage.py", "migrate_cooperatives", "--leave-behind", release=release)
    assert (slug in again.communicate(timeout=60)[0], again.returncode) == (True, 0)


def test_a_cooperative_on_another_server_is_rolled_there(fleet, tmp_path):
    release = releases.make(tmp_path)
    slug = fleet.ask("SELECT slug FROM tenants_cooperative ORDER BY id OFFSET 1 LIMIT 1")[0][0]
    name = f"fleet_{number_of_worker()}_dua"
    drop_database(name)
    on_server(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    second = Fleet(name)
    told = {"DATABASE_SERVERS": f"dua={second.url}", "HOSTS_KNOWN_SECONDS": "0"}
    try:
        for command in (["migrate_cooperatives"], ["move_cooperative", "--cooperative", slug, "--to", "dua"]):
            process = fleet.start("manage.py", *command, **told)
            assert (process.communicate(timeout=60)[0], process.returncode)[1] == 0
        roll = fleet.start("manage.py", "migrate_cooperatives", release=release, **told)
        said = roll.communicate(timeout=60)[0]
        assert (roll.returncode, f"{MANY} cooperatives brought to" in said) == (0, True), said
        assert second.ask("SELECT schema_version FROM tenants_cooperative WHERE slug = %s", slug) == [
            (version_of(release),)
        ]
        assert second.whole(version_of(release)) == [True]
        back = fleet.start("manage.py", "migrate_cooperatives", "--check", release=release, **told)
        assert (back.communicate(timeout=60), back.returncode)[1] == 0
        home = fleet.start(
            "manage.py", "move_cooperative", "--cooperative", slug, "--to", "default", release=release, **told
        )
        assert (home.communicate(timeout=60)[0], home.returncode)[1] == 0
    finally:
        fleet.stop()
        drop_database(name)


def test_nothing_to_do_is_said_at_once(fleet):
    check = fleet.start("manage.py", "migrate_cooperatives", "--check")
    assert "nothing to do" in check.communicate(timeout=60)[0]
    fleet.ask("UPDATE tenants_cooperative SET schema_version = '0001-x' WHERE id = 2 RETURNING id")
    behind = fleet.start("manage.py", "migrate_cooperatives", "--check")
    assert "1 cooperatives are behind" in behind.communicate(timeout=60)[0]
    assert (check.returncode, behind.returncode) == (0, 1)


REFUSED = {
    "what running code would stumble over": (
        {"operations": 'migrations.RemoveField("category", "name"),'}, "not while the release before serves"
    ),
    "what takes away, unless told to": (
        {"says": "contract_because = 'nobody reads it'"}, "add --contract"
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_nobody_is_touched_by(what, fleet, tmp_path):
    options, why = REFUSED[what]
    release = releases.make(tmp_path, **options)
    roll = fleet.roll(release)
    said = roll.communicate(timeout=60)[0]
    assert (roll.returncode, why in said) == (1, True)
    assert fleet.rolled(versions.of_code()) == MANY


def test_what_takes_away_is_done_when_told_to(fleet, tmp_path):
    release = releases.make(tmp_path, says="contract_because = 'nobody reads it'")
    roll = fleet.start("manage.py", "migrate_cooperatives", "--contract", release=release)
    assert roll.wait(60) == 0
    assert fleet.rolled(version_of(release)) == MANY


def test_a_stale_snapshot_stops_it_before_anything(fleet, tmp_path):
    release = releases.make(tmp_path)
    (tmp_path / release.package / "apps.py").unlink()  # what stands in for the snapshot of that release
    roll = fleet.roll(release)
    said = roll.communicate(timeout=60)[0]
    assert (roll.returncode, "run `make snapshot`" in said) == (1, True)
    assert fleet.rolled(versions.of_code()) == MANY


def version_of(release: releases.Release) -> str:
    with releases.standing_on(release):
        return versions.of_code()


def wait_until_up(port: int) -> None:
    until = time.monotonic() + 30
    while True:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/healthz", trust_env=False).raise_for_status() and None
        except httpx.HTTPError:
            assert time.monotonic() < until
            time.sleep(0.1)


def wait_until_nobody_is_connected(fleet: Fleet) -> None:
    """The server notices that a client is gone when it next speaks to it."""
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    until = time.monotonic() + 30
    while fleet.ask(others)[0][0]:
        assert time.monotonic() < until
        time.sleep(0.05)


def drop_database(name: str) -> None:
    on_server(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def on_server(statement: sql.Composed) -> None:
    with psycopg.connect(
        os.environ["TEST_DATABASE_URL"].replace("/coop_shop?", "/postgres?"), autocommit=True
    ) as server:
        server.execute(statement)


def of(schema: str, table: str) -> sql.Identifier:
    return sql.Identifier(schema, table)
