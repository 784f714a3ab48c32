"""H11, H12, and what leaves the database in other ways: tokens, sessions, caches, locks, exports, log lines."""

import csv
import io
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache, caches
from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.second_factor import Adapter
from backoffice.exporting import csv_response
from coop_shop.celery import app
from inventory import quick
from lib import secrets, signing
from marketplaces import connecting
from members.models import Officer
from payments import gateways, turns
from payments.models import Gateway
from tenants import visiting
from tenants.context import TenantExecutor, in_tenant
from tenants.middleware import SESSION_STAMP
from tenants.models import PUBLIC, Cooperative, Visit
from tests import make
from tests.browsing import BATIK, KOPI, Browser

ROOT = Path(__file__).resolve().parent.parent.parent
# Who signs or seals, and which test here takes it to another shop. A new place is named here with a test of its own.
SIGNS = {
    "marketplaces/connecting.py": "test_a05_consent and test_a05_tokens_of_a_marketplace",
    "inventory/quick.py": "test_a05_the_link_to_a_members_shelf",
    "payments/gateways.py": "test_a05_credentials_of_a_provider",
    "tenants/visiting.py": "test_a05_the_ticket_of_a_visit",
    "accounts/second_factor.py": "test_a05_a_second_factor",
    "members/applying.py": "the platform's own: a code is hashed with the key of its application",
    "lib/signing.py": "is what they use",
    "lib/secrets.py": "is what they use",
}
FORMULAS = [
    "=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "＋1", "－1", "＠x", "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example","klik")', "-2+3+cmd|' /C calc'!A0", "@x", "+62 812 3456", "=", "-", "  @x",
]  # fmt: skip


def test_a05_every_place_that_signs_or_seals_is_tested_here() -> None:
    signs = re.compile(
        r"\bsigning\.(sign|unsign|TimestampSigner|Signer|dumps)\(|\bSafe\(|get_cookie_signer|salted_hmac"
    )
    of_shopee = {"marketplaces/channels/shopee/client.py", "marketplaces/channels/shopee/channel.py"}
    assert _files_with(signs) - of_shopee - SIGNS.keys() == set()


def test_a05_a_signed_value_of_one_shop_is_worthless_in_another_and_on_the_platform(
    kopi: Cooperative, batik: Cooperative
) -> None:
    token = signing.sign({"order": 1}, purpose="order")
    assert signing.unsign(token, purpose="order") == {"order": 1}
    with in_tenant(batik), pytest.raises(signing.BadToken):
        signing.unsign(token, purpose="order")
    with pytest.raises(signing.BadToken):
        signing.unsign(token, purpose="another")
    connection.set_schema_to_public()
    with pytest.raises(signing.BadToken):
        signing.unsign(token, purpose="order")


def test_a05_consent_of_a_marketplace_is_for_the_shop_that_asked(kopi: Cooperative, batik: Cooperative) -> None:
    state = signing.sign({"channel": "shopee", "officer": 7}, purpose=connecting.PURPOSE)
    connecting._check_state(state, "shopee", 7)
    with in_tenant(batik), pytest.raises(connecting.BadState):
        connecting._check_state(state, "shopee", 7)


def test_a05_credentials_of_a_provider_that_were_copied_stay_closed(kopi: Cooperative, batik: Cooperative) -> None:
    keys = {"secret_key": "sk_test_x", "webhook_secret": "whsec_x"}
    mine = gateways.create_gateway(provider="stripe", label="Kartu", secrets=keys)
    assert "sk_test_x" not in mine.sealed
    with in_tenant(batik):
        copied = Gateway.objects.create(pk=mine.pk, provider="stripe", label="Kartu", sealed=mine.sealed)
        with pytest.raises(secrets.CannotOpen):
            gateways.opened(copied)


def test_a05_tokens_of_a_marketplace_that_were_copied_stay_closed(kopi: Cooperative, batik: Cooperative) -> None:
    shop = {"channel": "shopee", "external_shop_id": "1", "name": "x", "connected_at": timezone.now()}
    mine = connecting.Connection.objects.create(**shop)
    grant = connecting.Grant(
        shop_id="1", access_token="rahasia", refresh_token="rahasia", access_seconds=9, refresh_seconds=9
    )
    connecting._save_tokens(mine, grant, timezone.now())
    assert connecting._tokens(mine)["access"] == "rahasia"
    with in_tenant(batik):
        copied = connecting.Connection.objects.create(pk=mine.pk, sealed_tokens=mine.sealed_tokens, **shop)
        with pytest.raises(secrets.CannotOpen):
            connecting._tokens(copied)


