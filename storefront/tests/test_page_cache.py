"""Pages that are kept for everybody: when they are, when not, and that they are never old."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants import freshness, middleware
from tests import make
from tests.browsing import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pages_are_kept(settings, monkeypatch):
    """As in production, but what the test's own transaction writes counts as committed."""
    settings.PAGE_CACHE_SECONDS, settings.HOSTS_KNOWN_SECONDS = 600, 60
    monkeypatch.setattr(middleware, "_known", {})
    monkeypatch.setattr(freshness, "is_committed", lambda connection: True)
    monkeypatch.setattr(freshness, "_away_until", 0.0)


def queries_of(browser: Browser, path: str, **headers: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path, headers=headers).status_code == 200
    return len(captured)


def is_kept(path: str, **headers: str) -> bool:
    """Whether the second of two strangers gets what was made for the first."""
    Browser().get(path, headers=headers)
    return queries_of(Browser(), path, **headers) == 0


def test_the_second_visitor_gets_what_was_made_for_the_first(kopi):
    product = make.product()
    for path in ("/", "/en/", "/kategori/kopi/", "/kategori/kopi/?urut=termurah", product.get_absolute_url()):
        first, second = Browser().get(path), Browser().get(path)
        assert first.content == second.content
        assert queries_of(Browser(), path) == 0
        assert dict(first.items()) == dict(second.items())
        assert "default-src 'none'" in second.headers["Content-Security-Policy"]
        assert "Kopi Arabika Gayo" in second.text
