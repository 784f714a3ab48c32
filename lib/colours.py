"""Colours as numbers: contrast as WCAG 2.2 computes it, and lighter or darker shades of the same hue (OKLCH).

A colour is written `#rrggbb`. The matrices are Björn Ottosson's OKLab, https://bottosson.github.io/posts/oklab/.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

WRITTEN = re.compile(r"#[0-9a-f]{6}")
BLACK, WHITE = "#000000", "#ffffff"
STEPS = 24  # of a search between two shades: finer than 1/255


class NotAColour(ValueError):
    """Not `#rrggbb`."""


@dataclass(frozen=True)
class Shade:
    """OKLCH: lightness 0..1, chroma 0..about 0.4, hue in radians."""

    lightness: float
    chroma: float
    hue: float


def contrast(one: str, other: str) -> float:
    """1 (the same) to 21 (black on white)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def blend(over: str, under: str, share: float) -> str:
    """What is seen of `over`, laid on `under` with an opacity of `share`."""
    pairs = zip(_parts(over), _parts(under), strict=True)
    return _written([round(share * a + (1 - share) * b) for a, b in pairs])


def shade(colour: str) -> Shade:
    red, green, blue = _linear(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Shade(lightness, math.hypot(a, b), math.atan2(b, a))


def colour(lightness: float, chroma: float, hue: float) -> str:
    """The colour of this shade; where no screen can show it, the most vivid one of its lightness and hue."""
    seen = _rgb(lightness, chroma, hue)
    if not _is_shown(seen):
        low, high = 0.0, chroma
        for _step in range(STEPS):
            middle = (low + high) / 2
            low, high = (middle, high) if _is_shown(_rgb(lightness, middle, hue)) else (low, middle)
        seen = _rgb(lightness, low, hue)
    return _written([round(255 * _gamma(min(1.0, max(0.0, part)))) for part in seen])


def distance(one: str, other: str) -> float:
    """How different two colours look: 0 (the same) to 1 (black and white); below 0.1 they are much alike."""
    a, b = shade(one), shade(other)
    across = math.hypot(
        a.chroma * math.cos(a.hue) - b.chroma * math.cos(b.hue), a.chroma * math.sin(a.hue) - b.chroma * math.sin(b.hue)
    )
    return math.hypot(a.lightness - b.lightness, across)


def darkened(one: str, *, until: Callable[[str], bool]) -> str:
    """`one`, or the lightest shade of its hue that `until` takes; black where it takes none."""
    return one if until(one) else _searched(one, towards=0.0, until=until) or BLACK


def lightened(one: str, *, until: Callable[[str], bool]) -> str:
    """`one`, or the darkest shade of its hue that `until` takes; white where it takes none."""
    return one if until(one) else _searched(one, towards=1.0, until=until) or WHITE


def _searched(one: str, *, towards: float, until: Callable[[str], bool]) -> str:
    """The shade nearest to `one` that `until` takes; "" for none. What it takes once it takes all the way on."""
    seen = shade(one)
    refused, taken, found = seen.lightness, towards, ""
    for _step in range(STEPS):
        middle = (refused + taken) / 2
        tried = colour(middle, seen.chroma, seen.hue)
        if until(tried):
            taken, found = middle, tried
        else:
            refused = middle
    return found


def _rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _is_shown(parts: tuple[float, float, float]) -> bool:
    return all(-1e-6 <= part <= 1 + 1e-6 for part in parts)


def _linear(colour: str) -> tuple[float, float, float]:
    red, green, blue = (_ungamma(part / 255) for part in _parts(colour))
    return red, green, blue


def _ungamma(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _gamma(part: float) -> float:
    return float(12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055)


def _parts(colour: str) -> tuple[int, int, int]:
    if not WRITTEN.fullmatch(colour):
        raise NotAColour(colour)
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _written(parts: list[int]) -> str:
    return "#" + "".join(f"{part:02x}" for part in parts)
