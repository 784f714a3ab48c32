"""Which nightly backups are kept, and when a cooperative's night is. Pure: moments in, moments out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

NIGHT_BEGINS = time(1, 0)  # on the cooperative's own wall
NIGHT = timedelta(hours=4)  # cooperatives are spread over it


@dataclass(frozen=True, kw_only=True)
class Plan:
    """How many are kept: the last of each of so many days, weeks and months that have any."""

    days: int
    weeks: int
    months: int


def kept(moments: Iterable[datetime], *, plan: Plan, zone: str) -> set[datetime]:
    """Of backups made at these `moments`, those to keep. The newest is always kept.

    Days, weeks (from Monday) and months are those of `zone`. A night without a backup uses up no place.
    """
    newest_first = sorted(moments, reverse=True)
    local = {moment: moment.astimezone(ZoneInfo(zone)).date() for moment in newest_first}
    keep = set(newest_first[:1])
    for number, period in ((plan.days, _day), (plan.weeks, _week), (plan.months, _month)):
        newest_of: dict[date, datetime] = {}
        for moment in newest_first:
            newest_of.setdefault(period(local[moment]), moment)
        keep |= set(list(newest_of.values())[:number])
    return keep


def last_turn(*, uid: UUID, zone: str, now: datetime) -> datetime:
    """When this cooperative's backup was last due: each night at the same minute, which its uid says."""
    minute = timedelta(minutes=uid.int % (NIGHT // timedelta(minutes=1)))
    here = now.astimezone(ZoneInfo(zone))
    today = datetime.combine(here.date(), NIGHT_BEGINS, tzinfo=ZoneInfo(zone)) + minute
    return today if today <= here else today - timedelta(days=1)


def _day(day: date) -> date:
    return day


def _week(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(day: date) -> date:
    return day.replace(day=1)
