from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from tenants.commands import CooperativeCommand
from tenants.leaving.exporting import export
from tenants.models import Cooperative


class Command(CooperativeCommand):
    help = (
        "Write the exit kit of a cooperative, whatever its state: all its rows and files in one ZIP (docs/leaving.md)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--to", required=True, type=Path, metavar="FILE.zip", help="is not overwritten")

    def work(self, cooperative: Cooperative, options: dict[str, Any]) -> None:
        path = options["to"].resolve()
        if path.exists():
            raise CommandError(f"{path} is there already")
        manifest = export(cooperative=cooperative, path=path, now=timezone.now())
        self.stdout.write(f"{path}: {manifest.contents.rows} rows, {path.stat().st_size} bytes")
