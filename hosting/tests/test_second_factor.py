"""E-mail alone opens nothing of the console; the device is asked for once in each session."""

import re
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command

from accounts import second_factor
from accounts.models import User
from hosting.tests.conftest import SECRET, code_now
from lib.secrets import CannotOpen
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests.browsing import KOPI, PLATFORM, Browser

SET_UP, AGAIN = "/akun/langkah-kedua/pasang/", "/akun/langkah-kedua/kode-lagi/"


def log_in_by_mail(user: User) -> Browser:
    client = Browser(PLATFORM)
    client.post("/akun/masuk/?next=/operator/", {"email": user.email})
    code = re.search(r"^[B-Z]{4}-[B-Z]{4}$", mail.outbox[-1].body, re.MULTILINE)[0]
    client.last = client.post("/akun/masuk/kode/", {"code": code, "next": "/operator/"})
    return client


def test_the_way_from_the_first_login_to_the_console(operator: User) -> None:
    client = Browser(PLATFORM)
    assert client.get("/operator/")["Location"] == "/operator/login/?next=/operator/"
    assert client.get("/operator/login/?next=/operator/")["Location"] == "/akun/masuk/?next=/operator/"
    client = log_in_by_mail(operator)
    assert client.get("/operator/login/?next=/operator/")["Location"] == f"{SET_UP}?next=/operator/"
    page = client.get(SET_UP)
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    assert "data:image/svg+xml;base64," in page.content.decode()
    wrong = client.post(SET_UP, {"code": "000000"})
    assert (wrong.status_code, Authenticator.objects.count()) == (200, 0)
    assert client.get("/operator/").status_code == 302
    done = client.post(SET_UP, {"code": code_now(secret)})
    assert done["Location"] == "/akun/langkah-kedua/cadangan/"
    codes = client.get(done["Location"]).context["unused_codes"]
    assert len(set(codes)) == 10
    assert client.get(done["Location"]).context["unused_codes"] == ["****"] * 10
    assert client.get("/operator/").status_code == 200


@pytest.mark.parametrize(
    "page",
    [
        "",
        "tenants/cooperative/",
        "tenants/visit/add/",
        "hosting/operator/",
        "search/?s=kopi",
        "autocomplete/",
        "jsi18n/",
    ],
)
def test_without_the_second_step_no_page_of_the_console_opens(operator: User, colleague: User, page: str) -> None:
    without, unpassed = Browser(PLATFORM), Browser(PLATFORM)
    without.force_login(operator)
    device_of(colleague)
    unpassed.force_login(colleague)
    for client in (without, unpassed):
        answer = client.get(f"/operator/{page}")
        if page == "jsi18n/":  # Django's own catalogue of words
            assert b"kopi-gayo" not in answer.content
        else:
            assert answer.status_code == 302
            assert answer["Location"].startswith("/operator/login/")
    assert without.get("/operator/login/?next=/operator/")["Location"].startswith(SET_UP)
    assert unpassed.get("/operator/login/?next=/operator/")["Location"].startswith(AGAIN)


def device_of(user: User) -> Authenticator:
    return TOTP.activate(user, SECRET).instance


def test_each_login_asks_for_the_device_and_a_code_works_once(operator: User) -> None:
    device_of(operator)
    client = log_in_by_mail(operator)
    assert client.last["Location"].startswith("/akun/langkah-kedua/kode/")
    assert not client.is_logged_in
    assert client.get("/operator/").status_code == 302
    code = code_now(SECRET)
    assert client.post("/akun/langkah-kedua/kode/", {"code": code}).status_code == 302
    assert client.get("/operator/").status_code == 200
    cache.delete(f"allauth.mfa.totp.used?user={operator.pk}&code={code}")  # allauth forgets sooner than a code ends
    other = log_in_by_mail(operator)
    assert other.post("/akun/langkah-kedua/kode/", {"code": code}).status_code == 200
    assert not other.is_logged_in
    assert other.get("/operator/").status_code == 302


