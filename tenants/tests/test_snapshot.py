"""A schema from the snapshot is what the migrations make, today and after the migrations of tomorrow."""

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models
from django.db.migrations import AddConstraint, AddField, AddIndex, RemoveConstraint, RemoveField, RemoveIndex
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation

from tenants import provisioning, snapshot, snapshot_building, versions
from tenants.models import Cooperative
from tenants.tests import catalogue

BORN, MIGRATED = "t_fromsnapshot", "t_frommigrate0"


@pytest.fixture
def two_schemas(db: None) -> None:
    """One from the snapshot, one by Django's own migrations."""
    connection.set_schema_to_public()
    with connection.cursor() as cursor:
        snapshot.make_schema(cursor=cursor, schema_name=BORN)
        cursor.execute(f"CREATE SCHEMA {MIGRATED}")
    snapshot_building.migrate(MIGRATED)


@pytest.fixture
def real_commits(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        yield


def test_a_schema_from_the_snapshot_is_the_one_that_migrations_make(two_schemas: None) -> None:
    born, migrated = catalogue.of_schema(BORN), catalogue.of_schema(MIGRATED)
    assert {what: len(rows) for what, rows in born.items()} == {what: len(rows) for what, rows in migrated.items()}
    assert born == migrated
    least = {"relations": 60, "columns": 250, "sequences": 30, "constraints": 150, "indexes": 70, "triggers": 6}
    assert {what: len(born[what]) >= number for what, number in least.items()} == dict.fromkeys(least, True)
    assert len(born["migrations"]) == len(versions.wanted())


@pytest.mark.parametrize(
    "change",
    [
        'ALTER TABLE "@@".orders_order RENAME CONSTRAINT orders_order_pkey TO orders_order_id_key',
        'ALTER SEQUENCE "@@".orders_order_id_seq MAXVALUE 2147483647',
        'ALTER SEQUENCE "@@".orders_order_id_seq RESTART WITH 2 START WITH 2',
        'ALTER TABLE "@@".orders_order ADD COLUMN extra text',
        'ALTER TABLE "@@".orders_order ALTER COLUMN code DROP NOT NULL',
        'ALTER TABLE "@@".orders_order ALTER COLUMN code SET DEFAULT 1',
        'ALTER TABLE "@@".orders_order ALTER COLUMN id DROP IDENTITY',
        'CREATE INDEX extra ON "@@".orders_order (code)',
        'DROP TRIGGER append_only ON "@@".ledger_entry',
        'ALTER TABLE "@@".ledger_entry DISABLE TRIGGER append_only',
        'ALTER FUNCTION "@@".ledger_balanced() STRICT',
        "DELETE FROM \"@@\".django_migrations WHERE app = 'ledger'",
    ],
)
def test_the_comparison_sees(change: str, two_schemas: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(change.replace(snapshot.PLACE, BORN))
    assert catalogue.of_schema(BORN) != catalogue.of_schema(MIGRATED)


def test_later_migrations_drop_and_add_on_both_what_they_name(two_schemas: None) -> None:
    """Every named constraint and index: a cloned schema has other names, and there this fails."""
    operations = list(dropped_and_added())
    assert len(operations) > 40
    for schema in (BORN, MIGRATED):
        later_migration(schema, operations)
    assert catalogue.of_schema(BORN) == catalogue.of_schema(MIGRATED)
    assert any("later" in column for column in catalogue.of_schema(BORN)["columns"])


def test_a_constraint_under_another_name_stops_a_later_migration(two_schemas: None) -> None:
    label, change = "inventory", RemoveConstraint("Stock", "never_promise_more_than_there_is")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass FROM pg_constraint WHERE conname = %s AND connamespace = %s::regnamespace",
            [change.name, BORN],
        )
        cursor.execute(f"ALTER TABLE {cursor.fetchone()[0]} RENAME CONSTRAINT {change.name} TO of_a_clone")
    with pytest.raises(DatabaseError, match="does not exist"):
        later_migration(BORN, [(label, change)])


def later_migration(schema: str, operations: list[tuple[str, Operation]]) -> None:
    state = MigrationLoader(None).project_state()
    connection.set_schema(schema)
    try:
        with connection.schema_editor(atomic=False) as editor:
            for label, operation in operations:
                before = state.clone()
                operation.state_forwards(label, state)
                operation.database_forwards(label, editor, before, state)
    finally:
        connection.set_schema_to_public()


def dropped_and_added() -> Iterator[tuple[str, Operation]]:
    """(app label, operation): each named constraint and index of the shop away and back, and a column."""
    ours = [state for key, state in sorted(MigrationLoader(None).project_state().models.items()) if is_ours(key[0])]
    for state in ours:
        for constraint in state.options.get("constraints", []):
            yield state.app_label, RemoveConstraint(state.name, constraint.name)
            yield state.app_label, AddConstraint(state.name, constraint)
        for index in state.options.get("indexes", []):
            yield state.app_label, RemoveIndex(state.name, index.name)
            yield state.app_label, AddIndex(state.name, index)
        yield state.app_label, AddField(state.name, "later", models.CharField(max_length=9, default="", db_default="x"))
    yield "orders", RemoveField("Order", "later")


def is_ours(label: str) -> bool:
    return label in versions.tenant_labels() and label not in ("sessions", "account", "mfa")


def test_the_committed_file_is_what_the_migrations_give(real_commits: None) -> None:
    """`make snapshot` after each new migration of a cooperative's tables."""
    call_command("build_snapshot", check=True)


def test_the_check_refuses_a_file_that_is_another(real_commits: None, monkeypatch, tmp_path) -> None:
    file = tmp_path / "snapshot.sql"
    file.write_text(snapshot.PATH.read_text().replace("orders_order_pkey", "orders_order_key"))
    monkeypatch.setattr(snapshot, "PATH", file)
    with pytest.raises(CommandError, match="make snapshot"):
        call_command("build_snapshot", check=True)
    call_command("build_snapshot")
    call_command("build_snapshot", check=True)


def test_a_migration_that_writes_rows_makes_no_snapshot(real_commits: None, monkeypatch) -> None:
    def migrate_with_rows(schema_name: str) -> None:
        migrate(schema_name)
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {schema_name}.catalog_category (name, slug) VALUES ('Kopi', 'kopi')")  # noqa: S608

    migrate = snapshot_building.migrate
    monkeypatch.setattr(snapshot_building, "migrate", migrate_with_rows)
    with pytest.raises(snapshot_building.NotASnapshot, match="catalog_category"):
        snapshot_building.build()
    assert not has_schema(snapshot_building.SCRATCH)


@pytest.mark.parametrize("of_code", ["0099-0123456789", "0001-0123456789"])
def test_a_snapshot_that_is_not_of_this_code_makes_no_cooperative(db: None, monkeypatch, of_code: str) -> None:
    before = Cooperative.objects.count()
    monkeypatch.setattr(versions, "of_code", lambda: of_code)
    with pytest.raises(snapshot.SnapshotStale, match="make snapshot"):
        provisioning.create_cooperative(name="Madu Sumbawa", slug="madu-sumbawa")
    assert Cooperative.objects.count() == before


@pytest.mark.parametrize("harm", [lambda text: text[:-2], lambda text: text.replace("bigint", "integer", 1), str.upper])
def test_a_text_that_was_cut_off_or_edited_is_no_snapshot(harm) -> None:
    text = snapshot.PATH.read_text()
    assert snapshot.read(text).text() == text
    with pytest.raises(snapshot.SnapshotStale):
        snapshot.read(harm(text))


def test_another_snapshot_makes_its_own_kind_of_schema(db: None) -> None:
    """As a backup brings it along."""
    older = snapshot.Snapshot(version="0001-0123456789", sql='CREATE SCHEMA "@@"; CREATE TABLE "@@".only (id int)')
    with connection.cursor() as cursor:
        assert snapshot.make_schema(cursor=cursor, schema_name=BORN, snapshot=older) == older
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [BORN])
        assert cursor.fetchall() == [("only",)]


@pytest.mark.parametrize("name", ["public", "pg_temp", 't_a"; DROP TABLE x; --', "T_ABC", "", "t", "t_" + "a" * 62])
def test_only_names_of_ours_become_schemas(db: None, name: str) -> None:
    with connection.cursor() as cursor, pytest.raises(ValueError, match="cannot be a cooperative's schema"):
        snapshot.make_schema(cursor=cursor, schema_name=name)


def has_schema(name: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname = %s", [name])
        return bool(cursor.fetchone()[0])
