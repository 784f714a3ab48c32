from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants import snapshot, snapshot_building


class Command(BaseCommand):
    requires_system_checks = ()  # the release step needs nothing but the migrations
    help = "Write tenants/snapshot.sql, from which new cooperatives are made. Run it after each new migration."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the file is another")

    def handle(self, *args: Any, **options: Any) -> None:
        built = snapshot_building.build()
        if not options["check"]:
            snapshot.PATH.write_text(built.text(), encoding="utf-8")
        elif not snapshot.PATH.exists() or snapshot.PATH.read_text(encoding="utf-8") != built.text():
            raise CommandError("tenants/snapshot.sql is old: run `make snapshot` and commit the file")
        self.stdout.write(f"tenants/snapshot.sql: version {built.version}, {len(built.sql)} characters")
