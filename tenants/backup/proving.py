"""A backup is proven by restoring it: into a scratch schema, compared table by table, and dropped again."""

import hashlib
from collections.abc import Callable, Iterable
from copy import copy
from datetime import UTC, datetime

from django.utils import timezone

from tenants import servers, versions
from tenants.backup import archives, places, shaping
from tenants.backup.archives import Archive, File
from tenants.backup.copying import BLOCK, Contents, load, measure
from tenants.backup.taking import own_connection, said
from tenants.context import in_tenant
from tenants.models import Backup, Cooperative

Check = Callable[[], Iterable[str]]  # what is broken in the cooperative in whose schema the code stands
SHARE = 16  # each picture is read anew every so many days; whether it is there, every time


class NotProven(RuntimeError):
    """The backup does not give back what its manifest says; the message says where."""


def prove(backup: Backup, *, check: Check = tuple, now: datetime) -> bool:
    """Restore `backup` aside and compare. Returns whether it gave everything back; Backup.proof_error says why not.

    `check` looks at the restored rows. What it finds was broken when the backup was made: that is noted in proof_error
    too, but the backup is proven.
    """
    backup.proven_at, backup.proof_error = None, ""
    try:
        broken = _prove(backup, check, now)
        backup.proven_at = timezone.now()
        backup.proof_error = f"restored, but {broken[0]}"[:300] if broken else ""
    except Exception as error:
        backup.proof_error = said(error)[:300]
    backup.save(update_fields=["proven_at", "proof_error"])
    return backup.proven_at is not None


def _prove(backup: Backup, check: Check, now: datetime) -> list[str]:
    path = places.root() / backup.name
    if places.sha256(path) != backup.sha256:
        raise NotProven("the file is not the one that was written")
    with archives.opened(path) as archive:
        _check_files(archive, now)
        with servers.on(backup.cooperative.server), shaping.scratch(now=now) as schema:
            fill(archive, schema, backup.cooperative)
            if archive.manifest.schema_version != versions.of_code():
                return []  # the checks know the tables of this code
            return checked(backup.cooperative, schema, check)


def fill(archive: Archive, schema: str, cooperative: Cooperative) -> None:
    """Make `schema` on the present server and load the backup into it. Raises NotProven when it is not the same."""
    contents = archive.manifest.contents
    shaping.make_tables(schema_name=schema, migrations=contents.migrations)
    with own_connection(cooperative.server) as connection:
        load(connection, schema, contents, source=archive.table, with_triggers=False)
        _compare(measure(connection, schema, like=contents), archive)


def checked(cooperative: Cooperative, schema: str, check: Check) -> list[str]:
    """What `check` finds when the cooperative's rows are those in `schema`."""
    aside = copy(cooperative)
    aside.schema_name = schema
    with in_tenant(aside):
        return list(check())


def _compare(restored: Contents, archive: Archive) -> None:
    wanted = archive.manifest.contents
    for one, other in zip(restored.tables, wanted.tables, strict=True):
        if one != other:
            raise NotProven(f"{one.name} came back with {one.rows} rows of {other.rows}, or not the same ones")
    if restored.ledger_sha256 != archive.manifest.ledger_sha256:
        raise NotProven("the books are not the same")


def _check_files(archive: Archive, now: datetime) -> None:
    share = f"{now.astimezone(UTC).toordinal() % SHARE:x}"
    for file in archive.manifest.files:
        missing = archive.missing(file) or (file.sha256[0] == share and _damaged(archive, file))
        if missing:
            raise NotProven(f"the picture {file.path} is not in the backup: {missing}")


def _damaged(archive: Archive, file: File) -> str:
    digest = hashlib.sha256()
    with archive.file(file) as stored:
        while block := stored.read(BLOCK):
            digest.update(block)
    return "" if digest.hexdigest() == file.sha256 else "it is damaged"
