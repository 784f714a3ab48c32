"""Two operators of the platform, so that one can consent to the other's visit. Stands in `public`."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP

from accounts.models import User
from coop_shop.demo import logins

PEOPLE = {"operator@coop-shop.example": "Operator", "rekan@coop-shop.example": "Operator kedua"}
DEVICE = "COOPSHOPDEMOCOOPSHOPDEMOCOOPSHOP"  # what to type into an authenticator app; there is no other secret here


def register() -> None:
    """They exist, each with the same device."""
    for email, name in PEOPLE.items():
        user = User.objects.filter(email=email).first() or User.objects.create_superuser(email, name=name)
        if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
            TOTP.activate(user, DEVICE)


def one_tap_logins() -> list[dict[str, str]]:
    """The links; each counts as both steps (coop_shop/demo/views.py)."""
    people = User.objects.filter(email__in=PEOPLE).order_by("pk")
    return [
        {"role": logins.OPERATOR, "name": user.name, "path": logins.path(role=logins.OPERATOR, user=user)}
        for user in people
    ]
