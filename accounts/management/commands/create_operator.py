from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse

from accounts.models import User
from tenants.addresses import of_platform


class Command(BaseCommand):
    help = "Make an operator of the platform, who logs in by a code sent by e-mail and then sets up a second factor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True, help="login codes go there")
        parser.add_argument("--name", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"“{email}” is not an e-mail address") from error
        if User.objects.filter(email=email).exists():
            raise CommandError(f"“{email}” is known already")
        User.objects.create_superuser(email, name=options["name"])
        login = of_platform(reverse("account_login", urlconf="coop_shop.urls_public"))
        self.stdout.write(f"{email} is an operator and logs in at {login}")
