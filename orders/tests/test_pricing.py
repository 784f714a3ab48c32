"""What one piece costs, and what the cart is told about it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orders import pricing
from orders.pricing import PiecePrice, PriceTag, Wanted

TAG = PriceTag(price=10_000, member_price=8_500, steps=((5, 9_000), (20, 8_000)))


@pytest.mark.parametrize(
    ("pieces", "is_member", "amount", "kind"),
    [
        (1, False, 10_000, ""),
        (4, False, 10_000, ""),
        (5, False, 9_000, "step"),
        (19, False, 9_000, "step"),
        (20, False, 8_000, "step"),
        (1, True, 8_500, "member"),
        (5, True, 8_500, "member"),
        (20, True, 8_000, "step"),
    ],
)
def test_the_lowest_price_wins(pieces, is_member, amount, kind):
    assert pricing.price_piece(TAG, pieces=pieces, is_member=is_member) == PiecePrice(amount=amount, kind=kind)


def test_where_two_prices_are_equal_the_one_for_more_people_gives_the_name():
    same = PriceTag(price=10_000, member_price=10_000, steps=((2, 10_000),))
    assert pricing.price_piece(same, pieces=9, is_member=True).kind == ""
    step = PriceTag(price=10_000, member_price=9_000, steps=((2, 9_000),))
    assert pricing.price_piece(step, pieces=9, is_member=True).kind == "step"


def test_a_dearer_step_further_up_does_not_raise_the_price():
    odd = PriceTag(price=10_000, steps=((5, 8_000), (10, 9_000)))
    assert pricing.price_piece(odd, pieces=12, is_member=False).amount == 8_000


def test_wholesale_counts_all_variants_of_a_product_and_no_other_product():
    lines = [
        Wanted(product_id=1, quantity=3, tag=TAG),
        Wanted(product_id=1, quantity=2, tag=PriceTag(price=12_000)),
        Wanted(product_id=2, quantity=4, tag=TAG),
    ]
    assert [piece.amount for piece in pricing.price_pieces(lines, is_member=False)] == [9_000, 12_000, 10_000]


@settings(deadline=None)
@given(
    price=st.integers(1, 10**9),
    member=st.none() | st.integers(1, 10**9),
    steps=st.lists(st.tuples(st.integers(2, 999), st.integers(1, 10**9)), max_size=5),
    pieces=st.integers(1, 999),
)
def test_more_pieces_and_membership_never_cost_more(price, member, steps, pieces):
    tag = PriceTag(price=price, member_price=member, steps=steps)
    guest, fellow = (pricing.price_piece(tag, pieces=pieces, is_member=is_member) for is_member in (False, True))
    more = pricing.price_piece(tag, pieces=pieces + 1, is_member=False)
    assert fellow.amount <= guest.amount <= price
    assert more.amount <= guest.amount


def test_the_next_step_is_the_nearest_that_is_cheaper_than_what_one_pays():
    assert pricing.next_step(TAG, pieces=3, amount=10_000) == (5, 9_000)
    assert pricing.next_step(TAG, pieces=3, amount=8_500) == (20, 8_000)
    assert pricing.next_step(TAG, pieces=20, amount=8_000) is None


@pytest.mark.parametrize(
    ("amount", "content", "unit", "expected"),
    [
        (65_000, 250, "g", 26_000),
        (65_000, 300, "g", 21_667),  # 21.666,67
        (12_500, 600, "ml", 2_083),  # 2.083,33
        (185_000, 250, "cm", 74_000),
        (15_000, 6, "pc", 2_500),
        (5, 10, "pc", 1),  # half a rupiah goes up
        (65_000, 100, "g", None),  # says the price again
        (15_000, 1, "pc", None),
        (65_000, None, "g", None),
        (65_000, 250, "", None),
    ],
)
def test_the_unit_price_is_per_100_g_100_ml_metre_or_piece(amount, content, unit, expected):
    assert pricing.unit_price(amount, content_amount=content, unit=unit) == expected
