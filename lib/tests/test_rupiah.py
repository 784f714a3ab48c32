import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.rupiah import rupiah, share, split


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "Rp0"), (999, "Rp999"), (12_500, "Rp12.500"), (1_250_000, "Rp1.250.000"), (-5_000, "-Rp5.000")],
)
def test_money_is_written_the_indonesian_way(amount, text):
    assert rupiah(amount) == text


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=20).filter(any))
def test_shares_sum_exactly_and_differ_from_the_true_share_by_less_than_one(total, weights):
    parts = split(total, weights)
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part - total * weight / sum(weights)) < 1 + 1e-3
        assert weight or part == 0


def test_nothing_to_share_by_is_refused():
    with pytest.raises(ValueError, match="weights"):
        split(1, [0, 0])
    assert split(0, [0, 0]) == [0, 0]


def test_the_larger_remainder_takes_the_odd_rupiah():
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(10, [6, 3, 1]) == [6, 3, 1]
    assert split(-100, [1, 1, 1]) == [-34, -33, -33]


@pytest.mark.parametrize(
    ("amount", "bp", "fee"), [(65_000, 500, 3_250), (1_005, 500, 50), (1_010, 500, 51), (0, 500, 0)]
)
def test_a_percentage_is_rounded_half_up(amount, bp, fee):
    assert share(amount, bp) == fee
