from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tenants import lifecycle, purging
from tenants.models import Cooperative


class Command(BaseCommand):
    help = (
        "Close a cooperative: visitors read that it has closed, officers may still take their data along. "
        "With --undo it is prepared again, without its channels."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cooperative", required=True, help="its slug")
        parser.add_argument("--reason", default="", help="officers read it; needed to close")
        parser.add_argument("--by", default="command line", help="who decided; goes into the log")
        parser.add_argument("--undo", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        cooperative = Cooperative.objects.shops().filter(slug=options["cooperative"]).first()
        if cooperative is None:
            raise CommandError(f"no cooperative with the slug “{options['cooperative']}”")
        who = {"cooperative_id": cooperative.pk, "by": options["by"], "now": timezone.now()}
        try:
            if options["undo"]:
                lifecycle.return_to_preparing(**who)
                self.stdout.write(f"{cooperative.name} is being prepared again; its officers open it")
                return
            closed = lifecycle.close(**who, reason=options["reason"])
        except lifecycle.ReasonMissing as error:
            raise CommandError("--reason is missing: officers read it") from error
        except lifecycle.Refused as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{cooperative.name} is closed; it may be purged from {purging.purged_from(closed):%Y-%m-%d}")
