"""State in PostgreSQL is the queue; a Celery message is only a doorbell.

    note()    in the transaction that makes work: one row for this cooperative, and a ring when it commits
    working() around the work: what was due when we began is done when we end
    ring()    the sweep: every row whose time has come rings again until its work is done

Losing every Celery message costs time, never work.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from functools import partial

from celery import current_app
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.db.models import Q
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from tenants.context import current_cooperative
from tenants.models import Cooperative, Due

RING_AGAIN = timedelta(seconds=20)


def note(kind: str, *, now: datetime, at: datetime | None = None) -> None:
    """This cooperative has work of `kind` (a key of settings.DUE_TASKS): now, or from `at` on."""
    cooperative = current_cooperative()
    Due.objects.create(cooperative=cooperative, kind=kind, at=at or now)
    if at is None or at <= now:
        transaction.on_commit(partial(_ring_unless_rung, kind, cooperative.schema_name), robust=True)


def note_everywhere(kind: str, *, now: datetime) -> None:
    """Every open cooperative has work of `kind`, unless it is already noted. One statement for all of them."""
    waiting = Due.objects.filter(kind=kind, at__lte=now + RING_AGAIN).values("cooperative")
    idle = Cooperative.objects.open().exclude(pk__in=waiting)
    Due.objects.bulk_create([Due(cooperative=cooperative, kind=kind, at=now) for cooperative in idle], batch_size=1000)


@contextmanager
def working(kind: str, *, now: datetime) -> Iterator[None]:
    """Do the work of `kind` that is due by `now`; what fails inside stays due.

    Rows noted while the work runs are left alone, because the work may have looked too early to see their reason.
    """
    cooperative = current_cooperative()
    _answer_bell(kind, cooperative.schema_name)  # before looking: who comes from now on rings again
    # a row that the sweep has rung for already has its next ring's time in `at`
    is_due = Q(at__lte=now) | Q(rung_at__lte=now)
    mine = Due.objects.filter(is_due, cooperative=cooperative, kind=kind)
    seen = list(mine.values_list("pk", flat=True))
    yield
    Due.objects.filter(pk__in=seen).delete()


def ring(*, now: datetime, limit: int = 500) -> int:
    """Ring for everything whose time has come. Returns the number of bells rung.

    Two sweeps at once skip each other's rows. A row that has been rung rings again after RING_AGAIN.
    """
    with transaction.atomic():
        rows = list(
            Due.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(at__lte=now, cooperative__state=Cooperative.State.OPEN)
            .order_by("at")
            .values_list("pk", "kind", "cooperative__schema_name")[:limit]
        )
        Due.objects.filter(pk__in=[pk for pk, _, _ in rows]).update(rung_at=now, at=now + RING_AGAIN)
    bells = sorted({(kind, schema) for _, kind, schema in rows})
    for kind, schema in bells:
        _ring_one(kind, schema)
    return len(bells)


def _ring_unless_rung(kind: str, schema_name: str) -> None:
    """A hundred changes at once are one message: while a bell of this kind waits in the queue, it says it all.

    The mark is a saving, not a record. Lost, it costs a message too many; left over, the sweep rings past it.
    """
    try:
        is_first = caches["shared"].add(_bell(kind, schema_name), 1, RING_AGAIN.total_seconds())
    except (RedisError, OSError):
        is_first = True
    if is_first:
        _ring_one(kind, schema_name)


def _answer_bell(kind: str, schema_name: str) -> None:
    with suppress(RedisError, OSError):
        caches["shared"].delete(_bell(kind, schema_name))


def _bell(kind: str, schema_name: str) -> str:
    return f"bell:{schema_name}:{kind}"


def _ring_one(kind: str, schema_name: str) -> None:
    try:
        current_app.send_task(settings.DUE_TASKS[kind], headers={"_schema_name": schema_name}, retry=False)
    except OperationalError:
        # The broker is away. The row stays, and the sweep rings again.
        return
