"""The platform's host: its front page, and the console that only operators open."""

import re
from collections.abc import Iterator

import pytest
from django.core import mail

from accounts.models import User
from tenants import suspending
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make
from tests.browsing import BATIK, KOPI, PLATFORM, Browser


@pytest.fixture
def operator(db: None) -> User:
    return User.objects.create_superuser("op@platform.example", name="Operator")


@pytest.fixture
def console(operator: User) -> Browser:
    client = Browser(PLATFORM)
    client.force_login(operator)
    return client


def open_shops() -> set[str]:
    return set(Cooperative.objects.open().values_list("slug", flat=True))


def test_the_front_page_lists_open_shops_with_their_own_addresses(db: None, batik: Cooperative) -> None:
    Cooperative.objects.filter(pk=batik.pk).update(state=Cooperative.State.SUSPENDED)
    for path in ("/", "/en/"):
        page = Browser(PLATFORM).get(path)
        assert page.status_code == 200
        assert [shop.slug for shop, _ in page.context["shops"]] == ["kopi-gayo"]
        assert 'href="http://kopi-gayo.localhost:8000/"' in page.content.decode()


def test_the_front_page_costs_the_same_whatever_the_number_of_shops(
    db: None, django_assert_num_queries: object
) -> None:
    client = Browser(PLATFORM)
    with django_assert_num_queries(4):
        assert len(client.get("/").context["shops"]) == 2
    Cooperative.objects.filter(slug="batik-lasem").update(state=Cooperative.State.SUSPENDED)
    with django_assert_num_queries(4):
        assert len(client.get("/").context["shops"]) == 1


def test_an_operator_logs_in_by_code_on_the_platform(operator: User) -> None:
    client = Browser(PLATFORM)
    assert client.get("/operator/")["Location"] == "/operator/login/?next=/operator/"
    assert client.get("/operator/login/?next=/operator/")["Location"] == "/akun/masuk/?next=/operator/"
    client.post("/akun/masuk/", {"email": operator.email})
    (message,) = mail.outbox
    assert message.from_email == "Coop Shop <no-reply@localhost>"
    code = re.search(r"^[B-Z]{4}-[B-Z]{4}$", message.body, re.MULTILINE)[0]
    assert client.post("/akun/masuk/kode/", {"code": code})["Location"] == "/operator/"
    assert client.get("/operator/", follow=True).status_code == 200


def test_nobody_signs_up_on_the_platform(db: None) -> None:
    answer = Browser(PLATFORM).post("/akun/daftar/", {"email": "tamu@lain.example"})
    assert answer.status_code == 200
    assert (User.objects.count(), mail.outbox) == (0, [])


def test_the_mail_to_an_unknown_address_offers_no_account_on_the_platform(db: None) -> None:
    Browser(PLATFORM).post("/akun/masuk/", {"email": "tamu@lain.example"})
    assert "daftar" not in mail.outbox[-1].body


def test_the_console_shows_cooperatives_and_nothing_inside_them(console: Browser) -> None:
    page = console.get("/operator/", follow=True)
    models = {(app["app_label"], model["object_name"]) for app in page.context["app_list"] for model in app["models"]}
    assert models == {("tenants", "Cooperative"), ("tenants", "Domain")}
    listed = console.get("/operator/tenants/cooperative/").content.decode()
    assert "Koperasi Kopi Gayo" in listed
    assert "kopi-gayo.localhost" in listed
    assert ">platform<" not in listed
    assert console.get("/operator/tenants/domain/").status_code == 200


@pytest.mark.parametrize("page", ["add/", "{pk}/delete/"])
def test_rows_are_not_added_or_deleted_by_hand(console: Browser, batik: Cooperative, page: str) -> None:
    address = "/operator/tenants/cooperative/" + page.format(pk=batik.pk)
    assert console.get(address).status_code == 403
    assert console.post(address, {"post": "yes"}).status_code == 403
    assert open_shops() == {"kopi-gayo", "batik-lasem"}


def test_looking_at_a_cooperative_changes_nothing(console: Browser, batik: Cooperative) -> None:
    address = f"/operator/tenants/cooperative/{batik.pk}/change/"
    assert console.get(address).status_code == 200
    assert console.post(address, {"name": "Lain"}).status_code == 403
    batik.refresh_from_db()
    assert batik.name == "Koperasi Batik Lasem"


def test_suspending_closes_the_shop_and_reopening_opens_it(console: Browser, batik: Cooperative) -> None:
    chosen = {"_selected_action": [batik.pk], "action": "suspend"}
    assert console.post("/operator/tenants/cooperative/", chosen).status_code == 302
    assert open_shops() == {"kopi-gayo"}
    closed = Browser(BATIK).get("/akun/masuk/")
    assert closed.status_code == 503
    assert "Koperasi Batik Lasem" in closed.content.decode()
    console.post("/operator/tenants/cooperative/", {**chosen, "action": "reopen"})
    assert open_shops() == {"kopi-gayo", "batik-lasem"}
    assert Browser(BATIK).get("/akun/masuk/").status_code == 200


def test_the_platform_itself_cannot_be_suspended(console: Browser) -> None:
    platform = Cooperative.objects.get(schema_name="public")
    console.post("/operator/tenants/cooperative/", {"_selected_action": [platform.pk], "action": "suspend"})
    assert suspending.suspend(cooperative_ids=[platform.pk]) == 0
    platform.refresh_from_db()
    assert platform.state == Cooperative.State.OPEN


@pytest.fixture
def pengurus(kopi: Cooperative) -> Iterator[User]:
    return make.officer()


def test_a_cooperatives_people_never_get_into_the_console(pengurus: User) -> None:
    User.objects.update(is_operator=True)  # even with the mark, in a cooperative's own table it means nothing
    here, platform = Browser(KOPI), Browser(PLATFORM)
    here.force_login(pengurus)
    assert here.get("/kelola/").status_code == 200
    assert here.get("/operator/").status_code == 404
    platform.cookies["sessionid"] = here.cookies["sessionid"].value
    assert platform.get("/operator/").status_code == 302


def test_a_public_user_who_is_no_operator_finds_no_console(db: None) -> None:
    client = Browser(PLATFORM)
    client.force_login(User.objects.create_user("bukan@platform.example"))
    assert client.get("/operator/", follow=True).status_code == 404
    assert client.post("/operator/tenants/cooperative/", {"action": "suspend"}).status_code == 302


def test_an_operator_is_a_stranger_in_every_cooperative(console: Browser, batik: Cooperative) -> None:
    there = Browser(BATIK)
    there.cookies["sessionid"] = console.cookies["sessionid"].value
    assert there.get("/kelola/")["Location"] == "/akun/masuk/?next=/kelola/"
    with in_tenant(batik):
        assert User.objects.count() == 0
