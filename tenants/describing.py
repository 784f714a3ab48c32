"""What a cooperative says about itself to everyone."""

from typing import Any

from django.db.models import F

from tenants import middleware, servers
from tenants.models import Cooperative

FIELDS = (
    "name", "theme", "zone", "story_id", "story_en", "address", "regency", "province",
    "phone", "whatsapp", "email", "hours", "legal_number", "nib",
)  # fmt: skip
FACE = (
    "colour", "logo", "cover", "week", "holiday_from", "holiday_until", "holiday_note", "holiday_stops_orders",
    "latitude", "longitude",
)  # fmt: skip


def describe(*, cooperative_id: int, **about: Any) -> Cooperative:
    """Write these of FIELDS and FACE. Raises TypeError for any other, so that no form reaches the state or the slug."""
    other = about.keys() - set(FIELDS) - set(FACE)
    if other:
        raise TypeError(f"not for everyone to write: {', '.join(sorted(other))}")
    # Pages that are kept for a while are kept under this number (storefront/page_cache.py).
    Cooperative.objects.shops().filter(pk=cooperative_id).update(**about, revision=F("revision") + 1)
    cooperative = Cooperative.objects.get(pk=cooperative_id)
    servers.publish(cooperative)
    middleware.forget_hosts()
    return cooperative
