from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from catalog.reading import Unreadable
from inventory import opening
from tenants.commands import CooperativeCommand
from tenants.models import Cooperative


class Command(CooperativeCommand):
    help = "Import products from a CSV file. A bad row is reported and stops nothing else."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--pictures", type=Path, help="folder of the picture files (default: beside the file)")
        parser.add_argument("file", type=Path)

    def work(self, cooperative: Cooperative, options: dict[str, Any]) -> None:
        file: Path = options["file"]
        try:
            report = opening.import_catalog(path=file, pictures=options["pictures"] or file.parent, now=timezone.now())
        except (Unreadable, OSError) as error:
            raise CommandError(f"{file}: {error}") from error
        for problem in report.problems:
            self.stderr.write(f"row {problem.row}: {problem.reason}")
        self.stdout.write(
            f"{report.created} created, {report.updated} updated, {report.unchanged} unchanged, "
            f"{len(report.problems)} problems"
        )
