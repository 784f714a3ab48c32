"""The second factor of operators: an authenticator app (TOTP), and recovery codes for the day the phone is lost.

It exists on the platform's host only. Whoever logs in there proves an e-mail address by a code and then the device;
`standing` says how far a session has come, and the console opens to PASSED alone (hosting/console/site.py).
"""

from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lib.schema import connection
from lib.secrets import Safe
from tenants.models import PUBLIC

LASTS = timedelta(hours=12)  # a session that goes on longer is asked again
SETTING_UP = timedelta(minutes=1)  # a device is proven a moment before its row is written
USED_SECONDS = 120  # longer than a code is accepted, so that none is accepted twice


class Standing(Enum):
    """How far a session has come."""

    MISSING = "missing"  # no device is set up
    ASKED = "asked"  # there is one, and this session has not passed it, or too long ago
    PASSED = "passed"


class Adapter(DefaultMFAAdapter):
    """How allauth's second factor behaves here."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Kode ini salah atau sudah dipakai. Tunggu kode berikutnya di aplikasi Anda."),
    }

    def encrypt(self, text: str) -> str:
        return Safe(settings.CREDENTIAL_KEYS).seal(text, place=_place())

    def decrypt(self, encrypted_text: str) -> str:
        return Safe(settings.CREDENTIAL_KEYS).open(encrypted_text, place=_place())

    def is_mfa_enabled(self, user: User, types: Any = None) -> bool:
        return connection.schema_name == PUBLIC and super().is_mfa_enabled(user, types)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return False  # another operator resets it


def standing(request: HttpRequest, *, now: datetime) -> Standing:
    """Where the session of a logged-in operator stands. One query.

    What was passed with a device that has been reset since counts for nothing.
    """
    device = Authenticator.objects.filter(user_id=request.user.pk, type=Authenticator.Type.TOTP).first()
    if device is None:
        return Standing.MISSING
    since = max(device.created_at - SETTING_UP, now - LASTS).timestamp()
    passed = any(
        record["method"] == "mfa" and record["at"] >= since
        for record in get_authentication_records(request, request.user)
    )
    return Standing.PASSED if passed else Standing.ASKED


def reset(*, user: User) -> bool:
    """Forget the devices and recovery codes of `user`, who sets up new ones at the next login. False: there were none.

    For another operator or for who has the server's shell: never for the person alone.
    """
    deleted, _each = Authenticator.objects.filter(user=user).delete()
    return deleted > 0


class _CodeOfDevice:
    """The field as people read it, and a code that has been used is worth nothing, for as long as it would be valid."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]  # type: ignore[attr-defined]
        field.label = _("Kode")
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs |= {"inputmode": "numeric", "autofocus": True}

    def clean_code(self) -> str:
        code: str = super().clean_code()  # type: ignore[misc]
        if not cache.add(f"second-factor:{self.user.pk}:{code}", "used", USED_SECONDS):  # type: ignore[attr-defined]
            raise Adapter().validation_error("incorrect_code")
        return code


class PassForm(_CodeOfDevice, AuthenticateForm):
    """The code of the device, at login."""


class PassAgainForm(_CodeOfDevice, ReauthenticateForm):
    """The code of the device, in a session that is old or that changes something about the device."""


class SetUpForm(_CodeOfDevice, ActivateTOTPForm):
    """The first code of a new device. Who types it in has the device in hand, and has passed."""

    def clean_code(self) -> str:
        code = super().clean_code()
        record_authentication(context.request, self.user, "mfa", reauthenticated=True)
        return code


def _place() -> str:
    """A secret of one schema does not open in another. Its row has no key yet when allauth seals it."""
    return f"{connection.schema_name}|mfa_authenticator|data"
