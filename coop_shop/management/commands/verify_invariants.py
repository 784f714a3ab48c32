from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from coop_shop.verifying import broken_invariants
from tenants.commands import CooperativeCommand
from tenants.models import Cooperative


class Command(CooperativeCommand):
    help = "Check stock, orders, money and schemas. Prints what is broken and exits 1 then."
    works_on_all = True

    def work(self, cooperative: Cooperative, options: dict[str, Any]) -> None:
        broken = list(broken_invariants(now=timezone.now()))
        for line in broken:
            self.stdout.write(f"{cooperative.slug}: {line}")
        if broken:
            raise CommandError(f"{len(broken)} broken")
        if options["cooperative"]:
            self.stdout.write(f"{cooperative.slug}: nothing broken")
