"""A backup of one cooperative is made: rows of one instant, pictures, and what the directory says of it."""

import errno
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from django.utils import timezone

from tenants import servers, snapshot
from tenants.backup import archives, places
from tenants.backup.archives import File, Manifest
from tenants.backup.copying import Contents, dump
from tenants.backup.keeping import Plan, kept
from tenants.models import Backup, Cooperative

INTERRUPTED = "interrupted: its process ended"
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
FIELDS_NOT_KEPT = frozenset({"id", "migrate_error", "moving_to"})


class BackupFailed(RuntimeError):
    """There is no new backup; those before are as they were. The message says why, and stands in Backup.error."""


def back_up(cooperative: Cooperative, *, kind: str = Backup.Kind.BY_HAND, now: datetime) -> Backup:
    """Make a backup below settings.BACKUP_ROOT. Others serve and write meanwhile. Returns its row.

    Raises BackupFailed, and places.Busy when another process is at this cooperative's backups.
    """
    folder = places.folder(cooperative.uid)
    try:
        with places.held(folder):
            return _back_up_alone(cooperative, folder, kind, now)
    except OSError as error:  # not even the folder can be had
        Backup.objects.create(
            cooperative=cooperative,
            kind=kind,
            name=_name(folder, now),
            began_at=now,
            ended_at=now,
            error=said(error)[:300],
        )
        raise BackupFailed(said(error)) from error


def own_connection(server: str) -> "AbstractContextManager[psycopg.Connection[Any]]":
    """A connection beside Django's: a dump holds its transaction while Django's connection keeps books."""
    with servers.on(server):
        parameters = connections["default"].get_connection_params()
    for ours in ("context", "cursor_factory"):
        parameters.pop(ours, None)
    return psycopg.connect(**parameters, autocommit=True)


def prune(cooperative: Cooperative, *, now: datetime) -> int:
    """Remove backups that have had their time. Returns how many. The folder must be held (places.held)."""
    plan = Plan(days=settings.BACKUP_KEEP_DAYS, weeks=settings.BACKUP_KEEP_WEEKS, months=settings.BACKUP_KEEP_MONTHS)
    good = cooperative.backups.filter(error="").exclude(ended_at=None).order_by("began_at")
    nightly = list(good.filter(kind=Backup.Kind.NIGHTLY))
    keep = kept([row.began_at for row in nightly], plan=plan, zone=cooperative.zone)
    others = good.exclude(kind=Backup.Kind.NIGHTLY).filter(
        began_at__lt=now - timedelta(days=settings.BACKUP_KEEP_OTHERS)
    )
    gone = [*(row for row in nightly if row.began_at not in keep), *others]
    for row in gone:
        (places.root() / row.name).unlink(missing_ok=True)
        row.delete()
    if nightly:  # what failed before the last success is no news
        cooperative.backups.exclude(error="").filter(began_at__lt=nightly[-1].began_at).delete()
    if gone:
        _forget_files(places.folder(cooperative.uid))
    return len(gone)


def _back_up_alone(cooperative: Cooperative, folder: Path, kind: str, now: datetime) -> Backup:
    cooperative.backups.filter(ended_at=None).update(ended_at=now, error=INTERRUPTED)
    row = Backup.objects.create(cooperative=cooperative, kind=kind, name=_name(folder, now), began_at=now)
    try:
        contents, on_disk = _write(cooperative, places.root() / row.name, kind, now)
    except Exception as error:
        row.ended_at, row.error = timezone.now(), said(error)[:300]
        row.save(update_fields=["ended_at", "error"])
        raise BackupFailed(row.error) from error
    row.ended_at, row.rows, row.size, row.sha256 = timezone.now(), contents.rows, on_disk.size, on_disk.sha256
    row.save(update_fields=["ended_at", "rows", "size", "sha256"])
    prune(cooperative, now=now)
    return row


def _name(folder: Path, now: datetime) -> str:
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return f"{folder.name}/{stamp}-{token_hex(2)}.zip{places.suffix()}"


def _write(cooperative: Cooperative, path: Path, kind: str, now: datetime) -> tuple[Contents, places.Writing]:
    with archives.written(path) as (writer, on_disk):
        with own_connection(cooperative.server) as connection:
            contents = dump(connection, cooperative.schema_name, into=writer.table)
        # after the rows: a picture that they name was there before them
        media = Path(settings.MEDIA_ROOT) / cooperative.uid.hex
        files = list(archives.keep_files(media, path.parent, known=_known(cooperative)))
        if cooperative.schema_version == snapshot.shipped().version:
            writer.text("schema.sql", snapshot.shipped().text())  # for people: we make tables by our own migrations
        writer.finish(_manifest(cooperative, kind, now, contents, files))
    return contents, on_disk


def _manifest(cooperative: Cooperative, kind: str, now: datetime, contents: Contents, files: list[File]) -> Manifest:
    fields = [field.attname for field in Cooperative._meta.concrete_fields if field.attname not in FIELDS_NOT_KEPT]
    return Manifest(
        at=now.astimezone(UTC).isoformat(),
        kind=kind,
        schema_version=cooperative.schema_version,
        cooperative={name: getattr(cooperative, name) for name in fields},
        domains=list(cooperative.domains.order_by("domain").values("domain", "is_primary", "checked_at")),
        channel_routes=list(cooperative.channel_routes.order_by("pk").values("channel", "external_shop_id")),
        contents=contents,
        ledger_sha256=contents.ledger_sha256,
        files=files,
    )


def _known(cooperative: Cooperative) -> dict[str, File]:
    """What the newest good backup says of each picture; nothing when it cannot be read."""
    newest = cooperative.backups.filter(error="").exclude(ended_at=None).order_by("-began_at").first()
    try:
        if newest:
            with archives.opened(places.root() / newest.name) as archive:
                return {file.path: file for file in archive.manifest.files}
    except (archives.CannotRead, OSError):
        return {}
    return {}


def _forget_files(folder: Path) -> None:
    """Remove pictures that no backup names any more; none while one of the backups cannot be read."""
    named = set()
    try:
        for path in folder.glob("*.zip*"):
            with archives.opened(path) as archive:
                named |= {file.stored for file in archive.manifest.files}
    except (archives.CannotRead, OSError):
        return
    for stored in (folder / "files").rglob("*"):
        if stored.is_file() and stored.relative_to(folder).as_posix() not in named:
            stored.unlink()


def said(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return f"no room left below BACKUP_ROOT ({settings.BACKUP_ROOT}): {error.strerror}"
    return f"{type(error).__name__}: {' '.join(str(error).split())}"
