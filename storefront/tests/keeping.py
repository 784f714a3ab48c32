"""Whether a page was made or kept."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.browsing import Browser


def queries_of(browser: Browser, path: str, **headers: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(path, headers=headers).status_code == 200
    return len(captured)


def is_kept(path: str, **headers: str) -> bool:
    """Whether the second of two strangers gets what was made for the first."""
    Browser().get(path, headers=headers)
    return queries_of(Browser(), path, **headers) == 0
