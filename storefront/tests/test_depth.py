"""A product in depth, as a buyer reads and buys it: two axes, wholesale, member prices, limits, making, pre-orders,
two languages; and what is kept for later."""

from datetime import date

import pytest

from accounts.models import User
from catalog import photos
from catalog.models import Product, Variant
from inventory import making, stock
from orders.models import FeeRule, Order
from storefront import cart as carts
from storefront.tests.buying import fill_in, put_into_cart, send
from storefront.tests.photos_of import png
from tests import make
from tests.browsing import Browser
from tests.shopping import forms

pytestmark = pytest.mark.django_db
PART = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "penawaran"}


def in_cart(browser):
    return {int(pk): entry[0] for pk, entry in browser.session.get(carts.KEY, {}).items()}


def kept(browser):
    return browser.session.get(carts.LATER, {})


def two_axes(**fields) -> dict[tuple[str, str], Variant]:
    """250 g in Halus and Kasar, 500 g in Halus alone."""
    product = make.product(options=("250 g", "250 g ", "500 g"), **fields)
    words = (("250 g", "Halus"), ("250 g", "Kasar"), ("500 g", "Halus"))
    found = {}
    for variant, (first, second) in zip(product.variants.order_by("pk"), words, strict=True):
        make.change(variant, option1=first, option2=second)
        found[first, second] = Variant.objects.select_related("product").get(pk=variant.pk)
    Product.objects.filter(pk=product.pk).update(axis2="Gilingan")
    return found


def member_at_the_shop() -> Browser:
    return Browser(user=make.member(name="Ramlan", email="ramlan@kopi.example").user)


# --- two axes


def test_two_axes_are_two_groups_of_words(visitor):
    variants = two_axes()
    page = visitor.get(variants["250 g", "Halus"].product.get_absolute_url())
    assert [axis.name for axis in page.context["offer"].axes] == ["Ukuran", "Gilingan"]
    form = next(form for form in forms(page) if "v" in form.fields)
    assert (form.fields["pilihan1"], form.fields["pilihan2"]) == ("250 g", "Halus")


def test_what_there_is_not_beside_the_chosen_word_says_so_and_can_still_be_chosen(visitor):
    variants = two_axes()
    page = visitor.get(variants["500 g", "Halus"].product.get_absolute_url(), {"v": variants["500 g", "Halus"].pk})
    fine, coarse = page.context["offer"].axes[1].options
    assert (fine.is_missing, coarse.is_missing, coarse.is_dead) == (False, True, False)
    assert "tidak ada" in page.text


def test_a_word_that_nothing_is_left_of_cannot_be_chosen(visitor):
    variants = two_axes()
    stock.count(variant_id=variants["250 g", "Kasar"].pk, on_hand=0, reference="tests", now=make.NOW)
    page = visitor.get(variants["250 g", "Halus"].product.get_absolute_url())
    coarse = page.context["offer"].axes[1].options[1]
    assert (coarse.text, coarse.is_sold_out, coarse.is_dead) == ("Kasar", True, True)
    assert 'value="Kasar" disabled' in page.text


@pytest.mark.parametrize(
    ("shown", "words", "chosen"),
    [
        (("250 g", "Halus"), ("250 g", "Kasar"), ("250 g", "Kasar")),
        (("250 g", "Kasar"), ("500 g", "Kasar"), ("500 g", "Halus")),  # the size is new: it decides
        (("500 g", "Halus"), ("500 g", "Kasar"), ("250 g", "Kasar")),  # the grind is new
        (("500 g", "Halus"), ("1 kg", "Halus"), ("500 g", "Halus")),  # neither is there
    ],
)
def test_choosing_a_word_swaps_the_offer_and_the_address(visitor, shown, words, chosen):
    variants = two_axes()
    address = variants[shown].product.get_absolute_url()
    asked = {"v": variants[shown].pk, "pilihan1": words[0], "pilihan2": words[1]}
    part = visitor.get(address, asked, **PART)
    assert part.context["offer"].chosen == variants[chosen]
    assert part["HX-Replace-Url"] == f"{address}?v={variants[chosen].pk}"
    assert "<html" not in part.text


def test_without_javascript_the_two_words_decide_what_goes_into_the_cart(visitor):
    variants = two_axes()
    shown = variants["250 g", "Halus"]
    form = {"v": shown.pk, "pilihan1": "250 g", "pilihan2": "Kasar", "quantity": 2}
    visitor.post("/keranjang/tambah/", form)
    assert in_cart(visitor) == {variants["250 g", "Kasar"].pk: 2}


