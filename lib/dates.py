"""Moments as Indonesians write them: `23 Nov 2026 14.05 WIB`."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats, translation

ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def day(at: datetime, *, zone: str) -> str:
    """`23 Nov 2026`: the date in the cooperative's zone."""
    return formats.date_format(at.astimezone(ZoneInfo(zone)), "j M Y")


def moment(at: datetime, *, zone: str) -> str:
    """Date and time in the cooperative's zone (an IANA name of `ZONES`) with its Indonesian name."""
    local = at.astimezone(ZoneInfo(zone))
    clock = local.strftime("%H:%M" if translation.get_language() == "en" else "%H.%M")
    return f"{day(at, zone=zone)} {clock} {ZONES[zone]}"
