"""An officer joins a shop on Shopee through its real pages, maps categories, and leaves again."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pytest_django import Settings

from accounts.models import User
from backoffice.tests.conftest import World
from backoffice.tests.test_orders import messages_of, queries
from marketplaces.models import CategoryMap, Connection
from tenants.context import in_tenant
from tenants.models import ChannelRoute, Cooperative
from tests import make
from tests.browsing import Browser

SHOP = 220033101
KEYS = ["--partner-id", "2001887", "--partner-key", "shpk-test-partner-key", "--push-key", "shpk-test-push-key"]


@pytest.fixture(scope="module")
def simulator() -> Iterator[str]:
    """Shopee as a program of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "simulators.shopee", "--port", str(port), "--push-url", "http://127.0.0.1:9/"]
    program = subprocess.Popen([*command, *KEYS], cwd=Path(__file__).parents[2], stdout=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}/_control/health")
        yield f"http://127.0.0.1:{port}"
    finally:
        program.terminate()
        program.wait(10)


def _wait_for(address: str) -> None:
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        try:
            if httpx.get(address, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the simulator does not answer")


@pytest.fixture
def shopee(simulator: str, settings: Settings) -> str:
    settings.SHOPEE_API_BASE = simulator
    settings.SHOPEE_CALLS_PER_SECOND = 500.0
    assert httpx.post(f"{simulator}/_control/reset", json={}, trust_env=False).status_code == 200
    return simulator


@pytest.fixture
def home(own_cooperative: Cooperative) -> Iterator[Cooperative]:
    """Stand in a cooperative outside any transaction: marketplaces are never called inside one."""
    with in_tenant(own_cooperative):
        yield own_cooperative


@pytest.fixture
def pengurus(home: Cooperative) -> Browser:
    return Browser(home.primary_domain, user=make.officer())


def begin(browser: Browser) -> str:
    answer = browser.post("/kelola/kanal/shopee/sambung/")
    assert answer.status_code == 302
    return answer["Location"]


def agree(link: str) -> str:
    """The seller says yes on Shopee's page; the way back as path and query."""
    answer = httpx.post(link, data={"shop_id": SHOP}, trust_env=False)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def connect(browser: Browser) -> Connection:
    answer = browser.get(agree(begin(browser)))
    assert (answer.status_code, answer["Location"]) == (302, "/kelola/kanal/")
    return Connection.objects.get()


def test_a_shop_is_joined_named_and_left_again(shopee: str, pengurus: Browser, home: Cooperative) -> None:
    link = begin(pengurus)
    back = urlsplit(parse_qs(urlsplit(link).query)["redirect"][0])
    assert (back.hostname, back.path) == (home.primary_domain, "/kelola/kanal/shopee/kembali/")
    joined = connect(pengurus)
    assert (joined.state, joined.external_shop_id) == ("active", str(SHOP))
    assert messages_of(pengurus, "/kelola/kanal/") == [f"{joined.name} terhubung."]
    assert ChannelRoute.objects.get(external_shop_id=str(SHOP)).cooperative == home

    pengurus.post(f"/kelola/kanal/{joined.pk}/putus/")
    joined.refresh_from_db()
    assert (joined.state, joined.sealed_tokens) == ("closed", "")
    assert not ChannelRoute.objects.filter(external_shop_id=str(SHOP)).exists()


def test_the_way_back_serves_only_the_officer_who_began(shopee: str, pengurus: Browser, home: Cooperative) -> None:
    back = agree(begin(pengurus))
    other = Browser(home.primary_domain, user=make.officer(email="lain@kopi.example"))
    other.get(back)
    told = "Sambungan ini tidak dimulai dari sini atau sudah lebih dari 10 menit. Mulai lagi."
    assert messages_of(other, "/kelola/kanal/") == [told]
    assert not Connection.objects.exists()


def test_a_code_that_was_spent_is_told_in_words(shopee: str, pengurus: Browser) -> None:
    back = agree(begin(pengurus))
    pengurus.get(back)
    Connection.objects.all().delete()
    pengurus.get("/kelola/kanal/")
    pengurus.get(back)
    (told,) = messages_of(pengurus, "/kelola/kanal/")
    assert told == "Tautan izin sudah dipakai atau kedaluwarsa. Mulai hubungkan lagi."
    assert not Connection.objects.exists()


def test_a_shop_of_another_cooperative_cannot_be_joined(shopee: str, pengurus: Browser, django_db_setup: None) -> None:
    batik = Cooperative.objects.get(slug="batik-lasem")
    route = ChannelRoute.objects.create(channel="shopee", external_shop_id=str(SHOP), cooperative=batik)
    try:
        pengurus.get(agree(begin(pengurus)))
    finally:
        route.delete()
    assert messages_of(pengurus, "/kelola/kanal/") == ["Toko Shopee ini sudah terhubung dengan koperasi lain."]
    assert not Connection.objects.exists()


def test_a_category_is_found_chosen_and_described(shopee: str, pengurus: Browser) -> None:
    joined = connect(pengurus)
    ours = make.product().category
    page = f"/kelola/kanal/{joined.pk}/kategori/{ours.pk}/"
    found = pengurus.get(f"{page}?q=kopi").context["found"]
    assert all("kopi" in " ".join(one.path).lower() for one in found)
    chosen = found[0]
    form = pengurus.get(f"{page}?pilih={chosen.id}").context["form"]
    values = {name: field.initial or form.initial.get(name, "") for name, field in form.fields.items()}
    answer = pengurus.post(f"{page}?pilih={chosen.id}", values)
    assert (answer.status_code, answer["Location"]) == (302, f"/kelola/kanal/{joined.pk}/kategori/")
    mapped = CategoryMap.objects.get(category=ours)
    assert (mapped.external_id, mapped.external_name) == (chosen.id, " > ".join(chosen.path))


def test_what_the_channel_demands_must_be_filled_in(shopee: str, pengurus: Browser) -> None:
    joined = connect(pengurus)
    ours = make.product(in_category=make.category("Kemeja Batik")).category
    page = f"/kelola/kanal/{joined.pk}/kategori/{ours.pk}/"
    demanding = pengurus.get(page).context["suggested"]
    form = pengurus.get(f"{page}?pilih={demanding.id}").context["form"]
    demanded = [name for name, field in form.fields.items() if field.required]
    assert demanded
    answer = pengurus.post(f"{page}?pilih={demanding.id}", {})
    assert list(answer.context["form"].errors) == demanded
    assert not CategoryMap.objects.exists()


def test_all_categories_are_mapped_with_one_button(shopee: str, pengurus: Browser) -> None:
    joined = connect(pengurus)
    make.product()
    make.product(title="Kemeja", in_category=make.category("Kemeja Batik"))
    pengurus.post(f"/kelola/kanal/{joined.pk}/kategori/")
    rows = pengurus.get(f"/kelola/kanal/{joined.pk}/kategori/").context["categories"]
    assert CategoryMap.objects.count() == 2
    assert all(row.mapped_to for row in rows)


def test_a_channel_that_does_not_answer_is_told_and_breaks_no_page(
    shopee: str, pengurus: Browser, settings: Settings
) -> None:
    joined = connect(pengurus)
    ours = make.product().category
    settings.SHOPEE_API_BASE = "http://127.0.0.1:9"
    answer = pengurus.get(f"/kelola/kanal/{joined.pk}/kategori/{ours.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/kelola/kanal/{joined.pk}/kategori/")
    pengurus.post(f"/kelola/kanal/{joined.pk}/kategori/")
    told = messages_of(pengurus, f"/kelola/kanal/{joined.pk}/kategori/")
    assert told[-2:] == ["Kanal ini sedang tidak dapat dihubungi. Dicoba lagi otomatis."] * 2
    assert not CategoryMap.objects.exists()


def test_the_page_that_connects_lets_its_form_leave_for_shopee_only(world: World) -> None:
    browser = Browser(user=make.officer())
    policy = browser.get("/kelola/kanal/")["Content-Security-Policy"]
    assert "https://partner.shopeemobile.com" in policy
    assert "'unsafe" not in policy
    assert "shopee" not in browser.get("/kelola/")["Content-Security-Policy"]


def test_the_state_of_every_shop_is_shown(world: World) -> None:
    petugas = Browser(user=make.officer(role="petugas"))
    (shop,) = petugas.get("/kelola/kanal/").context["connections"]
    assert (shop.wanted, shop.shown, shop.stuck) == (1, 0, 1)
    assert queries(petugas, "/kelola/kanal/") <= 8
    assert 'method="post"' not in petugas.get("/kelola/kanal/").content.decode()
    assert User.objects.count() == 2
