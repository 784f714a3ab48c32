"""Rows out of one schema and into another: all of them, as they are, or none."""

import hashlib
import io
import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import psycopg
import pytest
from psycopg import sql

from catalog.models import Product
from tenants import fingerprints
from tenants.backup import copying
from tenants.backup.tests.conftest import HARD_TO_WRITE_DOWN
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make


@pytest.fixture
def filled(shops: Callable[..., Cooperative]) -> Cooperative:
    return shops("uji-penuh")


@pytest.fixture
def other(shops: Callable[..., Cooperative]) -> Cooperative:
    """A second cooperative with empty tables."""
    return shops("uji-kosong", is_empty=True)


class Files(dict[str, bytes]):
    """Files in memory, written once and read again."""

    def into(self, name: str) -> io.BytesIO:
        files = self

        class File(io.BytesIO):
            def close(self) -> None:
                files[name] = self.getvalue()
                super().close()

        return File()

    def source(self, name: str) -> io.BytesIO:
        return io.BytesIO(self[name])


def test_what_was_dumped_and_loaded_is_the_same_in_every_value(filled, other, connection):
    files = Files()
    contents = copying.dump(connection, filled.schema_name, into=files.into)
    assert contents.rows > 10

    copying.load(connection, other.schema_name, contents, source=files.source)

    assert copying.measure(connection, other.schema_name, like=contents) == contents
    assert files["catalog_product"].count(b"\\N") == 1
    with in_tenant(other):
        product = Product.objects.get()
        assert product.title == HARD_TO_WRITE_DOWN
        assert Product.objects.filter(search="gayo").count() == 1
        assert make.product(title="Berikutnya").pk == product.pk + 1


def test_a_dump_is_of_one_instant_though_others_write_meanwhile(filled, connection):
    written = []

    def into(name: str) -> io.BytesIO:
        if not written:
            with in_tenant(filled):
                make.product(title="Sesudah saat itu")
        written.append(name)
        return io.BytesIO()

    contents = copying.dump(connection, filled.schema_name, into=into)

    rows = {table.name: table.rows for table in contents.tables}
    assert rows["catalog_product"] == 1
    assert copying.measure(connection, filled.schema_name).rows > contents.rows


def test_a_changed_byte_is_found_and_nothing_is_loaded(filled, other, connection):
    files = Files()
    contents = copying.dump(connection, filled.schema_name, into=files.into)
    files["ledger_entry"] = files["ledger_entry"].replace(b"5000", b"7000")

    with pytest.raises(copying.CannotCopy, match="ledger_entry is damaged"):
        copying.load(connection, other.schema_name, contents, source=files.source)

    assert copying.measure(connection, other.schema_name).rows == 0


@pytest.mark.parametrize("many", [0, copying.MANY])
def test_books_that_do_not_balance_and_rows_without_their_parent_are_refused(
    filled, other, connection, many, monkeypatch
):
    monkeypatch.setattr(copying, "MANY", many)
    for table, where in (("ledger_entry", b"-5000"), ("catalog_product", b"Kopi")):
        files = Files()
        contents = copying.dump(connection, filled.schema_name, into=files.into)
        lines = files[table].splitlines(keepends=True)
        kept = [line for line in lines if where not in line] if table == "ledger_entry" else lines[:1]
        files[table] = b"".join(kept)
        forged = [
            copying.Table(
                name=each.name,
                columns=each.columns,
                counters=each.counters,
                rows=len(kept) - 1 if each.name == table else each.rows,
                sha256=hashlib.sha256(files[each.name]).hexdigest(),
            )
            for each in contents.tables
        ]
        contents = replace(contents, tables=forged)

        with pytest.raises(psycopg.IntegrityError):
            copying.load(connection, other.schema_name, contents, source=files.source)

        assert copying.measure(connection, other.schema_name).rows == 0


def test_a_schema_that_holds_rows_is_not_loaded_over(filled, connection):
    files = Files()
    contents = copying.dump(connection, filled.schema_name, into=files.into)

    with pytest.raises(copying.CannotCopy, match="is not empty"):
        copying.load(connection, filled.schema_name, contents, source=files.source)

    assert copying.measure(connection, filled.schema_name, like=contents) == contents


def test_tables_of_another_shape_are_refused_by_name(filled, other, connection):
    files = Files()
    contents = copying.dump(connection, filled.schema_name, into=files.into)
    connection.execute(
        sql.SQL("ALTER TABLE {} ADD COLUMN colour text").format(sql.Identifier(other.schema_name, "catalog_product"))
    )

    with pytest.raises(copying.CannotCopy, match=r"other columns in catalog_product: \['colour'\]"):
        copying.load(connection, other.schema_name, contents, source=files.source)


def test_tables_may_be_left_out_and_are_named(filled, other, connection):
    files = Files()
    contents = copying.dump(connection, filled.schema_name, into=files.into, leave_out={"catalog_picture"})

    assert contents.left_out == ["catalog_picture"]
    assert "catalog_picture" not in files
    copying.load(connection, other.schema_name, contents, source=files.source)
    assert copying.measure(connection, other.schema_name, like=contents) == contents


