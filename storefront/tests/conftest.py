"""A shop with a few goods, and somebody in front of it."""

from collections.abc import Iterator

import pytest
import time_machine
from django.utils import translation

from tenants.models import Cooperative
from tests import make
from tests.browsing import Browser


@pytest.fixture(autouse=True)
def the_day() -> Iterator[None]:
    """23 November 2026, 14.00 WIB, for every page, in a thread that speaks Indonesian."""
    with time_machine.travel(make.NOW, tick=False), translation.override("id"):
        yield


@pytest.fixture
def visitor(kopi: Cooperative) -> Browser:
    return Browser()
