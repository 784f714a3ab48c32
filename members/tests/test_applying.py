"""From the wish for a shop to the shop: proven by a code, decided once, told by mail."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.conf import LazySettings
from django.core import mail
from django.db import connection

from accounts.models import User
from members import applying
from members.models import Officer
from notifications.models import Message
from notifications.sending import send_waiting
from tenants import provisioning
from tenants.context import in_tenant
from tenants.models import Application, Cooperative

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
State = Application.State


def apply(**said: str) -> Application:
    about = {
        "name": "Koperasi Tenun Sumba",
        "slug": "tenun-sumba",
        "contact_name": "Rambu Ana",
        "email": "Rambu@Sumba.example",
        "phone": "+6281234567890",
        "language": "id",
    }
    return applying.apply(**{**about, **said}, now=NOW)


def code_in_mail() -> str:
    return re.search(r"^\d{6}$", mail.outbox[-1].body, re.MULTILINE)[0]


def another(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


@pytest.fixture
def waiting(db: None) -> Application:
    application = apply()
    return applying.confirm(application_id=application.pk, code=code_in_mail(), now=NOW)


def shops() -> int:
    return Cooperative.objects.shops().count()


def test_whoever_applies_gets_a_code_that_the_table_does_not_know(db: None) -> None:
    application = apply()
    (letter,) = mail.outbox
    assert letter.to == ["rambu@sumba.example"]
    assert "Koperasi Tenun Sumba" in letter.body
    assert code_in_mail() not in application.code
    assert (application.state, application.tries, shops()) == (State.UNVERIFIED, 0, 2)


def test_an_english_applicant_reads_english(db: None) -> None:
    apply(language="en")
    assert "This code is for you alone." in mail.outbox[0].body
    assert "menit" not in mail.outbox[0].body


def test_the_right_code_makes_it_wait_for_an_operator_and_again_changes_nothing(waiting: Application) -> None:
    assert (waiting.state, waiting.verified_at, waiting.code) == (State.WAITING, NOW, "")
    again = applying.confirm(application_id=waiting.pk, code="000000", now=NOW)
    assert (again.state, again.tries, shops()) == (State.WAITING, 1, 2)


def test_five_wrong_codes_and_the_right_one_is_worth_nothing(db: None) -> None:
    application = apply()
    code = code_in_mail()
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(applying.CodeWrong) as wrong:
            applying.confirm(application_id=application.pk, code=another(code), now=NOW)
        assert wrong.value.tries_left == left
    with pytest.raises(applying.CodeSpent):
        applying.confirm(application_id=application.pk, code=code, now=NOW)
    with pytest.raises(applying.CodeSpent):
        applying.send_code(application_id=application.pk, now=NOW + timedelta(minutes=2))
    application.refresh_from_db()
    assert (application.state, len(mail.outbox)) == (State.UNVERIFIED, 1)


def test_a_code_lives_a_quarter_of_an_hour(db: None) -> None:
    application = apply()
    with pytest.raises(applying.CodeSpent):
        applying.confirm(application_id=application.pk, code=code_in_mail(), now=NOW + applying.CODE_LASTS)
    last = NOW + applying.CODE_LASTS - timedelta(seconds=1)
    assert applying.confirm(application_id=application.pk, code=code_in_mail(), now=last).state == State.WAITING


def test_a_new_code_comes_after_a_minute_and_ends_the_old_one(db: None) -> None:
    application = apply()
    old = code_in_mail()
    with pytest.raises(applying.TooSoon):
        applying.send_code(application_id=application.pk, now=NOW + timedelta(seconds=59))
    assert len(mail.outbox) == 1
    later = NOW + timedelta(minutes=1)
    while old == code_in_mail():
        applying.send_code(application_id=application.pk, now=later)
        later += timedelta(minutes=1)
    with pytest.raises(applying.CodeWrong):
        applying.confirm(application_id=application.pk, code=old, now=later)
    assert applying.confirm(application_id=application.pk, code=code_in_mail(), now=later).state == State.WAITING


def test_when_the_mail_server_is_away_another_code_may_be_asked_for_at_once(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise SMTPServerDisconnected

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.message.EmailMessage.send", refuse)
        with pytest.raises(applying.MailAway):
            apply()
    application = Application.objects.get()
    assert (application.code, application.code_sent_at) == ("", None)
    applying.send_code(application_id=application.pk, now=NOW)
    assert applying.confirm(application_id=application.pk, code=code_in_mail(), now=NOW).state == State.WAITING


@pytest.mark.parametrize("slug", ["kopi-gayo", "admin", "a", "Tenun", "tenun--sumba"])
def test_a_slug_that_cannot_be_is_refused_before_anything_is_sent(db: None, slug: str) -> None:
    with pytest.raises(provisioning.SlugRefused):
        apply(slug=slug)
    assert (Application.objects.count(), mail.outbox) == (0, [])


def test_approval_makes_the_shop_its_first_officer_and_the_letter(waiting: Application) -> None:
    shop = applying.approve(application_id=waiting.pk, by="op@platform.example", now=NOW)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.cooperative, waiting.decided_by) == (State.APPROVED, shop, "op@platform.example")
    assert (shop.name, shop.slug, shop.state) == ("Koperasi Tenun Sumba", "tenun-sumba", "preparing")
    with in_tenant(shop):
        officer = Officer.objects.get()
        assert (officer.role, officer.user.email, officer.user.name) == ("pengurus", "rambu@sumba.example", "Rambu Ana")
        assert officer.user.phone == "+6281234567890"
        letter = Message.objects.get()
        assert (letter.to, letter.sent_at) == ("rambu@sumba.example", None)
        assert "http://tenun-sumba.localhost:8000/akun/masuk/" in letter.body
        mail.outbox.clear()
        assert send_waiting(now=NOW) == 0
    assert [each.to for each in mail.outbox] == [["rambu@sumba.example"]]


def test_a_second_decision_changes_nothing(waiting: Application) -> None:
    applying.approve(application_id=waiting.pk, by="op@platform.example", now=NOW)
    for again in (
        lambda: applying.approve(application_id=waiting.pk, by="rekan@platform.example", now=NOW, slug="lain-lagi"),
        lambda: applying.refuse(application_id=waiting.pk, by="rekan@platform.example", reason="Tidak", now=NOW),
    ):
        with pytest.raises(applying.AlreadyDecided):
            again()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decided_by, shops()) == (State.APPROVED, "op@platform.example", 3)


def test_an_unproven_address_gets_no_shop(db: None) -> None:
    application = apply()
    with pytest.raises(applying.AlreadyDecided):
        applying.approve(application_id=application.pk, by="op@platform.example", now=NOW)
    assert shops() == 2


def test_a_slug_taken_meanwhile_leaves_it_waiting_and_another_one_does(waiting: Application) -> None:
    provisioning.create_cooperative(name="Koperasi Lain", slug="tenun-sumba")
    with pytest.raises(provisioning.SlugRefused):
        applying.approve(application_id=waiting.pk, by="op@platform.example", now=NOW)
    waiting.refresh_from_db()
    assert waiting.state == State.WAITING
    shop = applying.approve(application_id=waiting.pk, by="op@platform.example", slug="tenun-ikat", now=NOW)
    assert shop.slug == "tenun-ikat"


def test_what_breaks_half_way_leaves_no_shop_and_can_be_done_again(
    waiting: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patched:
        patched.setattr("notifications.writing.write", breaks)
        with pytest.raises(RuntimeError, match="power cut"):
            applying.approve(application_id=waiting.pk, by="op@platform.example", now=NOW)
    waiting.refresh_from_db()
    assert (waiting.state, shops()) == (State.WAITING, 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 't\\_%%'")
        assert cursor.fetchone() == (2,)
    assert applying.approve(application_id=waiting.pk, by="op@platform.example", now=NOW).slug == "tenun-sumba"


def test_refusal_says_why(waiting: Application) -> None:
    mail.outbox.clear()
    applying.refuse(application_id=waiting.pk, by="op@platform.example", reason="Nomor NIB belum ada.", now=NOW)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reason, shops()) == (State.REFUSED, "Nomor NIB belum ada.", 2)
    (letter,) = mail.outbox
    assert (letter.to, "Nomor NIB belum ada." in letter.body) == (["rambu@sumba.example"], True)


def test_where_the_platform_is_set_so_the_code_alone_makes_the_shop(db: None, settings: LazySettings) -> None:
    settings.SIGN_UP_AUTO_APPROVE = True
    application = apply()
    done = applying.confirm(application_id=application.pk, code=code_in_mail(), now=NOW)
    assert (done.state, done.decided_by, done.cooperative.slug) == (State.APPROVED, "", "tenun-sumba")


def test_the_applicant_of_an_english_form_reads_english_in_the_shop_too(db: None) -> None:
    application = apply(language="en")
    applying.confirm(application_id=application.pk, code=code_in_mail(), now=NOW)
    shop = applying.approve(application_id=application.pk, by="op@platform.example", now=NOW)
    with in_tenant(shop):
        assert User.objects.get().language == "en"


def test_what_nobody_confirmed_is_forgotten_after_a_week_and_nothing_else(waiting: Application) -> None:
    unconfirmed = apply(slug="tenun-lain")
    assert applying.forget_unconfirmed(now=NOW + applying.FORGET_AFTER) == 0
    assert applying.forget_unconfirmed(now=NOW + applying.FORGET_AFTER + timedelta(seconds=1)) == 1
    assert list(Application.objects.all()) == [waiting]
    assert not Application.objects.filter(pk=unconfirmed.pk).exists()


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[Application]:
    """A waiting application outside of any test transaction, for threads."""
    with django_db_blocker.unblock():
        application = Application.objects.create(
            name="Koperasi Berdua",
            slug=f"berdua-{datetime.now(UTC):%H%M%S%f}",
            contact_name="Rambu",
            email="rambu@sumba.example",
            state=State.WAITING,
            created_at=NOW,
        )
        try:
            yield application
        finally:
            connection.set_schema_to_public()
            for shop in Cooperative.objects.filter(slug=application.slug):
                shop.delete(force_drop=True)
            application.delete()


def test_of_two_operators_at_once_one_wins(committed: Application) -> None:
    def decide(by: str) -> str:
        try:
            applying.approve(application_id=committed.pk, by=by, now=NOW)
        except applying.AlreadyDecided:
            return "late"
        finally:
            connection.close()
        return "won"

    people = [f"op{number}@platform.example" for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(decide, people)) == ["late"] * 3 + ["won"]
    assert Cooperative.objects.filter(slug=committed.slug).count() == 1
    committed.refresh_from_db()
    assert committed.decided_by in people
