from collections.abc import Iterator

import pytest
from celery import current_app
from django.db import connection

from tenants import turns
from tenants.models import Cooperative
from tenants.tests.ringing import store


@pytest.fixture
def outside_transactions(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Real commits; what was made is gone afterwards."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        before = set(Cooperative.objects.values_list("pk", flat=True))
        try:
            yield
        finally:
            connection.set_schema_to_public()
            for made in Cooperative.objects.exclude(pk__in=before):
                made.delete(force_drop=True)


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The bells that were rung, one entry each; Redis is empty before."""
    store().flushdb()
    monkeypatch.setattr(turns, "_away", turns._Away())
    rung: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: rung.append(options["queue"]))
    return rung
