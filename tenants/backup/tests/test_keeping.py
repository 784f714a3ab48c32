"""Seven days, four weeks, twelve months; each cooperative at its own minute of its own night."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tenants.backup.keeping import Plan, kept, last_turn

PLAN = Plan(days=7, weeks=4, months=12)
WIB = "Asia/Jakarta"


def night(year: int, month: int, day: int, hour: int = 2) -> datetime:
    """Two o'clock at night in Jakarta."""
    return datetime(year, month, day, hour, tzinfo=UTC) - timedelta(hours=7)


def nights(number: int, *, until: datetime) -> list[datetime]:
    return [until - timedelta(days=back) for back in range(number)]


def test_of_four_hundred_nights_these_are_kept():
    monday = night(2026, 11, 23)

    assert sorted(kept(nights(400, until=monday), plan=PLAN, zone=WIB)) == [
        *(night(2025, 12, 31), night(2026, 1, 31), night(2026, 2, 28), night(2026, 3, 31), night(2026, 4, 30)),
        *(night(2026, 5, 31), night(2026, 6, 30), night(2026, 7, 31), night(2026, 8, 31), night(2026, 9, 30)),
        night(2026, 10, 31),
        *(night(2026, 11, 8), night(2026, 11, 15)),  # Sundays; that of the 22nd is among the days, the Monday a week
        *(night(2026, 11, day) for day in range(17, 24)),
    ]


@pytest.mark.parametrize(
    ("plan", "days"),
    [
        (Plan(days=1, weeks=0, months=0), [23]),
        (Plan(days=3, weeks=0, months=0), [21, 22, 23]),
        (Plan(days=0, weeks=2, months=0), [22, 23]),
        (Plan(days=0, weeks=3, months=1), [15, 22, 23]),
        (Plan(days=0, weeks=0, months=0), [23]),
    ],
)
def test_each_period_counts_for_itself_and_the_newest_is_always_kept(plan, days):
    found = kept(nights(20, until=night(2026, 11, 23)), plan=plan, zone=WIB)

    assert sorted(found) == [night(2026, 11, day) for day in days]


def test_nights_without_a_backup_use_up_no_place():
    made = [night(2026, 11, day) for day in (1, 3, 4, 9, 14, 15, 22)]

    assert kept(made, plan=Plan(days=7, weeks=0, months=0), zone=WIB) == set(made)


def test_of_one_day_the_last_is_kept_and_the_day_is_that_of_the_cooperative():
    evening = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # 23.30 in Jakarta, 01.30 of the next day in Jayapura
    later = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # 00.30 in Jakarta, 02.30 in Jayapura
    plan = Plan(days=2, weeks=0, months=0)

    assert kept([evening, later], plan=plan, zone=WIB) == {evening, later}
    assert kept([evening, later], plan=plan, zone="Asia/Jayapura") == {later}


def test_nothing_is_kept_of_nothing():
    assert kept([], plan=PLAN, zone=WIB) == set()


def test_the_turn_is_the_last_one_that_has_begun():
    uid = UUID(int=90)  # an hour and a half after one

    before = last_turn(uid=uid, zone=WIB, now=night(2026, 11, 23, 2))
    at = last_turn(uid=uid, zone=WIB, now=night(2026, 11, 23, 2) + timedelta(minutes=30))
    far_east = last_turn(uid=uid, zone="Asia/Jayapura", now=night(2026, 11, 23, 2))

    assert before == night(2026, 11, 22, 2) + timedelta(minutes=30)
    assert at == night(2026, 11, 23, 2) + timedelta(minutes=30)
    assert far_east == night(2026, 11, 23, 0) + timedelta(minutes=30)


def test_a_thousand_cooperatives_are_spread_over_the_night():
    now = night(2026, 11, 23, 12)

    hours = Counter(
        (last_turn(uid=uuid4(), zone=WIB, now=now) - night(2026, 11, 23, 1)).seconds // 3600 for _ in range(1000)
    )

    assert sorted(hours) == [0, 1, 2, 3]
    assert min(hours.values()) > 180
