"""Every midnight of the cooperative: whose documents come to their end, and what of the shelf ends with them.

come_back()   whenever a document with a last day counts: a note for the next midnight
check()       warn 90, 30 and 7 days before the last day and on the day after it, each once; then refresh the shelf
set_clock()   while there are such documents the check also stands in the clock, should a note ever be lost
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q, QuerySet

from catalog.models import Document
from catalog.passport import letters, standing
from tenants import due
from tenants.context import current_cooperative
from tenants.models import Due

KIND = "passport"
CLOCK_SECONDS = 6 * 60 * 60
WARN_AT = (90, 30, 7)  # days before the last day
OVER = 0


def check(*, now: datetime) -> int:
    """Do all that today asks for. Again on the same day changes nothing. Returns how many warnings were written."""
    today = standing.today(now)
    standing.refresh_all(by="clock", now=now)
    warned = sum(_warn(document, today, now) for document in _ending(today))
    come_back(now=now)
    return warned


def come_back(*, now: datetime) -> None:
    """At the next midnight there is something to look at, while a document that counts has a last day."""
    if not _dated().exists():
        return
    zone = ZoneInfo(current_cooperative().zone)
    tomorrow = standing.today(now) + timedelta(days=1)
    midnight = datetime.combine(tomorrow, time.min, zone)
    if not Due.objects.filter(cooperative=current_cooperative(), kind=KIND, at=midnight).exists():
        due.note(KIND, now=now, at=midnight)


def set_clock(*, now: datetime) -> None:
    if _dated().exists():
        due.keep(KIND, every=CLOCK_SECONDS, now=now)
    else:
        due.drop(KIND)


def warning(valid_until: date, today: date) -> int | None:
    """Which warning a document has reached: 90, 30, 7, 0 once it is over, None before all of them."""
    left = (valid_until - today).days
    if left < 0:
        return OVER
    return min((days for days in WARN_AT if left <= days), default=None)


@transaction.atomic
def _warn(document: Document, today: date, now: datetime) -> int:
    """Whoever gets here first writes; a warning that came too late is left out for the one after it."""
    reached = warning(document.valid_until, today) if document.valid_until else None
    if reached is None or (document.warned_days is not None and document.warned_days <= reached):
        return 0
    as_read = Document.objects.filter(pk=document.pk, warned_days=document.warned_days)
    if not as_read.update(warned_days=reached):
        return 0
    letters.ending(document, days=reached, today=today, now=now)
    return 1


def _ending(today: date) -> list[Document]:
    """Those that end soon or have ended, without those that a later one of the same kind has taken the place of."""
    soon = _dated().filter(valid_until__lte=today + timedelta(days=WARN_AT[0]))
    rows = list(soon.exclude(warned_days=OVER).select_related("product__member__user", "member__user").order_by("pk"))
    return [document for document in rows if not _later(document).exists()]


def _later(document: Document) -> QuerySet[Document]:
    same = Document.objects.filter(
        state=Document.State.ACCEPTED, kind=document.kind, product=document.product_id, member=document.member_id
    )
    return same.filter(Q(valid_until=None) | Q(valid_until__gt=document.valid_until))


def _dated() -> QuerySet[Document]:
    return Document.objects.filter(state=Document.State.ACCEPTED, valid_until__isnull=False)
