from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from coop_shop.verifying import broken_invariants
from tenants.context import in_tenant
from tenants.models import Cooperative


class Command(BaseCommand):
    help = "Check stock, orders, money and schemas of every cooperative. Prints what is broken and exits 1 then."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cooperative", help="slug; default: all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        cooperatives = Cooperative.objects.shops().order_by("slug")
        if options["cooperative"]:
            cooperatives = cooperatives.filter(slug=options["cooperative"])
            if not cooperatives:
                raise CommandError(f"no cooperative with the slug “{options['cooperative']}”")
        found = 0
        for cooperative in cooperatives:
            with in_tenant(cooperative):
                for line in broken_invariants(now=timezone.now()):
                    found += 1
                    self.stdout.write(f"{cooperative.slug}: {line}")
        if found:
            raise CommandError(f"{found} broken")
        self.stdout.write(f"{len(cooperatives)} cooperatives, nothing broken")
