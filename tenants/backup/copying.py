"""All rows of one schema out to files and into another schema, with a fingerprint of each table.

    dump()     what the schema holds in one instant, a CSV file per table
    load()     such files into empty tables of the same shape, in one transaction
    measure()  the same fingerprints without files: equal fingerprints are equal rows

Works on any psycopg connection, here or on another server, as the role that owns the tables; needs no superuser and no
program of PostgreSQL. The format is PostgreSQL's CSV with a header: an unquoted nothing is NULL, "" is empty. Rows come
in the order of the primary key and values in one fixed notation, so a table has one fingerprint wherever it lies.
The shape of the tables is not in it: it follows from `migrations` (tenants/backup/shaping.py).
"""

import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, Protocol

import psycopg
from psycopg import sql

MIGRATIONS = "django_migrations"  # written by who makes the tables, not copied
BLOCK = 256 * 1024  # bytes held at a time
MANY = 20_000  # rows, from which on taking foreign keys off and putting them on again is worth its 100 statements
LOCK_WAIT = "10s"
NOTATION = {
    "timezone": "UTC",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "extra_float_digits": "1",
    "bytea_output": "hex",
    "client_encoding": "UTF8",
}


class CannotCopy(RuntimeError):
    """The rows do not fit the tables, or are not what their fingerprint says; the message says which."""


class Sink(Protocol):
    def write(self, data: bytes, /) -> Any: ...


