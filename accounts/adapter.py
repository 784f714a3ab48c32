"""How allauth behaves here: codes by e-mail in the cooperative's name, never an account on the platform's host by
oneself."""

from email.utils import formataddr
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from lib.schema import connection
from tenants import addresses
from tenants.context import current_cooperative
from tenants.models import PUBLIC

PLATFORM_NAME = "Coop Shop"


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return not _on_platform()

    def pre_login(self, request: HttpRequest, user: User, *, email: str | None = None, **about: Any) -> Any:
        """Whoever typed in the code that we sent owns the address. Users made by an officer have no other proof."""
        if email and any(
            record["method"] == "code" and record.get("email") == email
            for record in get_authentication_records(request, user)
        ):
            EmailAddress.objects.get_or_create(
                user=user, email=email.lower(), defaults={"verified": True, "primary": True}
            )
        return super().pre_login(request, user, email=email, **about)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Operators to their console, officers and members to their work, customers to their account."""
        if _on_platform():
            return reverse("admin:index")
        works_here = hasattr(request.user, "officer") or hasattr(request.user, "member")
        return reverse("backoffice:home" if works_here else "account_home")

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_home")

    def get_from_email(self) -> str:
        return formataddr((_sender(), settings.DEFAULT_FROM_EMAIL))

    def format_email_subject(self, subject: str) -> str:
        return f"[{_sender()}] {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Links are built from the cooperative's own domain; allauth would build them from the request's Host."""
        links = {
            "sender": _sender(),
            "login_url": _link(reverse("account_login")),
            "signup_url": "" if _on_platform() else _link(reverse("account_signup")),
        }
        self.render_mail(template_prefix, email, {**context, **links, "email": email}).send()

    def send_account_already_exists_mail(self, email: str) -> None:
        self.send_mail("account/email/account_already_exists", email, {})


def _on_platform() -> bool:
    return bool(connection.schema_name == PUBLIC)


def _sender() -> str:
    return PLATFORM_NAME if _on_platform() else current_cooperative().name


def _link(path: str) -> str:
    return addresses.of_platform(path) if _on_platform() else addresses.absolute(path)
