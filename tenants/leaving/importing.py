"""A cooperative comes from another server of Coop Shop, with an exit kit.

Tables are made by this code's own migrations, as far as the kit says; its rows are copied in, compared, and brought
up. The cooperative is new here: another uid, another schema, another host name. All or nothing, until it is in the
directory.
"""

import shutil
import uuid
from collections.abc import Callable, Iterable
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from lib.schema import connection
from tenants import describing, provisioning, servers, versions
from tenants.backup import shaping
from tenants.backup.copying import BLOCK, CannotCopy, load, measure
from tenants.backup.restoring import rename_files
from tenants.backup.taking import own_connection
from tenants.bringing_up import bring_up
from tenants.context import in_tenant
from tenants.leaving.kits import FILES, CannotRead, Entry, Kit, Manifest, TooNew, opened
from tenants.models import Cooperative, Domain, Due, new_schema_name

SPARE_BYTES = 100 * 1024 * 1024  # that stay free on the disk
FILES_NAMED = ("cover", "logo")  # by its row


@dataclass(frozen=True, kw_only=True)
class Imported:
    cooperative: Cooperative
    rows: int
    files: int
    broken: list[str] = field(default_factory=list)  # invariants that the rows break; they were so when they left


def import_kit(
    *,
    path: Path,
    slug: str,
    now: datetime,
    settle_in: Callable[[], None],
    check: Callable[[], Iterable[str]] = tuple,
) -> Imported:
    """Make the cooperative `slug`, being prepared, of the kit at `path`.

    `settle_in` stands in its schema when its rows are there, in the transaction that makes it known, and puts right
    what does not hold on another server; `check` looks at the rows at the end. Raises CannotRead, TooNew,
    provisioning.SlugRefused, FileNotFoundError, and what the database raises; then there is no trace of it.
    """
    provisioning.check_slug(slug)
    with opened(path) as kit, shaping.scratch(now=now) as schema:
        cooperative = _cooperative(kit.manifest, slug, now)
        _fill(kit, schema, cooperative)
        cooperative.schema_version = bring_up(schema_name=schema)
        _rename_files(schema, kit.manifest, cooperative)
        media = Path(settings.MEDIA_ROOT) / cooperative.uid.hex
        try:
            _bring_files(kit, media)
            _enter(cooperative, schema, now, settle_in)
        except BaseException:
            shutil.rmtree(media, ignore_errors=True)
            raise
        with in_tenant(cooperative):
            broken = list(check())
    rows = sum(table.rows for table in kit.manifest.contents.tables)
    return Imported(cooperative=cooperative, rows=rows, files=len(kit.files), broken=broken)


def _cooperative(manifest: Manifest, slug: str, now: datetime) -> Cooperative:
    """What it says about itself goes along; who it is on this server does not."""
    names = [name for name in (*describing.FIELDS, *describing.FACE) if name not in FILES_NAMED]
    about = {name: manifest.cooperative[name] for name in names if name in manifest.cooperative}
    cooperative = Cooperative(**about, slug=slug, schema_name=new_schema_name(), state_since=now)
    for name in FILES_NAMED:
        folder, _, rest = str(manifest.cooperative.get(name, "")).partition("/")
        if folder == manifest.uid and rest and ".." not in rest:
            setattr(cooperative, name, f"{cooperative.uid.hex}/{rest}")
    try:
        cooperative.clean_fields()
    except ValidationError as error:
        raise CannotRead(f"what it says about the cooperative cannot be: {error.messages}"[:300]) from error
    return cooperative


def _fill(kit: Kit, schema: str, cooperative: Cooperative) -> None:
    contents = kit.manifest.contents
    try:
        shaping.make_tables(schema_name=schema, migrations=contents.migrations)
        with own_connection(cooperative.server) as own:
            load(own, schema, contents, source=kit.table)
            arrived = measure(own, schema, like=contents)
    except shaping.ShapeUnknown as error:
        raise TooNew(str(error)) from error
    except CannotCopy as error:
        raise CannotRead(str(error)) from error
    different = [one.name for one, other in zip(arrived.tables, contents.tables, strict=True) if one != other]
    if different:
        raise CannotRead(f"rows did not arrive as they left: {', '.join(different)}")


def _rename_files(schema: str, manifest: Manifest, cooperative: Cooperative) -> None:
    """Names of files get the uid that the cooperative has here. A name that leads into another cooperative's folder
    would be opened by whatever draws pictures, so there may be none."""
    uuid.UUID(manifest.uid)
    after = cooperative.uid.hex
    rename_files(schema, before=manifest.uid, after=after)
    for table, column in _file_columns():
        quote = connection.ops.quote_name
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM {quote(schema)}.{quote(table)} WHERE {quote(column)} <> ''"  # noqa: S608 - ours
                f" AND (NOT starts_with({quote(column)}, %s) OR strpos({quote(column)}, '..') > 0)",
                [f"{after}/"],
            )
            if cursor.fetchone()[0]:
                raise CannotRead(f"{table}.{column} names files that are not the cooperative's own")


def _file_columns() -> list[tuple[str, str]]:
    return [
        (model._meta.db_table, str(column.column))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in versions.tenant_labels()
        for column in model._meta.concrete_fields
        if isinstance(column, models.FileField)
    ]


def _bring_files(kit: Kit, media: Path) -> None:
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    if sum(entry.size for entry in kit.files) + SPARE_BYTES > shutil.disk_usage(root).free:
        raise CannotRead("its files do not fit on the disk of MEDIA_ROOT")
    for entry in kit.files:
        _bring_file(kit, entry, media / entry.name.removeprefix(FILES))


def _bring_file(kit: Kit, entry: Entry, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with kit.file(entry) as source, target.open("xb") as new:
        while block := source.read(BLOCK):
            new.write(block)


def _enter(cooperative: Cooperative, schema: str, now: datetime, settle_in: Callable[[], None]) -> None:
    """The directory has it, in one transaction. As when a cooperative is founded (members/founding.py), this one begins
    outside of it, and nothing in it waits for the commit."""
    host = f"{cooperative.slug}.{settings.PLATFORM_HOST}"
    try:
        with servers.on(servers.HOME), transaction.atomic():
            cooperative.save()
            Domain.objects.create(domain=host, tenant=cooperative, is_primary=True)
            shaping.put_in_place(cooperative, schema_name=schema, now=now)
            Due.objects.bulk_create([Due(cooperative=cooperative, kind=kind, at=now) for kind in settings.DUE_TASKS])
            with in_tenant(copy(cooperative)):
                settle_in()
    except IntegrityError as error:
        with suppress(provisioning.SlugRefused):
            provisioning.check_slug(cooperative.slug)
            raise
        raise provisioning.SlugRefused(cooperative.slug, provisioning.Refusal.TAKEN) from error
