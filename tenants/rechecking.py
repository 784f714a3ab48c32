"""Own domains are proven anew each day: whoever no longer has the record no longer has the domain.

A record that is missing is told to the officers at once and costs the domain after the grace. A DNS server that is
away says nothing about the record and never costs anything.
"""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import F, OuterRef, Q, Subquery

from lib.http import refuse_inside_transaction
from tenants import domains, resolving
from tenants.context import in_tenant
from tenants.models import Cooperative, Domain, DomainClaim

EVERY = timedelta(days=1)
EVERY_IN_DOUBT = timedelta(hours=1)  # missing, or DNS was away
AT_ONCE = 8  # questions in the air
MOST = 50  # domains per run: every ten minutes, seven thousand a day

logger = logging.getLogger(__name__)


class Event(StrEnum):
    """What officers hear."""

    MISSING = "missing"
    RELEASED = "released"


@dataclass(frozen=True, kw_only=True)
class News:
    """`until`: when the domain is or was given up."""

    event: Event
    domain: str
    since: datetime
    until: datetime
    at: datetime


Tell = Callable[[Cooperative, News], None]  # in the cooperative's schema; the same news twice is one message


def check_due(*, now: datetime, tell: Tell, limit: int = MOST) -> int:
    """Ask DNS about the domains whose time has come, the longest unasked first. Returns how many were asked.

    A domain comes up a day after it was last asked, so they spread over the day as they were proven; after a long
    rest, `limit` per run spreads them again. Two runs at once take different rows. Raises lib.http.InsideTransaction.
    """
    refuse_inside_transaction("daily DNS check")
    taken = _take(now, limit)
    with ThreadPoolExecutor(AT_ONCE) as pool:  # no thread touches the database
        answers = list(pool.map(_ask, taken))
    for domain, is_proven in zip(taken, answers, strict=True):
        try:
            _record(domain, is_proven, now, tell)
        except Exception:  # one cooperative's trouble is not the next one's
            logger.exception("domain %s", domain.domain)
    return len(taken)


def _take(now: datetime, limit: int) -> list[Domain]:
    claims = DomainClaim.objects.filter(cooperative=OuterRef("tenant"), domain=OuterRef("domain"))
    own = Domain.objects.annotate(
        token=Subquery(claims.values("token")[:1]), trouble=Subquery(claims.values("error")[:1])
    ).exclude(token=None)
    in_doubt = Q(failing_since__isnull=False) | Q(trouble=domains.Reason.DNS_AWAY.value)
    is_due = Q(checked_at=None) | Q(checked_at__lte=now - EVERY) | in_doubt & Q(checked_at__lte=now - EVERY_IN_DOUBT)
    with transaction.atomic():
        due = own.filter(is_due).order_by(F("checked_at").asc(nulls_first=True), "pk")
        taken = list(due.select_related("tenant").select_for_update(skip_locked=True, of=("self",))[:limit])
        Domain.objects.filter(pk__in=[domain.pk for domain in taken]).update(checked_at=now)
    return taken


def _ask(domain: Domain) -> bool | None:
    """Whether the record is there; None when DNS gave no answer that counts."""
    try:
        found = resolving.ask(domains.record_name(domain.domain))
    except resolving.DnsAway:
        return None
    return domains.is_proven(found, domain.token)


def _record(domain: Domain, is_proven: bool | None, now: datetime, tell: Tell) -> None:
    cooperative = domain.tenant
    rows = Domain.objects.filter(pk=domain.pk)
    claims = DomainClaim.objects.filter(cooperative=cooperative, domain=domain.domain)
    error = {True: "", False: domains.Reason.NO_RECORD.value, None: domains.Reason.DNS_AWAY.value}[is_proven]
    claims.update(error=error, checked_at=now)
    if is_proven is None:
        return
    if is_proven:
        rows.update(failing_since=None)
        return
    rows.filter(failing_since=None).update(failing_since=now)
    since = domain.failing_since or now
    until = since + domains.GRACE
    event = Event.RELEASED if until <= now else Event.MISSING
    # Told before it is done: a worker that dies in between tells it again, which is one message, and never forgets it.
    _tell(cooperative, News(event=event, domain=domain.domain, since=since, until=until, at=now), tell)
    if event == Event.RELEASED:
        with transaction.atomic():
            still = rows.select_for_update().filter(failing_since=since).first()  # not proven by hand meanwhile
            if still is not None:
                domains.release(still, now=now)


def _tell(cooperative: Cooperative, news: News, tell: Tell) -> None:
    """A schema that takes no message does not save a domain that is lost."""
    try:
        with in_tenant(cooperative), transaction.atomic():
            tell(cooperative, news)
    except Exception:
        logger.exception("officers of %s were not told about %s", cooperative.schema_name, news.domain)
