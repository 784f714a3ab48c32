"""What machines ask: whether it runs, and for which names to get a certificate."""

import pytest
from django.test import Client

from coop_shop import health
from tenants.models import Domain, DomainClaim, FreedName
from tests.with_domains import NAME, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forget():
    health._answers.clear()
    yield
    health._answers.clear()


def ask(domain):
    return Client(HTTP_HOST="127.0.0.1").get("/known-host", {"domain": domain}).status_code


@pytest.mark.parametrize(
    ("domain", "status"),
    [
        ("localhost", 200), ("kopi-gayo.localhost", 200), ("KOPI-Gayo.LOCALHOST", 200), ("kopi-gayo.localhost.", 200),
        ("evil.example", 404), ("x.kopi-gayo.localhost", 404), ("www.kopi-gayo.localhost", 404),
        ("nobody.localhost", 404),
        ("", 404), (".", 404), ("*", 404), ("*.localhost", 404), ("\x00", 404), ("kopi-gayo.localhost:443", 404),
        ("kopi-gayo.localhost..", 404), ("kopi-gayo.localhost\n", 404), ("kopi-gayo%", 404), ("' or 1=1 --", 404),
        ("a" * 254, 404), ("127.0.0.1", 404), ("kopi–gayo.localhost", 404),
    ],
)  # fmt: skip
def test_only_a_name_at_which_a_shop_answers_is_known(kopi, domain, status):
    assert ask(domain) == status


def test_a_domain_is_known_while_it_is_proven_and_not_while_it_is_claimed_or_given_up(kopi):
    claimed = DomainClaim.objects.create(cooperative=kopi, domain=NAME, token="x")
    assert ask(NAME) == 404
    row = Domain.objects.create(domain=NAME, tenant=kopi, is_primary=False)
    assert ask(NAME) == 200
    row.delete()
    claimed.delete()
    FreedName.objects.create(name=NAME, freed_at=NOW)
    assert ask(NAME) == 404


def test_what_is_no_host_name_costs_no_query_and_the_same_name_costs_one(
    kopi, settings, monkeypatch, django_assert_num_queries
):
    settings.HOSTS_KNOWN_SECONDS = 5
    clock = [100.0]
    monkeypatch.setattr(health.time, "monotonic", lambda: clock[0])
    with django_assert_num_queries(0):
        assert [ask(name) for name in ("a b", "x" * 300, "_x.localhost")] == [404] * 3
    ask("first.localhost")  # and stand in the public schema
    with django_assert_num_queries(2):
        for _ in range(50):
            assert (ask("nobody.localhost"), ask("kopi-gayo.localhost")) == (404, 200)
    clock[0] += 5
    with django_assert_num_queries(1):
        assert ask("kopi-gayo.localhost") == 200


def test_a_flood_of_names_is_not_remembered_without_bound(kopi, settings, monkeypatch):
    settings.HOSTS_KNOWN_SECONDS = 60
    monkeypatch.setattr(health, "MOST_REMEMBERED", 10)
    for number in range(25):
        assert ask(f"n{number}.localhost") == 404
    assert len(health._answers) <= 10


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_it_answers_whatever_the_host_name(db, path):
    assert Client(HTTP_HOST="10.0.0.7").get(path).status_code == 200
