"""One-tap logins, the mail folder, and that neither exists where people trade."""

from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from django.core import mail as outgoing
from django.core.checks import run_checks
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounts.models import User
from coop_shop.demo import logins, mail
from coop_shop.demo.checks import demo_stays_home
from lib import signing
from tenants.context import in_tenant
from tenants.models import Cooperative


@pytest.fixture
def officer(kopi: Cooperative) -> User:
    return User.objects.create_user("pengurus@kopi-gayo.example", name="Zulkarnain")


def token(role: str, user: User) -> str:
    return signing.sign(user.pk, purpose=f"{logins.PURPOSE}:{role}")


def test_a_link_stands_for_one_person_in_one_role(officer: User) -> None:
    good = token("pengurus", officer)
    assert logins.who(role="pengurus", token=good) == officer
    assert logins.who(role="bendahara", token=good) is None
    assert logins.who(role="pengurus", token=good[:-1] + ("A" if good[-1] != "A" else "B")) is None
    assert logins.who(role="pengurus", token="") is None


def test_a_link_of_one_cooperative_opens_nothing_at_another(officer: User, batik: Cooperative) -> None:
    good = token("pengurus", officer)
    with in_tenant(batik):
        User.objects.create_user("pengurus@kopi-gayo.example")
        assert logins.who(role="pengurus", token=good) is None


def test_nobody_logs_in_by_link_after_leaving(officer: User) -> None:
    good = token("pengurus", officer)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert logins.who(role="pengurus", token=good) is None


def test_without_demo_there_is_no_such_address() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("demo:login", args=["pengurus"])


@pytest.mark.parametrize(
    ("demo", "scheme", "errors"), [(True, "https", ["demo.E001"]), (True, "http", []), (False, "https", [])]
)
def test_demo_and_https_together_are_an_error(settings: object, demo: bool, scheme: str, errors: list[str]) -> None:
    settings.DEMO, settings.SITE_SCHEME = demo, scheme
    assert [error.id for error in demo_stays_home()] == errors
    assert [error.id for error in run_checks() if error.id == "demo.E001"] == errors


@pytest.fixture
def mail_folder(settings: object, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "coop_shop.demo.mail.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    return tmp_path


def test_letters_are_read_as_they_were_written_and_only_where_they_belong(
    kopi: Cooperative, batik: Cooperative, mail_folder: Path
) -> None:
    dashes = f"Total Rp78.000 – lunas\n{'-' * 79}\nTerima kasih"
    outgoing.EmailMessage("Pesanan ✓ diterima", dashes, to=["dewi@pembeli.example"]).send()
    with in_tenant(batik):
        outgoing.EmailMessage("Batik", "Halo", to=["ayu@pembeli.example"]).send()
        assert [letter.subject for letter in mail.newest()] == ["Batik"]
    (letter,) = mail.newest()
    assert (letter.subject, letter.to, letter.text.strip()) == ("Pesanan ✓ diterima", "dewi@pembeli.example", dashes)
    sent_at = parsedate_to_datetime(letter.sent).replace(tzinfo=UTC)
    assert abs(timezone.now() - sent_at) < timedelta(minutes=1)
