"""The page of one order: for whoever holds its link, and nobody else."""

import pytest
from allauth.account.models import EmailAddress

from accounts.models import User
from catalog.models import Product
from orders import lifecycle
from orders.models import Order, OrderState
from payments import paying, settling
from payments.models import Payment
from storefront.tests.buying import fill_in, offer_transfer, pay, put_into_cart, send
from tests import make
from tests.browsing import BATIK, Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(kopi) -> Order:
    return make.order()


def address_of(order: Order) -> str:
    return f"/pesanan/{order.token}/"


def test_it_shows_lines_totals_address_and_the_pay_button(visitor, order):
    page = visitor.get(address_of(order)).text
    assert order.lines.get().title in page
    assert "Rp85.000" in page
    assert "Siti Aminah" in page
    assert "Kebayoran Baru, Jakarta Selatan" in page
    assert f'href="/bayar/{order.code}/"' in page
    assert "Bayar sebelum 24 Nov 2026 14.00 WIB" in page


def test_a_shipped_order_shows_its_way_and_the_tracking_number(visitor, order):
    pay(order)
    lifecycle.ship(order_id=order.pk, courier="JNE", tracking_number="JP123", actor="Fitri", now=make.NOW)
    page = visitor.get(address_of(order))
    assert [(step.name, step.is_passed) for step in page.context["steps"]] == [
        ("Dipesan", True),
        ("Dibayar", True),
        ("Dikemas", True),
        ("Dikirim", True),
        ("Sampai", False),
    ]
    assert 'data-copy="JP123"' in page.text
    assert f'href="/bayar/{order.code}/"' not in page.text


def test_a_cancelled_order_ends_there(visitor, order):
    lifecycle.cancel(order_id=order.pk, actor="buyer", now=make.NOW)
    page = visitor.get(address_of(order))
    assert [(step.name, step.is_ending) for step in page.context["steps"]] == [("Dipesan", False), ("Dibatalkan", True)]
    assert "Bayar sekarang" not in page.text


def test_it_tells_where_the_money_goes(visitor, order):
    line = order.lines.get()
    page = visitor.get(address_of(order))
    assert page.context["shares"].members == [(line.member.name, line.member_share)]
    assert page.context["shares"].shipping == 20_000


def test_coming_back_from_the_provider_asks_it_once_and_shows_the_clean_address(visitor, order, monkeypatch):
    payment = Payment.objects.create(
        order=order, gateway=offer_transfer(), reference="R1", amount=order.total, state=Payment.State.PENDING,
        external_id="cs_1", return_url="x", created_at=make.NOW, expires_at=make.NOW,
    )  # fmt: skip
    asked = []
    monkeypatch.setattr(settling, "settle", lambda *, payment_id, now: asked.append(payment_id))
    answer = visitor.get(address_of(order) + "?dari=bayar")
    assert answer["Location"] == address_of(order)
    visitor.get(answer["Location"])
    assert asked == [payment.pk]


def test_coming_back_without_a_payment_just_shows_the_order(visitor, order):
    assert visitor.get(address_of(order) + "?dari=bayar", follow=True).status_code == 200


@pytest.mark.parametrize("forged", ["AAAAAAAAAAAAAAAAAAAAAA", "x", "..", "x" * 300, "%00", "'"])
def test_a_forged_token_is_404(visitor, order, forged):
    assert visitor.get(f"/pesanan/{forged}/").status_code == 404
    assert visitor.post(f"/pesanan/{forged}/lagi/").status_code == 404


def test_the_code_is_no_token(visitor, order):
    assert visitor.get(f"/pesanan/{order.code}/").status_code == 404


def test_another_cooperatives_token_is_404(order, batik):
    assert Browser(BATIK).get(address_of(order)).status_code == 404
    assert Browser(BATIK).post(address_of(order) + "lagi/").status_code == 404


def test_it_is_neither_cached_nor_indexed(visitor, order):
    page = visitor.get(address_of(order))
    assert "no-store" in page["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in page.text
    assert page["Referrer-Policy"] == "same-origin"


def test_buying_again_fills_the_cart_with_what_is_left(visitor, kopi):
    there, gone = make.variant(title="Ada"), make.variant(title="Tiada")
    order = make.order(cart={there.pk: 2, gone.pk: 1})
    Product.objects.filter(pk=gone.product_id).update(state=Product.State.PAUSED)
    page = visitor.post(address_of(order) + "lagi/", follow=True)
    assert page.redirect_chain == [("/keranjang/", 302)]
    assert "Sebagian barang pesanan itu sudah habis" in page.text
    assert visitor.session["cart"] == {str(there.pk): [2, 65_000]}


def test_a_guest_finds_the_orders_of_this_browser(visitor, order):
    assert "Belum ada pesanan dari perangkat ini." in visitor.get("/akun/pesanan/").text
    put_into_cart(visitor, make.variant(title="Madu Hutan"))
    send(visitor, fill_in(visitor))
    mine = Order.objects.exclude(pk=order.pk).get()
    page = visitor.get("/akun/pesanan/").text
    assert mine.code in page
    assert order.code not in page


def test_logged_in_with_a_proven_address_one_sees_its_orders_and_no_others(kopi, order):
    other = make.order(cart={make.variant(title="Madu Hutan").pk: 1}, email="lain@pembeli.example")
    user = User.objects.create_user("siti@pembeli.example")
    browser = Browser(user=user)
    assert order.code not in browser.get("/akun/pesanan/").text
    EmailAddress.objects.create(user=user, email="siti@pembeli.example", verified=True, primary=True)
    page = browser.get("/akun/pesanan/").text
    assert order.code in page
    assert other.code not in page


def test_an_unproven_address_opens_nothing(kopi, order):
    user = User.objects.create_user("siti@pembeli.example")
    EmailAddress.objects.create(user=user, email="siti@pembeli.example", verified=False, primary=True)
    assert order.code not in Browser(user=user).get("/akun/pesanan/").text


def test_an_order_of_a_marketplace_has_no_pay_page(visitor, order):
    Order.objects.filter(pk=order.pk).update(channel="shopee", state=OrderState.AWAITING_PAYMENT)
    assert visitor.get(f"/bayar/{order.code}/").status_code == 404
    assert paying.choices(order) == []
