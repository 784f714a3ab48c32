"""From the cart to an order, with JavaScript off, on good days and bad ones."""

import pytest

from catalog.models import Product, Variant
from inventory import stock
from orders.models import Order
from shipping.models import Rate
from storefront import checkout
from storefront.tests.buying import fill_in, put_into_cart, send
from tests import make
from tests.browsing import Browser
from tests.shopping import ADDRESS, forms

pytestmark = pytest.mark.django_db


@pytest.fixture
def coffee(kopi) -> Variant:
    make.rate(per_kg=20_000)
    return make.variant(title="Kopi Gayo", price=65_000, on_hand=10)


def nothing_was_ordered(variant: Variant) -> bool:
    return not Order.objects.exists() and stock.available([variant.pk]) == {
        variant.pk: variant.stock.on_hand - variant.stock.reserved
    }


def test_the_whole_purchase_without_javascript(visitor, coffee):
    put_into_cart(visitor, coffee, 2)
    shown = fill_in(visitor)
    assert "Ongkir sudah dihitung." in shown.text
    assert "Rp150.000" in shown.text
    assert nothing_was_ordered(coffee)

    answer = send(visitor, shown)
    order = Order.objects.get()
    assert answer["Location"] == f"/bayar/{order.code}/"
    assert (order.goods_total, order.shipping_cost, order.total) == (130_000, 20_000, 150_000)
    assert (order.buyer_name, order.buyer_phone, order.province) == ("Siti Aminah", "+6281234567890", "DKI Jakarta")
    assert order.address == "Jl. Mawar No. 5"
    assert order.language == "id"
    assert stock.available([coffee.pk]) == {coffee.pk: 8}
    assert "Rp150.000" in visitor.get(answer["Location"]).text
    assert "Keranjang Anda masih kosong." in visitor.get("/keranjang/").text


def test_an_order_placed_in_english_remembers_it(visitor, coffee):
    put_into_cart(visitor, coffee)
    visitor.post("/en/checkout/", ADDRESS)
    page = visitor.get("/en/checkout/")
    form = next(form for form in forms(page) if "phone" in form.fields)
    assert visitor.post("/en/checkout/", form.fields)["Location"].startswith("/en/bayar/")
    assert Order.objects.get().language == "en"


def test_with_javascript_the_province_alone_shows_the_total(visitor, coffee):
    put_into_cart(visitor, coffee)
    part = visitor.post("/checkout/", {"province": "Aceh"}, HTTP_HX_REQUEST="true")
    assert "Rp85.000" in part.text
    assert '<input type="hidden" name="shown_total" value="85000">' in part.text
    assert "<html" not in part.text
    assert nothing_was_ordered(coffee)


def test_what_was_typed_survives_a_reload(visitor, coffee):
    put_into_cart(visitor, coffee)
    fill_in(visitor, name="", note="Tolong dibungkus kado")
    page = visitor.get("/checkout/")
    form = next(form for form in forms(page) if "phone" in form.fields)
    assert form.fields["regency"] == "Jakarta Selatan"
    assert form.fields["province"] == "DKI Jakarta"
    assert form.fields["note"] == "Tolong dibungkus kado"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("name", "", "Tulis nama penerima paket."),
        ("phone", "", "Tulis nomor HP, supaya kurir dapat menghubungi."),
        ("phone", "12", "Nomor ini tidak lengkap. Contoh: 0812 3456 7890"),
        ("email", "siti@", "Alamat e-mail ini tidak lengkap."),
        ("address", "   ", "Tulis alamat pengiriman."),
        ("district", "", "Tulis kecamatan."),
        ("regency", "", "Tulis kabupaten atau kota."),
        ("province", "", "Pilih provinsi; ongkir bergantung padanya."),
        ("province", "Atlantis", "Pilih provinsi dari daftar."),
        ("postcode", "12a", "Kode pos terdiri dari 5 angka."),
    ],
)
def test_each_mistake_is_named_beside_its_field_and_in_the_summary(visitor, coffee, field, value, reason):
    put_into_cart(visitor, coffee)
    page = fill_in(visitor, **{field: value})
    assert page.status_code == 200
    assert f'<a class="underline" href="#id_{field}">' in page.text
    assert f'<div id="id_{field}_error">' in page.text
    assert page.text.count(reason) == 2
    assert 'aria-invalid="true"' in page.text
    assert nothing_was_ordered(coffee)


