from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from members import joining
from tenants.commands import CooperativeCommand
from tenants.models import Cooperative


class Command(CooperativeCommand):
    help = "Enter a member into the register of a cooperative."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--number", required=True, help="member number, e.g. KG-001")
        parser.add_argument("--name", required=True)
        parser.add_argument("--email", default="", help="for logging in; login codes go there")
        parser.add_argument("--village", default="")

    def work(self, cooperative: Cooperative, options: dict[str, Any]) -> None:
        try:
            member = joining.join(
                number=options["number"],
                name=options["name"],
                email=options["email"],
                village=options["village"],
                on=timezone.localdate(),
            )
        except joining.NumberTaken as error:
            raise CommandError(f"member number “{options['number']}” is taken") from error
        self.stdout.write(f"{member} joined {cooperative.name}")
