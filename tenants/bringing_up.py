"""One schema gets the migrations that it lacks, in one transaction.

Django computes a migration's statements from models and from the catalogue. Of a thousand cooperatives that start from
the same place only the first needs that: its statements are remembered, and said again to the others. The same place
means the same migrations applied, and the same tables, columns, constraints, indexes and triggers; for a cooperative
that differs Django computes anew.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from django.db import migrations, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from lib.schema import connection
from tenants import fingerprints, versions
from tenants.models import PUBLIC
from tenants.versions import Key

LOCK_TIMEOUT = "2s"  # while a migration waits for a table, everybody waits who comes after it
HOLDING_UP = {  # locks that keep others from writing, the weakest first
    "ShareLock": "SHARE",
    "ShareRowExclusiveLock": "SHARE ROW EXCLUSIVE",
    "AccessExclusiveLock": "ACCESS EXCLUSIVE",
}


class Diverged(RuntimeError):
    """The schema lacks migrations of this code, and has others that this code does not know."""


class PublicTouched(RuntimeError):
    """A cooperative's migration changed what is defined in `public`."""


@dataclass(frozen=True)
class Memory:
    """The statements that lead from a starting place to this code's version; shared by the threads of one run."""

    recordings: dict[tuple[frozenset[Key], str], str] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)  # held by the first from its place; the others wait, and then replay


def bring_up(*, schema_name: str, memory: Memory | None = None, to: Iterable[Key] | None = None) -> str:
    """Apply to `schema_name` what it lacks, or what it lacks of `to`. Returns the version that it then has.

    All or nothing, whatever fails. An empty schema gets everything. A lock is waited for no longer than LOCK_TIMEOUT;
    then django.db.OperationalError is raised. Raises Diverged and PublicTouched.
    """
    before = connection.tenant
    # Without `public` in its path, a statement cannot reach a table of the same name there (hazard H19).
    connection.set_schema(schema_name, include_public=False)
    try:
        with transaction.atomic():
            _execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
            applied = _applied() or _make_table_of_migrations()
            missing = _missing(applied, versions.wanted() if to is None else frozenset(to))
            if missing:
                _migrate(schema_name, applied, missing, memory or Memory())
            return versions.of(applied | set(missing))
    finally:
        connection.set_tenant(before)


def lacking(*, schema_name: str) -> list[Key]:
    """What `bring_up` would apply. Raises Diverged."""
    before = connection.tenant
    connection.set_schema(schema_name, include_public=False)
    try:
        return _missing(_applied(), versions.wanted())
    finally:
        connection.set_tenant(before)


def _applied() -> frozenset[Key]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")  # Django's recorder reads all of pg_class
        if not cursor.fetchone()[0]:
            return frozenset()
        cursor.execute("SELECT app, name FROM django_migrations")
        return frozenset(cursor.fetchall())


def _make_table_of_migrations() -> frozenset[Key]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NULL")
        is_missing = cursor.fetchone()[0]
    if is_missing:
        with connection.schema_editor() as editor:
            editor.create_model(MigrationRecorder.Migration)
    return frozenset()


def _missing(applied: frozenset[Key], wanted: Iterable[Key]) -> list[Key]:
    missing = [key for key in versions.wanted() if key in wanted and key not in applied]
    unknown = sorted(key for key in applied - set(versions.wanted()) if key[0] in versions.tenant_labels())
    if missing and unknown:
        raise Diverged(f"has {'.'.join(unknown[0])}, which this code does not know, and lacks {'.'.join(missing[0])}")
    return missing


def _migrate(schema_name: str, applied: frozenset[Key], missing: list[Key], memory: Memory) -> None:
    here = (applied, fingerprints.shape(schema_name=schema_name))
    if here not in memory.recordings:
        with memory.lock:
            if here not in memory.recordings:
                tables = fingerprints.tables(schema_name=schema_name)
                statements = _apply(applied, missing)
                if _can_be_replayed(missing):
                    memory.recordings[here] = "\n;\n".join([*_locks(tables), *statements])
                record(_with_what_they_need(applied, missing))
                return
    _execute(memory.recordings[here])
    record(_with_what_they_need(applied, missing))


def _apply(applied: frozenset[Key], missing: list[Key]) -> list[str]:
    """Let Django apply them. Returns its statements. Raises PublicTouched."""
    public = fingerprints.definition(schema_name=PUBLIC)
    loader = MigrationLoader(None)
    state = ProjectState(real_apps=loader.unmigrated_apps)
    statements: list[str] = []
    for key in versions.in_order():
        migration = loader.graph.nodes[key]
        if key in missing:
            state.apps  # noqa: B018 - rendered once here, and not again for each operation
            with connection.schema_editor(atomic=True) as editor:
                editor.execute = _noting(editor.execute, statements)
                state = migration.apply(state, editor)
        elif key in applied or key[0] not in versions.tenant_labels():
            state = migration.mutate_state(state, preserve=False)
    changed = set(public) ^ set(fingerprints.definition(schema_name=PUBLIC))
    if changed:
        raise PublicTouched(f"one of {', '.join('.'.join(key) for key in missing)} changed “{min(changed)}”")
    return statements


def _locks(tables: Mapping[int, str]) -> list[str]:
    """Take first what the statements lock, where that is more than one table: wait for one, and for no other.

    Who waits for a table and holds another may be waited for by a request that holds the first; PostgreSQL would end
    one of the two, perhaps the request.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relation, array_agg(mode) FROM pg_locks"
            " WHERE pid = pg_backend_pid() AND relation = ANY(%s) AND mode = ANY(%s) GROUP BY relation",
            [list(tables), list(HOLDING_UP)],
        )
        strongest = {tables[oid]: max(modes, key=list(HOLDING_UP).index) for oid, modes in cursor.fetchall()}
    if len(strongest) < 2:
        return []
    return [
        f'LOCK TABLE "{table}" IN {HOLDING_UP[strongest[table]]} MODE {"NOWAIT" if number else ""}'
        for number, table in enumerate(sorted(strongest))
    ]


def _noting(execute: Callable[..., None], statements: list[str]) -> Callable[..., None]:
    """`execute`, which also writes down what it says, with the parameters filled in."""

    def execute_and_note(statement: Any, params: Any = ()) -> None:
        execute(statement, params)
        text = str(statement)
        statements.append(text if params is None else connection.ops.compose_sql(text, params))

    return execute_and_note


def _can_be_replayed(missing: list[Key]) -> bool:
    """Code (RunPython, or an operation of our own) may do other things in another schema."""
    nodes = MigrationLoader(None).graph.nodes
    return all(_is_statements(operation) for key in missing for operation in nodes[key].operations)


def _is_statements(operation: Operation) -> bool:
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return all(_is_statements(inner) for inner in operation.database_operations)
    is_djangos = type(operation).__module__.startswith("django.")
    return is_djangos and not isinstance(operation, migrations.RunPython)


def record(keys: Iterable[Key]) -> None:
    """Say in the schema where we stand that it has them."""
    labels, names = zip(*keys, strict=True)
    _execute(
        "INSERT INTO django_migrations (app, name, applied)"
        " SELECT app, name, now() FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS t (app, name, nr) ORDER BY nr",
        [list(labels), list(names)],
    )


def _with_what_they_need(applied: frozenset[Key], missing: list[Key]) -> list[Key]:
    """Django also records, and does not run, what they depend on in `public`."""
    return [key for key in versions.in_order() if key in missing or (_is_of_public(key) and key not in applied)]


def _is_of_public(key: Key) -> bool:
    return key[0] not in versions.tenant_labels()


def _execute(statement: str, params: Any = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