@pytest.mark.parametrize("written", ["081234567890", "+62 812-3456-7890", "62812 3456 7890", "(0812) 3456 7890"])
def test_a_phone_number_may_be_written_in_every_way(visitor, coffee, written):
    put_into_cart(visitor, coffee)
    send(visitor, fill_in(visitor, phone=written))
    assert Order.objects.get().buyer_phone == "+6281234567890"


def test_sold_out_while_in_the_cart_says_what_is_left_and_keeps_everything(visitor, coffee):
    put_into_cart(visitor, coffee, 4)
    shown = fill_in(visitor)
    stock.count(variant_id=coffee.pk, on_hand=3, reference="tests", now=make.NOW)
    page = send(visitor, shown)
    assert page.status_code == 200
    assert "“Kopi Gayo” tinggal 3. Ubah jumlahnya di keranjang; isian Anda tetap tersimpan." in page.text
    assert "Jl. Mawar No. 5" in page.text
    assert not Order.objects.exists()
    assert stock.available([coffee.pk]) == {coffee.pk: 3}
    assert visitor.session["cart"] == {str(coffee.pk): [4, 65_000]}


def test_a_price_that_changed_since_it_was_shown_is_shown_again_before_ordering(visitor, coffee):
    put_into_cart(visitor, coffee)
    shown = fill_in(visitor)
    make.change(coffee, price=70_000)
    page = send(visitor, shown)
    assert "Totalnya berubah dari Rp85.000 menjadi Rp90.000." in page.text
    assert not Order.objects.exists()
    send(visitor, page)
    assert Order.objects.get().total == 90_000


def test_goods_taken_off_sale_since_shown_are_not_ordered_silently(visitor, coffee):
    other = make.variant(title="Madu", price=30_000)
    put_into_cart(visitor, coffee)
    put_into_cart(visitor, other)
    shown = fill_in(visitor)
    Product.objects.filter(pk=other.product_id).update(state=Product.State.PAUSED)
    page = send(visitor, shown)
    assert "Totalnya berubah dari Rp115.000 menjadi Rp85.000." in page.text
    assert not Order.objects.exists()


def test_another_province_than_shown_shows_the_new_total_first(visitor, coffee):
    make.rate(per_kg=68_000, province="Papua")
    put_into_cart(visitor, coffee)
    page = send(visitor, fill_in(visitor), province="Papua")
    assert "Totalnya berubah dari Rp85.000 menjadi Rp133.000." in page.text
    assert not Order.objects.exists()


def test_a_province_without_rate_is_said_and_nothing_ordered(visitor, coffee):
    Rate.objects.all().delete()
    put_into_cart(visitor, coffee)
    page = fill_in(visitor)
    assert "belum dikirim ke provinsi ini" in page.text
    again = visitor.post("/checkout/", {**ADDRESS, "shown_total": "65000", "key": "0" * 32})
    assert "Koperasi belum mengirim ke provinsi ini." in again.text
    assert nothing_was_ordered(coffee)


def test_two_clicks_are_one_order(visitor, coffee):
    put_into_cart(visitor, coffee)
    shown = fill_in(visitor)
    first = send(visitor, shown)
    second = send(visitor, shown)
    assert first["Location"] == second["Location"] == f"/bayar/{Order.objects.get().code}/"
    assert stock.available([coffee.pk]) == {coffee.pk: 9}


def test_two_clicks_at_the_very_same_time_are_one_order(visitor, coffee):
    """The second request read its cart before the first one emptied it."""
    put_into_cart(visitor, coffee)
    shown = fill_in(visitor)
    cart = visitor.session["cart"]
    first = send(visitor, shown)
    session = visitor.session
    session["cart"] = cart
    session.save()
    assert send(visitor, shown)["Location"] == first["Location"]
    assert Order.objects.count() == 1