def test_a05_the_ticket_of_a_visit_opens_the_shop_that_it_is_for(kopi: Cooperative, batik: Cooperative) -> None:
    now = timezone.now()
    with in_tenant(Cooperative.objects.get(schema_name=PUBLIC)):
        visit = Visit.objects.create(
            cooperative=kopi, reason="Pembeli melapor", minutes=30, asked_by="op@x.example", asked_at=now,
            is_approved=True, decided_by="rekan@x.example", decided_at=now,
        )  # fmt: skip
        token = visiting.ticket(visit=visit, by="op@x.example", now=now)
    assert visiting.of_ticket(token, now=now) == visit
    with in_tenant(batik):
        assert visiting.of_ticket(token, now=now) is None


def test_a05_the_link_to_a_members_shelf_opens_that_shelf_only(kopi: Cooperative, batik: Cooperative) -> None:
    mine = make.member()
    signed = quick.link(mine)
    assert quick.whose(signed) == mine
    with in_tenant(batik):
        make.member(number=mine.number)
        with pytest.raises(quick.LinkIsOver):
            quick.whose(signed)


def test_a05_a_second_factor_is_sealed_for_where_it_was_made(kopi: Cooperative, batik: Cooperative) -> None:
    sealed = Adapter().encrypt("JBSWY3DPEHPK3PXP")
    assert Adapter().decrypt(sealed) == "JBSWY3DPEHPK3PXP"
    with in_tenant(batik), pytest.raises(secrets.CannotOpen):
        Adapter().decrypt(sealed)


def test_a05_the_door_of_a_provider_is_in_its_own_shop_only(kopi: Cooperative, batik: Cooperative) -> None:
    keys = {"secret_key": "sk_test_x", "webhook_secret": "whsec_x"}
    door = f"/hooks/stripe/{gateways.create_gateway(provider='stripe', label='Kartu', secrets=keys).hook_uid}/"
    assert Browser(KOPI).post(door, b"{}", content_type="application/json").status_code == 400
    assert Browser(BATIK).post(door, b"{}", content_type="application/json").status_code == 404


def test_h11_a_session_is_nobodys_in_another_shop_also_when_its_row_is_copied(
    kopi: Cooperative, batik: Cooperative
) -> None:
    chair = make.officer(role=Officer.Role.PENGURUS)
    mine = Browser(KOPI, user=chair)
    assert mine.get("/kelola/").status_code == 200
    data = {**mine.session, SESSION_STAMP: kopi.schema_name}  # as a login leaves it
    with in_tenant(batik):
        User.objects.create(pk=chair.pk, email=chair.email, password=chair.password)
        copied = SessionStore()
        copied.update(data)
        copied.save()
    for key in (mine.cookies["sessionid"].value, copied.session_key):
        there = Browser(BATIK)
        there.cookies["sessionid"] = key
        assert there.get("/kelola/").status_code == 302
        assert not there.is_logged_in


def test_h12_equal_keys_of_two_shops_are_two_entries(kopi: Cooperative, batik: Cooperative) -> None:
    cache.set("beranda", "KOPI")
    with in_tenant(batik):
        assert cache.get("beranda") is None
        cache.set("beranda", "BATIK")
        assert cache.get_many(["beranda"]) == {"beranda": "BATIK"}
        cache.delete("beranda")
    assert cache.get("beranda") == "KOPI"
    assert cache.make_key("x") == f"{kopi.schema_name}::1:x"


# Kept in the process, for all shops alike; what each holds is nobody's.
KEPT_IN_THE_PROCESS = {
    "catalog/facets.py": "a statement of the code, without the name of a schema",
    "catalog/importing/judging.py": "kabupaten by their names",
    "catalog/search.py": "stems of words, as PostgreSQL has them",
    "catalog/spelling.py": "shapes of words",
    "catalog/vocabulary.py": "a statement of the code, without the name of a schema",
    "pages/icons.py": "drawn by what is in the key; a logo's name begins with its cooperative's folder",
    "pages/palette.py": "colours that go with a colour",
    "storefront/context.py": "addresses of the code in the other language",
    "marketplaces/words.py": "words of the code",
    "marketplaces/opening.py": "clients by the installation's settings",
    "marketplaces/pacing.py": "a connection to Redis",
    "pages/share_image.py": "a font of the code",
    "tenants/versions.py": "migrations of the code",
    "tenants/resolving.py": "a DNS resolver by settings",
    "tenants/turns.py": "a connection to Redis",
    "tenants/backup/places.py": "a client by settings",
    "tenants/snapshot.py": "a file of the code",
    "tenants/leaving/fields.py": "a file of the code",
}


def test_h12_what_a_process_keeps_is_nobodys() -> None:
    keeps = re.compile(r"^\s*@(functools\.)?(lru_)?cache\b|\{% cache ", re.MULTILINE)
    files = [*ROOT.glob("templates/**/*.html"), *(file for file in ROOT.rglob("*.py") if _is_product(file))]
    found = {str(file.relative_to(ROOT)) for file in files if keeps.search(file.read_text())}
    assert found - KEPT_IN_THE_PROCESS.keys() == set(), "say what it holds, or use django.core.cache"


