import pytest
from django.template import Context, Template
from django.utils import translation

from lib import counting
from lib.tags import saving


@pytest.mark.parametrize(
    ("count", "indonesian", "english"),
    [
        (0, "0", "0"), (48, "48", "48"), (999, "999", "999"), (1_000, "1 rb", "1k"), (1_001, "1 rb+", "1k+"),
        (1_234, "1,2 rb+", "1.2k+"), (1_200, "1,2 rb", "1.2k"), (1_999, "1,9 rb+", "1.9k+"),
        (9_999, "9,9 rb+", "9.9k+"), (10_000, "10 rb", "10k"), (10_850, "10 rb+", "10k+"),
        (999_999, "999 rb+", "999k+"), (2_150_000, "2,1 jt+", "2.1m+"), (23_000_001, "23 jt+", "23m+"),
    ],
)  # fmt: skip
def test_a_count_is_short_and_never_more_than_it_is(count, indonesian, english):
    with translation.override("id"):
        assert counting.short(count) == indonesian.replace(" ", "\N{NO-BREAK SPACE}")
    with translation.override("en"):
        assert counting.short(count) == english


@pytest.mark.parametrize(
    ("total", "count", "text"),
    [(0, 0, ""), (5, 1, "5,0"), (499, 100, "4,9"), (4_999, 1_000, "4,9"), (14, 3, "4,6"), (1, 1, "1,0")],
)
def test_an_average_is_rounded_down(total, count, text):
    with translation.override("id"):
        assert counting.stars(total, count) == text
    with translation.override("en"):
        assert counting.stars(total, count) == text.replace(",", ".")


def test_a_saving_is_rounded_down():
    assert (saving(8_010, 10_000), saving(9_999, 10_000), saving(5_000, 10_000)) == (19, 0, 50)


@pytest.mark.parametrize(("before", "is_struck"), [(100_000, True), (80_000, False), (70_000, False), ("", False)])
def test_the_usual_price_is_only_shown_where_it_is_higher(before, is_struck):
    component = Template('{% cotton price :now="now" :before="before" / %}')
    page = component.render(Context({"now": 80_000, "before": before}))
    assert "Rp80.000" in page
    assert [part in page for part in ("<s ", "harga normal", "Rp100.000", "−20 %")] == [is_struck] * 4
