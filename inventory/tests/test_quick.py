"""A member says with one tap how much there is; the link in the chat opens that and nothing else."""

from datetime import timedelta

import pytest
import time_machine

from inventory import quick, stock
from inventory.models import Movement, Stock
from members.models import Member
from tenants.context import in_tenant
from tests import make

KEY = "0123456789abcdef0123456789abcdef"


def figures():
    return Stock.objects.values_list("on_hand", "reserved").get()


def test_nothing_left_to_sell_keeps_what_is_promised(kopi, now):
    honey = make.variant(on_hand=7)
    stock.reserve(reference="O-1", wanted={honey.pk: 2}, expires_at=None, now=now)
    quick.sold_out(variant_id=honey.pk, by="Ina", now=now)
    assert figures() == (2, 2)
    honey.product.refresh_from_db()
    assert honey.product.in_stock is False


def test_what_a_member_sets_is_what_can_be_sold(kopi, now):
    honey = make.variant(on_hand=7)
    stock.reserve(reference="O-1", wanted={honey.pk: 2}, expires_at=None, now=now)
    quick.set_to(variant_id=honey.pk, pieces=9, shown=5, by="Ina", now=now)
    assert figures() == (11, 2)
    last = Movement.objects.order_by("-pk").first()
    assert (last.kind, last.quantity, last.reference) == ("counted", 4, "Ina")


def test_a_count_of_a_shelf_from_which_somebody_bought_meanwhile_is_refused(kopi, now):
    honey = make.variant(on_hand=7)
    stock.reserve(reference="O-1", wanted={honey.pk: 2}, expires_at=None, now=now)
    with pytest.raises(quick.Changed) as refused:
        quick.set_to(variant_id=honey.pk, pieces=9, shown=7, by="Ina", now=now)
    assert (refused.value.available, figures()) == (5, (7, 2))


def test_a_tap_that_is_sent_again_adds_once(kopi, now):
    honey = make.variant(on_hand=0)
    taps = [quick.add(variant_id=honey.pk, pieces=1, key=KEY, by="Ina", now=now) for _ in range(3)]
    assert (taps, figures()) == ([True, False, False], (1, 0))
    assert (
        quick.add(variant_id=honey.pk, pieces=10, key=KEY, by="Ina", now=now) is True
    )  # another button is another tap
    assert quick.add(variant_id=honey.pk, pieces=1, key=KEY, by="Ina", now=now) is False
    assert figures() == (11, 0)
    assert quick.add(variant_id=honey.pk, pieces=10, key=KEY[::-1], by="Ina", now=now) is True
    assert quick.add(variant_id=honey.pk, pieces=1, key=KEY[::-1], by="Ina", now=now) is True
    assert figures() == (22, 0)
    honey.product.refresh_from_db()
    assert honey.product.in_stock is True


@pytest.mark.parametrize("pieces", [-1, quick.MOST + 1])
def test_a_number_that_cannot_be_is_refused(kopi, now, pieces):
    honey = make.variant(on_hand=7)
    with pytest.raises(ValueError, match="pieces"):
        quick.set_to(variant_id=honey.pk, pieces=pieces, shown=7, by="Ina", now=now)
    with pytest.raises(ValueError, match="pieces"):
        quick.add(variant_id=honey.pk, pieces=pieces, key=KEY, by="Ina", now=now)
    assert figures() == (7, 0)


def test_a_member_counts_what_is_sold_and_lies_on_a_shelf(kopi):
    mine, other = make.member(name="Ina"), make.member(name="Budi")
    honey = make.variant(title="Madu", seller=mine)
    make.variant(title="Kopi", seller=other)
    make.made_to_order(seller=mine)
    make.change(make.variant(title="Lama", seller=mine), is_active=False)
    assert list(quick.countable(mine)) == [honey]


def test_a_link_says_whose_it_is_until_it_is_renewed(kopi):
    ina, budi = make.member(name="Ina"), make.member(name="Budi")
    old = quick.link(ina)
    assert quick.whose(old) == ina
    quick.renew_link(member_id=ina.pk)
    with pytest.raises(quick.LinkIsOver):
        quick.whose(old)
    assert quick.whose(quick.link(Member.objects.get(pk=ina.pk))) == ina
    assert quick.whose(quick.link(budi)) == budi


def test_a_link_is_over_when_it_is_old(kopi, now):
    ina = make.member(name="Ina")
    with time_machine.travel(now, tick=False):
        old = quick.link(ina)
    with time_machine.travel(now + timedelta(days=quick.LINK_DAYS), tick=False):
        assert quick.whose(old) == ina
    with (
        time_machine.travel(now + timedelta(days=quick.LINK_DAYS, seconds=1), tick=False),
        pytest.raises(quick.LinkIsOver),
    ):
        quick.whose(old)


def test_a_link_of_another_cooperative_opens_nothing_here(kopi, batik, now):
    ina = make.member(name="Ina")
    with in_tenant(batik):
        theirs = Member.objects.create(pk=ina.pk, number="B-1", name="Dewi", joined_date=now.date())
        foreign = quick.link(theirs)
    with pytest.raises(quick.LinkIsOver):
        quick.whose(foreign)


@pytest.mark.parametrize("forged", ["", "x", "WzEsMF0:1abcde:forged", "a" * 500])
def test_a_forged_link_opens_nothing(kopi, forged):
    make.member(name="Ina")
    with pytest.raises(quick.LinkIsOver):
        quick.whose(forged)
