"""Somebody asks for a shop for their cooperative: apply, prove the e-mail address by a code, be looked at, be told.

    UNVERIFIED --confirm--> WAITING --approve--> APPROVED, with a cooperative
                                    --refuse---> REFUSED, with a reason

Whatever is decided is decided once, under the lock of the application's row; the shop is made in the same transaction,
so that a crash leaves either an application that still waits or a shop.
"""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from members import founding
from notifications import writing
from tenants import provisioning
from tenants.addresses import absolute
from tenants.context import in_tenant
from tenants.models import Application, Cooperative

CODE_LASTS = timedelta(minutes=15)
SEND_AGAIN_AFTER = timedelta(minutes=1)
MOST_TRIES = 5
FORGET_AFTER = timedelta(days=7)  # applications that nobody confirmed are people's data without a use

State = Application.State


class CodeWrong(ValueError):
    """Not the code that was sent; `tries_left` says how many more tries there are."""

    def __init__(self, tries_left: int) -> None:
        super().__init__(f"{tries_left} tries left")
        self.tries_left = tries_left


class CodeSpent(Exception):
    """The code is too old, or was tried too often."""


class TooSoon(Exception):
    """A code went out a moment ago."""


class MailAway(Exception):
    """The mail server did not take the letter. What was decided stays decided."""


class AlreadyDecided(Exception):
    """Somebody else was first; the application has that answer."""


def apply(
    *, name: str, slug: str, contact_name: str, email: str, phone: str, language: str, now: datetime
) -> Application:
    """Write down the wish for a shop and send a code to `email`. Raises provisioning.SlugRefused, MailAway.

    Nothing is taken by it: who is approved first has the slug. An address that is known here hears nothing else
    than one that is not.
    """
    provisioning.check_slug(slug)
    application = Application.objects.create(
        name=name,
        slug=slug,
        contact_name=contact_name,
        email=email.lower(),
        phone=phone,
        language=language,
        created_at=now,
    )
    send_code(application_id=application.pk, now=now)
    application.refresh_from_db()
    return application


def send_code(*, application_id: int, now: datetime) -> None:
    """Send a new code; the one before is worth nothing. Tries are counted on. Raises TooSoon, CodeSpent, MailAway."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    with transaction.atomic():
        application = Application.objects.select_for_update().get(pk=application_id, state=State.UNVERIFIED)
        if application.tries >= MOST_TRIES:
            raise CodeSpent
        if application.code_sent_at and now - application.code_sent_at < SEND_AGAIN_AFTER:
            raise TooSoon
        application.code, application.code_sent_at = _hashed(application, code), now
        application.save(update_fields=["code", "code_sent_at"])
    try:
        _send(application, "apply_code", lambda: _("Kode pendaftaran koperasi"), code=code)
    except MailAway:
        Application.objects.filter(pk=application_id).update(code="", code_sent_at=None)
        raise


def confirm(*, application_id: int, code: str, now: datetime) -> Application:
    """The code came back: the application waits for an operator, or is approved at once where the platform is set so.

    Again changes nothing. Raises CodeWrong, CodeSpent.
    """
    with transaction.atomic():
        application = Application.objects.select_for_update().get(pk=application_id)
        if application.state != State.UNVERIFIED:
            return application
        is_right = _try(application, code, now)
    if not is_right:  # outside of the transaction, which keeps the count of tries
        raise CodeWrong(MOST_TRIES - application.tries)
    if settings.SIGN_UP_AUTO_APPROVE:
        approve(application_id=application_id, by="", now=now)
        application.refresh_from_db()
    return application


def approve(*, application_id: int, by: str, now: datetime, slug: str = "") -> Cooperative:
    """Make the shop, under `slug` where the operator chose another one, and write to the applicant how to log in.

    The letter is a message of the new cooperative, so it is sent as surely as any. Raises AlreadyDecided,
    provisioning.SlugRefused.
    """
    with transaction.atomic():
        application = _waiting(application_id)
        cooperative = founding.found(
            name=application.name,
            slug=slug or application.slug,
            admin_email=application.email,
            admin_name=application.contact_name,
            state=Cooperative.State.PREPARING,
        )
        with in_tenant(cooperative):
            User.objects.filter(email=application.email).update(phone=application.phone, language=application.language)
            _write_welcome(application, now)
        application.state, application.cooperative, application.code = State.APPROVED, cooperative, ""
        application.decided_at, application.decided_by = now, by
        application.save()
    return cooperative


def refuse(*, application_id: int, by: str, reason: str, now: datetime) -> Application:
    """Say no, and write to the applicant why. Raises AlreadyDecided, MailAway (it is refused all the same)."""
    with transaction.atomic():
        application = _waiting(application_id)
        application.state, application.reason, application.code = State.REFUSED, reason, ""
        application.decided_at, application.decided_by = now, by
        application.save()
    tell_refused(application=application)
    return application


def tell_refused(*, application: Application) -> None:
    """The letter with the reason; again when the first did not go out. Raises MailAway."""
    _send(application, "apply_refused", lambda: _("Permohonan toko %(name)s") % {"name": application.name})


def forget_unconfirmed(*, now: datetime) -> int:
    """Remove what nobody confirmed for a week. Returns how many."""
    old = Application.objects.filter(state=State.UNVERIFIED, created_at__lt=now - FORGET_AFTER)
    return old.delete()[0]


def _hashed(application: Application, code: str) -> str:
    """Keyed, because a million codes are tried in a second by whoever has the table alone."""
    return salted_hmac("members.applying", f"{application.pk}:{code}", algorithm="sha256").hexdigest()


def _try(application: Application, code: str, now: datetime) -> bool:
    """Count the try; the right code makes the application wait. Raises CodeSpent."""
    is_fresh = application.code_sent_at is not None and now - application.code_sent_at < CODE_LASTS
    if not application.code or not is_fresh or application.tries >= MOST_TRIES:
        raise CodeSpent
    application.tries += 1
    is_right = constant_time_compare(application.code, _hashed(application, code))
    if is_right:
        application.state, application.verified_at, application.code = State.WAITING, now, ""
    application.save()
    return is_right


def _waiting(application_id: int) -> Application:
    application = Application.objects.select_for_update().get(pk=application_id)
    if application.state != State.WAITING:
        raise AlreadyDecided(application.state)
    return application


def _write_welcome(application: Application, now: datetime) -> None:
    with translation.override(application.language):
        context = {
            "application": application,
            "sender": "Coop Shop",
            "shop": absolute("/"),
            "login": absolute(reverse("account_login", urlconf=settings.ROOT_URLCONF)),
        }
        body = render_to_string("members/emails/apply_approved.txt", context)
        subject = _("Toko %(name)s sudah ada") % {"name": application.name}
    writing.write(key=f"application:{application.pk}", to=application.email, subject=subject, body=body, now=now)


def _send(application: Application, letter: str, subject: Callable[[], str], **about: str) -> None:
    with translation.override(application.language):
        context = {**about, "application": application, "sender": "Coop Shop"}
        body = render_to_string(f"members/emails/{letter}.txt", context)
        line = " ".join(subject().split())
    try:
        EmailMessage(line, body, to=[application.email]).send()
    except (SMTPException, OSError) as error:
        raise MailAway from error
