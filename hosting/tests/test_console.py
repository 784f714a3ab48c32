"""The console shows figures and names of cooperatives, and nothing of what is inside them; its cost does not grow."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from coop_shop import pulsing
from hosting.admin import console as site
from hosting.console import dashboard
from hosting.console.health import kinds
from inventory.models import Stock
from lib.codes import link_token
from marketplaces.models import Connection, Listing
from members.models import Officer
from notifications import writing
from payments import gateways
from tenants import pulse, switches, versions, visiting
from tenants.context import in_tenant
from tenants.models import Application, Backup, Cooperative, Domain, DomainClaim, Due, Pulse, Switch, Visit
from tests import make
from tests.browsing import Browser

CANARY = "KANARI"


@pytest.fixture
def full_shop(kopi: Cooperative) -> Cooperative:
    """Something of everything, with the canary in every text that the schema takes."""
    seller = make.member(name=f"Anggota {CANARY}", number=f"{CANARY}-1", email=f"{CANARY}@anggota.example".lower())
    variant = make.variant(
        title=f"Kopi {CANARY}", sku=f"{CANARY}-SKU", seller=seller, in_category=make.category(CANARY)
    )
    order = make.order(
        cart={variant.pk: 1},
        name=f"Pembeli {CANARY}",
        address=f"Jalan {CANARY}",
        email=f"{CANARY}@beli.example".lower(),
    )
    make.officer(role=Officer.Role.PENGURUS, email=f"{CANARY}@urus.example".lower())
    gateways.create_gateway(
        provider="transfer",
        label=f"Bank {CANARY}",
        settings={"bank": CANARY, "account_number": "0102030405", "account_holder": CANARY},
    )
    shop = Connection.objects.create(
        channel="shopee", external_shop_id="777001", name=f"Toko {CANARY}", connected_at=make.NOW, last_error=CANARY
    )
    Listing.objects.create(connection=shop, product=variant.product, last_error=CANARY, needs_person=True)
    writing.write(key=f"{CANARY}:{order.code}", to="x@beli.example", subject=CANARY, body=CANARY, now=make.NOW)
    pulsing.beat(now=timezone.now())
    pulsing.check(now=timezone.now())
    return kopi


@pytest.fixture
def rows(full_shop: Cooperative, operator: User, platform_itself: Cooperative) -> Iterator[None]:
    """One row in every list of the console, standing where the platform stands."""
    now = timezone.now()
    with in_tenant(platform_itself):
        many(1, full_shop, operator, now)
        yield


def many(count: int, shop: Cooperative, operator: User, now: datetime) -> None:
    """So many rows in every list."""
    tag = link_token()[:6].lower().replace("_", "a").replace("-", "b")
    for number in range(count):
        slug = f"baru-{tag}-{number}"
        new = Cooperative.objects.create(slug=slug, name=f"Koperasi {slug}", schema_version=versions.of_code())
        Pulse.objects.create(cooperative=new, at=now, lag_s=5)
        Domain.objects.create(domain=f"{slug}.localhost", tenant=new)
        DomainClaim.objects.create(cooperative=new, domain=f"{slug}.example", token="t")
        Backup.objects.create(cooperative=new, kind="nightly", name=slug, began_at=now, proven_at=now)
        Due.objects.create(cooperative=new, kind="push", at=now)
        Application.objects.create(name=slug, slug=slug, contact_name="R", email="r@x.example", created_at=now)
        visiting.ask(cooperative=new, reason="alasan yang cukup panjang", minutes=5, by="r@x.example", now=now)
        User.objects.create_superuser(f"{slug}@platform.example")
        LogEntry.objects.log_actions(
            user_id=operator.pk, queryset=[new], action_flag=2, change_message="x", single_object=True
        )


def lists() -> list[str]:
    return [f"/operator/{model._meta.app_label}/{model._meta.model_name}/" for model in site._registry]


def addresses() -> list[str]:
    """Every page that the console has for what there is."""
    found = ["/operator/", "/operator/search/?s=kopi", *lists()]
    for model, admin in site._registry.items():
        for row in admin.get_queryset(None)[:5]:
            base = f"/operator/{model._meta.app_label}/{model._meta.model_name}/{row.pk}"
            found += [f"{base}/change/", f"{base}/history/"]
            found += [f"{base}/step/{step.name}/" for step in getattr(admin, "steps", ())]
    return [*found, "/operator/tenants/visit/add/", "/operator/hosting/operator/add/"]


def test_no_page_of_the_console_shows_anything_of_a_cooperatives_schema(rows: None, console: Browser) -> None:
    seen = 0
    for address in addresses():
        page = console.get(address)
        assert page.status_code in (200, 404), (address, page.status_code)
        seen += page.status_code == 200
        assert CANARY.lower() not in page.content.decode().lower(), address
    assert seen > 40
    for model, admin in site._registry.items():
        assert model._meta.app_label in ("tenants", "hosting", "admin"), admin


def test_a_list_costs_the_same_with_one_row_and_with_thirty(
    rows: None, console: Browser, operator: User, full_shop: Cooperative
) -> None:
    costs = [{address: queries(console, address) for address in ["/operator/", *lists()]} for _ in range(2)][1]
    many(30, full_shop, operator, timezone.now())
    assert {address: queries(console, address) for address in costs} == costs
    assert max(costs.values()) <= 25


def queries(console: Browser, address: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert console.get(address).status_code == 200, address
    return len(asked)


def test_every_list_has_pages_of_fifty(rows: None, console: Browser, operator: User, full_shop: Cooperative) -> None:
    many(55, full_shop, operator, timezone.now())
    for address in lists():
        shown = console.get(address).context["cl"]
        if "switch" not in address:  # as many as the settings name
            assert (len(shown.result_list), shown.paginator.num_pages) == (50, 2), address


def test_the_first_page_counts_what_matters(platform_itself: Cooperative, console: Browser, batik: Cooperative) -> None:
    now = timezone.now()
    Cooperative.objects.shops().update(created_at=now - timedelta(days=3), state_since=now - timedelta(hours=2))
    Pulse.objects.create(cooperative=batik, at=now, lag_s=1000, failures=2, drift=3, broken=1)
    Cooperative.objects.filter(pk=batik.pk).update(schema_version="0001-abc")
    Application.objects.create(
        name="A", slug="a-b-c", contact_name="R", email="r@x.example", state="waiting", created_at=now
    )
    Backup.objects.create(
        cooperative=batik, kind="nightly", name="b", began_at=now, ended_at=now, proof_error="differs"
    )
    page = console.get("/operator/")
    shown = {str(each.name): (each.value, each.needs_somebody) for each in page.context["figures"]}
    assert shown == {
        "toko buka": (2, False),
        "permohonan menunggu": (1, True),
        "antrean terlama (detik)": (1000, True),
        "koperasi dengan kegagalan": (1, True),
        "koperasi dengan selisih kanal": (1, False),
        "koperasi dengan invarian rusak": (1, True),
        "toko tanpa kabar satu jam": (1, True),  # kopi-gayo has never said anything
        "skema tertinggal dari kode": (1, True),
        "tanpa cadangan 36 jam": (1, True),
        "cadangan gagal": (1, True),
    }
    html = page.content.decode()
    assert html.count("perlu dilihat") == 8
    assert html.count("<rect ") == dashboard.DAYS


def test_bars_fill_their_picture() -> None:
    drawn = dashboard.bars([("01-11", 0), ("02-11", 5), ("03-11", 10)], width=300, height=100)
    assert [(bar.x, bar.y, bar.width, bar.height) for bar in drawn] == [
        (1, 99, 98, 1),
        (101, 50, 98, 50),
        (201, 0, 98, 100),
    ]
    assert [bar.height for bar in dashboard.bars([("01-11", 0)])] == [1]


def test_a_pulse_says_how_a_shop_is_doing(full_shop: Cooperative) -> None:
    now = timezone.now()
    Due.objects.filter(cooperative=full_shop).delete()
    Due.objects.create(cooperative=full_shop, kind="push", at=now - timedelta(seconds=90), attempts=3)
    pulsing.beat(now=now)
    said = Pulse.objects.get(cooperative=full_shop)
    assert (said.lag_s, said.failures, said.drift, said.broken) == (90, 1, 1, 0)
    assert said.database_bytes > 1_000_000
    assert said.at == now


@pytest.mark.breaks("I2")
def test_the_nightly_look_counts_what_is_broken_and_the_files(
    full_shop: Cooperative, tmp_path: object, settings: object
) -> None:
    settings.MEDIA_ROOT = tmp_path
    folder = tmp_path / full_shop.uid.hex / "products"
    folder.mkdir(parents=True)
    (folder / "a.webp").write_bytes(b"x" * 1000)
    (folder.parent / "b.webp").write_bytes(b"x" * 24)
    Stock.objects.filter(variant=make.variant(sku="RUSAK")).update(reserved=1)
    pulsing.check(now=timezone.now())
    said = Pulse.objects.get(cooperative=full_shop)
    assert (said.broken, said.file_bytes) == (1, 1024)


def test_every_living_cooperative_is_heard_by_the_clock(kopi: Cooperative, now: datetime) -> None:
    pulse.set_clock(now=now)
    orders = Due.objects.filter(cooperative=kopi, kind__in=pulse.EVERY).values_list("kind", "every")
    assert dict(orders) == {"pulse": 900, "verify": 86_400}


def test_waiting_work_is_counted_by_kind(kopi: Cooperative, batik: Cooperative) -> None:
    Due.objects.all().delete()
    at = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
    for shop, kind, minutes in ((kopi, "push", 0), (kopi, "push", 5), (batik, "push", 9), (batik, "pull", 3)):
        Due.objects.create(cooperative=shop, kind=kind, at=at + timedelta(minutes=minutes))
    Due.objects.create(cooperative=kopi, kind="reconcile", at=at + timedelta(days=1))
    assert kinds(now=at + timedelta(hours=1)) == [
        {"kind": "push", "waiting": 3, "shops": 2, "since": at},
        {"kind": "pull", "waiting": 1, "shops": 1, "since": at + timedelta(minutes=3)},
    ]


def test_an_operator_turns_a_switch_for_one_cooperative(
    console: Browser, platform_itself: Cooperative, batik: Cooperative
) -> None:
    kopi = Cooperative.objects.get(slug="kopi-gayo")
    assert switches.is_on("own_domains", batik)  # as it starts
    assert console.get("/operator/tenants/switch/").status_code == 200
    switch = Switch.objects.get(name="own_domains")
    said = {"cooperatives": [batik.pk]}
    assert console.post(f"/operator/tenants/switch/{switch.pk}/change/", said).status_code == 302
    assert [switches.is_on("own_domains", shop) for shop in (batik, kopi, None)] == [True, False, False]
    assert LogEntry.objects.get().object_repr == "own_domains"
    with pytest.raises(switches.SwitchUnknown):
        switches.is_on("own_domain", batik)


def test_applications_are_decided_in_the_console(console: Browser, platform_itself: Cooperative) -> None:
    def waiting(slug: str) -> Application:
        return Application.objects.create(
            name="Koperasi Tenun",
            slug=slug,
            contact_name="R",
            email="r@x.example",
            state="waiting",
            created_at=make.NOW,
        )

    first, second = waiting("tenun-sumba"), waiting("tenun-lain")
    step = "/operator/tenants/application/{}/step/{}/"
    assert console.get(step.format(first.pk, "approve")).context["form"]["slug"].value() == "tenun-sumba"
    refused = console.post(step.format(first.pk, "approve"), {"slug": "admin"})
    assert (refused.status_code, Cooperative.objects.shops().count()) == (422, 2)
    assert console.post(step.format(first.pk, "approve"), {"slug": "tenun-sumba"}).status_code == 302
    assert console.post(step.format(first.pk, "approve"), {"slug": "tenun-sumba"}).status_code == 404
    assert console.post(step.format(second.pk, "refuse"), {"reason": "Belum ada NIB."}).status_code == 302
    assert "Belum ada NIB." in mail.outbox[-1].body
    for row in (first, second):
        row.refresh_from_db()
    assert (first.state, first.decided_by, second.state) == ("approved", "op@platform.example", "refused")
    assert list(LogEntry.objects.order_by("pk").values_list("change_message", flat=True)) == [
        "approve",
        "refuse: Belum ada NIB.",
    ]


def test_an_operator_makes_and_dismisses_another(
    console: Browser, colleague: User, sit_down: Callable[[User], Browser], platform_itself: Cooperative
) -> None:
    theirs = sit_down(colleague)
    assert theirs.get("/operator/").status_code == 200
    console.post("/operator/hosting/operator/add/", {"email": "Baru@platform.example", "name": "Baru"})
    assert User.objects.get(email="baru@platform.example").is_operator
    own = User.objects.get(email="op@platform.example")
    step = "/operator/hosting/operator/{}/step/{}/"
    assert console.post(step.format(own.pk, "dismiss"), {"reason": "x"}).status_code == 404
    assert console.post(step.format(colleague.pk, "dismiss"), {"reason": "Pindah kerja"}).status_code == 302
    assert theirs.get("/operator/").status_code == 302
    assert console.post(step.format(colleague.pk, "readmit"), {"reason": "Kembali"}).status_code == 302
    assert LogEntry.objects.count() == 3


def test_what_an_operator_did_cannot_be_removed(rows: None, console: Browser) -> None:
    entry, visit = LogEntry.objects.first(), Visit.objects.first()
    for address in (f"admin/logentry/{entry.pk}", f"tenants/visit/{visit.pk}"):
        assert console.post(f"/operator/{address}/delete/", {"post": "yes"}).status_code == 403
        assert console.post(f"/operator/{address}/change/", {"reason": "lain"}).status_code == 403
    assert LogEntry.objects.filter(pk=entry.pk).exists()
    assert Visit.objects.get(pk=visit.pk).reason == visit.reason


@pytest.mark.parametrize(
    ("switch", "page", "button", "action"),
    [
        ("shopee", "/kelola/kanal/", "Hubungkan Shopee", "/kelola/kanal/shopee/sambung/"),
        ("own_domains", "/kelola/alamat/", "Tambah domain", "/kelola/alamat/tambah/"),
    ],
)
def test_what_is_turned_off_for_a_cooperative_is_not_offered_to_it(
    kopi: Cooperative, batik: Cooperative, switch: str, page: str, button: str, action: str
) -> None:
    officer = Browser(user=make.officer(role=Officer.Role.PENGURUS))
    assert button in officer.get(page).content.decode()
    switches.make_known()
    turned = Switch.objects.get(name=switch)
    Switch.objects.filter(pk=turned.pk).update(is_on=False)
    turned.cooperatives.add(batik)
    assert button not in officer.get(page).content.decode()
    assert officer.post(action, {"domain": "toko.example"}).status_code == 404
    assert not DomainClaim.objects.exists()
    turned.cooperatives.add(kopi)
    assert button in officer.get(page).content.decode()
