"""The schema of a new cooperative as SQL text: what all migrations make, without running them.

The text stands in snapshot.sql, where "@@" is the schema's name. It is built from a migrated schema
(tenants/snapshot_building.py), and a test holds the two against each other. Making a schema from it costs one round
trip and leaves what the migrations would: the same names of constraints, so that a later migration finds them (a clone
of a schema, as django-tenants makes it, does not).
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tenants import versions
from tenants.models import PUBLIC

PATH = Path(__file__).with_name("snapshot.sql")
PLACE = '"@@"'
SCHEMA = re.compile(r"(?!pg_)[a-z][a-z0-9_]{1,62}")
HEAD = """\
-- The schema of a new cooperative; "@@" stands where its name goes. Written by `make snapshot`, never by hand.
-- version: {version}
-- sha256: {digest}

"""
HEADED = re.compile(re.escape(HEAD).replace(r"\{version\}", "([0-9a-f-]+)").replace(r"\{digest\}", "([0-9a-f]{64})"))


class SnapshotStale(RuntimeError):
    """The snapshot is not the one that belongs to this code; the message says which command writes it again."""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    version: str  # of the schemas it makes, see tenants/versions.py
    sql: str

    def text(self) -> str:
        """As it stands in a file; `read` is the way back."""
        return HEAD.format(version=self.version, digest=_digest(self.sql)) + self.sql


def make_schema(*, cursor: Any, schema_name: str, snapshot: Snapshot | None = None) -> Snapshot:
    """Make the schema with all its tables, and say in it which migrations it has. Returns what it was made from.

    It is made by the shipped snapshot, or by another one that a backup brings along. One statement list in the
    transaction of `cursor`, which may be on any server from PostgreSQL 15 on; it needs and changes no search_path.
    Raises SnapshotStale, ValueError for a name that is none of ours, and django.db.ProgrammingError when the schema
    is there already.
    """
    if not SCHEMA.fullmatch(schema_name) or schema_name == PUBLIC:
        raise ValueError(f"“{schema_name}” cannot be a cooperative's schema")
    made_from = snapshot or shipped()
    cursor.execute(made_from.sql.replace(PLACE, f'"{schema_name}"'))
    return made_from


def shipped() -> Snapshot:
    """The snapshot that came with this code. Raises SnapshotStale when it has other migrations than the code."""
    snapshot = _on_disk()
    if snapshot.version != versions.of_code():
        raise SnapshotStale(
            f"tenants/snapshot.sql has version {snapshot.version}, the migrations of this code have "
            f"{versions.of_code()}: run `make snapshot` and commit the file"
        )
    return snapshot


def read(text: str) -> Snapshot:
    """The snapshot in `text`. Raises SnapshotStale when it was cut off or edited."""
    headed = HEADED.match(text)
    sql = text[headed.end() :] if headed else ""
    if not headed or headed[2] != _digest(sql):
        raise SnapshotStale("this is not the text of a snapshot as it was written: run `make snapshot`")
    return Snapshot(version=headed[1], sql=sql)


@cache
def _on_disk() -> Snapshot:
    return read(PATH.read_text(encoding="utf-8"))


def _digest(sql: str) -> str:
    return hashlib.sha256(sql.encode()).hexdigest()
