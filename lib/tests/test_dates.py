from datetime import UTC, datetime

import pytest
from django.utils import translation

from lib.dates import moment


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Asia/Jakarta", "23 Nov 2026 14.05 WIB"),
        ("Asia/Makassar", "23 Nov 2026 15.05 WITA"),
        ("Asia/Jayapura", "23 Nov 2026 16.05 WIT"),
    ],
)
def test_a_moment_is_told_in_the_zone_of_the_cooperative(zone, text):
    assert moment(datetime(2026, 11, 23, 7, 5, tzinfo=UTC), zone=zone) == text


def test_in_english_the_clock_has_a_colon():
    with translation.override("en"):
        assert moment(datetime(2026, 11, 23, 7, 5, tzinfo=UTC), zone="Asia/Jakarta") == "23 Nov 2026 14:05 WIB"
