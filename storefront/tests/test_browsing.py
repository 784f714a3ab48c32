"""Home, categories, search and products, as a visitor reads them."""

import pytest

from catalog.models import Product
from inventory import stock
from members.models import Member
from orders.models import FeeRule
from tests import make

pytestmark = pytest.mark.django_db


def test_home_shows_the_newest_goods_with_price_and_member(visitor):
    make.product(title="Madu Hutan", price=72_000, seller=make.member(name="Ramlan Munthe"))
    page = visitor.get("/")
    assert page.status_code == 200
    assert "Madu Hutan" in page.text
    assert "Rp72.000" in page.text
    assert "Ramlan Munthe" in page.text


def test_home_of_an_empty_shop_says_so(visitor):
    page = visitor.get("/")
    assert page.status_code == 200
    assert "sedang menyiapkan produk pertama" in page.text


def test_goods_that_are_not_on_sale_are_nowhere(visitor):
    hidden = make.product(title="Rahasia", state=Product.State.PAUSED)
    make.product(title="Terlihat")
    for address in ("/", "/kategori/kopi/", "/cari/?q=rahasia", "/sitemap.xml"):
        assert hidden.get_absolute_url() not in visitor.get(address).text
    assert visitor.get(hidden.get_absolute_url()).status_code == 404


def test_a_category_holds_its_subcategories_goods(visitor):
    coffee = make.category("Kopi")
    beans = make.category("Biji", parent=coffee)
    make.product(title="Biji Gayo", in_category=beans)
    make.product(title="Madu", in_category=make.category("Madu"))
    page = visitor.get(coffee.get_absolute_url())
    assert "Biji Gayo" in page.text
    assert beans.get_absolute_url() in page.text
    assert '<a class="card-link" href="/produk/madu' not in page.text


def test_an_unknown_category_is_404(visitor):
    assert visitor.get("/kategori/tidak-ada/").status_code == 404


@pytest.mark.parametrize(
    ("sort", "first"),
    [("termurah", "Murah"), ("termahal", "Mahal"), ("terlaris", "Laris"), ("", "Baru"), ("x", "Baru")],
)
def test_a_category_is_sorted_as_asked(visitor, sort, first):
    for title, price, sold in (("Murah", 1_000, 1), ("Mahal", 90_000, 2), ("Laris", 5_000, 9), ("Baru", 6_000, 0)):
        Product.objects.filter(pk=make.product(title=title, price=price).pk).update(sold=sold)
    page = visitor.get("/kategori/kopi/", {"urut": sort})
    assert page.context["page"].products[0].title == first


def test_more_than_a_page_is_reached_by_a_link(visitor):
    for number in range(25):
        make.product(title=f"Kopi nomor {number}")
    first = visitor.get("/kategori/kopi/")
    assert len(first.context["page"].products) == 24
    assert 'href="?page=2"' in first.text
    second = visitor.get("/kategori/kopi/?page=2")
    assert [product.title for product in second.context["page"].products] == ["Kopi nomor 0"]
    assert "Muat lagi" not in second.text


def test_load_more_swaps_cards_without_the_rest_of_the_page(visitor):
    for number in range(25):
        make.product(title=f"Kopi nomor {number}")
    part = visitor.get("/kategori/kopi/?page=2", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="lagi")
    assert "Kopi nomor 0" in part.text
    assert "<html" not in part.text
    assert "HX-Request" in part["Vary"]


@pytest.mark.parametrize("page", ["0", "-1", "abc", "99999999999999", "²", ""])
def test_a_page_that_is_no_number_is_the_first(visitor, page):
    make.product(title="Kopi")
    assert visitor.get("/kategori/kopi/", {"page": page}).context["page"].number == 1


def test_search_finds_words_and_the_beginning_of_the_last(visitor):
    make.product(title="Keripik Kentang Gayo")
    make.product(title="Madu Hutan")
    page = visitor.get("/cari/", {"q": "keripik kent"})
    assert [product.title for product in page.context["page"].products] == ["Keripik Kentang Gayo"]


