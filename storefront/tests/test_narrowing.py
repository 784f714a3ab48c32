"""What stands in the address of a shelf, and what the page makes of it."""

import re

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog import findable, vocabulary
from catalog.facets import Chosen
from catalog.models import Product
from members.models import Member
from storefront import listing, narrowing
from storefront.narrowing import Asked
from tests import make

pytestmark = pytest.mark.django_db


def asked(query: str) -> Asked:
    request = RequestFactory().get("/kategori/kopi/?" + query)
    return narrowing.asked_for(request, sorts=listing.SORTS)


def cards(page) -> list[str]:
    return re.findall(r'class="card-link"[^>]*>([^<]+)<', page.text)


def chips(page) -> dict[str, str]:
    found = re.findall(r'<a class="chip chip-on" href="([^"]*)"[^>]*>([^<]+)<', page.text)
    return {label: address.replace("&amp;", "&") for address, label in found}


@pytest.mark.parametrize(
    ("query", "chosen"),
    [
        ("", Chosen()),
        ("kategori=bubuk&kategori=biji", Chosen(categories=("biji", "bubuk"))),
        ("penjual=7&penjual=07&penjual=-1&penjual=x&penjual=99999999999999", Chosen(members=(7,))),
        ("asal=11.04&asal=99.99", Chosen(origins=("11.04",))),
        ("izin=halal&izin=palsu", Chosen(marks=("halal",))),
        ("stok=ada", Chosen(in_stock=True)),
        ("stok=1", Chosen()),
        ("min=10.000&maks=Rp50rb", Chosen(price_from=10_000, price_to=50_000)),
        ("min=50000&maks=10000", Chosen(price_from=10_000, price_to=50_000)),
        ("min=&maks=", Chosen()),
        ("min=murah&maks=9" + "9" * 30, Chosen()),
        ("maks=2jt", Chosen(price_to=2_000_000)),
        ("kategori=%27%3B--", Chosen()),
    ],
)
def test_the_address_says_what_is_chosen(query, chosen):
    assert asked(query).chosen == chosen


def test_an_address_has_one_order_and_only_what_we_know():
    first = asked("urut=termurah&stok=ada&izin=pirt&izin=halal&x=1&page=3&kategori=b&kategori=a")
    assert first.page(1) == "?kategori=a&kategori=b&izin=halal&izin=pirt&stok=ada&urut=termurah"
    assert first.page(2) == first.page(1) + "&page=2"
    assert asked(first.page(2)[1:]) == first


def test_no_more_than_a_dozen_of_a_kind_are_read():
    assert len(asked("&".join(f"penjual={number}" for number in range(100, 200))).chosen.members) == 12


@given(st.dictionaries(st.sampled_from([*narrowing.PARAMETERS, "q", "page", "x"]), st.text(max_size=40)))
@settings(max_examples=200, deadline=None)
def test_whatever_is_asked_its_own_address_asks_the_same(wild):
    query = QueryDict(mutable=True)
    query.update(wild)
    once = asked(query.urlencode())
    assert asked(once.page(1)[1:]) == once


@pytest.fixture
def shop(visitor):
    ana, ben = make.member(name="Ana Lestari"), make.member(name="Ben Gayo")
    Member.objects.filter(pk=ben.pk).update(origin_code="11.04")
    make.product(title="Kopi Halus", price=30_000, seller=ana, marks=["halal"])
    make.product(title="Kopi Kasar", price=80_000, seller=ben, marks=["halal"])
    make.product(title="Kopi Hitam", price=80_000, seller=ben, on_hand=0)
    findable.set_extra(Product.objects.values_list("pk", flat=True))
    vocabulary.count_words()
    return {"ana": ana.pk, "ben": ben.pk, "visitor": visitor}


def test_a_choice_narrows_the_shelf_and_can_be_taken_back(shop):
    visitor = shop["visitor"]
    page = visitor.get(f"/kategori/kopi/?penjual={shop['ben']}&stok=ada&min=50000&urut=terlaris")
    assert cards(page) == ["Kopi Kasar"]
    assert chips(page) == {
        "Ben Gayo": "?stok=ada&min=50000&urut=terlaris",
        "Ada stok": f"?penjual={shop['ben']}&min=50000&urut=terlaris",
        "mulai Rp50.000": f"?penjual={shop['ben']}&stok=ada&urut=terlaris",
    }
    assert set(cards(visitor.get("/kategori/kopi/" + chips(page)["Ada stok"]))) == {"Kopi Kasar", "Kopi Hitam"}
    assert 'content="noindex' in page.text
    assert 'content="noindex' not in visitor.get("/kategori/kopi/").text


def test_the_page_says_how_many_each_choice_leaves(shop):
    page = shop["visitor"].get("/kategori/kopi/").text
    text = " ".join(re.sub(r"<[^>]*>", " ", page).split())
    for words in ("3 produk", "Ben Gayo 2", "Ana Lestari 1", "Kab. Aceh Tengah 2", "halal 2", "Ada stok 2"):
        assert words in text


