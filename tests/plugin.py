"""Loaded before everything else (`-p tests.plugin`): PostgreSQL, Redis and the environment of the suite.

Nothing of the developer's own environment leaks in: tests always run against servers made for them, unless
TEST_DATABASE_URL and TEST_REDIS_URL name others.
"""

import os
from pathlib import Path

import pytest

from coop_shop.demo import messages

FOLDER = Path(os.environ.get("TEST_FOLDER") or Path(__file__).resolve().parent.parent / "var" / "test")


def number_of_worker() -> int:
    """0, 1, ... among the workers of pytest-xdist; 0 without."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def _start_services() -> None:
    if "TEST_DATABASE_URL" in os.environ and "TEST_REDIS_URL" in os.environ:
        return
    from coop_shop.demo import servers  # noqa: PLC0415 - only where no server is given

    running = servers.start(FOLDER, forgetful=True)
    os.environ["TEST_DATABASE_URL"] = running.database("coop_shop")
    os.environ["TEST_REDIS_URL"] = running.redis_url


_start_services()
messages.compile_all()
_redis = f"{os.environ['TEST_REDIS_URL']}/{2 * number_of_worker()}"
_cache = f"{os.environ['TEST_REDIS_URL']}/{2 * number_of_worker() + 1}"
os.environ.update(
    DJANGO_SETTINGS_MODULE="coop_shop.settings",
    DEBUG="1",
    DEMO="",
    DATABASE_URL=os.environ["TEST_DATABASE_URL"],
    REDIS_URL=_redis,
    CACHE_URL=_cache,
    SECRET_KEY="tests-only",
    CREDENTIAL_KEYS="test:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    PLATFORM_HOST="localhost",
    SITE_SCHEME="http",
    SITE_PORT=":8000",
    HOSTS_KNOWN_SECONDS="0",
    PAGE_CACHE_SECONDS="0",  # a test's transaction never commits; storefront/tests/test_page_cache.py turns it on
    REMEMBER_SHELVES="0",
    EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
    MEDIA_ROOT=str(FOLDER / "media"),
    BACKUP_ROOT=str(FOLDER / "backups"),
    EXIT_KIT_ROOT=str(FOLDER / "exit-kits"),
    BACKUP_KEYS="",
    STATIC_MANIFEST="",
    SHOPEE_PARTNER_ID="2001887",
    SHOPEE_PARTNER_KEY="shpk-test-partner-key",
    SHOPEE_PUSH_KEY="shpk-test-push-key",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the whole platform are slower, and can be left out by `-m "not stack"`."""
    for item in items:
        if "platform" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.stack)
            item.add_marker(pytest.mark.timeout(300))
