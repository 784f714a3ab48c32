"""One cooperative comes back from a backup, while all others serve.

Everything is made ready aside: rows in a scratch schema, compared and brought up to this code; pictures beside those
that are there. Then one transaction puts the schema in its place. A kill before it leaves what was, a kill after it
leaves what was restored; what was replaced is kept for a week (tenants/backup/shaping.py).
"""

import hashlib
import os
import shutil
import uuid
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction

from lib.schema import connection
from lib.secrets import CannotOpen
from tenants import provisioning, servers, versions
from tenants.backup import archives, places, shaping
from tenants.backup.archives import Archive, File, Manifest
from tenants.backup.copying import BLOCK
from tenants.backup.proving import Check, checked, fill
from tenants.bringing_up import bring_up
from tenants.models import Backup, ChannelRoute, Cooperative, Domain, Due, FreedName, new_schema_name

IDENTITY = frozenset({"uid", "schema_name", "slug", "state", "state_since", "state_reason", "server", "created_at"})
STATES_TO_RESTORE_OVER = frozenset({Cooperative.State.SUSPENDED, Cooperative.State.CLOSED})
# Officers read it.
COPY_REASON = (
    "Salinan dari cadangan, hanya untuk dilihat. Jangan dibuka: pesan dan pembayarannya milik koperasi aslinya."
)


