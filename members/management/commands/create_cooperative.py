from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse

from members import founding
from tenants import provisioning
from tenants.addresses import absolute
from tenants.context import in_tenant
from tenants.models import Cooperative


class Command(BaseCommand):
    help = "Make a cooperative with an empty shop, and the first officer (pengurus), who fills and opens it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", required=True, help="as people read it, e.g. “Koperasi Kopi Gayo”")
        parser.add_argument("--slug", required=True, help="the first part of its host name, e.g. kopi-gayo")
        parser.add_argument("--admin-email", required=True, help="who runs it; login codes go there")
        parser.add_argument("--admin-name", default="")
        parser.add_argument("--open", action="store_true", help="at once, without the checklist (tests, demos)")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["admin_email"]
        try:
            validate_email(email)
            provisioning.create_platform()
            cooperative = founding.found(
                name=options["name"],
                slug=options["slug"],
                admin_email=email,
                admin_name=options["admin_name"],
                state=Cooperative.State.OPEN if options["open"] else Cooperative.State.PREPARING,
            )
        except ValidationError as error:
            raise CommandError(f"“{email}” is not an e-mail address") from error
        except provisioning.SlugRefused as error:
            raise CommandError(str(error)) from error
        with in_tenant(cooperative):
            login = absolute(reverse("account_login"))
        state = "is open" if options["open"] else "is made; its officers open it"
        self.stdout.write(f"{cooperative.name} {state}. {email} logs in at {login}")
