from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tenants.backup import places
from tenants.backup.taking import BackupFailed, back_up
from tenants.models import Cooperative


class Command(BaseCommand):
    help = "Back up one cooperative, or all of them; others serve meanwhile. A failure stops no other; exits 1 then."

    def add_arguments(self, parser: ArgumentParser) -> None:
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("--cooperative", help="slug")
        whom.add_argument("--all", action="store_true", help="every cooperative, also suspended and closed ones")

    def handle(self, *args: Any, **options: Any) -> None:
        cooperatives = Cooperative.objects.shops().order_by("slug")
        if options["cooperative"]:
            cooperatives = cooperatives.filter(slug=options["cooperative"])
            if not cooperatives:
                raise CommandError(f"no cooperative with the slug “{options['cooperative']}”")
        failed = 0
        for cooperative in cooperatives.iterator():
            try:
                made = back_up(cooperative, now=timezone.now())
            except (BackupFailed, places.Busy) as error:
                failed += 1
                self.stderr.write(f"{cooperative.slug}: {error}")
            else:
                self.stdout.write(f"{cooperative.slug}: {made.name}, {made.rows} rows, {made.size} bytes")
        if failed:
            raise CommandError(f"{failed} failed")