def test_one_changed_value_changes_the_fingerprint_of_its_table_and_of_the_books(filled, connection):
    before = copying.measure(connection, filled.schema_name)
    name = sql.Identifier(filled.schema_name, "ledger_account")
    connection.execute(sql.SQL("UPDATE {} SET code = 'cash2' WHERE code = 'cash'").format(name))

    after = copying.measure(connection, filled.schema_name)

    changed = [one.name for one, two in zip(before.tables, after.tables, strict=True) if one.sha256 != two.sha256]
    assert changed == ["ledger_account"]
    assert before.ledger_sha256 != after.ledger_sha256


@pytest.mark.parametrize("how", [{}, {"with_triggers": False}])
def test_an_ordinary_role_that_owns_its_tables_can_load(filled, other, connection, how, monkeypatch):
    monkeypatch.setattr(copying, "MANY", 0)
    files = Files()
    contents = copying.dump(connection, filled.schema_name, into=files.into)
    role = sql.Identifier(f"owner_{other.schema_name}")
    schema = sql.Identifier(other.schema_name)
    connection.execute(sql.SQL("CREATE ROLE {} NOSUPERUSER").format(role))
    try:
        connection.execute(sql.SQL("ALTER SCHEMA {} OWNER TO {}").format(schema, role))
        for table in [*(each.name for each in contents.tables), copying.MIGRATIONS]:
            name = sql.Identifier(other.schema_name, table)
            connection.execute(sql.SQL("ALTER TABLE {} OWNER TO {}").format(name, role))
        connection.execute(sql.SQL("SET ROLE {}").format(role))

        copying.load(connection, other.schema_name, contents, source=files.source, **how)

        assert copying.measure(connection, other.schema_name, like=contents) == contents
    finally:
        connection.execute("RESET ROLE")
        connection.execute(sql.SQL("REASSIGN OWNED BY {} TO CURRENT_USER").format(role))
        connection.execute(sql.SQL("DROP ROLE {}").format(role))


def test_a_table_larger_than_memory_should_hold_passes_in_blocks(filled, connection):
    name = sql.Identifier(filled.schema_name, "ledger_account")
    connection.execute(
        sql.SQL(
            "INSERT INTO {} (code, kind) SELECT 'x' || g || repeat('y', 40), 'asset' FROM generate_series(1, 60000) g"
        ).format(name)
    )
    largest = 0

    class Watching(io.BytesIO):
        def write(self, data: bytes) -> int:
            nonlocal largest
            largest = max(largest, len(data))
            return len(data)

    tracemalloc.start()
    contents = copying.dump(connection, filled.schema_name, into=lambda _: Watching())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert contents.rows > 60_000
    assert copying.BLOCK <= largest < 2 * copying.BLOCK
    assert peak < 8 * copying.BLOCK


def test_every_foreign_key_of_a_cooperative_can_be_deferred(filled, connection):
    found = connection.execute(
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND NOT condeferred AND connamespace = %s::regnamespace",
        [filled.schema_name],
    ).fetchall()
    assert found == []


def test_contents_pass_through_json_unchanged(filled, connection):
    contents = copying.measure(connection, filled.schema_name)

    assert copying.Contents.from_json(json.loads(json.dumps(contents.as_json()))) == contents
    with pytest.raises(copying.CannotCopy):
        copying.Contents.from_json({"tables": [{"name": "x"}], "migrations": [], "left_out": []})


@pytest.mark.parametrize("with_triggers", [True, False])
def test_loading_many_rows_leaves_every_key_and_trigger_as_it_was(
    filled, other, connection, with_triggers, monkeypatch
):
    monkeypatch.setattr(copying, "MANY", 0)
    files = Files()
    contents = copying.dump(connection, filled.schema_name, into=files.into)
    definition = fingerprints.definition(schema_name=other.schema_name)

    copying.load(connection, other.schema_name, contents, source=files.source, with_triggers=with_triggers)

    assert copying.measure(connection, other.schema_name, like=contents) == contents
    assert fingerprints.definition(schema_name=other.schema_name) == definition
    entries = sql.Identifier(other.schema_name, "ledger_entry")
    with pytest.raises(psycopg.IntegrityError, match="does not balance"):
        connection.execute(sql.SQL("INSERT INTO {} (journal_id, account_id, amount) VALUES (1, 1, 5)").format(entries))
    with pytest.raises(psycopg.IntegrityError, match="append-only"):
        connection.execute(sql.SQL("DELETE FROM {}").format(entries))


def test_rows_of_ours_without_their_parent_are_refused_too(filled, other, connection):
    files = Files()
    contents = copying.dump(connection, filled.schema_name, into=files.into, leave_out={"members_member"})

    with pytest.raises(psycopg.IntegrityError):
        copying.load(connection, other.schema_name, contents, source=files.source, with_triggers=False)
