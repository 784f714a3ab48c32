"""A cooperative whose schema is not what the code needs waits, alone, and loses nothing; the others go on."""

import pytest

from tenants import due, jobs, middleware, sweeping, versions
from tenants.models import Cooperative, Due

BEHIND = "0001-0123456789"
NEWER = "9999-0123456789"


@pytest.mark.parametrize("version", [BEHIND, ""])
def test_its_pages_say_that_they_come_back_soon(kopi, batik, client, version):
    Cooperative.objects.filter(pk=kopi.pk).update(schema_version=version)
    answer = client.get("/", HTTP_HOST="kopi-gayo.localhost")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "sedang diperbarui" in answer.content.decode()
    assert client.get("/", HTTP_HOST="batik-lasem.localhost").status_code == 200


def test_a_newer_schema_is_served(kopi, client):
    Cooperative.objects.filter(pk=kopi.pk).update(schema_version=NEWER)
    assert client.get("/", HTTP_HOST="kopi-gayo.localhost").status_code == 200


def test_the_platforms_own_row_has_no_version_and_is_served(kopi, client):
    assert not Cooperative.objects.get(schema_name="public").schema_version
    assert client.get("/", HTTP_HOST="localhost").status_code == 200


def test_it_answers_at_once_when_it_is_brought_up(kopi, client, settings, monkeypatch):
    monkeypatch.setattr(middleware, "_known", {})
    settings.HOSTS_KNOWN_SECONDS = 60
    Cooperative.objects.filter(pk=kopi.pk).update(schema_version=BEHIND)
    assert client.get("/", HTTP_HOST="kopi-gayo.localhost").status_code == 503
    Cooperative.objects.filter(pk=kopi.pk).update(schema_version=versions.of_code())
    assert client.get("/", HTTP_HOST="kopi-gayo.localhost").status_code == 200


def test_its_work_waits_and_is_not_lost(kopi, now):
    due.note("push", now=now)
    Cooperative.objects.filter(pk=kopi.pk).update(schema_version=BEHIND)
    assert jobs.working_cooperative(kopi.schema_name) is None
    sweeping.sweep(now=now)
    assert list(Due.objects.filter(cooperative=kopi).values_list("kind", "at")) == [("push", now)]
    Cooperative.objects.filter(pk=kopi.pk).update(schema_version=NEWER)
    assert jobs.working_cooperative(kopi.schema_name) == kopi
