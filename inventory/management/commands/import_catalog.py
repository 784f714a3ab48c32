from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog.reading import Unreadable
from inventory import opening
from tenants.context import in_tenant
from tenants.models import Cooperative


class Command(BaseCommand):
    help = "Import products from a CSV file. A bad row is reported and stops nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cooperative", required=True, help="slug, e.g. kopi-gayo")
        parser.add_argument("--pictures", type=Path, help="folder of the picture files (default: beside the file)")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        cooperative = Cooperative.objects.shops().filter(slug=options["cooperative"]).first()
        if cooperative is None:
            raise CommandError(f"no cooperative with the slug “{options['cooperative']}”")
        file: Path = options["file"]
        try:
            with in_tenant(cooperative):
                report = opening.import_catalog(
                    path=file, pictures=options["pictures"] or file.parent, now=timezone.now()
                )
        except (Unreadable, OSError) as error:
            raise CommandError(f"{file}: {error}") from error
        for problem in report.problems:
            self.stderr.write(f"row {problem.row}: {problem.reason}")
        self.stdout.write(
            f"{report.created} created, {report.updated} updated, {report.unchanged} unchanged, "
            f"{len(report.problems)} problems"
        )