def test_two_words_that_do_not_go_together_are_refused(visitor):
    variants = two_axes()
    form = {"v": variants["250 g", "Halus"].pk, "pilihan1": "500 g", "pilihan2": "Kasar"}
    page = visitor.post("/keranjang/tambah/", form, follow=True)
    assert "Pilihan itu tidak ada." in page.text
    assert in_cart(visitor) == {}


def test_the_chosen_variants_own_photo_comes_first(visitor):
    product = make.product(options=("Merah", "Biru"))
    pictures = [
        photos.attach(product=product, data=png(colour), alt=colour, now=make.NOW) for colour in ("red", "blue")
    ]
    _red, blue = product.variants.order_by("position")
    make.change(blue, picture=pictures[1])
    assert visitor.get(product.get_absolute_url()).context["photos"][0] == pictures[0]
    part = visitor.get(product.get_absolute_url(), {"v": blue.pk}, **PART)
    assert part.context["photos"] == [pictures[1], pictures[0]]
    assert 'id="galeri" hx-swap-oob="true"' in part.text
    put_into_cart(visitor, blue)
    assert visitor.get("/keranjang/").context["cart"].lines[0].photo == pictures[1]


# --- prices


def test_wholesale_prices_and_the_unit_price_are_told(visitor):
    coffee = make.product(price=65_000, content_unit="g")
    make.change(coffee.variants.get(), content_amount=250)
    make.steps(coffee.variants.get(), (3, 60_000), (10, 55_000))
    page = visitor.get(coffee.get_absolute_url()).text
    assert '<span class="money">Rp26.000</span> / 100 g' in page
    assert "3–9 buah" in page
    assert "mulai 10 buah" in page
    assert '<b class="money">Rp55.000</b>' in page


def test_the_cart_charges_wholesale_and_says_how_far_the_next_step_is(visitor):
    coffee = make.steps(make.variant(price=65_000, on_hand=50), (3, 60_000), (10, 55_000))
    put_into_cart(visitor, coffee, 2)
    assert "Tambah 1 lagi: Rp60.000 per buah (harga grosir)." in visitor.get("/keranjang/").text
    visitor.post("/keranjang/ubah/", {"v": coffee.pk, "quantity": 4})
    page = visitor.get("/keranjang/")
    assert page.context["cart"].goods_total == 240_000
    assert "Tambah 6 lagi: Rp55.000 per buah (harga grosir)." in page.text
    assert "Harganya berubah" not in page.text


def test_a_member_who_is_logged_in_sees_and_pays_the_member_price(visitor):
    make.rate(per_kg=20_000)
    coffee = make.variant(price=65_000)
    make.change(coffee, member_price=58_000)
    address = coffee.product.get_absolute_url()
    assert visitor.get(address).context["offer"].piece.amount == 65_000
    assert "Anggota koperasi membayar Rp58.000." in visitor.get(address).text

    member = member_at_the_shop()
    page = member.get(address)
    assert "Harga anggota untuk Anda" in page.text
    assert '<span class="sr-only">harga normal </span>Rp65.000' in page.text
    put_into_cart(member, coffee)
    send(member, fill_in(member))
    line = Order.objects.get().lines.get()
    assert (line.price, line.price_kind) == (58_000, "member")


def test_a_buyer_with_an_account_who_is_no_member_pays_the_usual_price(kopi):
    coffee = make.variant(price=65_000)
    make.change(coffee, member_price=58_000)
    buyer = Browser(user=User.objects.create_user("siti@pembeli.example", name="Siti"))
    put_into_cart(buyer, coffee)
    assert buyer.get("/keranjang/").context["cart"].goods_total == 65_000


def test_the_shares_are_of_what_this_buyer_pays(visitor):
    FeeRule.objects.create(channel="shop", cooperative_bp=1_000, from_date="2020-01-01")
    coffee = make.variant(price=60_000)
    make.change(coffee, member_price=50_000)
    shares = member_at_the_shop().get(coffee.product.get_absolute_url()).context["offer"].shares
    assert (shares.gross, shares.member_share, shares.cooperative_fee) == (50_000, 45_000, 5_000)


# --- how many


def test_the_smallest_order_is_what_goes_into_the_cart_at_once(visitor):
    coffee = make.variant(min_per_order=3, max_per_order=5, on_hand=50)
    page = visitor.get(coffee.product.get_absolute_url())
    assert "3 sampai 5 per pesanan" in page.text
    visitor.post("/keranjang/tambah/", {"v": coffee.pk})
    assert in_cart(visitor) == {coffee.pk: 3}


