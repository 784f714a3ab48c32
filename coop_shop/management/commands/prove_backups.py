from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from coop_shop.verifying import broken_rows
from tenants.backup.proving import prove
from tenants.models import Backup, Cooperative


class Command(BaseCommand):
    help = "Restore the newest backup of each cooperative aside, compare it, drop it. Exits 1 when one is not proven."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cooperative", help="slug; default: all of them")
        parser.add_argument("--name", help="this backup, as list_backups shows it; default: the newest good one")

    def handle(self, *args: Any, **options: Any) -> None:
        cooperatives = Cooperative.objects.shops().order_by("slug")
        if options["cooperative"]:
            cooperatives = cooperatives.filter(slug=options["cooperative"])
        failed, proven = 0, 0
        for cooperative in cooperatives.iterator():
            good = Backup.objects.filter(cooperative=cooperative, error="").exclude(ended_at=None)
            if options["name"]:
                good = good.filter(name=options["name"])
            backup = good.order_by("-began_at").first()
            if backup is None:
                if not options["name"]:
                    failed += 1
                    self.stderr.write(f"{cooperative.slug}: has no backup")
                continue
            is_proven = prove(backup, check=broken_rows, now=timezone.now())
            proven, failed = proven + is_proven, failed + (not is_proven)
            self.stdout.write(
                f"{cooperative.slug}: {backup.name} {'proven' if is_proven else 'NOT PROVEN'}"
                + (f": {backup.proof_error}" if backup.proof_error else "")
            )
        if failed or not proven:
            raise CommandError(f"{proven} proven, {failed} not")
        self.stdout.write(f"{proven} proven")
