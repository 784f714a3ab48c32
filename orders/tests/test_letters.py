"""Everybody is written to in their own language, whoever sets the letter off."""

import pytest
from django.utils import translation

from accounts.models import User
from notifications.models import Message
from orders import lifecycle
from tests import make

# The money itself is the business of payments/: here orders are marked as paid without any.
pytestmark = pytest.mark.breaks("I5")


@pytest.mark.parametrize("language_of_the_officer", ["id", "en"])
def test_buyer_and_member_read_their_own_language(kopi, now, language_of_the_officer):
    seller = make.member(email="rahma@kopi.example")
    order = make.order(cart={make.variant(seller=seller).pk: 1})
    type(order).objects.filter(pk=order.pk).update(language="en")
    with translation.override(language_of_the_officer):
        lifecycle.mark_paid(order_id=order.pk, actor="Bendahara", now=now)
    to_buyer, to_member = (Message.objects.get(key__contains=f":{about}") for about in ("paid", "sold"))
    assert f"Order {order.code} has been paid" in to_buyer.subject
    assert f"Terjual: pesanan {order.code}" in to_member.subject
    assert "Barang Anda terjual" in to_member.body


def test_a_member_who_reads_english_is_written_to_in_english(kopi, now):
    seller = make.member(email="rahma@kopi.example")
    User.objects.update(language="en")
    order = make.order(cart={make.variant(seller=seller).pk: 1})
    lifecycle.mark_paid(order_id=order.pk, actor="stripe", now=now)
    letter = Message.objects.get(key__contains=":sold")
    assert f"Sold: order {order.code}" in letter.subject
    assert "Your goods were sold" in letter.body
