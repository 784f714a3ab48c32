"""The platform's host: its front page, and the console that only operators open."""

from collections.abc import Iterator

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail

from accounts.models import User
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make
from tests.browsing import BATIK, KOPI, PLATFORM, Browser


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
    with django_assert_num_queries(5):
        assert len(client.get("/").context["shops"]) == 2
    Cooperative.objects.filter(slug="batik-lasem").update(state=Cooperative.State.SUSPENDED)
    with django_assert_num_queries(5):
        assert len(client.get("/").context["shops"]) == 1


def test_nobody_signs_up_on_the_platform(db: None) -> None:
    answer = Browser(PLATFORM).post("/akun/daftar/", {"email": "tamu@lain.example"})
    assert answer.status_code == 200
    assert (User.objects.count(), mail.outbox) == (0, [])


def test_the_mail_to_an_unknown_address_offers_no_account_on_the_platform(db: None) -> None:
    Browser(PLATFORM).post("/akun/masuk/", {"email": "tamu@lain.example"})
    assert "daftar" not in mail.outbox[-1].body


def test_the_console_shows_cooperatives_and_nothing_inside_them(console: Browser) -> None:
    page = console.get("/operator/")
    models = {(app["app_label"], model["object_name"]) for app in page.context["app_list"] for model in app["models"]}
    shared = {"Application", "Backup", "Cooperative", "Domain", "DomainClaim", "Due", "Pulse", "Switch", "Visit"}
    assert models == {("tenants", name) for name in shared} | {("hosting", "Operator"), ("admin", "LogEntry")}
    listed = console.get("/operator/tenants/cooperative/").content.decode()
    assert "Koperasi Kopi Gayo" in listed
    assert ">platform<" not in listed


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


def step(cooperative: Cooperative, name: str) -> str:
    return f"/operator/tenants/cooperative/{cooperative.pk}/step/{name}/"


def test_suspending_closes_the_shop_with_a_reason_and_reopening_opens_it(
    console: Browser, operator: User, batik: Cooperative
) -> None:
    assert console.post(step(batik, "suspend"), {"reason": ""}).status_code == 422
    assert open_shops() == {"kopi-gayo", "batik-lasem"}
    assert console.post(step(batik, "suspend"), {"reason": "Diminta pengurus"}).status_code == 302
    assert open_shops() == {"kopi-gayo"}
    closed = Browser(BATIK).get("/")
    assert closed.status_code == 503
    assert "Koperasi Batik Lasem" in closed.content.decode()
    assert console.post(step(batik, "reopen")).status_code == 302
    assert open_shops() == {"kopi-gayo", "batik-lasem"}
    assert Browser(BATIK).get("/").status_code == 200
    written = LogEntry.objects.order_by("pk").values_list("user", "object_id", "change_message")
    assert list(written) == [
        (operator.pk, str(batik.pk), "suspend: Diminta pengurus"),
        (operator.pk, str(batik.pk), "reopen"),
    ]


def test_a_step_that_does_not_fit_the_state_does_not_exist(console: Browser, batik: Cooperative) -> None:
    for name in ("reopen", "return", "purge", "nonsense"):
        assert console.post(step(batik, name), {"reason": "x", "slug": "batik-lasem"}).status_code == 404
    assert open_shops() == {"kopi-gayo", "batik-lasem"}
    assert not LogEntry.objects.exists()


def test_purging_wants_the_name_typed_and_the_time_of_leaving_over(console: Browser, batik: Cooperative) -> None:
    console.post(step(batik, "close"), {"reason": "Rapat anggota"})
    wrong = console.post(step(batik, "purge"), {"reason": "Selesai", "slug": "batik"})
    early = console.post(step(batik, "purge"), {"reason": "Selesai", "slug": "batik-lasem"})
    assert (wrong.status_code, early.status_code) == (422, 422)
    batik.refresh_from_db()
    assert batik.state == Cooperative.State.CLOSED
    assert LogEntry.objects.count() == 1


def test_the_platform_itself_cannot_be_suspended(console: Browser) -> None:
    platform = Cooperative.objects.get(schema_name="public")
    assert console.post(step(platform, "suspend"), {"reason": "Salah pilih"}).status_code == 404
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
