import pytest
from django.core import mail
from django.db import DatabaseError, transaction

from inventory import stock
from inventory.models import Stock
from notifications import sending
from notifications.models import Message
from orders import expiring, lifecycle
from orders.models import NEXT_STATES, Order, OrderEvent, OrderState
from tenants.models import Due
from tests import make

# The money itself is the business of payments/: here orders are marked as paid without any.
pytestmark = pytest.mark.breaks("I5")


@pytest.fixture
def coffee(kopi):
    return make.variant(on_hand=10)


@pytest.fixture
def order(coffee):
    return make.order(cart={coffee.pk: 2})


def shelf():
    return Stock.objects.values_list("on_hand", "reserved").get()


def test_payment_numbers_the_invoice_commits_the_stock_and_tells_people(order, now):
    paid = lifecycle.mark_paid(order_id=order.pk, actor="stripe", now=now)
    assert (paid.state, paid.invoice_number, paid.paid_at) == ("paid", "INV/2026/000001", now)
    assert shelf() == (8, 0)
    assert list(order.events.order_by("pk").values_list("state", "actor")) == [
        ("awaiting_payment", "buyer"),
        ("paid", "stripe"),
    ]
    assert sorted(Message.objects.values_list("key", flat=True)) == [f"{order.code}:paid", f"{order.code}:placed"]


def test_paying_twice_is_refused_and_changes_nothing(order, now):
    lifecycle.mark_paid(order_id=order.pk, actor="stripe", now=now)
    with pytest.raises(lifecycle.WrongState):
        lifecycle.mark_paid(order_id=order.pk, actor="stripe", now=now)
    assert shelf() == (8, 0)
    assert OrderEvent.objects.filter(state="paid").count() == 1


def test_invoice_numbers_have_no_gaps_even_when_a_payment_fails(coffee, now):
    first, second = make.order(cart={coffee.pk: 1}), make.order(cart={coffee.pk: 1})
    with pytest.raises(RuntimeError), transaction.atomic():
        lifecycle.mark_paid(order_id=first.pk, actor="x", now=now)
        raise RuntimeError
    assert lifecycle.mark_paid(order_id=second.pk, actor="x", now=now).invoice_number == "INV/2026/000001"
    assert lifecycle.mark_paid(order_id=first.pk, actor="x", now=now).invoice_number == "INV/2026/000002"


@pytest.mark.parametrize("paid", [False, True])
def test_cancelling_brings_the_stock_back_once(order, now, paid):
    if paid:
        lifecycle.mark_paid(order_id=order.pk, actor="stripe", now=now)
    lifecycle.cancel(order_id=order.pk, actor="Pengurus", now=now, detail="pembeli berubah pikiran")
    assert shelf() == (10, 0)
    with pytest.raises(lifecycle.WrongState):
        lifecycle.cancel(order_id=order.pk, actor="Pengurus", now=now)
    assert shelf() == (10, 0)


def test_nobody_paid_in_time_so_the_goods_are_for_sale_again(order, now):
    assert expiring.expire_unpaid(now=now) == 0
    assert expiring.expire_unpaid(now=order.expires_at) == 1
    order.refresh_from_db()
    assert (order.state, shelf()) == ("expired", (10, 0))
    assert expiring.expire_unpaid(now=order.expires_at) == 0


def test_more_late_orders_than_one_turn_takes_are_due_again_at_once(order, coffee, now):
    make.order(cart={coffee.pk: 1})
    Due.objects.all().delete()
    late = order.expires_at
    assert expiring.expire_unpaid(now=late, limit=1) == 1
    assert list(Due.objects.filter(kind="expire").values_list("at", flat=True)) == [late]
    assert expiring.expire_unpaid(now=late, limit=1) == 1
    assert Due.objects.filter(kind="expire").count() == 1
    assert shelf() == (10, 0)


