"""State in PostgreSQL is the queue; a place in the ring of turns (tenants/turns.py) is only an offer.

    note()         in the transaction that makes work: one row for this cooperative, and an offer when it commits
    keep(), drop() a standing order: work by the clock, for as long as this cooperative needs it
    working()      around the work: what was due when we began is done when we end

Losing everything in Redis costs time, never work: tenants/sweeping.py offers again what is due and not done.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial

from django.db import DatabaseError, transaction
from django.db.models import Min, Q, QuerySet
from django.db.models.functions import Coalesce

from tenants import servers, turns
from tenants.context import current_cooperative, on_commit
from tenants.models import Cooperative, Due

AGAIN = timedelta(seconds=10)  # what is not done by then is offered again
FIRST_PAUSE = timedelta(seconds=20)  # after a failure; then each pause is twice the one before
LONGEST_PAUSE = timedelta(hours=1)
MOST_KILLS = 10  # so often a worker may be killed at a piece of work before that counts as its failure
EPOCH = datetime(2024, 1, 1, tzinfo=UTC)


def note(kind: str, *, now: datetime, at: datetime | None = None) -> None:
    """This cooperative has work of `kind` (a key of settings.DUE_TASKS): now, or from `at` on.

    Business code only adds rows: an updated one would make two checkouts of one cooperative wait for each other.
    """
    cooperative = current_cooperative()
    Due.objects.create(cooperative=cooperative, kind=kind, at=at or now)
    if at is None or at <= now:
        on_commit(partial(turns.offer, [(cooperative.schema_name, kind)]))


def keep(kind: str, *, every: int, now: datetime) -> None:
    """This cooperative has work of `kind` every so many seconds, until `drop`. Again changes nothing.

    The work itself keeps its order while it is needed and drops it when it is not. Who needs it anew leaves a note in
    the same transaction, so that the order comes back even where it is being dropped at that moment.
    """
    cooperative = current_cooperative()
    kept = _standing(cooperative, kind).values_list("every", flat=True).first()
    if kept == every:
        return
    at = moment_after(now, cooperative=cooperative, kind=kind, every=every)
    if kept:
        _standing(cooperative, kind).update(every=every, at=at)
    else:
        order = Due(cooperative=cooperative, kind=kind, every=every, at=at)
        Due.objects.bulk_create([order], ignore_conflicts=True)


def drop(kind: str) -> None:
    """This cooperative needs no work of `kind` by the clock any more. Notes stay."""
    _standing(current_cooperative(), kind).delete()


@contextmanager
def working(kind: str, *, now: datetime) -> Iterator[None]:
    """Do the work of `kind` that is due by `now`; what fails inside, or never ends, stays due and comes again later.

    Rows noted while the work runs are left alone, because the work may have looked too early to see their reason.
    """
    cooperative = current_cooperative()
    begun = _begin(cooperative, kind, now)
    try:
        yield
    except Exception:
        with suppress(DatabaseError):  # it comes again all the same, only sooner
            _put_off(begun, now)
        raise
    with transaction.atomic():
        Due.objects.filter(pk__in=begun, every=None).delete()
        for order in Due.objects.filter(pk__in=begun):
            at = moment_after(now, cooperative=cooperative, kind=kind, every=order.every or 1)
            Due.objects.filter(pk=order.pk).update(at=at, rung_at=None, attempts=0)


def is_due(kind: str, *, now: datetime) -> bool:
    """Whether this cooperative has work of `kind` to do: somebody else may have done what was offered."""
    return _due(current_cooperative(), kind, now).exists()


def moment_after(now: datetime, *, cooperative: Cooperative, kind: str, every: int) -> datetime:
    """The next moment of a standing order. Each cooperative has its own within the period, from a hash, so that a
    thousand do not come at one second."""
    offset = zlib.crc32(f"{cooperative.uid}:{kind}".encode()) % every
    periods = (now - EPOCH - timedelta(seconds=offset)) // timedelta(seconds=every) + 1
    return EPOCH + timedelta(seconds=offset + periods * every)


def lag(cooperative: Cooperative, *, now: datetime) -> int:
    """For how many seconds the oldest work of `cooperative` has been waiting to be done."""
    with servers.on(cooperative.server):
        rows = Due.objects.filter(Q(at__lte=now) | Q(rung_at__lte=now), cooperative=cooperative.pk)
        since = rows.aggregate(since=Min(Coalesce("rung_at", "at")))["since"]
    return int((now - since).total_seconds()) if since else 0


def failing(cooperative: Cooperative) -> int:
    """How many pieces of work of `cooperative` were begun more than once and are still not done."""
    with servers.on(cooperative.server):
        return Due.objects.filter(cooperative=cooperative.pk, attempts__gt=1).count()


@transaction.atomic
def _begin(cooperative: Cooperative, kind: str, now: datetime) -> list[int]:
    """Count the attempt before it is made, so that work that kills its worker is not tried at once for ever.

    Many notes become a new one: whoever works at the same time and has seen some of them cannot end what it has not
    seen.
    """
    seen = list(_due(cooperative, kind, now))
    if not seen:
        return []
    attempts = min(max(row.attempts for row in seen) + 1, 1000)
    since = min(row.rung_at or now for row in seen)
    again_at = now + (AGAIN if attempts <= MOST_KILLS else _pause(attempts))
    notes = [row.pk for row in seen if row.every is None]
    begun = [row.pk for row in seen]
    if len(notes) > 1:
        Due.objects.filter(pk__in=notes).delete()
        one = Due.objects.create(cooperative=cooperative, kind=kind, at=again_at)
        begun = [one.pk, *(row.pk for row in seen if row.every)]
    Due.objects.filter(pk__in=begun).update(attempts=attempts, rung_at=since, at=again_at)
    return begun


def _put_off(begun: list[int], now: datetime) -> None:
    for row in Due.objects.filter(pk__in=begun):
        Due.objects.filter(pk=row.pk).update(at=now + _pause(row.attempts))


def _pause(attempts: int) -> timedelta:
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)


def _due(cooperative: Cooperative, kind: str, now: datetime) -> QuerySet[Due]:
    # a row that has been offered already has its next offer's time in `at`
    return Due.objects.filter(Q(at__lte=now) | Q(rung_at__lte=now), cooperative=cooperative, kind=kind)


def _standing(cooperative: Cooperative, kind: str) -> QuerySet[Due]:
    return Due.objects.filter(cooperative=cooperative, kind=kind, every__isnull=False)