def test_the_cart_stops_below_the_smallest_order(visitor):
    coffee = make.variant(min_per_order=3, on_hand=50)
    visitor.post("/keranjang/tambah/", {"v": coffee.pk, "quantity": 2})
    page = visitor.get("/keranjang/").text
    assert "Paling sedikit 3 per pesanan. Tambah jumlahnya untuk melanjutkan." in page
    assert "Lanjut ke pembayaran" not in page


def test_never_more_than_one_order_may_have_over_all_choices(visitor):
    coffee = make.product(options=("Halus", "Kasar"), max_per_order=4, on_hand=50)
    fine, coarse = coffee.variants.order_by("pk")
    visitor.post("/keranjang/tambah/", {"v": fine.pk, "quantity": 3})
    visitor.post("/keranjang/tambah/", {"v": coarse.pk, "quantity": 3})
    assert in_cart(visitor) == {fine.pk: 3, coarse.pk: 1}
    page = visitor.post("/keranjang/tambah/", {"v": coarse.pk, "quantity": 1}, follow=True)
    assert "Paling banyak 4 per pesanan, dan itu sudah di keranjang Anda." in page.text
    visitor.post("/keranjang/ubah/", {"v": fine.pk, "quantity": 9})
    assert "Paling banyak 4 per pesanan. Kurangi jumlahnya" in visitor.get("/keranjang/").text


def test_a_limit_that_changed_at_the_checkout_is_explained_and_nothing_is_ordered(visitor):
    make.rate(per_kg=20_000)
    coffee = make.variant(price=65_000, on_hand=50)
    put_into_cart(visitor, coffee, 2)
    page = fill_in(visitor)
    Product.objects.update(min_per_order=3)
    answer = send(visitor, page)
    assert "“Kopi Arabika Gayo”: paling sedikit 3 per pesanan." in answer.text
    assert not Order.objects.exists()


# --- made to order, sold beforehand


def test_what_is_made_to_order_says_when_it_is_ready_from_product_to_order(visitor):
    make.rate(per_kg=20_000)
    cake = make.made_to_order(capacity=10, lead_days=3, price=50_000).variants.get()
    page = visitor.get(cake.product.get_absolute_url())
    assert "Dibuat setelah dipesan, siap 26 Nov 2026" in page.text
    assert "Paling banyak 10 buah selesai per hari" in page.text
    put_into_cart(visitor, cake, 12)
    assert "Dibuat setelah dipesan, siap 27 Nov 2026." in visitor.get("/keranjang/").text
    answer = send(visitor, fill_in(visitor))
    assert Order.objects.get().lines.get().ready_date == date(2026, 11, 27)
    assert "/bayar/" in answer["Location"]
    assert "siap dikirim 27 Nov 2026" in visitor.get(f"/pesanan/{Order.objects.get().token}/").text


def test_a_maker_who_is_booked_out_is_said_in_words(visitor):
    cake = make.made_to_order(capacity=1)
    making.promise(reference="O-1", product=cake, pieces=making.HORIZON_DAYS, now=make.NOW)
    page = visitor.get(cake.get_absolute_url())
    assert "Penuh dipesan" in page.text
    assert "Masukkan keranjang" not in page.text


def test_choices_of_one_maker_share_what_can_be_made(visitor):
    cake = make.made_to_order(capacity=1, options=("Pandan", "Cokelat"))
    first, second = cake.variants.order_by("pk")
    visitor.post("/keranjang/tambah/", {"v": first.pk, "quantity": 50})
    visitor.post("/keranjang/tambah/", {"v": second.pk, "quantity": 50})
    assert in_cart(visitor) == {first.pk: 50, second.pk: 10}


def test_a_preorder_says_from_which_day_it_is_sent(visitor):
    coffee = make.variant(preorder_date=date(2026, 12, 24))
    page = visitor.get(coffee.product.get_absolute_url()).text
    assert "Pra-pesan: dikirim mulai 24 Des 2026" in page
    put_into_cart(visitor, coffee)
    assert "Semuanya siap dikirim 24 Des 2026." in visitor.get("/keranjang/").text


# --- words