def test_guessing_the_code_ends_after_five_tries(operator: User) -> None:
    device_of(operator)
    client = log_in_by_mail(operator)
    for _ in range(5):
        client.post("/akun/langkah-kedua/kode/", {"code": "000000"})
    assert client.post("/akun/langkah-kedua/kode/", {"code": code_now(SECRET)}).status_code != 302
    assert not client.is_logged_in


def test_a_recovery_code_stands_in_for_the_device_once(operator: User, console: Browser) -> None:
    code = RecoveryCodes.activate(operator).get_unused_codes()[0]
    for expected in (True, False):
        client = log_in_by_mail(operator)
        client.post("/akun/langkah-kedua/kode/", {"code": code})
        assert client.is_logged_in is expected


def test_after_twelve_hours_the_device_is_asked_for_again(console: Browser, operator: User) -> None:
    assert console.get("/operator/").status_code == 200
    Authenticator.objects.update(created_at=operator.created_at - timedelta(days=30))
    session = console.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - 12 * 3600 - 5}]
    session.save()
    assert console.get("/operator/login/?next=/operator/")["Location"].startswith(AGAIN)
    assert console.post(f"{AGAIN}?next=/operator/", {"code": code_now(SECRET)})["Location"] == "/operator/"
    assert console.get("/operator/").status_code == 200


def test_the_secret_is_sealed_and_opens_in_its_own_schema_only(operator: User, batik: Cooperative) -> None:
    device = device_of(operator)
    sealed = device.data["secret"]
    assert SECRET not in sealed
    assert second_factor.Adapter().decrypt(sealed) == SECRET
    with in_tenant(batik), pytest.raises(CannotOpen):
        second_factor.Adapter().decrypt(sealed)


def test_a_lost_device_is_reset_by_a_colleague_and_never_by_oneself(
    console: Browser, operator: User, colleague: User, sit_down: Callable[[User], Browser]
) -> None:
    theirs = sit_down(colleague)
    own = f"/operator/hosting/operator/{operator.pk}/step/reset/"
    assert console.post(own, {"reason": "ponsel hilang"}).status_code == 404
    assert Authenticator.objects.filter(user=operator).exists()
    assert theirs.post(own, {"reason": "ponsel hilang, sudah saya telepon"}).status_code == 302
    assert not Authenticator.objects.filter(user=operator).exists()
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (colleague, str(operator.pk))
    assert "sudah saya telepon" in entry.change_message
    assert console.get("/operator/login/?next=/operator/")["Location"].startswith(SET_UP)


def test_what_was_passed_with_the_old_device_counts_for_nothing(console: Browser, operator: User) -> None:
    second_factor.reset(user=operator)
    renewed = device_of(operator)
    Authenticator.objects.filter(pk=renewed.pk).update(created_at=renewed.created_at + timedelta(minutes=2))
    assert console.get("/operator/login/?next=/operator/")["Location"].startswith(AGAIN)


def test_nobody_takes_their_own_second_step_away(console: Browser, operator: User) -> None:
    assert console.post("/akun/langkah-kedua/").status_code == 405
    assert console.post("/akun/langkah-kedua/hapus/").status_code == 404
    assert Authenticator.objects.filter(user=operator).count() == 1


def test_the_second_step_does_not_exist_at_a_cooperative(kopi: Cooperative) -> None:
    for page in ("", "pasang/", "kode/", "kode-lagi/", "cadangan/"):
        assert Browser(KOPI).get(f"/akun/langkah-kedua/{page}").status_code == 404


def test_an_operator_is_made_by_command_and_their_device_reset_by_one(db: None, capsys: pytest.CaptureFixture) -> None:
    call_command("create_operator", email="Baru@Platform.example", name="Baru")
    made = User.objects.get()
    assert (made.email, made.is_operator, made.has_usable_password()) == ("baru@platform.example", True, False)
    assert "http://localhost:8000/akun/masuk/" in capsys.readouterr().out
    for email in ("baru@platform.example", "bukan alamat"):
        with pytest.raises(CommandError):
            call_command("create_operator", email=email)
    with pytest.raises(CommandError, match="no second factor"):
        call_command("reset_mfa", email=made.email)
    device_of(made)
    call_command("reset_mfa", email=made.email)
    assert not Authenticator.objects.exists()
    assert User.objects.count() == 1
