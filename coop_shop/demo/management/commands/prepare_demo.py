from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from coop_shop.demo import preparing
from coop_shop.demo.seeding.data import SLUGS


class Command(BaseCommand):
    help = "Migrate and seed the demo. `make demo` calls it; it may be called again."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, required=True)
        parser.add_argument("--slugs", nargs="*", default=SLUGS)

    def handle(self, *args: Any, **options: Any) -> None:
        def say(line: str) -> None:
            self.stdout.write(f"  {line}")
            self.stdout.flush()

        preparing.prepare(folder=options["folder"], slugs=options["slugs"], now=timezone.now(), say=say)
