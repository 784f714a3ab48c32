"""Moments as Indonesians write them: `23 Nov 2026 14.05 WIB`."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import formats, translation

ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


def moment(at: datetime, *, zone: str) -> str:
    """Date and time in the cooperative's zone (an IANA name of `ZONES`) with its Indonesian name."""
    local = at.astimezone(ZoneInfo(zone))
    date = formats.date_format(local, "j M Y")
    clock = local.strftime("%H:%M" if translation.get_language() == "en" else "%H.%M")
    return f"{date} {clock} {ZONES[zone]}"
