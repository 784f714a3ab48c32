"""The figures of a cooperative's pulse that only the top of the tree can count (tenants/pulse.py has the others)."""

import logging
from datetime import datetime

from django.core.files.storage import Storage, default_storage

from coop_shop.verifying import broken_invariants
from marketplaces import counting
from tenants import pulse
from tenants.context import current_cooperative

logger = logging.getLogger(__name__)


def beat(*, now: datetime) -> None:
    """How the present cooperative is doing."""
    pulse.beat(drift=counting.drifting(), now=now)


def check(*, now: datetime) -> None:
    """What is broken in the present cooperative, and how much room its files take. The log says which invariants."""
    broken = list(broken_invariants(now=now))
    for line in broken:
        logger.error("%s: %s", current_cooperative().slug, line)
    file_bytes = _bytes_below(default_storage, current_cooperative().uid.hex)
    pulse.check(broken=len(broken), file_bytes=file_bytes, now=now)


def _bytes_below(storage: Storage, folder: str) -> int:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return 0  # nothing was ever uploaded
    here = sum(storage.size(f"{folder}/{name}") for name in files)
    return here + sum(_bytes_below(storage, f"{folder}/{name}") for name in folders)
