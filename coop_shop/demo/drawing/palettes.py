"""Colours: of the three cooperatives, of words in a title, and the tints that pictures stand on."""

import random
from dataclasses import dataclass

from coop_shop.demo.drawing.canvas import Colour

WHITE, CREAM, INK = (255, 255, 255), (250, 243, 229), (46, 34, 34)
BLACK, KRAFT, WOOD, GLASS = (42, 38, 40), (201, 161, 114), (178, 122, 74), (214, 230, 232)
COFFEE, CARAMEL, HONEY, LEAF = (92, 56, 36), (176, 106, 52), (226, 154, 38), (86, 130, 78)

THEMES: dict[str, dict[str, Colour]] = {
    "kopi": {"main": (108, 62, 36), "second": (46, 104, 84), "third": (222, 158, 64), "sky": (252, 226, 188)},
    "batik": {"main": (164, 38, 44), "second": (38, 70, 116), "third": (226, 170, 84), "sky": (255, 222, 196)},
    "garut": {"main": (38, 108, 80), "second": (196, 92, 44), "third": (240, 190, 92), "sky": (214, 236, 230)},
}

BACKDROPS: list[Colour] = [
    (243, 230, 210), (224, 233, 220), (246, 222, 211), (217, 230, 236), (238, 226, 236), (249, 234, 198),
    (229, 224, 212), (212, 228, 222), (250, 226, 216), (232, 236, 206),
]  # fmt: skip

# The first word of a title that names a colour decides; the longer names stand first.
WORDS: dict[str, Colour] = {
    "merah": (172, 40, 46), "marun": (128, 32, 48), "biru": (40, 76, 132), "indigo": (34, 56, 112),
    "hijau": (62, 114, 80), "sogan": (142, 88, 42), "cokelat": (122, 74, 44), "ungu": (110, 66, 122),
    "hitam": (48, 44, 48), "krem": (224, 204, 166), "kuning": (222, 172, 52), "stroberi": (206, 74, 88),
    "tomat": (190, 66, 44), "nanas": (232, 186, 62), "durian": (222, 196, 92), "susu": (240, 226, 196),
    "wijen": (196, 158, 104), "natural": (160, 58, 54), "honey": (214, 146, 48), "jahe": (188, 96, 52),
}  # fmt: skip


# A main colour and the lighter one that goes with it. Lasem is known for its red.
BATIK_PAIRS: list[tuple[Colour, Colour]] = [
    ((172, 40, 46), (238, 196, 120)), ((150, 34, 44), (240, 214, 164)), ((40, 76, 132), (240, 206, 150)),
    ((142, 88, 42), (240, 214, 164)), ((128, 48, 74), (240, 190, 150)), ((36, 104, 110), (246, 204, 136)),
]  # fmt: skip
PAIRS: list[tuple[Colour, Colour]] = [
    ((172, 40, 46), (232, 180, 84)), ((40, 76, 132), (240, 196, 128)), ((62, 114, 80), (236, 190, 96)),
    ((142, 88, 42), (238, 210, 160)), ((36, 110, 116), (246, 196, 120)), ((128, 48, 74), (240, 178, 150)),
]  # fmt: skip


@dataclass(frozen=True)
class Look:
    """What makes one picture itself: the words it was asked for, its own dice, its colours."""

    words: str
    key: str
    dice: random.Random
    backdrop: Colour
    main: Colour
    second: Colour
    third: Colour


def look_of(*, words: str, key: str) -> Look:
    """The same key always gives the same look."""
    dice = random.Random(f"picture:{key}")
    named = next((colour for word, colour in WORDS.items() if word in words), None)
    main, second = dice.choice(BATIK_PAIRS if "batik" in words else PAIRS)
    third = dice.choice([(206, 92, 60), (66, 122, 128), (222, 166, 66), (112, 132, 82)])
    return Look(words, key, dice, dice.choice(BACKDROPS), named or main, second, third)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`share` of the other colour, 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def light(colour: Colour, share: float = 0.25) -> Colour:
    return mix(colour, (255, 250, 240), share)


def dark(colour: Colour, share: float = 0.25) -> Colour:
    return mix(colour, (36, 20, 32), share)
