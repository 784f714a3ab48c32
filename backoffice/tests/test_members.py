"""The register of members, and what members see of themselves."""

import pytest

from backoffice.tests.conftest import World, make_paid_order
from backoffice.tests.test_orders import queries
from members.models import Member, Officer
from tests import make
from tests.browsing import Browser


@pytest.fixture
def rahma(seller: Member) -> Browser:
    return Browser(user=seller.user)


def test_a_member_sees_own_products_sales_and_statement(rahma: Browser, seller: Member, world: World) -> None:
    order = make_paid_order(seller)
    (first, second) = rahma.get("/kelola/saya/").context["page"]
    assert {first.title, second.title} >= {"Kopi Gayo Wine"}
    sold = {line.order.code: line.member_share for line in rahma.get("/kelola/saya/penjualan/").context["page"]}
    assert sold == {order.code: 65_000, world.order.code: 190_000}
    statement = rahma.get("/kelola/saya/laporan/").context
    assert (statement["owed"], [row.order_code for row in statement["page"]]) == (65_000, [order.code])


def test_a_member_sees_nothing_of_other_members(rahma: Browser, world: World) -> None:
    other = make.member(name="Pak Budi", email="budi@kopi.example")
    make_paid_order(other)
    assert [product.title for product in rahma.get("/kelola/saya/").context["page"]] == ["Kopi Gayo Wine"]
    assert [line.order for line in rahma.get("/kelola/saya/penjualan/").context["page"]] == [world.order]
    assert rahma.get("/kelola/saya/laporan/").context["owed"] == 0


def test_a_member_learns_nothing_about_the_buyer(rahma: Browser, world: World) -> None:
    for path in ("/kelola/saya/", "/kelola/saya/penjualan/", "/kelola/saya/laporan/"):
        text = rahma.get(path).content.decode()
        for secret in ("Siti Aminah", "+6281234567890", "siti@pembeli.example", "Jl. Mawar"):
            assert secret not in text


def test_a_cancelled_sale_takes_the_share_back_in_the_open(rahma: Browser, seller: Member) -> None:
    order = make_paid_order(seller)
    petugas = Browser(user=make.officer(role="petugas"))
    petugas.post(f"/kelola/pesanan/{order.code}/batal/", {"reason": "stok rusak"})
    statement = rahma.get("/kelola/saya/laporan/").context
    assert (statement["owed"], [row.amount for row in statement["page"]]) == (0, [-65_000, 65_000])


def test_a_member_who_takes_office_has_both(rahma: Browser, seller: Member) -> None:
    assert rahma.get("/kelola/pesanan/").status_code == 404
    Officer.objects.create(user=seller.user, role=Officer.Role.BENDAHARA)
    assert rahma.get("/kelola/pesanan/").status_code == 200
    assert rahma.get("/kelola/saya/").status_code == 200


def test_the_register_finds_members_and_shows_no_bank_account(world: World) -> None:
    Member.objects.update(bank_name="BRI", bank_account="331201000555")
    make.member(name="Pak Budi", number="A-008")
    bendahara = Browser(user=make.officer(role="bendahara"))
    found = {
        query: [member.name for member in bendahara.get(f"/kelola/anggota/{query}").context["page"]]
        for query in ("", "?q=budi", "?q=a-007", "?q=bebesen", "?q=tidak+ada")
    }
    assert found == {
        "": ["Ibu Rahma", "Pak Budi"],
        "?q=budi": ["Pak Budi"],
        "?q=a-007": ["Ibu Rahma"],
        "?q=bebesen": ["Ibu Rahma", "Pak Budi"],
        "?q=tidak+ada": [],
    }
    assert "331201000555" not in bendahara.get("/kelola/anggota/").content.decode()


def test_lists_cost_the_same_whatever_their_length(rahma: Browser, seller: Member, world: World) -> None:
    bendahara = Browser(user=make.officer(role="bendahara"))
    paths = ("/kelola/saya/", "/kelola/saya/penjualan/", "/kelola/saya/laporan/")
    make_paid_order(seller)
    few = [queries(rahma, path) for path in paths], queries(bendahara, "/kelola/anggota/")
    for number in range(6):
        make.member(name=f"Anggota {number}")
        make_paid_order(seller)
    assert ([queries(rahma, path) for path in paths], queries(bendahara, "/kelola/anggota/")) == few