def test_a07_the_cache_for_all_is_used_with_the_schema_in_the_key_or_not_at_all() -> None:
    # Its keys name the schema: `fresh:<schema>` and the key of a page (storefront/page_cache.py:_key); a page of one
    # shop asked for at the other is in storefront/tests/test_page_cache.py.
    assert _files_with(re.compile(r"caches\[.shared.\]")) == {"tenants/freshness.py"}
    assert "{cooperative.schema_name}" in (ROOT / "storefront/page_cache.py").read_text()
    assert set(caches) == {"default", "shared"}


def test_p05_a_lock_of_one_shop_does_not_hold_up_another(own_cooperative: Cooperative) -> None:
    batik = Cooperative.objects.get(slug="batik-lasem")

    def take(cooperative: Cooperative) -> bool:
        try:
            with in_tenant(cooperative):
                key = f"{connection.schema_name}|payment|42"
                return turns._call("pg_try_advisory_lock", key)
        finally:
            connection.close()

    with in_tenant(own_cooperative), turns.alone(42), ThreadPoolExecutor(1) as pool:
        assert pool.submit(take, own_cooperative).result() is False
        assert pool.submit(take, batik).result() is True


def test_p05_every_advisory_lock_names_the_schema_or_is_the_platforms() -> None:
    of_shops = {"payments/turns.py", "marketplaces/connecting.py"}
    of_the_platform = {"tenants/provisioning.py", "tenants/migrating_public.py", "tenants/moving.py"}
    found = _files_with(re.compile("pg_(try_)?advisory"))
    assert found == of_shops | of_the_platform
    for name in of_shops:
        assert "schema_name}" in (ROOT / name).read_text()


@pytest.mark.parametrize("cell", FORMULAS)
def test_a20_no_spreadsheet_runs_a_cell(cell: str) -> None:
    answer = csv_response(filename="x.csv", head=["a", "b"], rows=[[cell, 1]])
    (_, row) = csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert row == [f"'{cell}", "1"]


@pytest.mark.parametrize("cell", ["Kopi", "a=b", "62812", "Jl. Mawar - 5", 5, -5, None])
def test_a20_and_what_is_none_stays_as_it_is(cell: object) -> None:
    answer = csv_response(filename="x.csv", head=["a"], rows=[[cell]])
    assert answer.content.decode("utf-8-sig").splitlines()[1].strip('"') == ("" if cell is None else str(cell))


def test_a20_an_export_has_the_orders_of_its_own_shop(kopi: Cooperative, batik: Cooperative) -> None:
    for cooperative in (batik, kopi):
        with in_tenant(cooperative):
            make.order(name=f"=HYPERLINK({cooperative.slug})")
    text = Browser(KOPI, user=make.officer()).get("/kelola/pesanan/ekspor.csv").content.decode()
    assert "'=HYPERLINK(kopi-gayo)" in text
    assert "batik" not in text


def test_a40_a_log_line_names_the_shop_also_in_threads(
    own_cooperative: Cooperative, caplog: pytest.LogCaptureFixture
) -> None:
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    console = next(each for each in logging.getLogger().handlers if each.filters)
    handler.setFormatter(console.formatter)
    for each in console.filters:
        handler.addFilter(each)
    log = logging.getLogger("tests.hazards")
    log.addHandler(handler)
    with in_tenant(own_cooperative), TenantExecutor(1) as pool:
        pool.submit(log.warning, "dari utas").result()
    log.warning("dari luar")
    log.removeHandler(handler)
    inside, outside = lines.getvalue().splitlines()
    assert f"[{own_cooperative.schema_name}]" in inside
    assert "[public]" in outside


def test_a41_nothing_that_comes_from_outside_is_unpickled(settings: object) -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"
    assert not hasattr(settings, "SESSION_SERIALIZER") or "JSON" in settings.SESSION_SERIALIZER
    reads = re.compile(r"\bpickle\.loads?\(|\bmarshal\.loads?\(|yaml\.(unsafe_)?load\(|(?<![.\w])(eval|exec)\(")
    assert _files_with(reads) == set()


def _files_with(what: re.Pattern[str]) -> set[str]:
    product = (file for file in ROOT.rglob("*.py") if _is_product(file))
    return {str(file.relative_to(ROOT)) for file in product if what.search(file.read_text())}


def _is_product(file: Path) -> bool:
    away = {"tests", "bench", "demo", ".venv", "node_modules", "var", "simulators", "migrations"}
    return not away & set(file.relative_to(ROOT).parts) and file.name != "conftest.py"
