"""`manage.py create_cooperative`."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from members.models import Officer
from tenants.context import in_tenant
from tenants.models import Cooperative

WANTED = {"name": "Koperasi Madu Sumbawa", "slug": "madu-sumbawa", "admin_email": "Ketua@madu.example"}


@pytest.fixture
def no_trace(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():
        yield
        for cooperative in Cooperative.objects.filter(slug="madu-sumbawa"):
            cooperative.delete(force_drop=True)


def test_a_new_cooperative_has_a_shop_and_one_pengurus(no_trace: None) -> None:
    said = StringIO()
    call_command("create_cooperative", **WANTED, stdout=said)
    cooperative = Cooperative.objects.get(slug="madu-sumbawa")
    with in_tenant(cooperative):
        officer = Officer.objects.select_related("user").get()
        assert (officer.role, officer.user.email) == ("pengurus", "ketua@madu.example")
        assert not officer.user.has_usable_password()
        assert User.objects.count() == 1
    assert (cooperative.primary_domain, cooperative.state) == ("madu-sumbawa.localhost", "preparing")
    assert "http://madu-sumbawa.localhost:8000/akun/masuk/" in said.getvalue()


def test_it_is_open_at_once_only_where_that_is_asked_for(no_trace: None) -> None:
    said = StringIO()
    call_command("create_cooperative", **WANTED, open=True, stdout=said)
    assert Cooperative.objects.get(slug="madu-sumbawa").state == "open"
    assert "Koperasi Madu Sumbawa is open." in said.getvalue()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"slug": "kopi-gayo"}, "is taken"),
        ({"slug": "admin"}, "is reserved"),
        ({"slug": "Madu Sumbawa"}, "a slug has 3 to 40"),
        ({"admin_email": "ketua"}, "is not an e-mail address"),
    ],
)
def test_a_wrong_wish_is_refused_in_words_and_makes_nothing(
    no_trace: None, changed: dict[str, str], reason: str
) -> None:
    before = set(Cooperative.objects.values_list("slug", flat=True))
    with pytest.raises(CommandError, match=reason):
        call_command("create_cooperative", **{**WANTED, **changed})
    assert set(Cooperative.objects.values_list("slug", flat=True)) == before
