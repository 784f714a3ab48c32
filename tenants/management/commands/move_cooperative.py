from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants import moving, servers
from tenants.models import Cooperative


class Command(BaseCommand):
    help = "Move a cooperative to another database server (settings: DATABASE_SERVERS). Run again after a crash."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cooperative", required=True, help="its slug")
        parser.add_argument("--to", help="name of the server; `default` is the home server")
        parser.add_argument("--give-up", action="store_true", help="end an interrupted move where it serves")

    def handle(self, *args: Any, **options: Any) -> None:
        slug, to = options["cooperative"], options["to"]
        cooperative = Cooperative.objects.shops().filter(slug=slug).first()
        if cooperative is None:
            raise CommandError(f"no cooperative has the slug “{slug}”")
        if not to and not options["give_up"]:
            raise CommandError(f"--to: one of {', '.join(servers.names())}")
        try:
            if options["give_up"]:
                moving.give_up(cooperative_id=cooperative.pk)
                self.stdout.write(f"{slug} serves on {cooperative.server}")
                return
            moved = moving.move(cooperative_id=cooperative.pk, to=to)
        except moving.CannotMove as error:
            raise CommandError(str(error)) from error
        except servers.ServerUnknown as error:
            raise CommandError(f"no server is called “{to}”; there are {', '.join(servers.names())}") from error
        self.stdout.write(f"{slug} is on {to} now: {moved.rows} rows in {len(moved.tables)} tables")
