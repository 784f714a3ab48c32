"""An operator looks into a cooperative (break-glass): asked for with a reason and a duration, consented to by a second
operator, entered by a link that works once and soon, over by itself.

These are the rows of the platform. What was looked at stands in the cooperative's own log (members/visiting.py).
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet

from lib import signing
from tenants.context import in_tenant
from tenants.models import Cooperative, Visit

SHORTEST_REASON = 20  # characters
SHORTEST, LONGEST = 5, 60  # minutes
CONSENT_LASTS = timedelta(hours=4)
LINK_SECONDS = 300
PURPOSE = "visit"


class ReasonTooShort(ValueError):
    """The cooperative reads the reason; a word is none."""


class DurationRefused(ValueError):
    """Not between SHORTEST and LONGEST minutes."""


class NeedsAnother(Exception):
    """Nobody consents to their own visit."""


class NotWaiting(Exception):
    """The visit has been decided, has begun, or is over."""


def ask(*, cooperative: Cooperative, reason: str, minutes: int, by: str, now: datetime) -> Visit:
    """Ask for a visit. Raises ReasonTooShort, DurationRefused."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise ReasonTooShort
    if not SHORTEST <= minutes <= LONGEST:
        raise DurationRefused
    return Visit.objects.create(cooperative=cooperative, reason=reason, minutes=minutes, asked_by=by, asked_at=now)


def decide(*, visit_id: int, by: str, is_approved: bool, now: datetime) -> Visit:
    """Consent or refuse. Raises NeedsAnother (also the database would, for a consent), NotWaiting."""
    with transaction.atomic():
        visit = Visit.objects.select_for_update().get(pk=visit_id)
        if visit.decided_at or visit.ended_at:
            raise NotWaiting
        if visit.asked_by == by:
            raise NeedsAnother
        visit.is_approved, visit.decided_by, visit.decided_at = is_approved, by, now
        visit.save(update_fields=["is_approved", "decided_by", "decided_at"])
    return visit


def ticket(*, visit: Visit, by: str, now: datetime) -> str:
    """What lets the operator who asked, and nobody else, in through the cooperative's own host, within LINK_SECONDS.

    Raises NotWaiting.
    """
    if visit.asked_by != by or not may_begin(now=now).filter(pk=visit.pk).exists():
        raise NotWaiting
    with in_tenant(visit.cooperative):
        return signing.sign(visit.pk, purpose=PURPOSE)


def of_ticket(token: str, *, now: datetime) -> Visit | None:
    """The visit that `token` begins in the cooperative in whose schema we stand; None when it does not any more."""
    try:
        visit_id = signing.unsign(token, purpose=PURPOSE, max_age=LINK_SECONDS)
    except signing.BadToken:
        return None
    return may_begin(now=now).select_related("cooperative").filter(pk=visit_id).first()


def may_begin(*, now: datetime) -> QuerySet[Visit]:
    """Consented to, not long ago, and not begun."""
    return Visit.objects.filter(is_approved=True, began_at=None, ended_at=None, decided_at__gt=now - CONSENT_LASTS)


def begin(*, visit: Visit, now: datetime) -> bool:
    """The clock runs. One statement, so that a link works once. False: somebody was quicker."""
    ends_at = now + timedelta(minutes=visit.minutes)
    began = bool(may_begin(now=now).filter(pk=visit.pk).update(began_at=now, ends_at=ends_at))
    if began:
        visit.began_at, visit.ends_at = now, ends_at
    return began


def living(*, now: datetime) -> QuerySet[Visit]:
    """Begun and not over."""
    return Visit.objects.filter(began_at__isnull=False, ended_at=None, ends_at__gt=now)


def end(*, visit_id: int, now: datetime) -> bool:
    """Over, by whoever ends it; a visit that was never begun is not begun any more. False: it was over already."""
    over = Q(ends_at__lt=now)
    unended = Visit.objects.filter(pk=visit_id, ended_at=None)
    late = unended.filter(over).update(ended_at=F("ends_at"))
    return bool(late or unended.update(ended_at=now))


def overdue(*, now: datetime) -> QuerySet[Visit]:
    """Visits whose time is up and that nobody has ended."""
    return Visit.objects.filter(ended_at=None, ends_at__lte=now)