def test_an_order_in_trouble_does_not_keep_the_next_from_expiring(coffee, now, monkeypatch):
    bad, good = make.order(cart={coffee.pk: 1}), make.order(cart={coffee.pk: 1})
    expire = lifecycle.expire

    def trip(*, order_id, now):
        if order_id == bad.pk:
            raise RuntimeError
        return expire(order_id=order_id, now=now)

    monkeypatch.setattr(lifecycle, "expire", trip)
    late = good.expires_at
    assert expiring.expire_unpaid(now=late) == 1
    assert list(Order.objects.order_by("pk").values_list("state", flat=True)) == ["awaiting_payment", "expired"]
    assert Due.objects.filter(kind="expire", at=late + expiring.AGAIN).count() == 1


def test_money_after_expiry_takes_the_goods_again(order, now):
    expiring.expire_unpaid(now=order.expires_at)
    lifecycle.mark_paid(order_id=order.pk, actor="stripe", now=now)
    assert shelf() == (8, 0)


def test_money_after_expiry_when_the_goods_are_gone_changes_nothing(order, coffee, now):
    expiring.expire_unpaid(now=order.expires_at)
    stock.count(variant_id=coffee.pk, on_hand=1, reference="rak", now=now)
    with pytest.raises(stock.OutOfStock), transaction.atomic():
        lifecycle.mark_paid(order_id=order.pk, actor="stripe", now=now)
    order.refresh_from_db()
    assert (order.state, order.invoice_number, shelf()) == ("expired", None, (1, 0))


def test_an_order_walks_from_payment_to_completion(order, now):
    lifecycle.mark_paid(order_id=order.pk, actor="stripe", now=now)
    lifecycle.move(order_id=order.pk, to=OrderState.PACKED, actor="Ina", now=now)
    lifecycle.ship(order_id=order.pk, courier="JNE", tracking_number="JNE123", actor="Ina", now=now)
    lifecycle.move(order_id=order.pk, to=OrderState.DELIVERED, actor="clock", now=now)
    lifecycle.move(order_id=order.pk, to=OrderState.COMPLETED, actor="clock", now=now)
    order.refresh_from_db()
    parcel = order.parcels.get()
    assert (order.state, parcel.courier, parcel.tracking_number, parcel.packed_at) == (
        "completed",
        "JNE",
        "JNE123",
        now,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [(before, after) for before in OrderState for after in OrderState if after not in NEXT_STATES[before]],
)
def test_no_step_beside_the_table_is_possible(order, now, before, after):
    Order.objects.filter(pk=order.pk).update(state=before)
    with pytest.raises(lifecycle.WrongState):
        lifecycle.move(order_id=order.pk, to=after, actor="x", now=now)
    order.refresh_from_db()
    assert (order.state, order.events.count()) == (before, 1)


def test_the_history_of_an_order_cannot_be_edited(order):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        order.events.update(actor="someone else")
    assert order.events.get().actor == "buyer"


def test_a_seller_with_a_long_address_does_not_stand_in_the_way_of_a_payment(kopi, now):
    email = "a" * 60 + "@" + "b" * 60 + ".example"
    order = make.order(cart={make.variant(seller=make.member(email=email)).pk: 1})
    assert lifecycle.mark_paid(order_id=order.pk, actor="stripe", now=now).state == "paid"
    assert Message.objects.get(to=email).subject == f"Terjual: pesanan {order.code}"


def test_buyer_and_seller_get_their_mail_once_in_their_language(kopi, now):
    seller = make.member(name="Ina", email="ina@kopi.example")
    bought = make.variant(seller=seller)
    order = make.order(cart={bought.pk: 1})
    lifecycle.mark_paid(order_id=order.pk, actor="stripe", now=now)
    for _ in range(2):
        assert sending.send_waiting(now=now) == 0
    assert sorted((message.to[0], message.subject) for message in mail.outbox) == [
        ("ina@kopi.example", f"Terjual: pesanan {order.code}"),
        ("siti@pembeli.example", f"Pesanan {order.code} menunggu pembayaran"),
        ("siti@pembeli.example", f"Pesanan {order.code} sudah dibayar"),
    ]
    link = f"http://kopi-gayo.localhost:8000/pesanan/{order.token}/"
    assert all(link in message.body for message in mail.outbox if "siti" in message.to[0])
