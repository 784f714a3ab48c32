"""The pay page: how to pay, until when, and nothing about the buyer."""

from datetime import timedelta

import pytest
import time_machine

from orders.models import Order
from payments import paying, settling
from payments.models import Payment
from storefront.tests.buying import fill_in, offer_transfer, pay, put_into_cart, send
from tests import make
from tests.browsing import BATIK, Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(kopi) -> Order:
    offer_transfer()
    return make.order(name="Siti Rahasia", address="Jl. Tersembunyi 9")


def test_it_shows_code_total_deadline_and_methods(visitor, order):
    page = visitor.get(f"/bayar/{order.code}/").text
    assert order.code in page
    assert "Rp85.000" in page
    assert "24 Nov 2026 14.00 WIB" in page
    assert "Transfer Bank Aceh" in page


def test_it_tells_nothing_about_the_buyer_nor_the_way_to_the_order(visitor, order):
    visitor.post(f"/bayar/{order.code}/", {"provider": "transfer"})
    page = visitor.get(f"/bayar/{order.code}/").text
    for secret in (order.buyer_name, order.buyer_phone, order.buyer_email, order.address, order.token):
        assert secret not in page


def test_who_just_ordered_gets_the_way_to_the_order(visitor, kopi):
    make.rate()
    put_into_cart(visitor, make.variant())
    page = visitor.get(send(visitor, fill_in(visitor))["Location"])
    assert f"/pesanan/{Order.objects.get().token}/" in page.text


def test_choosing_transfer_shows_the_account_and_the_exact_amount(visitor, order):
    answer = visitor.post(f"/bayar/{order.code}/", {"provider": "transfer"})
    assert answer["Location"] == f"/bayar/{order.code}/"
    page = visitor.get(answer["Location"]).text
    assert "0102030405" in page
    assert 'data-copy="85000"' in page
    assert "Koperasi Kopi Gayo" in page
    assert Payment.objects.get().amount == 85_000


def test_choosing_twice_is_one_attempt(visitor, order):
    visitor.post(f"/bayar/{order.code}/", {"provider": "transfer"})
    visitor.post(f"/bayar/{order.code}/", {"provider": "transfer"})
    assert Payment.objects.count() == 1


def test_a_provider_leads_away_to_its_own_page(visitor, order, monkeypatch):
    def start(*, order_id, provider, return_url, now):
        assert provider == "stripe"
        assert return_url == f"http://kopi-gayo.localhost:8000/bayar/{order.code}/?dari=bayar"
        return Payment(pay_url="https://checkout.stripe.com/c/pay/cs_1")

    monkeypatch.setattr(paying, "start", start)
    answer = visitor.post(f"/bayar/{order.code}/", {"provider": "stripe"})
    assert answer["Location"] == "https://checkout.stripe.com/c/pay/cs_1"
    assert (
        "form-action 'self' https://checkout.stripe.com"
        in visitor.get(f"/bayar/{order.code}/")["Content-Security-Policy"]
    )


def test_who_knows_only_the_code_does_not_come_back_from_a_provider_to_the_order(visitor, order, monkeypatch):
    payment = _at_a_provider(order)
    asked = []
    monkeypatch.setattr(settling, "settle", lambda *, payment_id, now: asked.append(payment_id))
    answer = visitor.get(f"/bayar/{order.code}/?dari=bayar")
    assert answer["Location"] == f"/bayar/{order.code}/"
    assert asked == [payment.pk]


def test_who_just_ordered_comes_back_from_a_provider_to_the_order(visitor, kopi, monkeypatch):
    make.rate()
    put_into_cart(visitor, make.variant())
    send(visitor, fill_in(visitor))
    order = Order.objects.get()
    payment = _at_a_provider(order)
    asked = []
    monkeypatch.setattr(settling, "settle", lambda *, payment_id, now: asked.append(payment_id))
    answer = visitor.get(f"/bayar/{order.code}/?dari=bayar")
    assert answer["Location"] == f"/pesanan/{order.token}/"
    assert asked == [payment.pk]


def _at_a_provider(order: Order) -> Payment:
    return Payment.objects.create(
        order=order, gateway=offer_transfer(), reference="R1", amount=order.total, state=Payment.State.PENDING,
        external_id="cs_1", return_url="x", created_at=make.NOW, expires_at=make.NOW,
    )  # fmt: skip


@pytest.mark.parametrize("provider", ["", "stripe", "bitcoin"])
def test_a_method_that_is_not_offered_is_refused_in_words(visitor, order, provider):
    page = visitor.post(f"/bayar/{order.code}/", {"provider": provider}, follow=True)
    assert page.status_code == 200
    assert "Cara bayar ini tidak tersedia. Pilih cara bayar lain." in page.text
    assert not Payment.objects.exists()


def test_an_order_whose_time_is_over_cannot_be_paid(visitor, order):
    with time_machine.travel(order.expires_at + timedelta(seconds=1), tick=False):
        page = visitor.get(f"/bayar/{order.code}/").text
        assert "tidak menunggu pembayaran lagi" in page
        assert "Transfer Bank Aceh" not in page
        refused = visitor.post(f"/bayar/{order.code}/", {"provider": "transfer"}, follow=True)
    assert "Pesanan ini tidak menunggu pembayaran lagi." in refused.text
    assert not Payment.objects.exists()


def test_a_paid_order_says_so(visitor, order):
    pay(order)
    page = visitor.get(f"/bayar/{order.code}/").text
    assert "Pesanan ini sudah dibayar." in page


def test_without_any_method_the_page_says_whom_to_ask(visitor, kopi):
    page = visitor.get(f"/bayar/{make.order().code}/").text
    assert "Koperasi belum memasang cara bayar." in page


@pytest.mark.parametrize("code", ["TIDAKADA", "x" * 200, "%00"])
def test_an_unknown_code_is_404(visitor, order, code):
    assert visitor.get(f"/bayar/{code}/").status_code == 404


def test_another_cooperatives_code_is_404(order, batik):
    assert Browser(BATIK).get(f"/bayar/{order.code}/").status_code == 404
    assert Browser(BATIK).post(f"/bayar/{order.code}/", {"provider": "transfer"}).status_code == 404
    assert not Payment.objects.exists()
