"""All invariants of one cooperative (docs/invariants.md): after every database test, and by command."""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

import inventory.invariants
import ledger.invariants
import orders.invariants
import payments.invariants
import reviews.invariants
import tenants.invariants


def broken_invariants(*, now: datetime) -> Iterator[str]:
    """One line per broken invariant in the present cooperative; nothing when all is well."""
    return chain(broken_rows(), tenants.invariants.broken(now=now))


def broken_rows() -> Iterator[str]:
    """Those that are seen in its rows alone, also where they were restored aside."""
    return chain(
        ledger.invariants.broken(),
        inventory.invariants.broken(),
        payments.invariants.broken(),
        orders.invariants.broken(),
        reviews.invariants.broken(),
    )
