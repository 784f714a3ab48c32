"""The colours of a shop, from the one that its officers chose, so that everything can be read (WCAG 2.2 AA).

Lightness is what makes text readable, hue is what makes a shop recognisable: the hue stays and the lightness yields.
Each pair of PAIRS holds for every colour there is (pages/tests/test_palette.py).
"""

import hashlib
import math
from collections.abc import Callable
from functools import lru_cache

from lib import colours
from lib.colours import Shade, contrast

# The colour of each woven border, as in assets/themes.css: what a shop has that chose none.
OF_THEMES = {"kopi": "#1f5c46", "batik": "#2c3e82", "garut": "#9c3f14"}
# What a message means is said in the same colours in every shop (assets/themes.css).
MEANINGS = {"info": "#1d5f8a", "success": "#226b3a", "error": "#a8201f"}
TEXT, SHAPE = 4.5, 3.0
AIM = 4.6  # a little more, for what opacity and rounding take away
# (text or shape, ground, at least)
PAIRS = (
    ("base-content", "base-100", TEXT), ("base-content", "base-200", TEXT), ("base-content", "base-300", TEXT),
    ("quiet", "base-100", TEXT), ("quiet", "base-200", TEXT), ("quiet", "base-300", TEXT),
    ("primary", "base-100", TEXT), ("primary", "base-200", TEXT), ("primary-content", "primary", TEXT),
    ("secondary-content", "secondary", TEXT), ("secondary", "base-100", TEXT), ("accent-content", "accent", TEXT),
    ("neutral-content", "neutral", TEXT), ("neutral", "base-100", TEXT),
    ("info", "base-100", TEXT), ("success", "base-100", TEXT), ("error", "base-100", TEXT),
    ("info", "base-200", TEXT), ("success", "base-200", TEXT), ("error", "base-200", TEXT),
    ("primary", "base-100", SHAPE), ("accent", "neutral", SHAPE),  # rings around what has the focus
)  # fmt: skip
YELLOW = math.radians(85)
GREY = 0.02  # of less chroma than this a colour has no hue that anybody sees


@lru_cache(maxsize=512)
def palette(colour: str) -> dict[str, str]:
    """Name (as in `--color-<name>`) -> colour. `colour` is `#rrggbb` in small letters; raises colours.NotAColour."""
    chosen = colours.shade(colour)
    tint = _tint(chosen)
    ground, panel = tint(0.994, 0.004), tint(0.962, 0.012)
    edge = tint(0.895, 0.024)
    primary = colours.darkened(colour, until=lambda it: min(contrast(it, ground), contrast(it, panel)) >= AIM)
    neutral = colours.darkened(
        tint(min(chosen.lightness, 0.32), 0.06), until=lambda it: contrast(it, colours.WHITE) >= 10
    )
    accent = _noticed(colour, chosen, neutral)
    secondary = colours.darkened(_across(chosen), until=lambda it: contrast(it, panel) >= AIM)
    return {
        "base-100": ground,
        "base-200": panel,
        "base-300": edge,
        "base-content": tint(0.25, 0.02),
        "quiet": colours.darkened(tint(0.49, 0.03), until=lambda it: contrast(it, edge) >= AIM),
        "primary": primary,
        "primary-content": colours.WHITE,
        "secondary": secondary,
        "secondary-content": colours.WHITE,
        "accent": accent,
        "accent-content": colours.darkened(tint(0.24, 0.05), until=lambda it: contrast(it, accent) >= AIM),
        "neutral": neutral,
        "neutral-content": tint(0.965, 0.012),
    }


def stylesheet(colour: str) -> str:
    """The palette as the variables that the shop's style is made of."""
    said = "".join(f"--color-{name}:{value};" for name, value in palette(colour).items())
    return f":root[data-theme]{{{said}}}\n"


def digest(colour: str) -> str:
    """Of the stylesheet: another one has another address."""
    return hashlib.sha256(stylesheet(colour).encode()).hexdigest()[:10]


def is_corrected(colour: str) -> bool:
    """Whether buttons and links are darker than what was chosen."""
    return palette(colour)["primary"] != colour


def _tint(chosen: Shade) -> Callable[[float, float], str]:
    """Shades of the chosen hue, no more vivid than the chosen colour."""
    return lambda lightness, chroma: colours.colour(lightness, min(chroma, chosen.chroma), chosen.hue)


def _noticed(colour: str, chosen: Shade, neutral: str) -> str:
    """What should be noticed, on dark grounds too: the very colour where it is light enough, else a neighbour."""
    if contrast(colour, neutral) >= AIM and chosen.chroma >= GREY:
        return colour
    return colours.lightened(_beside(chosen), until=lambda it: contrast(it, neutral) >= AIM)


def _beside(chosen: Shade) -> str:
    """A light, warm one: the hue leans towards yellow."""
    if chosen.chroma < GREY:
        return colours.colour(0.8, 0.0, chosen.hue)
    return colours.colour(0.8, 0.12, chosen.hue + _turn(chosen.hue, YELLOW) / 2)


def _across(chosen: Shade) -> str:
    """A dark one from the other side of the circle."""
    if chosen.chroma < GREY:
        return colours.colour(0.4, 0.0, chosen.hue)
    return colours.colour(0.44, min(0.1, chosen.chroma), chosen.hue + 2.6)


def _turn(here: float, there: float) -> float:
    """The shorter way round the circle."""
    return math.remainder(there - here, math.tau)