class CannotRestore(RuntimeError):
    """Nothing has changed; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Restored:
    cooperative: Cooperative
    rows: int
    files: int
    ledger_sha256: str
    kept: str = ""  # the schema that was replaced, under the name that it has now
    broken: list[str] = field(default_factory=list)  # invariants that were broken when the backup was made
    missing: list[str] = field(default_factory=list)  # pictures and host names that did not come back


def restore(
    path: Path, *, slug: str, now: datetime, check: Check = tuple, without_missing_files: bool = False
) -> Restored:
    """Put the cooperative `slug` back as the backup at `path` has it: its schema, its pictures, its row if it is gone.

    A living shop must be suspended or closed first, and stays so. Raises CannotRestore, places.Busy,
    archives.CannotRead, and what the database raises; then all is as before.
    """
    with archives.opened(path) as archive:
        cooperative = _living(archive.manifest, slug) or _from_manifest(archive.manifest, slug)
        with places.held(places.folder(cooperative.uid)):
            return _restore(archive, cooperative, check, now, without_missing_files)


def copy_as(
    path: Path, *, slug: str, now: datetime, check: Check = tuple, without_missing_files: bool = False
) -> Restored:
    """Make a second, suspended cooperative of the backup, under `slug`, to look into. The first is not touched.

    It has no channels, and cannot open the first one's credentials: they are sealed for another schema.
    Raises as `restore`, and provisioning.SlugRefused.
    """
    provisioning.check_slug(slug)
    with archives.opened(path) as archive:
        manifest = archive.manifest
        cooperative = Cooperative(
            **_fields(manifest, without=IDENTITY),
            slug=slug,
            schema_name=new_schema_name(),
            state=Cooperative.State.SUSPENDED,
            state_since=now,
            state_reason=COPY_REASON,
        )
        for name in ("cover", "logo"):
            setattr(cooperative, name, _renamed(getattr(cooperative, name), manifest, cooperative))
        return _restore(archive, cooperative, check, now, without_missing_files)


def _living(manifest: Manifest, slug: str) -> Cooperative | None:
    cooperative = Cooperative.objects.shops().filter(slug=slug).first()
    if cooperative is None:
        return None
    if cooperative.uid.hex != _uid(manifest).hex:
        raise CannotRestore(f"this is a backup of another cooperative ({manifest.cooperative['slug']})")
    with servers.on(cooperative.server):
        has_schema = shaping.exists(cooperative.schema_name)
    if cooperative.moving_to or cooperative.state == Cooperative.State.PURGING:
        raise CannotRestore(f"{slug} is being {'moved' if cooperative.moving_to else 'purged'}: let that end first")
    if has_schema and cooperative.state not in STATES_TO_RESTORE_OVER:
        raise CannotRestore(f"{slug} is {cooperative.state}: suspend it first, so that nobody writes meanwhile")
    for name, value in _fields(manifest, without=IDENTITY | {"is_canary", "schema_version", "zone"}).items():
        setattr(cooperative, name, value)
    return cooperative


def _from_manifest(manifest: Manifest, slug: str) -> Cooperative:
    """The row of a cooperative that is gone, as it was."""
    if manifest.cooperative["slug"] != slug:
        raise CannotRestore(f"there is no cooperative {slug}, and this is a backup of {manifest.cooperative['slug']}")
    taken = models.Q(uid=_uid(manifest)) | models.Q(schema_name=manifest.cooperative["schema_name"])
    if Cooperative.objects.filter(taken).exists():
        raise CannotRestore(f"{slug} lives under another name now: restore it under that one")
    cooperative = Cooperative(**_fields(manifest, without=frozenset()))
    if cooperative.server not in servers.names():
        cooperative.server = servers.HOME
    cooperative.clean_fields()
    return cooperative


def _restore(
    archive: Archive, cooperative: Cooperative, check: Check, now: datetime, without_missing_files: bool
) -> Restored:
    manifest = archive.manifest
    with ExitStack() as stack:
        stack.enter_context(servers.on(cooperative.server))
        schema = stack.enter_context(shaping.scratch(now=now))
        fill(archive, schema, cooperative)
        cooperative.schema_version = bring_up(schema_name=schema)
        cooperative.migrate_error = ""
        if _uid(manifest) != cooperative.uid:
            rename_files(schema, before=_uid(manifest).hex, after=cooperative.uid.hex)
        is_of_this_code = cooperative.schema_version == versions.of_code()
        broken = checked(cooperative, schema, check) if is_of_this_code else []
        changed, missing = _add_files(archive, cooperative, without_missing_files)
        is_new = cooperative.pk is None
        with transaction.atomic():
            missing += _enter(cooperative, manifest)
            kept = shaping.put_in_place(cooperative, schema_name=schema, now=now)
            _note_work(cooperative, now)
        _put_files_right(archive, cooperative, changed, now)
        if is_new:
            _adopt(cooperative)
    return Restored(
        cooperative=cooperative,
        rows=manifest.contents.rows,
        files=len(manifest.files),
        ledger_sha256=manifest.ledger_sha256,
        kept=kept,
        broken=broken,
        missing=missing,
    )


def _enter(cooperative: Cooperative, manifest: Manifest) -> list[str]:
    """The directory has the row again, and what refers to it. Returns what others have taken meanwhile."""
    is_new, is_copy = cooperative.pk is None, _uid(manifest) != cooperative.uid
    founded = cooperative.created_at
    cooperative.save()
    if is_new and not is_copy:  # Django has put the present moment there
        Cooperative.objects.filter(pk=cooperative.pk).update(created_at=founded)
    servers.publish(cooperative)
    if not is_new:
        return []
    own = f"{cooperative.slug}.{settings.PLATFORM_HOST}"
    domains = [{"domain": own, "is_primary": True}] if is_copy else manifest.domains
    FreedName.objects.filter(name__in=[cooperative.slug, *(row["domain"] for row in domains)]).delete()
    missing = [str(row["domain"]) for row in domains if Domain.objects.filter(domain=row["domain"]).exists()]
    free = [row for row in domains if row["domain"] not in missing]
    if free and not any(row["is_primary"] for row in free):
        free[0] = {**free[0], "is_primary": True}
    for row in free:
        Domain.objects.create(tenant=cooperative, **row)
    for route in [] if is_copy else manifest.channel_routes:
        if ChannelRoute.objects.filter(**route).exists():
            missing.append(f"{route['channel']}:{route['external_shop_id']}")
        else:
            ChannelRoute.objects.create(cooperative=cooperative, **route)
    return missing


def _note_work(cooperative: Cooperative, now: datetime) -> None:
    """The state in its tables is the queue: each kind of work looks what there is to do."""
    noted = set(Due.objects.filter(cooperative=cooperative, at__lte=now).values_list("kind", flat=True))
    kinds = [kind for kind in settings.DUE_TASKS if kind not in noted]
    Due.objects.bulk_create([Due(cooperative=cooperative, kind=kind, at=now) for kind in kinds])


def _add_files(archive: Archive, cooperative: Cooperative, without_missing: bool) -> tuple[list[File], list[str]]:
    """Bring back the pictures that are not there, which harms nobody if it goes no further.

    Returns those that are there with other bytes, and the paths of those that cannot be had.
    """
    changed, missing = [], []
    for file in archive.manifest.files:
        target = _media(cooperative) / archives.inside(file.path)
        if target.exists():
            if places.sha256(target) != file.sha256:
                changed.append(file)
            continue
        try:
            _bring(archive, file, target)
        except (OSError, CannotOpen, CannotRestore) as error:
            if not without_missing:
                raise CannotRestore(f"the picture {file.path} is not in the backup: {error}") from error
            missing.append(file.path)
    return changed, missing


def _bring(archive: Archive, file: File, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{places.PART}{uuid.uuid4().hex}")
    digest = hashlib.sha256()
    try:
        with archive.file(file) as stored, part.open("wb") as new:
            while block := stored.read(BLOCK):
                digest.update(block)
                new.write(block)
        if digest.hexdigest() != file.sha256:
            raise CannotRestore("it is damaged")
        os.utime(part, ns=(file.changed_ns, file.changed_ns))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _put_files_right(archive: Archive, cooperative: Cooperative, changed: list[File], now: datetime) -> None:
    """After the switch: what is not of the backup goes aside, beside the backups and kept as long as the old schema."""
    wanted = {file.path for file in archive.manifest.files} - {file.path for file in changed}
    media = _media(cooperative)
    aside = places.folder(cooperative.uid) / f"{shaping.BEFORE}_{shaping.stamp(now)}"
    for path in [path for path in media.rglob("*") if path.is_file()]:
        name = path.relative_to(media)
        if name.as_posix() not in wanted:
            (aside / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.move(path, aside / name)
    for file in changed:
        _bring(archive, file, media / archives.inside(file.path))


def rename_files(schema: str, *, before: str, after: str) -> None:
    """Names of pictures begin with the uid of the cooperative; in a copy, with that of the copy."""
    before, after = f"{before}/", f"{after}/"
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in versions.tenant_labels():
            continue
        for column in [each.column for each in model._meta.concrete_fields if isinstance(each, models.FileField)]:
            quote = connection.ops.quote_name
            with connection.cursor() as cursor:
                cursor.execute(
                    f"UPDATE {quote(schema)}.{quote(model._meta.db_table)}"  # noqa: S608 - names of our own models
                    f" SET {quote(column)} = %s || substr({quote(column)}, %s) WHERE starts_with({quote(column)}, %s)",
                    [after, len(before) + 1, before],
                )


def _adopt(cooperative: Cooperative) -> None:
    """Backups that outlived their row are listed again, so that they have their time like all others."""
    for path in sorted(places.folder(cooperative.uid).glob("*.zip*")):
        name = path.relative_to(places.root()).as_posix()
        with suppress(archives.CannotRead, OSError), archives.opened(path) as archive:
            at = datetime.fromisoformat(archive.manifest.at)
            Backup.objects.get_or_create(
                name=name,
                defaults={
                    "cooperative": cooperative,
                    "kind": archive.manifest.kind,
                    "began_at": at,
                    "ended_at": at,
                    "size": path.stat().st_size,
                    "sha256": places.sha256(path),
                    "rows": archive.manifest.contents.rows,
                },
            )


def _fields(manifest: Manifest, *, without: frozenset[str]) -> dict[str, Any]:
    """Values of the row as they are now in the model; a field that came since has its default."""
    known = {field.attname: field for field in Cooperative._meta.concrete_fields if field.attname not in without}
    return {name: known[name].to_python(value) for name, value in manifest.cooperative.items() if name in known}


def _uid(manifest: Manifest) -> uuid.UUID:
    return uuid.UUID(str(manifest.cooperative["uid"]))


def _renamed(name: str, manifest: Manifest, cooperative: Cooperative) -> str:
    before = f"{_uid(manifest).hex}/"
    return f"{cooperative.uid.hex}/{name.removeprefix(before)}" if name.startswith(before) else name


def _media(cooperative: Cooperative) -> Path:
    return Path(settings.MEDIA_ROOT) / cooperative.uid.hex
