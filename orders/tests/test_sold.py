"""What a card says was sold was paid for and kept."""

import pytest

from catalog import selling
from catalog.models import Product
from orders import expiring, lifecycle
from orders.models import OrderState
from tests import make

# The money itself is the business of payments/: here orders are marked as paid without any.
pytestmark = pytest.mark.breaks("I5")


def sold() -> dict[str, int]:
    return dict(Product.objects.values_list("title", "sold"))


@pytest.fixture
def order(kopi):
    coffee = make.product(title="Kopi", options=("200 g", "500 g"))
    honey = make.product(title="Madu")
    small, large = coffee.variants.order_by("pk")
    return make.order(cart={small.pk: 2, large.pk: 3, honey.variants.get().pk: 1})


@pytest.fixture
def paid(order, now):
    return lifecycle.mark_paid(order_id=order.pk, actor="stripe", now=now)


def test_ordering_alone_sells_nothing(order):
    assert sold() == {"Kopi": 0, "Madu": 0}


def test_payment_counts_the_pieces_of_all_choices_once(paid, now):
    assert sold() == {"Kopi": 5, "Madu": 1}
    with pytest.raises(lifecycle.WrongState):
        lifecycle.mark_paid(order_id=paid.pk, actor="stripe", now=now)
    assert sold() == {"Kopi": 5, "Madu": 1}


def test_an_order_called_off_after_payment_was_no_sale(paid, now):
    lifecycle.cancel(order_id=paid.pk, actor="Pengurus", now=now)
    assert sold() == {"Kopi": 0, "Madu": 0}


def test_an_order_called_off_before_payment_takes_nothing_from_the_sales_of_others(paid, now):
    unpaid = make.order(cart={paid.lines.first().variant_id: 1})
    lifecycle.cancel(order_id=unpaid.pk, actor="Pengurus", now=now)
    assert sold() == {"Kopi": 5, "Madu": 1}


def test_goods_that_come_back_were_not_sold(paid, now):
    for state in (OrderState.PACKED, OrderState.SHIPPED, OrderState.DELIVERED):
        lifecycle.move(order_id=paid.pk, to=state, actor="Petugas", now=now)
    assert sold() == {"Kopi": 5, "Madu": 1}
    lifecycle.move(order_id=paid.pk, to=OrderState.RETURNED, actor="Petugas", now=now)
    assert sold() == {"Kopi": 0, "Madu": 0}


def test_an_expired_order_that_is_paid_late_is_a_sale(order, now):
    expiring.expire_unpaid(now=order.expires_at)
    lifecycle.mark_paid(order_id=order.pk, actor="stripe", now=now)
    assert sold() == {"Kopi": 5, "Madu": 1}


def test_what_was_sold_before_sales_were_counted_comes_back_without_a_number_below_zero(kopi):
    product = make.product()
    selling.count_sold({product.pk: -4})
    assert list(sold().values()) == [0]
