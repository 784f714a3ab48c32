"""Open or closed now, and until when, in the cooperative's own zone."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from tenants import opening_hours
from tenants.models import Cooperative

JAKARTA = ZoneInfo("Asia/Jakarta")
WEEK = {"0": ["08:00", "16:00"], "1": ["08:00", "16:00"], "4": ["08:00", "11:30"], "5": ["09:00", "12:00"]}


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 as clocks in Jakarta show it (the 23rd is a Monday)."""
    return datetime(2026, 11, day, hour, minute, tzinfo=JAKARTA)


def shop(**fields):
    return Cooperative(**{"name": "Koperasi", "zone": "Asia/Jakarta", "week": WEEK, **fields})


def said(cooperative, now):
    how = opening_hours.standing(cooperative, now=now.astimezone(UTC))
    return (how.is_open, f"{how.changes_at:%a %d %H:%M}" if how.changes_at else None)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(23, 7, 59), (False, "Mon 23 08:00")),
        (at(23, 8), (True, "Mon 23 16:00")),
        (at(23, 15, 59), (True, "Mon 23 16:00")),
        (at(23, 16), (False, "Tue 24 08:00")),
        (at(24, 16), (False, "Fri 27 08:00")),  # Wednesday and Thursday are days off
        (at(28, 12), (False, "Mon 30 08:00")),
        (at(29, 3), (False, "Mon 30 08:00")),
    ],
)
def test_open_and_closed_and_when_that_changes(now, expected):
    assert said(shop(), now) == expected


def test_the_zone_is_the_cooperatives():
    eight_in_jakarta = at(23, 8)
    assert said(shop(zone="Asia/Jayapura"), eight_in_jakarta) == (True, "Mon 23 16:00")
    assert said(shop(zone="Asia/Jayapura"), at(23, 14)) == (False, "Tue 24 08:00")  # 16.00 WIT


def test_a_week_of_one_morning_opens_again_next_week():
    assert said(shop(week={"0": ["08:00", "09:00"]}), at(23, 10)) == (False, "Mon 30 08:00")


@pytest.mark.parametrize(
    "week", [None, {}, [], "x", {"0": ["x", "y"]}, {"0": "08"}, {"0": ["16:00", "08:00"]}, {"9": 1}]
)
def test_who_says_nothing_or_nonsense_is_neither_open_nor_closed(week):
    assert opening_hours.standing(shop(week=week), now=at(23, 9)) is None


def test_a_holiday_is_whole_days_the_last_one_included():
    closed = shop(holiday_from=date(2026, 11, 23), holiday_until=date(2026, 11, 24), holiday_note="Panen raya")
    assert opening_hours.standing(closed, now=at(22, 23, 59)).holiday is None
    how = opening_hours.standing(closed, now=at(23, 0))
    assert how.holiday == opening_hours.Holiday(back=date(2026, 11, 25), stops_orders=False, note="Panen raya")
    assert said(closed, at(24, 23, 59)) == (False, "Fri 27 08:00")  # the first day with hours after it
    assert opening_hours.standing(closed, now=at(25, 0)).holiday is None


def test_a_holiday_is_known_without_any_hours_and_without_an_end():
    closed = shop(week=None, holiday_from=date(2026, 11, 23), holiday_until=date(2026, 11, 24))
    assert said(closed, at(23, 9)) == (False, "Wed 25 00:00")
    for_ever = shop(holiday_from=date(2026, 11, 23))
    assert said(for_ever, at(30, 9)) == (False, None)
    assert opening_hours.standing(for_ever, now=at(30, 9)).holiday.back is None


def test_the_office_opens_again_after_a_holiday_that_is_still_to_come():
    soon = shop(holiday_from=date(2026, 11, 24), holiday_until=date(2026, 11, 26))
    assert said(soon, at(23, 16)) == (False, "Fri 27 08:00")


def test_orders_are_stopped_only_on_a_holiday_that_stops_them():
    days = {"holiday_from": date(2026, 11, 24), "holiday_until": date(2026, 11, 24)}
    for stops, now, expected in (
        (True, at(24, 12), True), (True, at(23, 23, 59), False), (True, at(25, 0), False), (False, at(24, 12), False),
    ):  # fmt: skip
        found = opening_hours.stops_orders(shop(**days, holiday_stops_orders=stops), now=now.astimezone(UTC))
        assert bool(found) is expected


def test_the_tick_changes_whenever_pages_say_something_else_and_only_then():
    cooperative = shop()
    assert opening_hours.tick(cooperative, now=at(23, 8)) == opening_hours.tick(cooperative, now=at(23, 15, 59))
    moments = [at(23, 7), at(23, 8), at(23, 16), at(24, 0), at(24, 8), at(24, 16), at(25, 0)]
    assert len({opening_hours.tick(cooperative, now=now) for now in moments}) == len(moments)
    assert opening_hours.tick(shop(week=None), now=at(23, 8)) == ""
    before, begun = (
        opening_hours.tick(shop(week=None, holiday_from=date(2026, 11, 24)), now=now) for now in (at(23, 8), at(24, 0))
    )
    assert before == ""
    assert begun != ""


def test_what_is_stored_is_read_back():
    hours = {"4": (time(8), time(11, 30)), "0": (time(8), time(16))}
    stored = opening_hours.week(hours)
    assert stored == {"0": ["08:00", "16:00"], "4": ["08:00", "11:30"]}
    assert opening_hours.hours_of(shop(week=stored)) == hours
    assert opening_hours.week({}) is None


@pytest.mark.parametrize("hours", [{"0": (time(8), time(8))}, {"3": (time(16), time(8))}, {"7": (time(8), time(16))}])
def test_a_day_that_ends_before_it_begins_is_refused(hours):
    with pytest.raises(opening_hours.NotAWeek) as refused:
        opening_hours.week(hours)
    assert refused.value.day == next(iter(hours))
