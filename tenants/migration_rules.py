"""Which migrations of cooperatives' schemas may run while the release before goes on serving (docs/migrating.md).

Old code reads and writes schemas that are rolled already, without knowing of it; new code starts when all are rolled.
So a release only adds, and what takes away comes in a later one. A migration may carry one of two attributes, each a
sentence:

    safe_because      its author has looked: the code that runs goes on working, though no rule can see it
    contract_because  it takes away what no running code reads any more; runs only with `--contract`
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.contrib.postgres import operations as postgres
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models.fields import NOT_PROVIDED
from django.db.models.functions import Now

from tenants import versions
from tenants.versions import Key

# The newest of each app that is older than the rules.
BASELINE = {
    "account": "0009",
    "accounts": "0001",
    "catalog": "0001",
    "inventory": "0002",
    "ledger": "0003",
    "marketplaces": "0001",
    "members": "0003",
    "mfa": "0003",
    "notifications": "0001",
    "orders": "0002",
    "pages": "0001",
    "payments": "0002",
    "questions": "0001",
    "reviews": "0001",
    "sessions": "0001",
    "shipping": "0001",
    "tenants": "0003",
}
SAFE_BECAUSE: dict[Key, str] = {}  # for those of libraries, which cannot carry an attribute of ours

LATER = "running code still reads it: take it out of the models first, and away one release later (contract_because)"
RENAMED = "running code knows the old name: add the new one, let due work copy, take the old one away a release later"
UNSEEN = "no rule can see what it does: look whether running code goes on working, and say so in safe_because"
CODE = "rows are changed by due work (settings.DUE_TASKS), a piece at a time and twice if need be, not by a migration"
UNIQUE = "running code may write, and rows may hold, the same twice: look into all cooperatives, then say safe_because"
CHECKED = (
    "running code may write what it refuses: AddConstraintNotValid once none does, ValidateConstraint a release later"
)
NOT_ATOMIC = "a cooperative is migrated whole or not at all; its tables are small: let them be locked for a moment"
SQUASHED = "the version of a schema counts its migrations: leave them as they are, do not squash"
OUTSIDE = "a cooperative's migration stays in its own schema and transaction: no public., search_path or CONCURRENTLY"
FORGOTTEN = "new code inserts rows without it: let it be null or give it a db_default, in an operation before this one"
_OUTSIDE = re.compile(r"\bpublic\s*\.|\bsearch_path\b|\bconcurrently\b", re.IGNORECASE)


@dataclass(frozen=True)
class Refusal:
    key: Key
    what: str  # the operation, in Django's words
    instead: str

    def __str__(self) -> str:
        return f"{'.'.join(self.key)}: {self.what}: {self.instead}"


def refusals(keys: Iterable[Key]) -> list[Refusal]:
    """Why those of `keys` that are newer than BASELINE must not run while other code serves. Empty: they may."""
    wanted = {key for key in keys if not is_older_than_the_rules(key)}
    loader = MigrationLoader(None)
    state = ProjectState(real_apps=loader.unmigrated_apps)
    found: list[Refusal] = []
    for key in versions.in_order(of_cooperatives=False):
        migration = loader.graph.nodes[key]
        if key in wanted:
            found += [Refusal(key, what, instead) for what, instead in judge(migration, before=state)]
        state = migration.mutate_state(state, preserve=False)
    return found


def contracts(keys: Iterable[Key]) -> list[Key]:
    """Those of `keys` that take away what older code reads."""
    nodes = MigrationLoader(None).graph.nodes
    return [key for key in keys if getattr(nodes[key], "contract_because", "")]


def is_older_than_the_rules(key: Key) -> bool:
    return key[1][:4] <= BASELINE.get(key[0], "")


def judge(migration: Migration, *, before: ProjectState) -> Iterator[tuple[str, str]]:
    """What is wrong with it: the operation, and what to do instead. `before` is left as it is."""
    if not migration.atomic:
        yield "atomic = False", NOT_ATOMIC
    if migration.replaces:
        yield "replaces", SQUASHED
    here = _Place(migration.app_label, before.clone())
    is_vouched_for = any(getattr(migration, name, "") for name in ("safe_because", "contract_because"))
    is_vouched_for = is_vouched_for or bool(SAFE_BECAUSE.get((migration.app_label, migration.name)))
    for operation in migration.operations:
        for part in _parts(operation):
            instead = _always(part) or (None if is_vouched_for else _rule(part, here))
            if instead:
                yield part.describe(), instead
        if isinstance(operation, migrations.SeparateDatabaseAndState) and not is_vouched_for:
            yield from _forgotten(operation, here)
        operation.state_forwards(migration.app_label, here.state)


@dataclass
class _Place:
    """Where in a migration we are."""

    label: str
    state: ProjectState
    fresh: set[str] = field(default_factory=set)  # models that this very migration makes: nothing runs on them yet

    def column(self, model: str, name: str) -> models.Field:
        found: models.Field = self.state.models[self.label, model.lower()].get_field(name)
        return found


def _parts(operation: Operation) -> list[Operation]:
    """What it does to the database."""
    if isinstance(operation, migrations.SeparateDatabaseAndState):
        return [part for inner in operation.database_operations for part in _parts(inner)]
    return [operation]


def _always(operation: Operation) -> str | None:
    """What no sentence of its author makes right."""
    if isinstance(operation, postgres.AddIndexConcurrently | postgres.RemoveIndexConcurrently):
        return NOT_ATOMIC
    if isinstance(operation, migrations.RunSQL) and _OUTSIDE.search(str(operation.sql)):
        return OUTSIDE
    return None


def _rule(operation: Operation, here: _Place) -> str | None:
    if isinstance(operation, migrations.CreateModel):
        here.fresh.add(operation.name_lower)
        return None
    model = getattr(operation, "model_name", None) or getattr(operation, "name", "")
    if str(model).lower() in here.fresh and not isinstance(operation, migrations.RunPython):
        return None
    return RULES.get(type(operation), _unknown)(operation, here)


def _unknown(operation: Operation, here: _Place) -> str | None:
    return UNSEEN


def _fine(operation: Operation, here: _Place) -> str | None:
    return None


def _run_python(operation: migrations.RunPython, here: _Place) -> str | None:
    return CODE


def _take_away(operation: Operation, here: _Place) -> str | None:
    return LATER


def _rename(operation: Operation, here: _Place) -> str | None:
    return RENAMED


def _rename_field(operation: migrations.RenameField, here: _Place) -> str | None:
    """One with a `db_column` keeps it."""
    return None if here.column(operation.model_name, operation.old_name).db_column else RENAMED


def _alter_table(operation: migrations.AlterModelTable, here: _Place) -> str | None:
    table = here.state.models[here.label, operation.name_lower].options.get("db_table")
    return None if (table or None) == (operation.table or None) else RENAMED


def _add_field(operation: migrations.AddField, here: _Place) -> str | None:
    new = operation.field
    if new.many_to_many:
        return None  # a table of its own
    if new.primary_key or new.generated or not _is_constant(new.db_default):
        return "it writes the whole table anew: add a plain column that may be null, and fill it by due work"
    if not new.null and new.db_default is NOT_PROVIDED:
        return "running code inserts rows without it: give it a db_default (Django drops a plain default at once)"
    if not new.null and new.unique:
        return "every row there is would get the same value: let it be null, and fill it by due work"
    return None


def _is_constant(default: object) -> bool:
    """The same for every row there is: PostgreSQL then notes it, and does not touch the rows."""
    return not hasattr(default, "resolve_expression") or isinstance(default, models.Value | Now)


def _alter_field(operation: migrations.AlterField, here: _Place) -> str | None:
    return _of_change(here.column(operation.model_name, operation.name), operation.field)


def _of_change(old: models.Field, new: models.Field) -> str | None:
    if _type(old) != _type(new) and not _is_wider(old, new):
        return "it writes the table anew or refuses rows that are there: add a second column and let due work copy"
    if old.null and not new.null:
        return "running code may write null: write none first, and forbid it a release later (safe_because)"
    if new.unique and not old.unique:
        return UNIQUE
    if old.db_default is not NOT_PROVIDED and new.db_default is NOT_PROVIDED and not new.null:
        return "running code leaves the value to the database: keep the db_default"
    return None


def _type(column: models.Field) -> tuple[object, ...]:
    """All that makes a column what it is, but not what a form or a person sees of it."""
    _, path, _, options = column.deconstruct()
    free = {*column.non_db_attrs, "default", "db_default", "null", "unique", "db_index", "primary_key", "auto_now"}
    free |= {"auto_now_add", "auto_created", "serialize", "to", "to_fields", "upload_to", "storage"}
    kept = sorted((name, repr(value)) for name, value in options.items() if name not in free)
    target = str(column.remote_field.model).lower() if column.remote_field else ""
    kind = column.get_internal_type() if not target else path
    return kind, target, bool(column.primary_key), tuple(kept)


def _is_wider(old: models.Field, new: models.Field) -> bool:
    """Longer text: PostgreSQL changes nothing but the length that it allows."""
    texts = ("CharField", "TextField", "SlugField", "EmailField", "URLField", "FileField")
    if old.get_internal_type() not in texts or new.get_internal_type() not in texts:
        return False
    if getattr(old, "db_collation", None) != getattr(new, "db_collation", None) or old.db_column != new.db_column:
        return False
    return new.max_length is None or (old.max_length is not None and new.max_length >= old.max_length)


def _unique_together(operation: migrations.AlterUniqueTogether, here: _Place) -> str | None:
    before = here.state.models[here.label, operation.name_lower].options.get("unique_together") or set()
    return UNIQUE if set(operation.option_value or ()) - set(before) else None


def _add_constraint(operation: migrations.AddConstraint, here: _Place) -> str | None:
    return CHECKED if isinstance(operation.constraint, models.CheckConstraint) else UNIQUE


def _forgotten(operation: migrations.SeparateDatabaseAndState, here: _Place) -> Iterator[tuple[str, str]]:
    """Columns that the models forget and the table keeps: the new code writes rows without them."""
    dropped = {str(part.name_lower) for part in _parts(operation) if isinstance(part, migrations.RemoveField)}
    for part in operation.state_operations:
        if isinstance(part, migrations.RemoveField) and part.name_lower not in dropped:
            column = here.column(part.model_name, part.name)
            if not column.null and column.db_default is NOT_PROVIDED and not column.many_to_many:
                yield part.describe(), FORGOTTEN


RULES: dict[type[Operation], Callable[..., str | None]] = {
    migrations.AddField: _add_field,
    migrations.AlterField: _alter_field,
    migrations.RemoveField: _take_away,
    migrations.DeleteModel: _take_away,
    migrations.RenameField: _rename_field,
    migrations.RenameModel: _rename,
    migrations.AlterModelTable: _alter_table,
    migrations.AlterUniqueTogether: _unique_together,
    migrations.AddConstraint: _add_constraint,
    postgres.AddConstraintNotValid: _fine,
    postgres.ValidateConstraint: _fine,
    migrations.RemoveConstraint: _fine,
    migrations.AlterConstraint: _fine,
    migrations.AddIndex: _fine,
    migrations.RemoveIndex: _fine,
    migrations.RenameIndex: _fine,
    migrations.AlterModelOptions: _fine,
    migrations.AlterModelManagers: _fine,
    migrations.AlterModelTableComment: _fine,
    migrations.RunPython: _run_python,
}
