import pytest
from django.db import connection

from tenants import middleware
from tenants.models import Cooperative
from tests.browsing import Browser


@pytest.fixture(autouse=True)
def forget():
    middleware._known.clear()
    yield
    middleware._known.clear()


def suspend(cooperative):
    connection.set_schema_to_public()
    Cooperative.objects.filter(pk=cooperative.pk).update(state="suspended")


def test_a_suspension_shows_at_once_when_nothing_is_remembered(kopi, settings):
    settings.HOSTS_KNOWN_SECONDS = 0
    assert Browser().get("/").status_code == 200
    suspend(kopi)
    assert Browser().get("/").status_code == 503


def test_a_suspension_shows_when_the_process_has_forgotten(kopi, settings, monkeypatch):
    settings.HOSTS_KNOWN_SECONDS = 5
    clock = [100.0]
    monkeypatch.setattr(middleware.time, "monotonic", lambda: clock[0])
    assert Browser().get("/").status_code == 200
    suspend(kopi)
    clock[0] += 4.9
    assert Browser().get("/").status_code == 200
    clock[0] += 0.1
    assert Browser().get("/").status_code == 503


def test_two_hosts_are_never_mixed_up_and_a_request_cannot_change_what_is_remembered(kopi, batik, settings):
    settings.HOSTS_KNOWN_SECONDS = 60
    for _ in range(2):
        for host, name in (("kopi-gayo.localhost", kopi.name), ("batik-lasem.localhost", batik.name)):
            response = Browser(host).get("/")
            assert f"<title>{name}" in response.text.replace("\n", "")
            response.wsgi_request.tenant.name = "changed by a request"


def test_hosts_that_nobody_has_are_not_remembered(kopi, settings):
    settings.HOSTS_KNOWN_SECONDS = 60
    for number in range(3):
        assert Browser().get("/", HTTP_HOST=f"nobody{number}.localhost").status_code == 404
    assert [host for host in middleware._known if host.startswith("nobody")] == []
