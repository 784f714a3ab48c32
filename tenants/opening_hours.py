"""When somebody is in the cooperative's office, and when it is on holiday, in its own zone.

`Cooperative.week` is {"0": ["08:00", "16:00"], ...}: 0 is Monday, a day that is missing is a day off, null means that
the cooperative says nothing about it. A holiday is whole days, the last one included.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tenants.models import Cooperative

DAYS = tuple(str(day) for day in range(7))
LOOK_AHEAD = 8  # days: the same weekday next week, in a week of one working day


class NotAWeek(ValueError):
    """`day` ("0" to "6") is wrong: the office would close before it opens, or at no time."""

    def __init__(self, day: str) -> None:
        super().__init__(day)
        self.day = day


@dataclass(frozen=True, kw_only=True)
class Holiday:
    """`back` is the first day after it; None: until further notice."""

    back: date | None
    stops_orders: bool
    note: str


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How it is now. `changes_at` is in the cooperative's zone; None: it stays so, as far as anybody knows."""

    is_open: bool
    changes_at: datetime | None
    holiday: Holiday | None


def week(hours: Mapping[str, tuple[time, time]]) -> dict[str, list[str]] | None:
    """What is stored, of day -> (opens, closes); None for a week without any. Raises NotAWeek."""
    for day, (opens, closes) in hours.items():
        if day not in DAYS or opens >= closes:
            raise NotAWeek(day)
    return {day: [f"{opens:%H:%M}", f"{closes:%H:%M}"] for day, (opens, closes) in sorted(hours.items())} or None


def hours_of(cooperative: Cooperative) -> dict[str, tuple[time, time]]:
    """Day -> (opens, closes), of what is stored. What no form of ours wrote is no opening hour."""
    stored: Any = cooperative.week
    if not isinstance(stored, dict):
        return {}
    found = {day: _times(stored.get(day)) for day in DAYS}
    return {day: times for day, times in found.items() if times}


def standing(cooperative: Cooperative, *, now: datetime) -> Standing | None:
    """None where the cooperative has said nothing about its hours and is not on holiday."""
    here = now.astimezone(ZoneInfo(cooperative.zone))
    hours, holiday = hours_of(cooperative), holiday_on(cooperative, here.date())
    if holiday:
        back = holiday.back
        opens = _next_opening(cooperative, hours, _midnight(here, back)) if hours and back else None
        return Standing(is_open=False, changes_at=opens or (_midnight(here, back) if back else None), holiday=holiday)
    if not hours:
        return None
    today = hours.get(str(here.weekday()))
    if today and today[0] <= here.time() < today[1]:
        return Standing(is_open=True, changes_at=_at(here, here.date(), today[1]), holiday=None)
    return Standing(is_open=False, changes_at=_next_opening(cooperative, hours, here), holiday=None)


def holiday_on(cooperative: Cooperative, day: date) -> Holiday | None:
    first, last = cooperative.holiday_from, cooperative.holiday_until
    if first is None or day < first or (last is not None and day > last):
        return None
    return Holiday(
        back=last + timedelta(days=1) if last else None,
        stops_orders=cooperative.holiday_stops_orders,
        note=cooperative.holiday_note,
    )


def stops_orders(cooperative: Cooperative, *, now: datetime) -> Holiday | None:
    """The holiday for whose time the cooperative takes no orders in its shop."""
    holiday = holiday_on(cooperative, now.astimezone(ZoneInfo(cooperative.zone)).date())
    return holiday if holiday and holiday.stops_orders else None


def tick(cooperative: Cooperative, *, now: datetime) -> str:
    """Another value whenever pages say something else about it: part of the name under which a page is kept."""
    how = standing(cooperative, now=now)
    if how is None:
        return ""
    at = f"{how.changes_at:%m%d%H%M}" if how.changes_at else ""
    day = now.astimezone(ZoneInfo(cooperative.zone)).date()  # "tomorrow" is another word today
    return f"{day:%m%d}{'o' if how.is_open else 'c'}{at}"


def _next_opening(cooperative: Cooperative, hours: dict[str, tuple[time, time]], after: datetime) -> datetime | None:
    for days in range(LOOK_AHEAD):
        day = after.date() + timedelta(days=days)
        found = hours.get(str(day.weekday()))
        if found and _at(after, day, found[0]) >= after and not holiday_on(cooperative, day):
            return _at(after, day, found[0])
    return None


def _times(stored: Any) -> tuple[time, time] | None:
    try:
        opens, closes = (time.fromisoformat(text) for text in stored)
    except (TypeError, ValueError):
        return None
    return (opens, closes) if opens < closes else None


def _midnight(here: datetime, day: date) -> datetime:
    return _at(here, day, time())


def _at(here: datetime, day: date, at: time) -> datetime:
    return datetime.combine(day, at, tzinfo=here.tzinfo)
