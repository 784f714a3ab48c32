"""Money and moments in templates."""

from datetime import datetime

from django import template

from lib import dates
from lib.rupiah import rupiah as write_rupiah
from lib.schema import connection

register = template.Library()


@register.filter
def rupiah(amount: int) -> str:
    """`{{ 1250000|rupiah }}` -> `Rp1.250.000`."""
    return write_rupiah(int(amount))


@register.filter
def moment(at: datetime) -> str:
    """`{{ order.placed_at|moment }}` -> `23 Nov 2026 14.05 WIB`, in the cooperative's zone."""
    return dates.moment(at, zone=connection.tenant.zone)
