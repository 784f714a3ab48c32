"""The sign-up of a cooperative in the browser, without a script."""

import re

import pytest
from django.conf import LazySettings
from django.core import mail
from django.core.cache import cache

from hosting import suggesting
from tenants import switches
from tenants.models import Application, Cooperative, Switch
from tests.browsing import KOPI, PLATFORM, Browser

FILLED = {
    "name": "Koperasi Tenun Sumba",
    "slug": "",
    "contact_name": "Rambu Ana",
    "email": "rambu@sumba.example",
    "phone": "0812-3456-7890",
}


@pytest.fixture
def browser(db: None) -> Browser:
    return Browser(PLATFORM)


def code_in_mail() -> str:
    return re.search(r"^\d{6}$", mail.outbox[-1].body, re.MULTILINE)[0]


def test_the_whole_way_without_a_script(browser: Browser) -> None:
    assert 'href="/daftar/"' in browser.get("/").content.decode()
    assert browser.get("/daftar/").status_code == 200
    assert browser.post("/daftar/", FILLED)["Location"] == "/daftar/kode/"
    told = browser.get("/daftar/kode/").content.decode()
    assert "tenun-sumba.localhost" in told
    wrong = browser.post("/daftar/kode/", {"code": "abc"})
    assert (wrong.status_code, "Sisa percobaan: 4" in wrong.content.decode()) == (422, True)
    code = code_in_mail()
    assert browser.post("/daftar/kode/", {"code": f"{code[:3]} {code[3:]}"})["Location"] == "/daftar/terima-kasih/"
    assert "sedang kami lihat" in browser.get("/daftar/terima-kasih/").content.decode()
    application = Application.objects.get()
    assert (application.state, application.phone, application.slug) == ("waiting", "+6281234567890", "tenun-sumba")
    assert browser.get("/daftar/kode/")["Location"] == "/daftar/terima-kasih/"


def test_at_once_where_the_platform_is_set_so(browser: Browser, settings: LazySettings) -> None:
    settings.SIGN_UP_AUTO_APPROVE = True
    browser.post("/daftar/", FILLED)
    browser.post("/daftar/kode/", {"code": code_in_mail()})
    page = browser.get("/daftar/terima-kasih/").content.decode()
    assert 'href="http://tenun-sumba.localhost:8000/kelola/"' in page
    assert Cooperative.objects.get(slug="tenun-sumba").state == "preparing"


def test_in_english_everything_is_english(browser: Browser) -> None:
    assert browser.post("/en/daftar/", FILLED)["Location"] == "/en/daftar/kode/"
    assert Application.objects.get().language == "en"
    assert "This code is for you alone." in mail.outbox[-1].body


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""), ("contact_name", ""), ("email", "bukan"), ("email", ""), ("phone", "123"), ("slug", "admin"),
        ("slug", "kopi-gayo"), ("slug", "-x-"), ("slug", "münchen"),
    ],
)  # fmt: skip
def test_a_mistake_is_said_beside_its_field_and_nothing_is_lost(browser: Browser, field: str, value: str) -> None:
    answer = browser.post("/daftar/", {**FILLED, field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    page = answer.content.decode()
    assert f'id="id_{field}_error"' in page
    for name, typed in FILLED.items():
        if name != field and typed:
            assert f'value="{typed}"' in page
    assert (Application.objects.count(), mail.outbox) == (0, [])


def test_the_address_is_suggested_from_the_name(db: None) -> None:
    assert suggesting.slug_for("Koperasi Tenun Sumba") == "tenun-sumba"
    assert suggesting.slug_for("KUD Serba Usaha Maju Jaya") == "maju-jaya"
    assert suggesting.slug_for("Koperasi Kopi Gayo") == "koperasi-kopi-gayo"  # the short one is taken
    assert suggesting.slug_for("Koperasi") == ""
    assert suggesting.slug_for("") == ""


def test_a_script_may_ask_for_the_suggestion_and_does_not_overwrite(browser: Browser) -> None:
    filled = browser.get("/daftar/alamat/", {"name": "Koperasi Tenun Sumba", "slug": ""}).content.decode()
    assert 'value="tenun-sumba"' in filled
    kept = browser.get("/daftar/alamat/", {"name": "Koperasi Tenun Sumba", "slug": "ikat"}).content.decode()
    assert 'value="ikat"' in kept


def test_another_browser_knows_nothing_of_the_application(browser: Browser) -> None:
    browser.post("/daftar/", FILLED)
    for page in ("kode", "terima-kasih"):
        assert Browser(PLATFORM).get(f"/daftar/{page}/").status_code == 404


def test_a_new_code_is_asked_for_by_a_button_and_not_twice_a_minute(browser: Browser) -> None:
    browser.post("/daftar/", FILLED)
    page = browser.post("/daftar/kode/", {"again": "1"}, follow=True).content.decode()
    assert "Tunggu satu menit" in page
    assert len(mail.outbox) == 1


def test_five_letters_an_hour_to_one_address_whoever_asks(browser: Browser) -> None:
    for number in range(5):
        assert Browser(PLATFORM).post("/daftar/", {**FILLED, "slug": f"tenun-{number}"}).status_code == 302
    sixth = Browser(PLATFORM, REMOTE_ADDR="203.0.113.9").post("/daftar/", {**FILLED, "slug": "tenun-lagi"})
    assert (sixth.status_code, len(mail.outbox), Application.objects.count()) == (422, 5, 5)
    assert "Terlalu banyak" in sixth.content.decode()


def test_twenty_letters_an_hour_from_one_place(browser: Browser) -> None:
    for number in range(20):
        said = {**FILLED, "slug": f"tenun-{number}", "email": f"rambu{number}@sumba.example"}
        assert browser.post("/daftar/", said).status_code == 302
    said = {**FILLED, "slug": "tenun-lagi", "email": "lain@sumba.example"}
    assert browser.post("/daftar/", said).status_code == 422
    cache.clear()
    assert browser.post("/daftar/", said).status_code == 302


def test_a_known_address_gets_the_same_answer_as_an_unknown_one(browser: Browser) -> None:
    browser.post("/daftar/", FILLED)
    answers = []
    for email in ("rambu@sumba.example", "belum@pernah.example"):
        fresh = Browser(PLATFORM)
        answer = fresh.post("/daftar/", {**FILLED, "slug": "tenun-sama", "email": email})
        page = fresh.get("/daftar/kode/").content.decode().replace(email, "E-MAIL")
        answers.append((answer.status_code, answer["Location"], re.sub(r'value="\w{64}"', "", page)))
    assert answers[0] == answers[1]
    assert mail.outbox[-1].body == mail.outbox[-2].body.replace(*(codes(-2), codes(-1)))


def codes(index: int) -> str:
    return re.search(r"^\d{6}$", mail.outbox[index].body, re.MULTILINE)[0]


def test_the_switch_closes_the_sign_up(browser: Browser) -> None:
    switches.make_known()
    Switch.objects.filter(name="sign_up").update(is_on=False)
    for page in ("", "kode/", "alamat/", "terima-kasih/"):
        assert browser.get(f"/daftar/{page}").status_code == 404
    assert browser.post("/daftar/", FILLED).status_code == 404
    assert 'href="/daftar/"' not in browser.get("/").content.decode()
    assert (Application.objects.count(), mail.outbox) == (0, [])


def test_a_cooperative_has_no_such_page(kopi: Cooperative) -> None:
    assert Browser(KOPI).get("/daftar/").status_code == 404
