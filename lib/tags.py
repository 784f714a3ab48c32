"""Money and moments in templates."""

from datetime import datetime

from django import template

from lib import counting, dates, regencies
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


@register.filter
def day(at: datetime) -> str:
    """`{{ review.created_at|day }}` -> `23 Nov 2026`, in the cooperative's zone."""
    return dates.day(at, zone=connection.tenant.zone)


@register.filter
def short(count: int) -> str:
    """`{{ 1234|short }}` -> `1,2 rb+`."""
    return counting.short(int(count))


@register.filter
def out_of_five(total: int, count: int) -> str:
    """`{{ product.rating_sum|out_of_five:product.rating_count }}` -> `4,9`; empty without ratings."""
    return counting.stars(total, count)


@register.filter
def regency(code: str) -> str:
    """`{{ "11.04"|regency }}` -> `Kab. Aceh Tengah`; empty for a code that is none."""
    return regencies.name(code)


@register.filter
def saving(now: int, before: int) -> int:
    """By how many percent `now` is less than `before`, rounded down."""
    return (before - now) * 100 // before
