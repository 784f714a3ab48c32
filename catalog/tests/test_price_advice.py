"""The price helper: exact parts, the least nice price, nothing lost to rounding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog import price_advice
from catalog.price_advice import Advice, Split
from orders import pricing


def test_a_price_covers_cost_margin_cooperative_and_channel():
    found = price_advice.advise(cost=40_000, margin_percent=30, cooperative_bp=500, channel_bp=0)
    assert found == Advice(price=55_000, cost=40_000, earned=12_250, cooperative=2_750, channel=0)


def test_a_channel_that_takes_its_part_makes_it_dearer():
    found = price_advice.advise(cost=40_000, margin_percent=30, cooperative_bp=500, channel_bp=850)
    assert found == Advice(price=60_500, cost=40_000, earned=12_332, cooperative=3_025, channel=5_143)


@pytest.mark.parametrize(
    ("cost", "channel_bp", "price"),
    [
        (967, 0, 1_000),  # 3,33 % of Rp1.000 is Rp33,30: rounding leaves the member the rupiah that was lacking
        (4_408, 851, 5_500),  # at Rp5.000 both parts are rounded up, and the member would get Rp4.407
    ],
)
def test_a_rupiah_that_rounding_gives_or_takes_counts(cost, channel_bp, price):
    found = price_advice.advise(cost=cost, margin_percent=0, cooperative_bp=333, channel_bp=channel_bp)
    assert found.price == price


def test_without_any_cost_the_price_is_still_a_price():
    assert price_advice.advise(cost=0, margin_percent=0, cooperative_bp=0, channel_bp=0).price == 500


def test_where_all_is_taken_there_is_no_price():
    with pytest.raises(price_advice.NothingLeft):
        price_advice.advise(cost=1, margin_percent=0, cooperative_bp=6_000, channel_bp=4_000)


def test_what_is_typed_is_split_as_an_order_will_be():
    assert price_advice.split(price=65_001, cooperative_bp=500, channel_bp=850) == Split(
        price=65_001, member=56_226, cooperative=3_250, channel=5_525
    )


RATES = st.integers(0, 9_000)


@given(price=st.integers(1, 10**9), cooperative=st.integers(0, 5_000), channel=st.integers(0, 5_000))
def test_the_helper_and_the_order_agree_to_the_rupiah(price, cooperative, channel):
    said = price_advice.split(price=price, cooperative_bp=cooperative, channel_bp=channel)
    fees = pricing.Fees(name="x", cooperative_bp=cooperative, channel_bp=channel)
    done = pricing.share_line(price=price, quantity=1, fees=fees)
    assert (said.member, said.cooperative, said.channel) == (done.member_share, done.cooperative_fee, done.channel_fee)


@given(cost=st.integers(0, 10**8), margin=st.integers(0, 500), cooperative=RATES, channel=st.integers(0, 999))
def test_the_price_is_nice_enough_and_the_least_such(cost, margin, cooperative, channel):
    rates = {"cooperative_bp": cooperative, "channel_bp": channel}
    found = price_advice.advise(cost=cost, margin_percent=margin, **rates)
    assert found.cost + found.earned + found.cooperative + found.channel == found.price
    assert found.price % 500 == 0 < found.price
    assert found.earned * 100 >= cost * margin
    if found.price > 500:
        less = price_advice.split(price=found.price - 500, **rates).member - cost
        assert less * 100 < cost * margin
