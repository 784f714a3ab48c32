"""The cooperative's own record of operators who looked in, and the letter that tells its pengurus.

Every function stands in the cooperative's schema and writes before what it tells of: a page that is not in the log is
not shown.
"""

from datetime import datetime

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from members.models import Officer, VisitEntry
from notifications import writing
from tenants import visiting
from tenants.addresses import absolute
from tenants.context import current_cooperative, in_tenant
from tenants.models import Visit

Kind = VisitEntry.Kind


class LinkUsed(Exception):
    """The visit has begun elsewhere, or may not begin any more."""


@transaction.atomic
def begin(*, visit: Visit, now: datetime) -> None:
    """The visit begins: it stands in the log, and every pengurus gets a letter. Raises LinkUsed."""
    if not visiting.begin(visit=visit, now=now):
        raise LinkUsed
    _append(visit, Kind.BEGAN, now)
    for user in User.objects.filter(officer__role=Officer.Role.PENGURUS, is_active=True).order_by("pk"):
        _tell(user, visit, now)


def record_page(*, visit: Visit, path: str, now: datetime) -> None:
    """This page is about to be shown."""
    _append(visit, Kind.PAGE, now, path=path[:300])


@transaction.atomic
def end(*, visit: Visit, now: datetime) -> bool:
    """Over; the log says when. False: it was over already."""
    if not visiting.end(visit_id=visit.pk, now=now):
        return False
    if visit.began_at and visit.ends_at:
        _append(visit, Kind.ENDED, min(now, visit.ends_at))
    return True


def end_overdue(*, now: datetime) -> int:
    """Write the end of each visit whose time is up and whose operator came back no more. Returns how many."""
    ended = 0
    for visit in visiting.overdue(now=now).select_related("cooperative"):
        with in_tenant(visit.cooperative):
            ended += end(visit=visit, now=now)
    return ended


def _append(visit: Visit, kind: Kind, at: datetime, *, path: str = "") -> None:
    assert visit.ends_at is not None  # begun
    VisitEntry.objects.create(
        visit_id=visit.pk,
        kind=kind,
        at=at,
        operator=visit.asked_by,
        approved_by=visit.decided_by,
        reason=visit.reason,
        until=visit.ends_at,
        path=path,
    )


def _tell(user: User, visit: Visit, now: datetime) -> None:
    with translation.override(user.language):
        context = {
            "visit": visit,
            "sender": current_cooperative().name,
            "link": absolute(reverse("backoffice:visits")),
        }
        body = render_to_string("members/emails/visit.txt", context)
        subject = _("Operator Coop Shop melihat isi toko")
    writing.write(key=f"visit:{visit.pk}:{user.pk}", to=user.email, subject=subject, body=body, now=now)
