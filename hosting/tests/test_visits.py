"""A visit of an operator, seen from both sides: two people, one link, no writing, everything logged."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, InternalError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from backoffice.tests.conftest import World
from backoffice.tests.test_access import RIGHTS, addresses, fingerprint
from catalog.models import Product
from hosting.tasks import end_visits
from lib import http, signing
from members.models import Member, Officer, VisitEntry
from notifications.models import Message
from orders.models import Order
from tenants import visiting
from tenants.context import in_tenant
from tenants.models import Cooperative, Visit
from tests import make
from tests.browsing import BATIK, KOPI, Browser

REASON = "Pengurus melapor: stok kopi di Shopee tidak turun"


@pytest.fixture
def theirs(colleague: User, sit_down: Callable[[User], Browser]) -> Browser:
    return sit_down(colleague)


@pytest.fixture
def shop(kopi: Cooperative) -> Cooperative:
    """With an order of a buyer, and officers of three kinds."""
    make.order(cart={make.variant(title="Kopi KANARI").pk: 1}, name="Pembeli KANARI")
    for role in (Officer.Role.PENGURUS, Officer.Role.PENGAWAS, Officer.Role.PETUGAS):
        make.officer(role=role)
    return kopi


@pytest.fixture
def visit(db: None, operator: User, colleague: User, kopi: Cooperative) -> Visit:
    """Asked for and consented to, not begun."""
    now = timezone.now()
    asked = visiting.ask(cooperative=kopi, reason=REASON, minutes=30, by=operator.email, now=now)
    return visiting.decide(visit_id=asked.pk, by=colleague.email, is_approved=True, now=now)


@pytest.fixture
def visitor(shop: Cooperative, visit: Visit) -> Iterator[Browser]:
    """A browser that has begun the visit."""
    browser = Browser(KOPI)
    with in_tenant(shop):
        token = visiting.ticket(visit=visit, by=visit.asked_by, now=timezone.now())
    assert browser.post(f"/kunjungan/mulai/?t={token}").status_code == 302
    return browser


# what pengawas reads and a visitor gets otherwise: a file to keep, and the way into the shop as it will look
FOR_KEEPING = ("orders_export", "products_export", "document_file", "product_poster", "shop_poster", "review_photo")
READ_ELSEWISE = {**dict.fromkeys(FOR_KEEPING, 403), "preview": 302}


def step(visit: Visit, name: str) -> str:
    return f"/operator/tenants/visit/{visit.pk}/step/{name}/"


def pages_read() -> list[str]:
    return list(VisitEntry.objects.filter(kind="page").order_by("pk").values_list("path", flat=True))


def test_a_whole_visit_from_both_sides(console: Browser, theirs: Browser, shop: Cooperative) -> None:
    asked = {"cooperative": shop.pk, "reason": REASON, "minutes": 30}
    assert console.post("/operator/tenants/visit/add/", asked).status_code == 302
    visit = Visit.objects.get()
    for name in ("approve", "enter"):
        assert console.post(step(visit, name)).status_code == 404  # not by oneself, not before consent
    assert theirs.post(step(visit, "approve")).status_code == 302
    assert theirs.post(step(visit, "enter")).status_code == 404  # who consents does not enter
    link = console.post(step(visit, "enter"))["Location"]
    assert link.startswith("http://kopi-gayo.localhost:8000/kunjungan/mulai/?t=")
    path = link.removeprefix("http://kopi-gayo.localhost:8000")

    browser = Browser(KOPI)
    door = browser.get(path)
    assert REASON in door.content.decode()
    assert not VisitEntry.objects.exists()  # looking at the door begins nothing
    assert browser.post(path)["Location"] == "/kelola/"
    home = browser.get("/kelola/").content.decode()
    assert "Kunjungan operator: hanya melihat." in home
    assert "Sisa 30 menit" in home
    assert "Kopi KANARI" in browser.get("/kelola/produk/").content.decode()
    assert browser.post("/kunjungan/selesai/").status_code == 200
    assert browser.get("/kelola/produk/")["Location"].startswith("/akun/masuk/")

    pengurus = Browser(KOPI, user=User.objects.get(officer__role="pengurus"))
    read = pengurus.get("/kelola/kunjungan/").content.decode()
    for said in (REASON, "op@platform.example", "rekan@platform.example", "/kelola/produk/"):
        assert said in read
    kinds = VisitEntry.objects.order_by("pk").values_list("kind", "path", "operator", "approved_by")
    people = ("op@platform.example", "rekan@platform.example")
    assert list(kinds) == [
        ("began", "", *people),
        ("page", "/kelola/", *people),
        ("page", "/kelola/produk/", *people),
        ("ended", "", *people),
    ]
    (letter,) = Message.objects.filter(key__startswith="visit:")
    assert letter.to == "pengurus@kopi.example"
    assert REASON in letter.body
    with in_tenant(Cooperative.objects.get(schema_name="public")):
        done = list(LogEntry.objects.order_by("pk").values_list("user__email", "change_message"))
    assert [said for _, said in done[1:]] == ["approve", "enter"]
    assert {who for who, _ in done} == set(people)


def test_the_link_works_once_in_its_own_shop_and_not_for_long(
    shop: Cooperative, batik: Cooperative, visit: Visit
) -> None:
    token = visiting.ticket(visit=visit, by=visit.asked_by, now=timezone.now())
    path = f"/kunjungan/mulai/?t={token}"
    for other in (Browser(BATIK).post(path), Browser(KOPI).post(f"{path}x"), Browser(KOPI).post("/kunjungan/mulai/")):
        assert other.status_code == 403
    assert Browser(KOPI).post(path).status_code == 302
    assert Browser(KOPI).post(path).status_code == 403
    assert VisitEntry.objects.filter(kind="began").count() == 1


def test_a_link_that_lay_around_opens_nothing(shop: Cooperative, visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    token = visiting.ticket(visit=visit, by=visit.asked_by, now=timezone.now())
    monkeypatch.setattr(visiting, "LINK_SECONDS", -1)
    assert Browser(KOPI).post(f"/kunjungan/mulai/?t={token}").status_code == 403
    assert not VisitEntry.objects.exists()


def test_consent_is_for_four_hours(shop: Cooperative, visit: Visit) -> None:
    later = timezone.now() + timedelta(hours=4, seconds=5)
    with pytest.raises(visiting.NotWaiting):
        visiting.ticket(visit=visit, by=visit.asked_by, now=later)
    assert not visiting.begin(visit=visit, now=later)
    assert Visit.objects.get().began_at is None


def test_two_people_are_needed_whatever_the_code_says(visit: Visit, kopi: Cooperative, operator: User) -> None:
    alone = visiting.ask(cooperative=kopi, reason=REASON, minutes=5, by=operator.email, now=timezone.now())
    with pytest.raises(visiting.NeedsAnother):
        visiting.decide(visit_id=alone.pk, by=operator.email, is_approved=True, now=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=alone.pk).update(is_approved=True, decided_by=operator.email)
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.filter(pk=alone.pk).update(began_at=timezone.now())
    assert not Visit.objects.filter(pk=alone.pk, is_approved=True).exists()


@pytest.mark.parametrize(
    ("reason", "minutes"), [("terlalu singkat", 30), (" x " * 15, 30), (REASON, 4), (REASON, 61), ("", 30)]
)
def test_a_reason_and_a_bound_are_demanded(console: Browser, kopi: Cooperative, reason: str, minutes: int) -> None:
    asked = {"cooperative": kopi.pk, "reason": reason, "minutes": minutes}
    if reason.split() == ["x"] * 15:
        with pytest.raises(visiting.ReasonTooShort):
            visiting.ask(cooperative=kopi, reason="x" + " " * 30, minutes=30, by="a@b.example", now=timezone.now())
    else:
        assert console.post("/operator/tenants/visit/add/", asked).status_code == 200
    assert not Visit.objects.exists()


def test_nothing_can_be_written_in_a_visit(visitor: Browser, shop: Cooperative) -> None:
    order, product = Order.objects.get(), Product.objects.get()
    before = fingerprint()
    for path in (
        f"/kelola/pesanan/{order.code}/batal/",
        f"/kelola/produk/{product.pk}/",
        "/kelola/pembayaran/cara/transfer/",
        "/keranjang/tambah/",
        "/akun/masuk/",
        "/kelola/",
    ):
        answer = visitor.post(path, {"reason": "x", "title": "Lain", "v": 1, "quantity": 1, "email": "a@b.example"})
        assert answer.status_code == 403, path
    assert fingerprint() == before


def test_a_visit_has_no_right_to_write_even_when_a_method_slips_through(
    visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backoffice.visiting.READING", frozenset({"GET", "POST"}))
    order = Order.objects.get()
    assert visitor.post(f"/kelola/pesanan/{order.code}/batal/", {"reason": "x"}).status_code == 404
    assert visitor.post("/kelola/pesanan/").status_code == 404  # a right to read is none to send
    order.refresh_from_db()
    assert order.state == "awaiting_payment"
    assert visitor.get(f"/kelola/pesanan/{order.code}/").context["request"].allowed == {
        "enter", "see_orders", "see_products", "see_money", "see_channels", "see_members",
    }  # fmt: skip


def test_postgresql_refuses_a_page_that_writes(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def tasks(allowed: set[str]) -> list[object]:
        try:
            Member.objects.create(number="X-1", name="Tidak boleh", joined_date="2026-01-01")
        except InternalError as error:
            tried.append(str(error))
            raise
        return []

    monkeypatch.setattr("backoffice.todo.tasks", tasks)
    answer = visitor.get("/kelola/")
    assert answer.status_code == 403
    assert "tidak ada yang bisa diubah" in answer.content.decode()
    assert "read-only transaction" in tried[0]
    assert not Member.objects.filter(number="X-1").exists()
    assert pages_read() == ["/kelola/"]  # the attempt stands in the log
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("off",)


def test_a_page_that_cannot_be_logged_is_not_shown(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**_: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr("members.visiting.record_page", fails)
    with pytest.raises(RuntimeError, match="disk full"):
        visitor.get("/kelola/pesanan/")


def test_exports_and_files_to_keep_are_refused(visitor: Browser) -> None:
    answer = visitor.get("/kelola/pesanan/ekspor.csv")
    assert answer.status_code == 403
    assert b"Pembeli KANARI" not in answer.content
    assert pages_read() == ["/kelola/pesanan/ekspor.csv"]


def test_every_page_carries_the_banner_and_stands_in_the_log(visitor: Browser) -> None:
    order = Order.objects.get()
    paths = ["/kelola/", "/kelola/pesanan/?q=KANARI", f"/kelola/pesanan/{order.code}/", "/kelola/anggota/", "/",
             "/en/kelola/produk/", "/kelola/pembayaran/cara/", "/kelola/kanal/", "/tidak-ada/"]  # fmt: skip
    for path in paths:
        page = visitor.get(path)
        assert page.status_code == (404 if path == "/tidak-ada/" else 200), path
        assert 'action="/kunjungan/selesai/"' in page.content.decode().replace("/en/", "/"), path
    assert pages_read() == paths


def test_what_operators_looked_at_is_for_pengurus_and_pengawas(visitor: Browser, shop: Cooperative) -> None:
    assert visitor.get("/kelola/kunjungan/").status_code == 404
    statuses = {
        role: Browser(KOPI, user=User.objects.get(officer__role=role)).get("/kelola/kunjungan/").status_code
        for role in ("pengurus", "pengawas", "petugas")
    }
    assert statuses == {"pengurus": 200, "pengawas": 200, "petugas": 404}


def test_when_the_time_is_up_the_next_request_finds_nothing(visitor: Browser, visit: Visit, shop: Cooperative) -> None:
    assert visitor.get("/kelola/").status_code == 200
    now = timezone.now()
    Visit.objects.filter(pk=visit.pk).update(began_at=now - timedelta(minutes=31), ends_at=now - timedelta(minutes=1))
    over = visitor.get("/kelola/pesanan/")
    assert over.status_code == 403
    assert "sudah berakhir" in over.content.decode()
    assert visitor.get("/kelola/pesanan/").status_code == 302
    assert pages_read() == ["/kelola/"]
    for _ in range(2):  # the second time there is nothing to end
        with in_tenant(shop):
            end_visits()
        visit.refresh_from_db()
        assert visit.ended_at == visit.ends_at
        with in_tenant(shop):
            assert list(VisitEntry.objects.filter(kind="ended").values_list("at", flat=True)) == [visit.ends_at]


def test_any_operator_ends_a_visit_at_once(visitor: Browser, visit: Visit, theirs: Browser) -> None:
    assert visitor.get("/kelola/").status_code == 200
    assert theirs.post(step(visit, "end")).status_code == 302
    assert visitor.get("/kelola/pesanan/").status_code == 403
    assert [entry.kind for entry in VisitEntry.objects.order_by("pk")] == ["began", "page", "ended"]
    assert theirs.post(step(visit, "end")).status_code == 404


def test_an_operator_who_is_dismissed_is_out_of_the_shop_too(
    visitor: Browser, visit: Visit, theirs: Browser, operator: User
) -> None:
    assert visitor.get("/kelola/").status_code == 200
    theirs.post(f"/operator/hosting/operator/{operator.pk}/step/dismiss/", {"reason": "Pindah kerja"})
    assert visitor.get("/kelola/pesanan/").status_code == 403
    assert [entry.kind for entry in VisitEntry.objects.order_by("pk")] == ["began", "page", "ended"]


def test_a_visit_in_one_shop_is_none_in_another(visitor: Browser, batik: Cooperative) -> None:
    there = Browser(BATIK)
    there.cookies["sessionid"] = visitor.cookies["sessionid"].value
    assert there.get("/kelola/").status_code == 302
    del there.cookies["sessionid"]
    with in_tenant(batik):
        session = there.session
        session["visit"] = Visit.objects.get().pk
        session.save()
    assert there.get("/kelola/pesanan/").status_code == 403
    with in_tenant(batik):
        assert not VisitEntry.objects.exists()


def test_nobody_else_gets_a_ticket(visit: Visit, colleague: User, kopi: Cooperative) -> None:
    with pytest.raises(visiting.NotWaiting):
        visiting.ticket(visit=visit, by=colleague.email, now=timezone.now())
    forged = signing.sign(visit.pk, purpose="something else")
    assert visiting.of_ticket(forged, now=timezone.now()) is None


def test_a_refused_visit_never_begins(theirs: Browser, operator: User, kopi: Cooperative) -> None:
    asked = visiting.ask(cooperative=kopi, reason=REASON, minutes=30, by=operator.email, now=timezone.now())
    assert theirs.post(step(asked, "refuse"), {"reason": "Tanyakan dulu ke pengurus"}).status_code == 302
    with pytest.raises(visiting.NotWaiting):
        visiting.ticket(visit=asked, by=operator.email, now=timezone.now())
    assert theirs.post(step(asked, "approve")).status_code == 404


def test_an_officer_who_follows_the_link_is_asked_first(shop: Cooperative, visit: Visit) -> None:
    token = visiting.ticket(visit=visit, by=visit.asked_by, now=timezone.now())
    browser = Browser(KOPI, user=User.objects.get(officer__role="petugas"))
    browser.get(f"{reverse('visiting:begin', urlconf='coop_shop.urls')}?t={token}")
    assert browser.is_logged_in
    browser.post(f"/kunjungan/mulai/?t={token}")
    assert not browser.is_logged_in  # nobody is on a visit and an officer at once


def test_every_page_of_the_back_office_is_read_as_pengawas_reads_it_and_nothing_changes(
    world: World, visit: Visit, kopi: Cooperative
) -> None:
    for role in (Officer.Role.PENGURUS, Officer.Role.PENGAWAS):
        make.officer(role=role)
    visitor = Browser(KOPI)
    token = visiting.ticket(visit=visit, by=visit.asked_by, now=timezone.now())
    visitor.post(f"/kunjungan/mulai/?t={token}")
    before = fingerprint()
    for name, address in addresses(world):
        if name == "channel_category":
            continue  # calls the marketplace: see below
        reads = "pengawas" in RIGHTS[name][0] and name != "visits"
        status = visitor.get(address).status_code
        expected = READ_ELSEWISE.get(name, 200) if reads else status
        assert reads or status in (403, 404, 405), (name, status)
        assert status == expected, (name, status)
        assert visitor.post(address).status_code == 403, name
    now = fingerprint()
    assert {table for table in now if now[table] != before[table]} == {"members.VisitEntry"}


def test_a_page_that_calls_out_says_so(visitor: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def tasks(allowed: set[str]) -> None:
        http.Client("http://127.0.0.1:9").request("GET", "/")

    monkeypatch.setattr("backoffice.todo.tasks", tasks)
    answer = visitor.get("/kelola/")
    assert answer.status_code == 403
    assert "bertanya ke luar" in answer.content.decode()
