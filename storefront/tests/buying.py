"""What a buyer without JavaScript does: fill in the forms that are on a page and send them."""

from django.http import HttpResponse

from catalog.models import Variant
from orders.models import Order
from payments import confirming, gateways, paying
from payments.models import Gateway
from tests import make
from tests.browsing import Browser
from tests.shopping import ADDRESS, forms


def put_into_cart(visitor: Browser, variant: Variant, quantity: int = 1) -> HttpResponse:
    page = visitor.get(variant.product.get_absolute_url())
    form = next(form for form in forms(page) if "v" in form.fields)
    return visitor.post(form.action, {**form.fields, "v": variant.pk, "quantity": quantity})


def fill_in(visitor: Browser, **changes: str) -> HttpResponse:
    """Open the checkout, fill it in and send it once: the answer shows the total."""
    return send(visitor, visitor.get("/checkout/"), **{**ADDRESS, **changes})


def send(visitor: Browser, page: HttpResponse, **changes: str) -> HttpResponse:
    """Send the checkout form of `page` as it stands, with `changes`."""
    form = next(form for form in forms(page) if "phone" in form.fields)
    return visitor.post("/checkout/", {**form.fields, **changes})


ACCOUNT = {"bank": "Bank Aceh Syariah", "account_number": "0102030405", "account_holder": "Koperasi Kopi Gayo"}


def offer_transfer() -> Gateway:
    return gateways.create_gateway(provider="transfer", label="Transfer Bank Aceh", settings=ACCOUNT)


def pay(order: Order) -> None:
    """The buyer transfers the exact amount, and the treasurer sees it."""
    offer_transfer()
    payment = paying.start(order_id=order.pk, provider="transfer", return_url="x", now=make.NOW)
    confirming.confirm_transfer(payment_id=payment.pk, amount=order.total, officer="Rosmaidar", now=make.NOW)
