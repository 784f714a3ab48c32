"""What a cooperative says about itself to everyone."""

from typing import Any

from tenants import middleware, servers
from tenants.models import Cooperative

FIELDS = (
    "name", "theme", "zone", "story_id", "story_en", "address", "regency", "province",
    "phone", "whatsapp", "email", "hours", "legal_number", "nib",
)  # fmt: skip


def describe(*, cooperative_id: int, **about: Any) -> Cooperative:
    """Write these of FIELDS. Raises TypeError for any other, so that no form reaches the state or the slug."""
    other = about.keys() - set(FIELDS)
    if other:
        raise TypeError(f"not for everyone to write: {', '.join(sorted(other))}")
    Cooperative.objects.shops().filter(pk=cooperative_id).update(**about)
    cooperative = Cooperative.objects.get(pk=cooperative_id)
    servers.publish(cooperative)
    middleware.forget_hosts()
    return cooperative