def test_the_same_form_with_other_content_is_explained_and_may_be_sent_again(visitor, coffee):
    put_into_cart(visitor, coffee)
    shown = fill_in(visitor)
    send(visitor, shown)
    put_into_cart(visitor, coffee)
    page = send(visitor, shown, name="Orang Lain")
    assert "Formulir ini sudah menjadi pesanan." in page.text
    assert Order.objects.count() == 1
    send(visitor, page)
    assert sorted(Order.objects.values_list("buyer_name", flat=True)) == ["Orang Lain", "Siti Aminah"]


def test_a_lost_answer_and_other_content_since_gets_a_new_key(visitor, coffee):
    """The order stands, but the session that should have forgotten the key was never saved."""
    put_into_cart(visitor, coffee)
    shown = fill_in(visitor)
    make.order(cart={coffee.pk: 1}, key=visitor.session["checkout_key"], name="Sebelum Terputus")
    page = send(visitor, shown)
    assert "Formulir ini sudah menjadi pesanan." in page.text
    assert Order.objects.count() == 1
    send(visitor, page)
    assert sorted(Order.objects.values_list("buyer_name", flat=True)) == ["Sebelum Terputus", "Siti Aminah"]


@pytest.mark.parametrize("key", ["", "x", "y" * 500, "' OR 1=1 --"])
def test_a_key_that_we_did_not_give_is_replaced(visitor, coffee, key):
    put_into_cart(visitor, coffee)
    send(visitor, fill_in(visitor), key=key)
    assert len(Order.objects.get().idempotency_key) == 32


@pytest.mark.parametrize("total", ["", "abc", "-85000", "85000.0", "²", "9" * 400, "9" * 5000])
def test_a_total_that_was_not_shown_orders_nothing(visitor, coffee, total):
    put_into_cart(visitor, coffee)
    page = send(visitor, fill_in(visitor), shown_total=total)
    assert page.status_code == 200
    assert nothing_was_ordered(coffee)


def test_what_no_database_takes_is_a_mistake_like_any_other(visitor, coffee):
    put_into_cart(visitor, coffee)
    page = visitor.post("/checkout/", {**ADDRESS, "province": "Aceh\x00", "name": "Siti\x00"})
    assert page.status_code == 200
    assert "Pilih provinsi dari daftar." in page.text
    assert visitor.get("/checkout/").status_code == 200
    assert nothing_was_ordered(coffee)


def test_an_email_longer_than_an_order_can_keep_is_a_mistake(visitor, coffee):
    put_into_cart(visitor, coffee)
    email = "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".id"
    assert len(email) > 254
    page = send(visitor, fill_in(visitor, email=email))
    assert (page.status_code, "email" in page.context["form"].errors) == (200, True)
    assert nothing_was_ordered(coffee)


def test_an_empty_cart_has_no_checkout(visitor, coffee):
    page = visitor.get("/checkout/", follow=True)
    assert page.redirect_chain == [("/keranjang/", 302)]
    assert "Keranjang Anda kosong. Pilih barang dulu." in page.text
    assert visitor.post("/checkout/", ADDRESS)["Location"] == "/keranjang/"
    assert not Order.objects.exists()


def test_checkout_asks_for_eight_things(visitor, coffee):
    put_into_cart(visitor, coffee)
    page = visitor.get("/checkout/")
    names = [field.name for field in page.context["form"]]
    assert names == ["name", "phone", "email", "address", "district", "regency", "province", "postcode", "note"]
    assert '<details class="sm:col-span-2"><summary' in page.text


def test_a_forged_submit_from_elsewhere_is_refused(kopi, coffee):
    stranger = Browser(enforce_csrf_checks=True)
    assert stranger.post("/checkout/", ADDRESS).status_code == 403
    assert not Order.objects.exists()


def test_the_order_is_remembered_in_this_browser_and_the_note_is_not(visitor, coffee):
    put_into_cart(visitor, coffee)
    send(visitor, fill_in(visitor, note="Sekali ini saja"))
    session = visitor.session
    assert checkout.my_tokens(session) == [Order.objects.get().token]
    assert checkout.draft(session)["note"] == ""
    assert checkout.draft(session)["name"] == "Siti Aminah"
