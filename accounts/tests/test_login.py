"""People log in with a code that comes by e-mail, and only where they belong."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make
from tests.browsing import BATIK, KOPI, Browser

CODE = re.compile(r"^[B-Z]{4}-[B-Z]{4}$", re.MULTILINE)


def ask_for_code(client: Browser, email: str) -> None:
    answer = client.post("/akun/masuk/", {"email": email})
    assert (answer.status_code, answer["Location"]) == (302, "/akun/masuk/kode/")


def code_in_mail() -> str:
    return CODE.search(mail.outbox[-1].body)[0]


@pytest.fixture
def siti(kopi: Cooperative) -> User:
    return User.objects.create_user("siti@pembeli.example", name="Siti Aminah")


def test_the_code_from_the_mail_logs_in(siti: User) -> None:
    client = Browser()
    ask_for_code(client, "Siti@Pembeli.example")
    answer = client.post("/akun/masuk/kode/", {"code": code_in_mail()})
    assert (answer.status_code, answer["Location"]) == (302, "/akun/")
    page = client.get("/akun/")
    assert (page.status_code, page.context["user"]) == (200, siti)
    assert EmailAddress.objects.get(user=siti).verified


def test_the_mail_speaks_for_the_cooperative(siti: User) -> None:
    ask_for_code(Browser(), siti.email)
    (message,) = mail.outbox
    assert message.to == ["siti@pembeli.example"]
    assert message.from_email == "Koperasi Kopi Gayo <no-reply@localhost>"
    assert message.subject.startswith("[Koperasi Kopi Gayo] ")
    assert message.body.rstrip().endswith("Koperasi Kopi Gayo")


def test_case_and_hyphen_of_the_code_do_not_matter(siti: User) -> None:
    client = Browser()
    ask_for_code(client, siti.email)
    client.post("/akun/masuk/kode/", {"code": code_in_mail().replace("-", " ").lower()})
    assert client.is_logged_in


def test_a_wrong_code_is_refused_and_the_third_one_ends_it(siti: User) -> None:
    client = Browser()
    ask_for_code(client, siti.email)
    code = code_in_mail()
    for _ in range(2):
        answer = client.post("/akun/masuk/kode/", {"code": "ZZZZ-ZZZZ"})
        assert answer.status_code == 200
        assert "code" in answer.context["form"].errors
    answer = client.post("/akun/masuk/kode/", {"code": "ZZZZ-ZZZZ"})
    assert (answer.status_code, answer["Location"]) == (302, "/akun/masuk/")
    client.post("/akun/masuk/kode/", {"code": code})
    assert not client.is_logged_in


def test_a_code_is_good_once(siti: User) -> None:
    client = Browser()
    ask_for_code(client, siti.email)
    code = code_in_mail()
    client.post("/akun/masuk/kode/", {"code": code})
    client.post("/akun/keluar/")
    client.post("/akun/masuk/kode/", {"code": code})
    assert not client.is_logged_in


def test_a_code_belongs_to_the_browser_that_asked(siti: User) -> None:
    ask_for_code(Browser(), siti.email)
    other = Browser()
    answer = other.post("/akun/masuk/kode/", {"code": code_in_mail()})
    assert (answer.status_code, answer["Location"]) == (302, "/akun/masuk/")
    assert not other.is_logged_in


def test_an_unknown_address_sees_the_same_page_and_nobody_gets_in(siti: User) -> None:
    known, unknown = Browser(), Browser()
    ask_for_code(known, siti.email)
    ask_for_code(unknown, "tamu@lain.example")
    pages = [client.get("/akun/masuk/kode/").content.decode() for client in (known, unknown)]
    pages = [re.sub(r'value="\w{64}"', "", page).replace("tamu@lain.example", siti.email) for page in pages]
    assert pages[0] == pages[1]
    assert not CODE.search(mail.outbox[-1].body)
    assert "http://kopi-gayo.localhost:8000/akun/daftar/" in mail.outbox[-1].body
    assert User.objects.count() == 1


def test_links_in_mails_ignore_the_port_and_host_of_the_request(siti: User) -> None:
    Browser(f"{KOPI}:6666").post("/akun/masuk/", {"email": "tamu@lain.example"})
    assert "http://kopi-gayo.localhost:8000/akun/daftar/" in mail.outbox[-1].body
    assert "6666" not in mail.outbox[-1].body


def test_a_fourth_code_within_a_minute_is_refused(siti: User) -> None:
    for _ in range(3):
        ask_for_code(Browser(), siti.email)
    answer = Browser().post("/akun/masuk/", {"email": siti.email})
    assert answer.status_code == 200
    assert "email" in answer.context["form"].errors
    assert len(mail.outbox) == 3


def test_an_officer_goes_to_work_and_a_safe_next_is_followed(kopi: Cooperative) -> None:
    make.officer(role="petugas", email="dewi@kopi.example")
    client = Browser()
    ask_for_code(client, "dewi@kopi.example")
    assert client.post("/akun/masuk/kode/", {"code": code_in_mail()})["Location"] == "/kelola/"

    client = Browser()
    client.post("/akun/masuk/?next=/kelola/pesanan/", {"email": "dewi@kopi.example"})
    answer = client.post("/akun/masuk/kode/", {"code": code_in_mail(), "next": "/kelola/pesanan/"})
    assert answer["Location"] == "/kelola/pesanan/"

    client = Browser()
    ask_for_code(client, "dewi@kopi.example")
    answer = client.post("/akun/masuk/kode/", {"code": code_in_mail(), "next": "https://evil.example/"})
    assert answer["Location"] == "/kelola/"


def test_logging_out_needs_a_post_and_ends_the_session(siti: User) -> None:
    client = Browser(user=siti)
    client.get("/akun/keluar/")
    assert client.is_logged_in
    client.post("/akun/keluar/")
    assert not client.is_logged_in
    assert client.get("/akun/").status_code == 302


def test_signing_up_takes_an_address_and_its_code(kopi: Cooperative) -> None:
    client = Browser()
    answer = client.post("/akun/daftar/", {"email": "baru@pembeli.example"})
    assert (answer.status_code, answer["Location"]) == (302, "/akun/daftar/kode/")
    assert not client.is_logged_in
    answer = client.post("/akun/daftar/kode/", {"code": code_in_mail()})
    assert (answer.status_code, answer["Location"]) == (302, "/akun/")
    user = User.objects.get(email="baru@pembeli.example")
    assert client.is_logged_in
    assert not user.has_usable_password()


def test_signing_up_twice_sends_a_hint_and_makes_nobody(siti: User) -> None:
    client = Browser()
    answer = client.post("/akun/daftar/", {"email": siti.email})
    assert (answer.status_code, answer["Location"]) == (302, "/akun/daftar/kode/")
    assert "http://kopi-gayo.localhost:8000/akun/masuk/" in mail.outbox[-1].body
    assert User.objects.count() == 1


def test_a_session_is_worth_nothing_at_another_cooperative(siti: User, batik: Cooperative) -> None:
    with in_tenant(batik):
        User.objects.create_user("siti@pembeli.example")  # the same address, and perhaps the same number
    here, there = Browser(), Browser(BATIK)
    here.force_login(siti)
    here.get("/akun/")
    there.cookies["sessionid"] = here.cookies["sessionid"].value
    answer = there.get("/akun/")
    assert (answer.status_code, answer["Location"]) == (302, "/akun/masuk/?next=/akun/")
    assert here.get("/akun/").status_code == 200


def test_a_code_is_worth_nothing_at_another_cooperative(siti: User, batik: Cooperative) -> None:
    with in_tenant(batik):
        User.objects.create_user(siti.email)
    here, there = Browser(), Browser(BATIK)
    ask_for_code(here, siti.email)
    code_of_kopi = code_in_mail()
    ask_for_code(there, siti.email)
    answer = there.post("/akun/masuk/kode/", {"code": code_of_kopi})
    assert answer.status_code == 200
    assert not there.is_logged_in
    there.cookies["sessionid"] = here.cookies["sessionid"].value
    there.post("/akun/masuk/kode/", {"code": code_of_kopi})
    assert not there.is_logged_in


def test_an_inactive_user_gets_no_code(siti: User) -> None:
    User.objects.update(is_active=False)
    ask_for_code(Browser(), siti.email)
    assert not CODE.search(mail.outbox[-1].body)


def test_letters_come_in_the_language_in_which_the_account_was_last_saved(siti: User) -> None:
    client = Browser(user=siti)
    for prefix, language in (("/en", "en"), ("", "id")):
        client.post(f"{prefix}/akun/", {"name": "Siti Aminah", "phone": ""})
        siti.refresh_from_db()
        assert siti.language == language


def test_about_me_keeps_a_number_in_one_form_and_refuses_nonsense(siti: User) -> None:
    client = Browser(user=siti)
    client.post("/akun/", {"name": "Siti A.", "phone": "0812-3456-7890"})
    siti.refresh_from_db()
    assert (siti.name, siti.phone) == ("Siti A.", "+6281234567890")
    answer = client.post("/akun/", {"name": "Lain", "phone": "bukan nomor"})
    assert "phone" in answer.context["form"].errors
    siti.refresh_from_db()
    assert (siti.name, siti.phone) == ("Siti A.", "+6281234567890")


@pytest.mark.parametrize("path", ["/akun/masuk/", "/akun/daftar/"])
def test_pages_answer_in_both_languages(kopi: Cooperative, path: str) -> None:
    with translation.override("en"):
        assert reverse("account_login") == "/en/akun/masuk/"
    assert Browser().get(path).status_code == 200
    assert Browser().get(f"/en{path}").status_code == 200
