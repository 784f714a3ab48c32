from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from tenants import lifecycle, purging
from tenants.models import Cooperative


class Command(BaseCommand):
    help = (
        "Remove a closed cooperative for good: rows, files, cache, names. Killed at any moment, run it again. "
        "Without a slug: which may be purged, and which were begun."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cooperative", help="its slug")
        parser.add_argument("--sure", metavar="SLUG", help="the slug once more, typed")
        parser.add_argument("--now", action="store_true", help="do not wait for the end of the time to take data along")
        parser.add_argument("--with-backups", action="store_true", help="its backups go as well")
        parser.add_argument("--by", default="command line", help="who decided; goes into the log")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["cooperative"] is None:
            self._list(now)
            return
        if options["sure"] != options["cooperative"]:
            raise CommandError(f"there is no way back: say --sure {options['cooperative']}")
        cooperative = Cooperative.objects.shops().filter(slug=options["cooperative"]).first()
        if cooperative is None:
            raise CommandError(f"no cooperative with the slug “{options['cooperative']}”")
        try:
            gone = purging.purge(
                cooperative_id=cooperative.pk,
                by=options["by"],
                now=now,
                hurried=options["now"],
                with_backups=options["with_backups"],
            )
        except purging.TooEarly as error:
            raise CommandError(f"not before {error.until:%Y-%m-%d %H:%M} UTC without --now") from error
        except lifecycle.Refused as error:
            raise CommandError(f"{error}: close it first") from error
        self.stdout.write(f"{gone.slug} is gone")
        if gone.backups:
            self.stdout.write(f"its backups are still in {gone.backups}")

    def _list(self, now: Any) -> None:
        states = (Cooperative.State.CLOSED, Cooperative.State.PURGING)
        for cooperative in Cooperative.objects.shops().filter(state__in=states).order_by("state_since"):
            until = purging.purged_from(cooperative)
            told = "begun, run it again" if cooperative.state == Cooperative.State.PURGING else f"from {until:%Y-%m-%d}"
            self.stdout.write(f"{cooperative.slug}: {told}{' (due)' if until <= now else ''}")
