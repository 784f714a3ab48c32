"""Whatever colour a cooperative chooses, everything in its shop can be read."""

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lib import colours
from lib.colours import blend, contrast
from pages import palette

EVERY_COLOUR = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
THEMES = Path(__file__).resolve().parents[2] / "assets" / "themes.css"
LATTICE = [f"#{red:02x}{green:02x}{blue:02x}" for red in range(0, 256, 51) for green in range(0, 256, 51)
           for blue in range(0, 256, 51)]  # fmt: skip
# seen through the opacity of hero and footer, or tinted: (text, ground, opacity of the text)
FAINT = [("neutral-content", "neutral", 0.9), ("neutral-content", "neutral", 0.95)]
TINTED = [("base-content", "primary", "base-100", 0.07)]


def failures(colour: str) -> list[str]:
    seen = {**palette.MEANINGS, **palette.palette(colour)}
    found = [f"{text} on {ground}" for text, ground, least in palette.PAIRS
             if contrast(seen[text], seen[ground]) < least]  # fmt: skip
    found += [f"faint {text}" for text, ground, share in FAINT
              if contrast(blend(seen[text], seen[ground], share), seen[ground]) < palette.TEXT]  # fmt: skip
    found += [f"{text} on tinted {under}" for text, over, under, share in TINTED
              if contrast(seen[text], blend(seen[over], seen[under], share)) < palette.TEXT]  # fmt: skip
    return found


@settings(max_examples=1500, deadline=None)
@given(EVERY_COLOUR)
@example("#000000")
@example("#ffffff")
@example("#ffff00")
@example("#00ff00")
@example("#0000ff")
@example("#808080")
def test_every_text_can_be_read_whatever_was_chosen(colour):
    assert failures(colour) == []


def test_so_it_is_on_an_even_lattice_of_all_colours():
    assert {colour: found for colour in LATTICE if (found := failures(colour))} == {}


@given(EVERY_COLOUR)
def test_the_hue_stays_and_only_the_lightness_yields(colour):
    chosen, primary = colours.shade(colour), colours.shade(palette.palette(colour)["primary"])
    assert primary.lightness <= chosen.lightness + 0.001
    if min(chosen.chroma, primary.chroma) > 0.05:  # of greys, and of what is nearly black, no hue is left
        difference = abs((primary.hue - chosen.hue + 3.14159) % 6.28318 - 3.14159)
        assert difference < 0.12


@pytest.mark.parametrize("colour", ["#1f5c46", "#2c3e82", "#9c3f14", "#7a1f5a"])
def test_a_colour_that_can_be_read_stays_as_it_was_chosen(colour):
    assert palette.palette(colour)["primary"] == colour
    assert not palette.is_corrected(colour)


@pytest.mark.parametrize("colour", ["#ffd400", "#ff9ecb", "#7fe0c3"])
def test_what_is_too_light_for_text_is_still_seen_as_it_is_where_nothing_is_read(colour):
    assert palette.palette(colour)["accent"] == colour


@pytest.mark.parametrize("colour", ["#ffd400", "#ff9ecb", "#7fe0c3", "#ffffff"])
def test_one_that_cannot_is_corrected_and_no_further_than_it_must(colour):
    seen = palette.palette(colour)
    assert palette.is_corrected(colour)
    worst = min(contrast(seen["primary"], seen["base-100"]), contrast(seen["primary"], seen["base-200"]))
    assert palette.AIM <= worst < palette.AIM + 0.15


def test_the_stylesheet_says_each_colour_once_and_nothing_else():
    css = palette.stylesheet("#ffd400")
    assert re.fullmatch(r":root\[data-theme\]\{(--color-[a-z0-9-]+:#[0-9a-f]{6};)+\}\n", css)
    said = re.findall(r"--color-([a-z0-9-]+)", css)
    assert sorted(said) == sorted(set(said)) == sorted(palette.palette("#ffd400"))
    assert palette.digest("#ffd400") != palette.digest("#00d4ff")


def test_a_palette_has_every_colour_that_a_theme_has():
    body = re.search(r'\[data-theme="batik"\] \{(.*?)\}', THEMES.read_text(encoding="utf-8"), re.DOTALL).group(1)
    assert set(re.findall(r"--color-([a-z0-9-]+):", body)) == palette.palette("#123456").keys()


@pytest.mark.parametrize("theme", palette.OF_THEMES)
def test_what_the_themes_are_called_by_is_their_colour(theme):
    css = THEMES.read_text(encoding="utf-8")
    body = re.search(rf'\[data-theme="{theme}"\] \{{(.*?)\}}', css, re.DOTALL).group(1)
    assert f"--color-primary: {palette.OF_THEMES[theme]};" in body


def test_the_colours_of_meanings_are_those_of_the_style():
    css = THEMES.read_text(encoding="utf-8")
    for name, colour in palette.MEANINGS.items():
        assert f"--color-{name}: {colour};" in css


@pytest.mark.parametrize("wrong", ["", "red", "#fff", "#GGGGGG", "#12345", "#1234567", "#12345;", "#FFFFFF"])
def test_what_is_no_colour_is_refused(wrong):
    with pytest.raises(colours.NotAColour):
        palette.palette(wrong)
