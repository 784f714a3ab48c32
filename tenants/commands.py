"""Commands on a cooperative's data say whose: `--cooperative SLUG`, or `--all`; never by where they happen to stand."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tenants.context import in_tenant
from tenants.models import Cooperative


class CooperativeCommand(BaseCommand):
    """A subclass writes `work`, which runs in the schema of each cooperative that was named."""

    works_on_all = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("--cooperative", help="slug, e.g. kopi-gayo")
        if self.works_on_all:
            whose.add_argument("--all", action="store_true", help="one after the other; one that fails stops no other")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["cooperative"]:
            self._in(_find(options["cooperative"]), options)
            return
        failed = {}
        purging = Cooperative.State.PURGING  # its schema may be gone
        cooperatives = list(Cooperative.objects.shops().exclude(state=purging).order_by("slug"))
        for cooperative in cooperatives:
            try:
                self._in(cooperative, options)
            except Exception as error:  # whatever it is, the next one has its turn
                failed[cooperative.slug] = error
                self.stderr.write(f"{cooperative.slug}: {error}")
        if failed:
            raise CommandError(f"{len(failed)} of {len(cooperatives)} failed: {', '.join(failed)}")
        self.stdout.write(f"{len(cooperatives)} cooperatives, none failed")

    def work(self, cooperative: Cooperative, options: dict[str, Any]) -> None:
        """What the command does for one cooperative. Raise CommandError with what is wrong."""
        raise NotImplementedError

    def _in(self, cooperative: Cooperative, options: dict[str, Any]) -> None:
        with in_tenant(cooperative):
            self.work(cooperative, options)


def _find(slug: str) -> Cooperative:
    found = Cooperative.objects.shops().filter(slug=slug).first()
    if found is None:
        raise CommandError(f"no cooperative with the slug “{slug}”")
    return found
