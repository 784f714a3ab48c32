from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts import second_factor
from accounts.models import User


class Command(BaseCommand):
    help = (
        "Forget an operator's second factor, for somebody who has lost phone and recovery codes and has no colleague."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(email=options["email"].lower(), is_operator=True).first()
        if user is None:
            raise CommandError(f"no operator “{options['email']}”")
        if not second_factor.reset(user=user):
            raise CommandError(f"{user.email} has no second factor")
        self.stdout.write(f"{user.email} sets up a new second factor at the next login")