def test_a_search_without_result_offers_categories_and_whatsapp(visitor, kopi):
    kopi.whatsapp = "+6281200000102"
    kopi.save(update_fields=["whatsapp"])
    make.product(title="Madu", in_category=make.category("Madu"))
    page = visitor.get("/cari/", {"q": "sepatu"})
    assert "Belum ada hasil untuk “sepatu”" in page.text
    assert "/kategori/madu/" in page.text
    assert "https://wa.me/6281200000102" in page.text


@pytest.mark.parametrize("query", ["", "   ", "'", "a & | !", "\x00", "x" * 5_000, "<b>"])
def test_no_search_breaks_the_page(visitor, query):
    make.product()
    assert visitor.get("/cari/", {"q": query}).status_code == 200


def test_live_search_swaps_the_results_only(visitor):
    make.product(title="Madu Hutan")
    part = visitor.get("/cari/?q=madu", HTTP_HX_REQUEST="true", HTTP_HX_TARGET="hasil")
    assert "Madu Hutan" in part.text
    assert "<html" not in part.text


def test_a_product_tells_price_stock_weight_and_where_it_comes_from(visitor):
    make.rate(per_kg=12_000, province="Aceh")
    make.rate(per_kg=68_000, province="Papua")
    product = make.product(price=65_000, on_hand=40)
    page = visitor.get(product.get_absolute_url())
    assert "Rp65.000" in page.text
    assert "Ada 40, siap dikirim" in page.text
    assert "250 g" in page.text
    assert "Bebesen" in page.text
    assert "Rp12.000 – Rp68.000" in page.text


def test_a_product_tells_how_much_reaches_the_member(visitor):
    FeeRule.objects.create(channel="shop", cooperative_bp=500, from_date="2020-01-01")
    page = visitor.get(make.product(price=65_000).get_absolute_url())
    assert "Rp61.750 sampai ke anggota" in page.text
    assert "Rp3.250" in page.text


def test_few_and_none_left_are_said_in_words(visitor):
    few = make.product(on_hand=3)
    none = make.product(title="Habis", on_hand=0)
    assert "Tinggal 3" in visitor.get(few.get_absolute_url()).text
    sold_out = visitor.get(none.get_absolute_url()).text
    assert "Habis</span>" in sold_out
    assert "Masukkan keranjang" not in sold_out


def test_the_first_choice_that_is_left_is_chosen(visitor):
    product = make.product(options=("200 g", "500 g"), on_hand=5)
    first, second = product.variants.order_by("position")
    stock.count(variant_id=first.pk, on_hand=0, reference="tests", now=make.NOW)
    page = visitor.get(product.get_absolute_url())
    assert page.context["offer"].chosen == second
    assert "Rp65.000</span> · <b>habis</b>" in page.text


def test_a_choice_in_the_address_is_chosen_without_javascript(visitor):
    product = make.product(options=("200 g", "500 g"))
    second = product.variants.get(option1="500 g")
    make.change(second, price=182_000)
    page = visitor.get(product.get_absolute_url(), {"v": second.pk})
    assert page.context["offer"].chosen == second
    assert '<span class="money text-3xl font-bold text-primary">Rp182.000</span>' in page.text
    part = visitor.get(product.get_absolute_url(), {"v": second.pk}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="penawaran")
    assert "Rp182.000" in part.text
    assert "<html" not in part.text


@pytest.mark.parametrize("chosen", ["0", "abc", "-1", "99999999999999999999"])
def test_a_choice_that_is_none_of_the_products_is_ignored(visitor, chosen):
    product = make.product()
    assert visitor.get(product.get_absolute_url(), {"v": chosen}).context["offer"].chosen == product.variants.get()


def test_a_product_without_any_active_choice_is_404(visitor):
    product = make.product()
    make.change(product.variants.get(), is_active=False)
    assert visitor.get(product.get_absolute_url()).status_code == 404


def test_the_members_story_stands_on_the_product(visitor):
    member = make.member(name="Salwati")
    Member.objects.filter(pk=member.pk).update(story="Membordir sejak gadis.")
    page = visitor.get(make.product(seller=member).get_absolute_url())
    assert "Membordir sejak gadis." in page.text
    assert "Anggota koperasi sejak 2019" in page.text
