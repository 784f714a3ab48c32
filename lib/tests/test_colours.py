"""Contrast as WCAG says, and shades that keep their hue."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import colours

EVERY_COLOUR = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def test_contrast_is_computed_as_wcag_says():
    assert colours.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colours.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert colours.contrast("#ffffff", "#777777") == colours.contrast("#777777", "#ffffff")


@pytest.mark.parametrize(
    ("colour", "lightness", "chroma"), [("#ffffff", 1, 0), ("#000000", 0, 0), ("#ff0000", 0.628, 0.2577)]
)
def test_shades_are_those_of_oklch(colour, lightness, chroma):
    seen = colours.shade(colour)
    assert seen.lightness == pytest.approx(lightness, abs=0.001)
    assert seen.chroma == pytest.approx(chroma, abs=0.001)


@given(EVERY_COLOUR)
def test_a_colour_becomes_a_shade_and_the_same_colour_again(colour):
    seen = colours.shade(colour)
    assert colours.colour(seen.lightness, seen.chroma, seen.hue) == colour


def test_what_no_screen_shows_is_shown_as_vivid_as_it_can_be():
    seen = colours.shade(colours.colour(0.7, 0.5, 2.0))
    assert seen.lightness == pytest.approx(0.7, abs=0.01)
    assert 0.1 < seen.chroma < 0.3


@given(EVERY_COLOUR)
def test_darker_is_only_as_dark_as_it_must_be(colour):
    wanted = lambda it: colours.contrast(it, "#ffffff") >= 7  # noqa: E731
    found = colours.darkened(colour, until=wanted)
    assert wanted(found)
    assert found == colour if wanted(colour) else colours.contrast(found, "#ffffff") < 7.3


def test_where_nothing_will_do_black_and_white_are_the_end():
    assert colours.darkened("#123456", until=lambda it: False) == "#000000"
    assert colours.lightened("#123456", until=lambda it: False) == "#ffffff"


def test_distance_is_what_eyes_say():
    assert colours.distance("#123456", "#123456") == 0
    assert colours.distance("#000000", "#ffffff") == pytest.approx(1, abs=0.001)
    assert colours.distance("#8a1f5a", "#891c57") < 0.02 < 0.2 < colours.distance("#8a1f5a", "#1f5c46")


def test_a_veil_lets_its_share_through():
    assert colours.blend("#ffffff", "#000000", 0.5) == "#808080"
