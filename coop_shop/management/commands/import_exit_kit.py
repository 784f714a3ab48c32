from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse
from django.utils import timezone

from coop_shop.arriving import settle_in
from coop_shop.verifying import broken_rows
from tenants import lifecycle, provisioning
from tenants.addresses import absolute
from tenants.context import in_tenant
from tenants.leaving.importing import import_kit
from tenants.leaving.kits import CannotRead


class Command(BaseCommand):
    help = "Take in a cooperative that comes from another server of Coop Shop with its exit kit (docs/leaving.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.zip")
        parser.add_argument("--slug", required=True, help="the first part of its host name here, e.g. kopi-gayo")
        parser.add_argument("--open", action="store_true", help="open the shop at once; else its officers open it")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        try:
            provisioning.create_platform()
            done = import_kit(
                path=options["file"], slug=options["slug"], now=now, settle_in=settle_in, check=broken_rows
            )
        except (CannotRead, provisioning.SlugRefused, OSError) as error:
            raise CommandError(f"nothing was taken in: {error}") from error
        for line in done.broken:
            self.stderr.write(f"was so when it left: {line}")
        if options["open"]:
            lifecycle.open_shop(cooperative_id=done.cooperative.pk, by="import_exit_kit", now=now)
        with in_tenant(done.cooperative):
            login = absolute(reverse("account_login"))
        what = "is open" if options["open"] else "is here; its officers open it"
        self.stdout.write(f"{done.cooperative.name} {what}: {done.rows} rows, {done.files} files. Login: {login}")