@dataclass(frozen=True, kw_only=True)
class Table:
    name: str
    columns: list[str]  # without generated ones
    rows: int
    sha256: str  # of the CSV with its header
    counters: dict[str, int]  # column -> the last number its sequence gave


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What a schema held, in a form that goes into a manifest and comes back (`as_json`, `from_json`)."""

    tables: list[Table]
    migrations: list[tuple[str, str]]  # app label and name, of every migration the schema has
    left_out: list[str]  # tables whose rows were not copied

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables)

    @property
    def ledger_sha256(self) -> str:
        """One fingerprint of the books."""
        lines = [f"{table.name} {table.sha256}" for table in self.tables if table.name.startswith("ledger_")]
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Contents":
        """Raises CannotCopy when `data` is not what `as_json` made."""
        try:
            return cls(
                tables=[Table(**table) for table in data["tables"]],
                migrations=[(str(label), str(name)) for label, name in data["migrations"]],
                left_out=[str(name) for name in data["left_out"]],
            )
        except (KeyError, TypeError, ValueError) as error:
            raise CannotCopy(f"the manifest does not describe tables: {error!r}") from error


def dump(
    connection: "psycopg.Connection[Any]",
    schema: str,
    *,
    into: Callable[[str], AbstractContextManager[Sink]],
    leave_out: Collection[str] = (),
) -> Contents:
    """Write every table of `schema` into what `into(name of the table)` opens. Returns what was written.

    All of it is of one instant; others read and write meanwhile. The connection must not be in a transaction.
    Holds BLOCK bytes, however large the table.
    """
    with _one_instant(connection, schema) as shapes:
        tables = []
        for shape in shapes:
            if shape.name not in leave_out:
                with into(shape.name) as file:
                    tables.append(_dump_table(connection, schema, shape, shape.columns, file))
        return Contents(
            tables=tables,
            migrations=_migrations(connection, schema),
            left_out=sorted(shape.name for shape in shapes if shape.name in leave_out),
        )


def load(
    connection: "psycopg.Connection[Any]",
    schema: str,
    contents: Contents,
    *,
    source: Callable[[str], Any],
    with_triggers: bool = True,
) -> None:
    """Fill the empty tables of `schema` with what `source(name of the table)` opens for reading.

    One transaction: all rows with their counters, or none. Every foreign key is checked. `with_triggers=False` is for
    rows that were ours before, and takes a quarter of the time: the fingerprints say that they are the same, so their
    books need not be added up again. Raises CannotCopy when tables, columns, number of rows or fingerprints are not as
    `contents` says or a table is not empty, and psycopg's errors for rows that break a rule.
    """
    with connection.transaction():
        _fix_notation(connection)
        _check_fits(_shapes(connection, schema), contents)
        _check_empty(connection, schema, contents)
        with _keys_and_triggers_later(connection, schema, contents, with_triggers):
            for table in contents.tables:
                with source(table.name) as file:
                    _load_table(connection, schema, table, file)
        _set_counters(connection, schema, contents)


def measure(connection: "psycopg.Connection[Any]", schema: str, *, like: Contents | None = None) -> Contents:
    """What `dump` would return, without writing. `like`: with the columns in that order and the same tables left out,
    so that the answer for equal rows is equal to `like`, counters and all."""
    order = {table.name: table.columns for table in like.tables} if like else {}
    left_out = set(like.left_out) if like else set()
    with _one_instant(connection, schema) as shapes:
        present = [shape for shape in shapes if shape.name not in left_out]
        return Contents(
            tables=[
                _dump_table(connection, schema, shape, _in_order(shape.columns, order.get(shape.name)), _Nowhere())
                for shape in present
            ],
            migrations=_migrations(connection, schema),
            left_out=sorted(left_out),
        )


@dataclass(frozen=True, kw_only=True)
class _Shape:
    name: str
    columns: list[str]
    counted: list[str]  # columns that a sequence fills
    key: list[str]
    key_texts: list[str]  # columns of the key whose order depends on a collation

    def order(self) -> sql.Composable:
        keys = [
            sql.SQL('{} COLLATE "C"' if column in self.key_texts else "{}").format(sql.Identifier(column))
            for column in self.key
        ]
        return sql.SQL(", ").join(keys) if keys else sql.SQL('t::text COLLATE "C"')


class _Nowhere:
    def write(self, data: bytes, /) -> None:
        return None


@contextmanager
def _one_instant(connection: "psycopg.Connection[Any]", schema: str) -> Iterator[list[_Shape]]:
    """A read-only transaction that sees one instant, with every table held against a change of its shape.

    Locked before the instant is fixed: a table that a migration rewrites in between would look empty in it.
    """
    with connection.transaction():
        names = [shape.name for shape in _shapes(connection, schema)]
    if not names:
        raise CannotCopy(f"the schema {schema} has no tables")
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(LOCK_WAIT))
        held = sql.SQL(", ").join(sql.Identifier(schema, name) for name in names)
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS SHARE MODE").format(held))
        _fix_notation(connection)
        shapes = _shapes(connection, schema)
        if [shape.name for shape in shapes] != names:
            raise CannotCopy(f"tables of {schema} came or went while it was being read")
        yield [shape for shape in shapes if shape.name != MIGRATIONS]


def _shapes(connection: "psycopg.Connection[Any]", schema: str) -> list[_Shape]:
    """Found by what depends on the schema: pg_class has no index on that, and 200 rows for each cooperative."""
    rows = connection.execute(
        """
        SELECT c.relname,
               array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE a.attgenerated = ''),
               coalesce(array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE
                   a.attidentity <> '' OR pg_get_serial_sequence(format('%%I.%%I', n.nspname, c.relname), a.attname)
                   IS NOT NULL), '{}'),
               coalesce(array_agg(a.attname::text ORDER BY array_position(i.indkey::int2[], a.attnum))
                   FILTER (WHERE a.attnum = ANY (i.indkey)), '{}'),
               coalesce(array_agg(a.attname::text) FILTER (WHERE a.attnum = ANY (i.indkey) AND a.attcollation <> 0),
                   '{}')
        FROM pg_namespace n
        JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid
            AND d.classid = 'pg_class'::regclass
        JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'r'
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary
        WHERE n.nspname = %s
        GROUP BY c.relname ORDER BY c.relname COLLATE "C"
        """,
        [schema],
    ).fetchall()
    return [_Shape(name=row[0], columns=row[1], counted=row[2], key=row[3], key_texts=row[4]) for row in rows]


def _dump_table(
    connection: "psycopg.Connection[Any]", schema: str, shape: _Shape, columns: list[str], file: Sink
) -> Table:
    query = sql.SQL("COPY (SELECT {} FROM {} t ORDER BY {}) TO STDOUT (FORMAT csv, HEADER)").format(
        _listed(columns), sql.Identifier(schema, shape.name), shape.order()
    )
    digest = hashlib.sha256()
    block = bytearray()
    with connection.cursor() as cursor:
        with cursor.copy(query) as copy:
            for piece in copy:
                block += piece
                if len(block) >= BLOCK:
                    _put(bytes(block), digest, file)
                    block.clear()
        _put(bytes(block), digest, file)
        rows = cursor.rowcount
    return Table(
        name=shape.name,
        columns=columns,
        rows=rows,
        sha256=digest.hexdigest(),
        counters=_counters(connection, schema, shape),
    )


def _put(data: bytes, digest: Any, file: Sink) -> None:
    digest.update(data)
    file.write(data)


def _counters(connection: "psycopg.Connection[Any]", schema: str, shape: _Shape) -> dict[str, int]:
    """Sequences know no instant: they are read after the rows, so they are never behind them."""
    counters = {}
    for column in shape.counted:
        row = connection.execute(
            "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, %s)::regclass)", [_name(schema, shape), column]
        ).fetchone()
        if row and row[0] is not None:  # None: it has given no number yet
            counters[column] = row[0]
    return counters


@contextmanager
def _keys_and_triggers_later(
    connection: "psycopg.Connection[Any]", schema: str, contents: Contents, with_triggers: bool
) -> Iterator[None]:
    """Rows may come in any order: foreign keys are deferred, as Django makes them. Of many rows each key is looked at
    once for all: it is taken off and put on again."""
    connection.execute("SET CONSTRAINTS ALL DEFERRED")
    keys = _foreign_keys(connection, schema) if contents.rows > MANY else []
    tables = [] if with_triggers else [sql.Identifier(schema, table.name) for table in contents.tables]
    for table, name, _ in keys:
        connection.execute(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(table, name))
    for each in tables:
        connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(each))
    yield
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for each in tables:
        connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(each))
    for table, name, definition in keys:
        connection.execute(sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {}").format(table, name, definition))
    connection.execute("SET CONSTRAINTS ALL DEFERRED")


def _foreign_keys(
    connection: "psycopg.Connection[Any]", schema: str
) -> list[tuple[sql.Identifier, sql.Identifier, sql.SQL]]:
    rows = connection.execute(
        """
        SELECT c.relname, f.conname, pg_get_constraintdef(f.oid)
        FROM pg_namespace n
        JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid
            AND d.classid = 'pg_class'::regclass
        JOIN pg_class c ON c.oid = d.objid
        JOIN pg_constraint f ON f.conrelid = c.oid AND f.contype = 'f'
        WHERE n.nspname = %s
        ORDER BY c.relname, f.conname
        """,
        [schema],
    )
    return [(sql.Identifier(schema, table), sql.Identifier(name), sql.SQL(text)) for table, name, text in rows]


def _load_table(connection: "psycopg.Connection[Any]", schema: str, table: Table, file: BinaryIO) -> None:
    query = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv, HEADER MATCH)").format(
        sql.Identifier(schema, table.name), _listed(table.columns)
    )
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        with cursor.copy(query) as copy:
            while block := file.read(BLOCK):
                digest.update(block)
                copy.write(block)
        rows = cursor.rowcount
    if digest.hexdigest() != table.sha256 or rows != table.rows:
        raise CannotCopy(f"{table.name} is damaged: {rows} rows of {table.rows}, or not the same ones")


def _set_counters(connection: "psycopg.Connection[Any]", schema: str, contents: Contents) -> None:
    for table in contents.tables:
        for column, last in table.counters.items():
            connection.execute(
                "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [_name(schema, table), column, last]
            )


def _check_fits(shapes: list[_Shape], contents: Contents) -> None:
    here = {shape.name: set(shape.columns) for shape in shapes if shape.name != MIGRATIONS}
    there = {table.name: set(table.columns) for table in contents.tables}
    if here.keys() != there.keys() | set(contents.left_out):
        raise CannotCopy(f"other tables: {sorted(here.keys() ^ (there.keys() | set(contents.left_out)))}")
    for name, columns in there.items():
        if columns != here[name]:
            raise CannotCopy(f"other columns in {name}: {sorted(columns ^ here[name])}")


def _check_empty(connection: "psycopg.Connection[Any]", schema: str, contents: Contents) -> None:
    for table in contents.tables:
        query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(schema, table.name))
        if connection.execute(query).fetchone() == (True,):
            raise CannotCopy(f"{table.name} is not empty")


def _migrations(connection: "psycopg.Connection[Any]", schema: str) -> list[tuple[str, str]]:
    query = sql.SQL("SELECT app, name FROM {} ORDER BY id").format(sql.Identifier(schema, MIGRATIONS))
    return [(app, name) for app, name in connection.execute(query)]


def _fix_notation(connection: "psycopg.Connection[Any]") -> None:
    for name, value in NOTATION.items():
        connection.execute("SELECT set_config(%s, %s, true)", [name, value])


def _in_order(columns: list[str], wanted: list[str] | None) -> list[str]:
    return wanted if wanted and set(wanted) == set(columns) else columns


def _listed(columns: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def _name(schema: str, table: "Table | _Shape") -> str:
    return sql.Identifier(schema, table.name).as_string(None)
