"""What makes every offer optional: whatever is due and not done is offered (again)."""

import logging
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, connection
from django.db.models import Exists, OuterRef
from django.utils.module_loading import import_string

from tenants import due, servers, turns, versions
from tenants.models import Cooperative, CooperativeQuerySet, Due

UPKEEP = "upkeep"
UPKEEP_EVERY = 24 * 60 * 60
UPKEEP_BEGINS_WITHIN = 60 * 60
LIMIT = 2000

logger = logging.getLogger(__name__)

# One probe of the index per cooperative and kind, whatever number of rows a cooperative has, suspended ones included.
# A cooperative's kind counts once, and who waits longest comes first.
OLDEST = """
SELECT shop.id, shop.schema_name, kinds.kind
FROM tenants_cooperative shop
CROSS JOIN unnest(%(kinds)s::varchar[]) AS kinds(kind)
CROSS JOIN LATERAL (
    SELECT at FROM tenants_due due
    WHERE due.cooperative_id = shop.id AND due.kind = kinds.kind AND due.at <= %(now)s
    ORDER BY at LIMIT 1
) AS oldest
WHERE shop.id = ANY(%(living)s)
ORDER BY oldest.at LIMIT %(limit)s
"""
# Rows that somebody is just ending or keeping are not waited for.
OFFERED = """
UPDATE tenants_due SET rung_at = coalesce(rung_at, %(now)s), at = %(again)s
WHERE id IN (
    SELECT due.id FROM tenants_due due
    JOIN unnest(%(shops)s::bigint[], %(kinds)s::varchar[]) AS offered(shop, kind)
    ON due.cooperative_id = offered.shop AND due.kind = offered.kind
    WHERE due.at <= %(now)s FOR UPDATE OF due SKIP LOCKED
)
"""


def sweep(*, now: datetime, limit: int = LIMIT) -> int:
    """Offer everything whose time has come, on every server. Returns how many (cooperative, kind) that was.

    Cooperatives that are not living, that are moving, or whose schema lacks migrations of this code are left alone, and
    their rows stay. What was offered is offered again after due.AGAIN, until it is done.
    """
    found = sum(_sweep_here(now, limit) for _ in _each_server())
    turns.ring_for_waiting()
    return found


def want_upkeep(*, now: datetime, limit: int = LIMIT) -> int:
    """Every living cooperative has a standing order for its upkeep. Returns how many got one.

    This alone looks at all of them, in one statement and into no schema; all the rest is for each in its own time.
    """
    return sum(_want_upkeep_here(now, limit) for _ in _each_server())


def upkeep(*, now: datetime) -> None:
    """In a cooperative: bring its standing orders in line with what it needs, should a write have been lost."""
    for name in settings.STANDING_ORDERS:
        import_string(name)(now=now)


def _each_server() -> Iterator[None]:
    """Stand at each database server in turn; one that is away keeps no other waiting."""
    for name in servers.names():
        with servers.on(name):
            try:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1")
            except (DatabaseError, InterfaceError):
                logger.exception("server %s is away", name)
                connection.close()
            else:
                yield


def _sweep_here(now: datetime, limit: int) -> int:
    ready = _living_here().filter(moving_to="", schema_version__gte=versions.of_code()[:4])
    ids = list(ready.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(OLDEST, {"kinds": list(settings.DUE_TASKS), "now": now, "living": ids, "limit": limit})
        found = cursor.fetchall()
        if not found or not turns.offer([(schema, kind) for _, schema, kind in found]):
            return 0
        shops, kinds = [row[0] for row in found], [row[2] for row in found]
        cursor.execute(OFFERED, {"now": now, "again": now + due.AGAIN, "shops": shops, "kinds": kinds})
    return len(found)


def _want_upkeep_here(now: datetime, limit: int) -> int:
    theirs = Due.objects.filter(cooperative=OuterRef("pk"), kind=UPKEEP, every__isnull=False)
    found = list(_living_here().filter(~Exists(theirs)).order_by("pk")[:limit])
    # the first time soon, but not all of them at once
    orders = [
        Due(cooperative=each, kind=UPKEEP, every=UPKEEP_EVERY, at=now + _within(each, UPKEEP_BEGINS_WITHIN))
        for each in found
    ]
    Due.objects.bulk_create(orders, ignore_conflicts=True)
    return len(found)


def _within(cooperative: Cooperative, seconds: int) -> timedelta:
    return timedelta(seconds=zlib.crc32(cooperative.uid.bytes) % seconds)


def _living_here() -> CooperativeQuerySet:
    return Cooperative.objects.living().using(DEFAULT_DB_ALIAS).filter(server=servers.here())