def test_a_form_without_javascript_keeps_what_was_chosen_before(shop):
    page = shop["visitor"].get("/cari/?q=kopi&stok=ada&izin=halal&urut=termurah").text
    form = page[page.index('<form class="facets"') :]
    form = form[: form.index("</form>")]
    for field in ('name="q" value="kopi"', 'name="stok" value="ada"', 'name="urut" value="termurah"'):
        assert f'<input type="hidden" {field}>' in form
    assert re.search(r'name="izin" value="halal" checked', form)
    assert "<script" not in form


def test_a_choice_that_leaves_nothing_says_so_and_how_to_go_on(shop):
    page = shop["visitor"].get("/kategori/kopi/?maks=1000")
    assert cards(page) == []
    assert "Tidak ada produk yang memenuhi semua pilihan itu." in page.text
    assert chips(page) == {"sampai Rp1.000": "?"}


def test_what_nobody_sells_is_no_choice_and_breaks_nothing(shop):
    page = shop["visitor"].get("/kategori/kopi/?penjual=99999&izin=bpom&asal=32.01")
    assert page.status_code == 200
    assert list(chips(page)) == ["Pilihan lain", "Kab. Bogor", "BPOM"]


def test_more_is_a_real_link_that_keeps_what_is_chosen(visitor):
    for number in range(30):
        make.product(title=f"Kopi {number:02d}", price=10_000 + number)
    page = visitor.get("/kategori/kopi/?urut=termurah&min=10001")
    (link,) = re.findall(r'<a class="btn[^"]*" href="(\?[^"]*page=2)" hx-get', page.text)
    link = link.replace("&amp;", "&")
    assert link == "?min=10001&urut=termurah&page=2"
    rest = visitor.get("/kategori/kopi/" + link)
    assert cards(page) + cards(rest) == [f"Kopi {number:02d}" for number in range(1, 30)]
    part = visitor.get("/kategori/kopi/" + link, headers={"HX-Request": "true", "HX-Target": "lagi"})
    assert (cards(part), "<h1" in part.text) == (cards(rest), False)


@pytest.mark.parametrize("number", ["0", "-1", "x", "1e3", "²", "99999", ""])
def test_a_page_that_is_none_is_the_first_or_empty(shop, number):
    assert shop["visitor"].get("/kategori/kopi/", {"page": number}).status_code == 200
    assert len(cards(shop["visitor"].get("/kategori/kopi/", {"page": number}))) == 3


def test_a_page_past_the_end_leads_back(shop):
    page = shop["visitor"].get("/kategori/kopi/?page=150")
    assert "Halaman ini kosong." in page.text


def test_the_last_page_that_can_be_asked_for_leads_nowhere(visitor, monkeypatch):
    monkeypatch.setattr(listing, "LAST_PAGE", 2)
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    for number in range(6):
        make.product(title=f"Kopi {number}")
    assert "page=2" in visitor.get("/kategori/kopi/").text
    assert "page=3" not in visitor.get("/kategori/kopi/?page=2").text
    assert cards(visitor.get("/kategori/kopi/?page=3")) == cards(visitor.get("/kategori/kopi/?page=2"))


def test_search_tells_how_much_was_found(shop):
    visitor = shop["visitor"]
    assert "3 produk untuk “kopi”" in visitor.get("/cari/?q=kopi").text
    meant = visitor.get("/cari/?q=kasr").text
    assert "Tidak ada “kasr”. Mungkin maksud Anda “kasar”:" in meant
    assert "Tidak ada produk dengan semua kata “kopi pesawat”" in visitor.get("/cari/?q=kopi+pesawat").text


def test_nothing_found_helps_on(shop, kopi):
    kopi.whatsapp = "+6281234567890"
    kopi.save()
    page = shop["visitor"].get("/cari/?q=pesawat").text
    assert "Belum ada hasil untuk “pesawat”" in page
    assert "Yang bisa dicoba" in page
    assert "https://wa.me/6281234567890?text=" in page
    assert "pesawat." in page[page.index("wa.me") :][:300].replace("%20", " ")
    assert 'href="/kategori/kopi/"' in page


def test_live_hits_are_the_part_of_the_page_with_its_number(shop):
    part = shop["visitor"].get("/cari/?q=halu", headers={"HX-Request": "true", "HX-Target": "hasil"})
    assert (cards(part), "<h1" in part.text) == (["Kopi Halus"], False)
    assert '<p id="jumlah" hx-swap-oob="innerHTML">1 produk untuk “halu”' in part.text
    assert part.headers["Vary"].count("HX-Request") == 1


def test_what_was_typed_is_never_markup(shop):
    page = shop["visitor"].get("/cari/", {"q": '"><script>alert(1)</script>', "urut": '"><b>'}).text
    assert "<script>alert" not in page
    assert '"><b>' not in page


def test_an_empty_search_shows_what_sells_best(shop):
    Product.objects.filter(title="Kopi Kasar").update(sold=5)
    page = shop["visitor"].get("/cari/")
    assert cards(page) == ["Kopi Kasar"]
    assert "Paling laris" in page.text
