"""What machines ask: whether it runs, and for which names to get a certificate."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("domain", "status"), [("kopi-gayo.localhost", 200), ("evil.example", 404), ("%00", 404), ("", 404)]
)
def test_only_a_shops_own_name_is_known(kopi, domain, status):
    assert Client(HTTP_HOST="127.0.0.1").get(f"/known-host?domain={domain}").status_code == status


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_it_answers_whatever_the_host_name(db, path):
    assert Client(HTTP_HOST="10.0.0.7").get(path).status_code == 200
