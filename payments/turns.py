"""One at a time: while a payment is being asked about, nobody else asks about it.

Otherwise a slow old answer overtakes a newer one. The lock is PostgreSQL's, of the session and not of a
transaction, because it is held over a network call; PostgreSQL drops it with the connection.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

PATIENCE_SECONDS = 10.0
PAUSE_SECONDS = 0.05


class Busy(Exception):
    """Somebody else has been asking about this payment for all our patience."""


@contextmanager
def alone(payment_id: int) -> Iterator[None]:
    """Hold the turn of a payment of the present cooperative. Raises Busy."""
    key = f"{connection.schema_name}|payment|{payment_id}"  # type: ignore[attr-defined]
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _call("pg_try_advisory_lock", key):
        if time.monotonic() > deadline:
            raise Busy(payment_id)
        time.sleep(PAUSE_SECONDS)
    try:
        yield
    finally:
        _call("pg_advisory_unlock", key)


def _call(function: str, key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [key])
        return bool(cursor.fetchone()[0])
