from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from members import joining
from tenants.context import in_tenant
from tenants.models import Cooperative


class Command(BaseCommand):
    help = "Enter a member into the register of a cooperative."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--cooperative", required=True, help="slug, e.g. kopi-gayo")
        parser.add_argument("--number", required=True, help="member number, e.g. KG-001")
        parser.add_argument("--name", required=True)
        parser.add_argument("--email", default="", help="for logging in; login codes go there")
        parser.add_argument("--village", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        cooperative = Cooperative.objects.shops().filter(slug=options["cooperative"]).first()
        if cooperative is None:
            raise CommandError(f"no cooperative with the slug “{options['cooperative']}”")
        try:
            with in_tenant(cooperative):
                member = joining.join(
                    number=options["number"],
                    name=options["name"],
                    email=options["email"],
                    village=options["village"],
                    on=timezone.localdate(),
                )
        except joining.NumberTaken as error:
            raise CommandError(f"member number “{options['number']}” is taken") from error
        except joining.EmailTaken as error:
            raise CommandError(f"another member logs in with {options['email']}") from error
        self.stdout.write(f"{member} joined {cooperative.name}")
