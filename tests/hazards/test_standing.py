"""H1 to H5, H9, H16, H17: where a connection stands, whatever threads, errors and requests do."""

import re
import sys
import types
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings as django_settings
from django.db import DatabaseError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django_tenants.postgresql_backend import base as stock_backend

from catalog.models import Category
from tenants import checks
from tenants.context import NoCooperative, TenantExecutor, current_cooperative, in_tenant
from tenants.models import Cooperative
from tenants.postgresql import base as own_backend
from tenants.sealing import CrossTenantError
from tests import make

ROOT = Path(__file__).resolve().parent.parent.parent


def where() -> str:
    """What the server itself says."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return cursor.fetchone()[0]


def swallow_an_error_in(other: Cooperative) -> str:
    """A transaction that steps into `other`, meets an error and goes on as if nothing had been. Where are we then?"""
    with transaction.atomic():
        connection.set_tenant(other)
        with connection.cursor() as cursor, suppress(DatabaseError):
            cursor.execute("SELECT 1/0")
    return where()


@pytest.mark.parametrize("limit", [False, True])
def test_h01_after_a_swallowed_error_we_stand_where_we_say(
    limit: bool, own_cooperative: Cooperative, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TENANT_LIMIT_SET_CALLS = limit
    batik = Cooperative.objects.get(slug="batik-lasem")
    with in_tenant(own_cooperative):
        assert where() == own_cooperative.schema_name
        assert swallow_an_error_in(batik) == batik.schema_name
        if limit:  # what it is for: the library's own way reads the rows of the one before
            monkeypatch.setattr(
                own_backend.DatabaseWrapper, "_handle_search_path", stock_backend.DatabaseWrapper._handle_search_path
            )
            connection.set_tenant(own_cooperative)
            assert where() == own_cooperative.schema_name
            assert swallow_an_error_in(batik) == own_cooperative.schema_name


def test_h01_the_setting_that_guesses_is_refused(settings: object) -> None:
    assert checks.search_path_is_never_guessed() == []
    settings.TENANT_LIMIT_SET_CALLS = True
    assert [error.id for error in checks.search_path_is_never_guessed()] == ["tenants.E002"]


def test_h02_the_librarys_own_way_in_which_swaps_threads_is_closed(kopi: Cooperative, batik: Cooperative) -> None:
    with pytest.raises(TypeError, match="in_tenant"), batik:
        pass
    assert where() == kopi.schema_name


def test_h02_two_threads_that_come_and_go_crosswise_keep_their_own(own_cooperative: Cooperative) -> None:
    batik, both = Cooperative.objects.get(slug="batik-lasem"), Barrier(2, timeout=10)

    def stay(cooperative: Cooperative, first: bool) -> list[str]:
        seen = []
        try:
            with in_tenant(cooperative):
                both.wait()
                seen.append(where())
                if first:
                    both.wait()
            if not first:
                both.wait()
            seen.append(where())
        finally:
            connection.close()
        return seen

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.submit(stay, own_cooperative, True), pool.submit(stay, batik, False)
    assert one.result() == [own_cooperative.schema_name, "public"]
    assert two.result() == [batik.schema_name, "public"]


def test_h03_as_a_decorator_it_is_made_anew_for_each_call(kopi: Cooperative, batik: Cooperative) -> None:
    @in_tenant(batik)
    def down(steps: int) -> list[str]:
        return [where(), *(down(steps - 1) if steps else []), where()]

    assert down(3) == [batik.schema_name] * 8
    assert where() == kopi.schema_name


def test_h04_a_thread_of_a_pool_keeps_nothing_of_the_shop_before(own_cooperative: Cooperative) -> None:
    batik = Cooperative.objects.get(slug="batik-lasem")
    with TenantExecutor(1) as pool:
        for cooperative in (own_cooperative, batik):
            with in_tenant(cooperative):
                assert pool.submit(where).result() == cooperative.schema_name
        with pytest.raises(NoCooperative):
            pool.submit(where)
        left_over = ThreadPoolExecutor.submit(pool, lambda: connection.schema_name)
        assert left_over.result() == "public"
        ThreadPoolExecutor.submit(pool, connections.close_all).result()


async def view_of_an_event_loop(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_h05_no_view_is_async_and_one_would_be_refused(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.no_view_is_async() == []
    urls = types.ModuleType("urls_with_an_async_view")
    urls.urlpatterns = [path("x/", view_of_an_event_loop, name="x")]
    monkeypatch.setitem(sys.modules, urls.__name__, urls)
    settings.ROOT_URLCONF = urls.__name__
    assert [error.id for error in checks.no_view_is_async()] == ["tenants.E004"]


@pytest.fixture
def replica(
    own_cooperative: Cooperative, django_db_blocker: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """A second alias of the same server, as a replica is."""
    monkeypatch.setitem(connections.databases, "replica", dict(connections["default"].settings_dict))
    yield "replica"
    connections["replica"].close()
    del connections["replica"]


def test_h09_another_alias_is_read_where_it_stands_with_us_or_not_at_all(
    replica: str, own_cooperative: Cooperative
) -> None:
    batik = Cooperative.objects.get(slug="batik-lasem")
    with in_tenant(own_cooperative):
        make.category("Kopi")
        with pytest.raises(CrossTenantError, match="used in public"):
            Category.objects.using(replica).count()
        connections[replica].set_tenant(batik)  # left over from another request
        for read in (list, lambda rows: rows.count(), lambda rows: rows.update(name="x")):
            with pytest.raises(CrossTenantError, match=f"used in {batik.schema_name}"):
                read(Category.objects.using(replica))
        with pytest.raises(CrossTenantError):
            Category(name="x", slug="x").save(using=replica)
        connections[replica].set_tenant(own_cooperative)
        assert [category.name for category in Category.objects.using(replica)] == ["Kopi"]
    with in_tenant(batik):
        assert Category.objects.count() == 0


@pytest.mark.parametrize("address", ["/healthz", "/readyz", "/known-host?domain=x", "/produk/tidak-ada/"])
@pytest.mark.parametrize("host", ["kopi-gayo.localhost", "tidak-ada.localhost", "localhost"])
def test_h16_after_a_request_the_connection_is_in_public(address: str, host: str, db: None) -> None:
    connection.set_schema_to_public()
    assert Client(HTTP_HOST="kopi-gayo.localhost").get("/").status_code == 200
    Client(HTTP_HOST=host).get(address)
    assert (connection.schema_name, where()) == ("public", "public")


def test_h16_also_after_a_page_that_broke(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        assert current_cooperative().slug == "kopi-gayo"
        raise RuntimeError

    monkeypatch.setattr("storefront.context.shop", broken)
    connection.set_schema_to_public()
    client = Client(HTTP_HOST="kopi-gayo.localhost", raise_request_exception=False)
    with suppress(RuntimeError):  # the error page has the same context
        assert client.get("/produk/tidak-ada/").status_code >= 400
    assert connection.schema_name == "public"


def test_h16_middleware_before_the_choice_of_the_shop_is_refused(settings: object) -> None:
    assert checks.the_cooperative_is_chosen_first() == []
    choose, session = checks.CHOOSES, checks.SESSION
    rest = [each for each in django_settings.MIDDLEWARE if each not in (choose, session)]
    settings.MIDDLEWARE = [session, *rest[:4], choose, *rest[4:]]
    assert {error.id for error in checks.the_cooperative_is_chosen_first()} == {"tenants.E003"}


# What reaches below Django's cursors, where nobody sets the search_path; each may, for the reason given.
BELOW_DJANGO = {
    "tenants/postgresql/base.py": "is what sets it",
    "tenants/checks.py": "asks the server about its sessions, and no table",
    "tenants/snapshot_building.py": "asks for the server's address",
    "tenants/moving.py": "names the schema in every statement",
    "tenants/backup/taking.py": "names the schema in every statement",
}


def test_h17_nobody_else_takes_a_cursor_below_django() -> None:
    reaches = re.compile(r"connections?(\[\S+\])?\.connection\b|psycopg\.connect\(|\.pool\.getconn")
    found = {
        str(file.relative_to(ROOT))
        for file in ROOT.rglob("*.py")
        if not {"tests", "bench", "demo", ".venv", "node_modules", "var", "simulators"} & set(file.parts)
        if reaches.search(file.read_text())
    }
    assert found - BELOW_DJANGO.keys() == set()


def test_h17_why_not(kopi: Cooperative, batik: Cooperative) -> None:
    """The cursor below stands in the shop before: nothing told the server yet."""
    assert where() == kopi.schema_name
    with in_tenant(batik):
        with connection.connection.cursor() as below:
            below.execute("SELECT current_schema()")
            assert below.fetchone() == (kopi.schema_name,)
        assert where() == batik.schema_name
