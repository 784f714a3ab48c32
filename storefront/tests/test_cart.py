"""The cart, in a browser without JavaScript and with it."""

import pytest

from catalog.models import Product
from inventory import stock
from storefront import cart as carts
from storefront.tests.buying import put_into_cart
from tests import make

pytestmark = pytest.mark.django_db


def in_cart(visitor):
    return {int(pk): entry[0] for pk, entry in visitor.session.get(carts.KEY, {}).items()}


def test_what_is_added_stands_in_the_cart_grouped_by_member(visitor):
    first = make.variant(title="Kopi", price=65_000, seller=make.member(name="Win Saputra"))
    second = make.variant(title="Tas", price=185_000, seller=make.member(name="Salwati"))
    assert put_into_cart(visitor, first, 2)["Location"] == "/keranjang/"
    put_into_cart(visitor, second)
    page = visitor.get("/keranjang/")
    assert [member.name for member, _lines in page.context["cart"].by_member] == ["Win Saputra", "Salwati"]
    assert page.context["cart"].goods_total == 315_000
    assert "Rp315.000" in page.text
    assert in_cart(visitor) == {first.pk: 2, second.pk: 1}


def test_adding_the_same_again_adds_up(visitor):
    variant = make.variant()
    put_into_cart(visitor, variant, 2)
    put_into_cart(visitor, variant, 3)
    assert in_cart(visitor) == {variant.pk: 5}


def test_never_more_than_there_is(visitor):
    variant = make.variant(on_hand=3)
    put_into_cart(visitor, variant, 8)
    assert in_cart(visitor) == {variant.pk: 3}
    page = visitor.get(put_into_cart(visitor, variant)["Location"])
    assert "Semua yang ada (3) sudah di keranjang Anda." in page.text
    assert in_cart(visitor) == {variant.pk: 3}


def test_sold_out_goods_do_not_get_in(visitor):
    variant = make.variant(on_hand=0)
    page = visitor.post("/keranjang/tambah/", {"v": variant.pk, "quantity": 1}, follow=True)
    assert "Barang ini baru saja habis." in page.text
    assert in_cart(visitor) == {}


@pytest.mark.parametrize("data", [{}, {"v": "x"}, {"v": "1", "quantity": "-1"}, {"v": "1", "quantity": "1e9"}])
def test_nonsense_is_refused_and_the_cart_stays(visitor, data):
    variant = make.variant()
    put_into_cart(visitor, variant)
    page = visitor.post("/keranjang/tambah/", data, follow=True)
    assert "Pilih barang dan jumlahnya dulu." in page.text
    assert in_cart(visitor) == {variant.pk: 1}


@pytest.mark.parametrize("pk", ["999999", "9223372036854775808"])
def test_a_variant_that_does_not_exist_is_404(visitor, pk):
    assert visitor.post("/keranjang/tambah/", {"v": pk, "quantity": 1}).status_code == 404


def test_hidden_goods_do_not_get_in(visitor):
    variant = make.variant(state=Product.State.PAUSED)
    assert visitor.post("/keranjang/tambah/", {"v": variant.pk, "quantity": 1}).status_code == 404
    assert in_cart(visitor) == {}


def test_pieces_are_changed_and_lines_taken_out(visitor):
    variant = make.variant()
    put_into_cart(visitor, variant, 2)
    assert visitor.post("/keranjang/ubah/", {"v": variant.pk, "quantity": 4})["Location"] == "/keranjang/"
    assert in_cart(visitor) == {variant.pk: 4}
    visitor.post("/keranjang/ubah/", {"v": variant.pk, "quantity": 0})
    assert in_cart(visitor) == {}
    assert "Keranjang Anda masih kosong." in visitor.get("/keranjang/").text


def test_a_number_that_cannot_be_is_refused_with_a_reason(visitor):
    variant = make.variant()
    put_into_cart(visitor, variant, 2)
    page = visitor.post("/keranjang/ubah/", {"v": variant.pk, "quantity": "banyak"}, follow=True)
    assert "Tulis angka 0 sampai 999." in page.text
    assert in_cart(visitor) == {variant.pk: 2}


def test_a_changed_price_is_said_once(visitor):
    variant = make.variant(price=65_000)
    put_into_cart(visitor, variant)
    make.change(variant, price=70_000)
    assert "Harganya berubah dari Rp65.000 menjadi Rp70.000." in visitor.get("/keranjang/").text
    assert "Harganya berubah" not in visitor.get("/keranjang/").text


def test_goods_that_sold_out_meanwhile_stop_the_checkout_until_changed(visitor):
    variant = make.variant(on_hand=5)
    put_into_cart(visitor, variant, 4)
    stock.count(variant_id=variant.pk, on_hand=2, reference="tests", now=make.NOW)
    page = visitor.get("/keranjang/").text
    assert "Tinggal 2. Kurangi jumlahnya untuk melanjutkan." in page
    assert "Lanjut ke pembayaran" not in page
    visitor.post("/keranjang/ubah/", {"v": variant.pk, "quantity": 2})
    assert "Lanjut ke pembayaran" in visitor.get("/keranjang/").text


def test_goods_that_are_gone_leave_the_cart_with_a_word(visitor):
    gone, stays = make.variant(title="Pergi"), make.variant(title="Tetap")
    put_into_cart(visitor, gone)
    put_into_cart(visitor, stays)
    Product.objects.filter(pk=gone.product_id).update(state=Product.State.PAUSED)
    page = visitor.get("/keranjang/").text
    assert "1 barang tidak dijual lagi" in page
    assert in_cart(visitor) == {stays.pk: 1}


def test_a_full_cart_takes_no_further_line(visitor, monkeypatch):
    monkeypatch.setattr(carts, "MOST_LINES", 1)
    first, second = make.variant(), make.variant(title="Kedua")
    put_into_cart(visitor, first)
    page = visitor.get(put_into_cart(visitor, second)["Location"])
    assert "Keranjang sudah penuh." in page.text
    assert in_cart(visitor) == {first.pk: 1}


def test_with_javascript_the_answer_is_a_word_and_the_new_number(visitor):
    variant = make.variant(title="Madu Hutan")
    part = visitor.post("/keranjang/tambah/", {"v": variant.pk, "quantity": 2}, HTTP_HX_REQUEST="true")
    assert "“Madu Hutan” masuk keranjang." in part.text
    assert '<span id="isi-keranjang" hx-swap-oob="true"><span class="badge badge-sm badge-secondary">2' in part.text
    assert "<html" not in part.text
    changed = visitor.post("/keranjang/ubah/", {"v": variant.pk, "quantity": 0}, HTTP_HX_REQUEST="true")
    assert "Keranjang Anda masih kosong." in changed.text
    assert "<html" not in changed.text


def test_a_cart_is_changed_by_post_only_and_never_cached(visitor):
    assert visitor.get("/keranjang/tambah/").status_code == 405
    assert visitor.get("/keranjang/ubah/").status_code == 405
    assert "no-store" in visitor.get("/keranjang/")["Cache-Control"]
