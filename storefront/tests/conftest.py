"""A shop with a few goods, and somebody in front of it."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.utils import translation

from storefront import remembering
from tenants import freshness, middleware
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


@pytest.fixture
def pages_are_kept(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in production, but what the test's own transaction writes counts as committed."""
    settings.PAGE_CACHE_SECONDS, settings.HOSTS_KNOWN_SECONDS, settings.REMEMBER_SHELVES = 600, 60, True
    monkeypatch.setattr(remembering, "_known", {})
    monkeypatch.setattr(middleware, "_known", {})
    monkeypatch.setattr(freshness, "is_committed", lambda connection: True)
    monkeypatch.setattr(freshness, "_away_until", 0.0)
    monkeypatch.setattr(freshness, "_owed", set())
