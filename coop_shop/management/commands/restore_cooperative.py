from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from coop_shop.verifying import broken_rows
from tenants.backup import archives, places, restoring, shaping
from tenants.backup.copying import CannotCopy
from tenants.backup.proving import NotProven
from tenants.models import Backup
from tenants.provisioning import SlugRefused

REFUSALS = (
    restoring.CannotRestore, archives.CannotRead, places.Busy, shaping.ShapeUnknown, CannotCopy, NotProven, SlugRefused,
    ValidationError, FileNotFoundError,
)  # fmt: skip


class Command(BaseCommand):
    help = "Put one cooperative back as a backup has it, while others serve. A living shop must be suspended first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cooperative", required=True, help="slug")
        parser.add_argument(
            "--from",
            dest="source",
            help="name of a backup (list_backups) or path of a file; default: the newest good one",
        )
        parser.add_argument("--as-new-slug", help="make a second, suspended cooperative of it instead, to look into")
        parser.add_argument("--without-missing-files", action="store_true", help="go on when a picture is lost")

    def handle(self, *args: Any, **options: Any) -> None:
        path = _path(options["cooperative"], options["source"])
        how = {
            "now": timezone.now(), "check": broken_rows, "without_missing_files": options["without_missing_files"]
        }  # fmt: skip
        try:
            if options["as_new_slug"]:
                done = restoring.copy_as(path, slug=options["as_new_slug"], **how)
            else:
                done = restoring.restore(path, slug=options["cooperative"], **how)
        except REFUSALS as error:
            raise CommandError(f"nothing has changed: {error}") from error
        self.stdout.write(f"{done.cooperative.slug}: {done.rows} rows and {done.files} files from {path.name}")
        self.stdout.write(f"ledger {done.ledger_sha256}, state {done.cooperative.state}")
        if done.kept:
            self.stdout.write(
                f"what it replaced is kept as schema {done.kept} for {shaping.AGE[shaping.BEFORE].days} days"
            )
        for name in done.missing:
            self.stderr.write(f"did not come back: {name}")
        for line in done.broken:
            self.stderr.write(f"was broken when the backup was made: {line}")


def _path(slug: str, source: str | None) -> Path:
    if source is None:
        good = Backup.objects.filter(cooperative__slug=slug, error="").exclude(ended_at=None)
        newest = good.order_by("-began_at").first()
        if newest is None:
            raise CommandError(f"no good backup of “{slug}” is listed: name its file with --from")
        return places.root() / newest.name
    below = places.root() / source
    return below if below.exists() else Path(source)
