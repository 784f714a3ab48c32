"""What a connected shop needs by the clock. A cooperative without one needs none of it."""

from datetime import datetime

from marketplaces.models import Connection
from tenants import due

EVERY = {"pull": 60, "push": 300, "reconcile": 3600}  # seconds


def set_clock(*, now: datetime) -> None:
    """Pull orders, push what drifted, read listings back: regularly while a shop is connected, else not at all."""
    is_connected = Connection.objects.filter(state=Connection.State.ACTIVE).exists()
    for kind, every in EVERY.items():
        if is_connected:
            due.keep(kind, every=every, now=now)
        else:
            due.drop(kind)