def test_a_text_without_translation_is_shown_in_indonesian_with_a_note(visitor):
    address = make.product().get_absolute_url()
    page = visitor.get(f"/en{address}")
    assert '<div class="prose-shop mt-2" lang="id">' in page.text
    assert 'lang="id">Kopi Arabika Gayo</h1>' in page.text
    Product.objects.update(title_en="Gayo Arabica", description_en="From our members' gardens.")
    page = visitor.get(f"/en{address}")
    assert "Gayo Arabica</h1>" in page.text
    assert '<div class="prose-shop mt-2" lang="en">' in page.text
    assert "Belum diterjemahkan" not in visitor.get(address).text


def test_condition_and_origin_are_told(visitor):
    coffee = make.product(condition="used", origin_code="11.04")
    page = visitor.get(coffee.get_absolute_url()).text
    assert "Bekas" in page
    assert "Aceh Tengah" in page


# --- buying at once, keeping for later


def test_buy_goes_to_the_checkout_with_the_goods_in_the_cart(visitor):
    coffee = make.variant(on_hand=1)
    assert visitor.post("/keranjang/tambah/", {"v": coffee.pk, "buy": "1"})["Location"] == "/checkout/"
    again = visitor.post("/keranjang/tambah/", {"v": coffee.pk, "buy": "1"}, HTTP_HX_REQUEST="true")
    assert again["HX-Redirect"] == "/checkout/"
    assert in_cart(visitor) == {coffee.pk: 1}


def test_a_line_is_kept_for_later_and_comes_back(visitor):
    coffee = make.variant(price=65_000)
    put_into_cart(visitor, coffee, 2)
    visitor.post("/keranjang/nanti/", {"v": coffee.pk, "to": "later"})
    assert (in_cart(visitor), kept(visitor)) == ({}, {str(coffee.pk): 2})
    page = visitor.get("/keranjang/")
    assert "Disimpan dulu" in page.text
    assert page.context["cart"].goods_total == 0
    visitor.post("/keranjang/nanti/", {"v": coffee.pk, "to": "cart"})
    assert (in_cart(visitor), kept(visitor)) == ({coffee.pk: 2}, {})


def test_what_sold_out_stays_kept_and_says_so(visitor):
    coffee = make.variant(on_hand=2)
    put_into_cart(visitor, coffee, 2)
    visitor.post("/keranjang/nanti/", {"v": coffee.pk, "to": "later"})
    stock.count(variant_id=coffee.pk, on_hand=0, reference="tests", now=make.NOW)
    page = visitor.post("/keranjang/nanti/", {"v": coffee.pk, "to": "cart"}, follow=True)
    assert "Barang ini baru saja habis." in page.text
    assert (in_cart(visitor), kept(visitor)) == ({}, {str(coffee.pk): 2})
    visitor.post("/keranjang/nanti/", {"v": coffee.pk, "to": "nowhere"})
    assert kept(visitor) == {}


def test_what_is_not_sold_any_more_is_not_kept(visitor):
    coffee = make.variant()
    put_into_cart(visitor, coffee)
    visitor.post("/keranjang/nanti/", {"v": coffee.pk, "to": "later"})
    Product.objects.update(state=Product.State.PAUSED)
    visitor.get("/keranjang/")
    assert kept(visitor) == {}


@pytest.mark.parametrize("data", [{}, {"v": "x", "to": "later"}, {"v": "1", "to": "elsewhere"}])
def test_nonsense_about_later_changes_nothing(visitor, data):
    coffee = make.variant()
    put_into_cart(visitor, coffee)
    visitor.post("/keranjang/nanti/", data)
    assert (in_cart(visitor), kept(visitor)) == ({coffee.pk: 1}, {})


def test_the_cart_estimates_shipping_before_and_after_a_province_is_known(visitor):
    make.rate(per_kg=12_000, province="Aceh")
    make.rate(per_kg=68_000, province="Papua")
    put_into_cart(visitor, make.variant(price=65_000))
    page = visitor.get("/keranjang/")
    assert (page.context["shipping"].low, page.context["shipping"].high) == (12_000, 68_000)
    assert "tergantung provinsi" in page.text
    fill_in(visitor, province="Papua")
    page = visitor.get("/keranjang/")
    assert page.context["shipping"].least_total == 133_000
    assert "Papua, 2–4 hari" in page.text


def test_something_else_of_the_shop_lacks_a_document_and_leaves_the_cart(visitor):
    coffee = make.variant()
    put_into_cart(visitor, coffee)
    Product.objects.update(lacks="halal")
    assert "1 barang tidak dijual lagi" in visitor.get("/keranjang/").text
    assert visitor.post("/keranjang/tambah/", {"v": coffee.pk}).status_code == 404
