"""The wide picture over each shop and its mark: highlands, coast, volcano."""

import math
import random
from collections.abc import Callable

from coop_shop.demo.drawing.canvas import Canvas, Colour, Path, box, oval, rounded, smooth
from coop_shop.demo.drawing.motifs import kawung, latohan, ukel
from coop_shop.demo.drawing.palettes import CREAM, KRAFT, LEAF, THEMES, WHITE, WOOD, Look, dark, light, look_of, mix
from coop_shop.demo.drawing.parts import bean, leaf, solid

WIDTH, HEIGHT, MARK = 1200, 400, 256


def paint_cover(c: Canvas, theme: str) -> None:
    """The whole hero scene; an unknown theme gets the highlands."""
    SCENES.get(theme, _highlands)(c, look_of(words=theme, key=f"cover:{theme}"), THEMES.get(theme, THEMES["kopi"]))


def paint_mark(c: Canvas, theme: str) -> None:
    """A disc with one sign."""
    colours = THEMES.get(theme, THEMES["kopi"])
    with c.placed(MARK / 2, MARK / 2):
        c.dot(0, 0, 122, colours["main"])
        c.line([*oval(0, 0, 108, 108), (108, 0)], light(colours["main"], 0.55), 4)
        MARKS.get(theme, _bean_mark)(c, colours)


def _sky(c: Canvas, low: Colour, high: Colour) -> None:
    for i in range(50):
        c.fill(box(0, i * 8, WIDTH, i * 8 + 9), mix(high, low, min(1, i / 34)))


def _ridge(c: Canvas, dice: random.Random, base: float, rise: float, colour: Colour, step: int = 100) -> None:
    tops = [
        (x, base - dice.uniform(0.25, 1) * rise * (1 if i % 2 else 0.45))
        for i, x in enumerate(range(-step, WIDTH + 2 * step, step))
    ]
    c.fill([*smooth(tops, closed=False, steps=10), (WIDTH + step, HEIGHT), (-step, HEIGHT)], colour)


def _highlands(c: Canvas, look: Look, t: dict[str, Colour]) -> None:
    """Gayo: ridges in the morning, the lake, terraces of coffee, ripe branches in front."""
    _sky(c, (255, 238, 206), (244, 190, 140))
    c.dot(820, 150, 64, (255, 246, 220))
    far = t["second"]
    for base, rise, share in ((230, 130, 0.62), (255, 100, 0.45), (275, 70, 0.28)):
        _ridge(c, look.dice, base, rise, mix(far, (255, 226, 190), share), 130)
    c.fill(box(0, 262, WIDTH, 330), (140, 186, 190))
    for _ in range(34):
        x, y = look.dice.uniform(0, WIDTH), look.dice.uniform(266, 316)
        c.line([(x, y), (x + look.dice.uniform(20, 70), y)], (196, 222, 218), 3)
    c.fill(smooth([(560, 300), (620, 296), (680, 300), (650, 310), (590, 310)]), dark(WOOD, 0.3))
    c.line([(622, 298), (622, 272)], dark(WOOD, 0.3), 4)
    near = dark(far, 0.1)
    hill = [
        *smooth([(-40, 300), (200, 268), (420, 322), (640, 344), (900, 308), (1240, 262)], closed=False),
        (1240, 420),
        (-40, 420),
    ]
    c.fill(hill, near)
    with c.clipped(hill):
        for row in range(7):
            for i in range(64):
                x = i * 20 + row % 2 * 10
                y = 300 + row * 19 + 14 * math.sin(x / 130 + row)
                tone = mix(LEAF, near, look.dice.random() * 0.7)
                c.dot(x, y, 9 + row, dark(tone, 0.25))
                c.dot(x - 2, y - 3, 7 + row * 0.9, tone)
                if look.dice.random() < 0.22:
                    c.dot(x + 3, y - 2, 2.6, (206, 52, 44))
    _house(c, 960, 292, t)
    for x, y, angle in ((-10, 60, 24), (1215, 70, 156)):
        _coffee_branch(c, look, x, y, angle)


def _house(c: Canvas, x: float, y: float, t: dict[str, Colour]) -> None:
    for leg in (-46, 0, 46):
        c.fill(box(x + leg - 4, y, x + leg + 4, y + 26), dark(WOOD, 0.35))
    c.fill(box(x - 56, y - 34, x + 56, y + 4), light(WOOD, 0.1))
    for w in (-36, 0, 36):
        c.fill(box(x + w - 9, y - 24, x + w + 9, y - 4), dark(WOOD, 0.5))
    c.fill([(x - 74, y - 32), (x - 44, y - 78), (x + 44, y - 78), (x + 74, y - 32)], t["main"])
    c.fill([(x - 74, y - 32), (x - 68, y - 40), (x + 68, y - 40), (x + 74, y - 32)], t["third"])


def _coffee_branch(c: Canvas, look: Look, x: float, y: float, angle: float) -> None:
    with c.placed(x, y, angle=angle):
        c.line([(-20, 0), (250, 10)], dark(WOOD, 0.3), 10)
        for i in range(5):
            for side in (-1, 1):
                with c.placed(24 + i * 48, 2 + i * 2, angle=side * (52 - i * 4)):
                    leaf(c, 106 - i * 6, mix(LEAF, (46, 104, 84), look.dice.random()))
        for i in range(5):
            for dx, dy in ((-9, -11), (9, -8), (0, 9), (14, 8)):
                tone = look.dice.choice([(196, 44, 40), (178, 36, 40), (222, 110, 52)])
                c.dot(42 + i * 46 + dx, 4 + dy, 10, dark(tone, 0.25))
                c.dot(40 + i * 46 + dx, 2 + dy, 9, tone)
                c.dot(37 + i * 46 + dx, -2 + dy, 2.6, WHITE)


def _coast(c: Canvas, look: Look, t: dict[str, Colour]) -> None:
    """Lasem: the Java Sea with boats, tiled roofs, lengths of batik drying on the line."""
    _sky(c, (255, 232, 204), (246, 176, 148))
    c.dot(600, 196, 74, (255, 240, 206))
    _ridge(c, look.dice, 232, 60, mix(t["second"], (255, 214, 190), 0.62), 180)
    for i in range(5):
        wave = [(x, 222 + i * 24 + 5 * math.sin(x / 44 + i * 2)) for x in range(-20, WIDTH + 40, 22)]
        c.fill(
            [*smooth(wave, closed=False, steps=3), (WIDTH, HEIGHT), (0, HEIGHT)],
            mix((150, 196, 206), t["second"], i / 5),
        )
    c.line([(560, 236), (640, 236)], (255, 240, 206), 5)
    c.line([(574, 250), (628, 250)], (255, 240, 206), 4)
    for x, y, zoom in ((420, 246, 1.0), (770, 236, 0.7)):
        with c.placed(x, y, zoom=zoom):
            c.line([(0, 0), (0, -100)], dark(WOOD, 0.4), 6)
            c.fill(smooth([(-4, -98), (62, -56), (-4, -10)]), t["main"])
            c.fill(smooth([(-10, -80), (-44, -44), (-10, -12)]), t["third"])
            c.fill(smooth([(-74, -8), (0, -2), (74, -14), (48, 22), (-48, 22)]), dark(WOOD, 0.3))
            c.line([(-64, 2), (62, -2)], t["third"], 5)
    c.fill(
        [*smooth([(-40, 352), (300, 336), (620, 350), (900, 334), (1240, 350)], closed=False), (1240, 420), (-40, 420)],
        (236, 206, 162),
    )
    for x, zoom in ((110, 1.1), (1096, 1.2)):
        _tiled_house(c, x, 346, zoom, t)
    _washing_line(c, look, t)


def _tiled_house(c: Canvas, x: float, y: float, zoom: float, t: dict[str, Colour]) -> None:
    with c.placed(x, y, zoom=zoom):
        c.fill(box(-90, -70, 90, 14), CREAM)
        c.fill(box(44, -70, 90, 14), dark(CREAM, 0.12))
        c.fill(rounded(-20, -50, 20, 14, 4), t["second"])
        for side in (-60, 60):
            c.fill(rounded(side - 16, -50, side + 16, -16, 3), t["second"])
        roof = smooth(
            [(-126, -62), (-84, -104), (-70, -136), (0, -130), (70, -136), (84, -104), (126, -62), (0, -72)], steps=5
        )
        solid(c, roof, (186, 84, 54), 16)
        for i in range(-5, 6):
            c.line([(i * 13, -128), (i * 21, -72)], dark((186, 84, 54), 0.2), 3)
        c.line(smooth([(-82, -142), (0, -130), (82, -142)], closed=False), t["main"], 9)


def _washing_line(c: Canvas, look: Look, t: dict[str, Colour]) -> None:
    for x in (256, 944):
        c.line([(x, 244), (x, 388)], dark(WOOD, 0.25), 10)
    c.line(smooth([(256, 250), (600, 272), (944, 250)], closed=False), dark(WOOD, 0.5), 4)
    dyes = [t["main"], t["second"], (142, 88, 42), (124, 36, 60), (36, 110, 116)]
    for i, dye in enumerate(dyes):
        x = 296 + i * 126
        sag = 252 + 19 * math.sin((x + 50 - 256) / 688 * math.pi)
        cloth: Path = [(x, sag), (x + 104, sag), (x + 107, 376), (x + 70, 381), (x + 34, 376), (x - 3, 382)]
        dyed = Look(look.words, f"{look.key}{i}", look.dice, look.backdrop, dye, light(t["third"], 0.4), t["third"])
        with c.clipped(cloth):
            with c.placed(x + 52, 300, zoom=0.42):
                (latohan, kawung, ukel)[i % 3](c, dyed)
            c.fill(box(x - 6, 356, x + 112, 384), dark(dye, 0.35))
            for step in range(6):
                c.fill(
                    [(x - 4 + step * 20, 378), (x + 6 + step * 20, 358), (x + 16 + step * 20, 378)],
                    t["third"],
                )
            c.fill(box(x + 70, 240, x + 84, 384), WHITE, 40)
            c.fill(box(x + 26, 240, x + 38, 384), (0, 0, 0), 30)
        for peg in (x + 10, x + 92):
            c.fill(rounded(peg - 3, sag - 10, peg + 4, sag + 12, 2), KRAFT)


def _volcano(c: Canvas, look: Look, t: dict[str, Colour]) -> None:
    """Garut: the cone of Cikuray, rice terraces, bamboo, a tea garden."""
    _sky(c, (244, 246, 226), (176, 216, 224))
    c.dot(300, 110, 50, (255, 244, 200))
    for x, y in ((470, 80), (960, 110), (120, 150)):
        with c.clipped(box(x - 90, y - 60, x + 90, y)):
            for dx, r in ((-48, 20), (-14, 34), (26, 27), (60, 16)):
                c.dot(x + dx, y, r, (252, 252, 246))
    _ridge(c, look.dice, 240, 70, mix(t["main"], (214, 236, 230), 0.62), 150)
    cone = [
        *smooth([(360, 300), (520, 220), (640, 120), (700, 64)], closed=False),
        *smooth([(744, 62), (810, 124), (930, 220), (1110, 300)], closed=False),
    ]
    c.fill(cone, mix(t["main"], (150, 190, 200), 0.42))
    c.fill(
        [(722, 60), (744, 62), (810, 124), (930, 220), (1110, 300), (780, 300), (742, 190), (760, 120)],
        mix(t["main"], (90, 140, 150), 0.32),
    )
    c.fill(smooth([(690, 74), (704, 60), (744, 60), (756, 74), (722, 80)]), mix(t["main"], (60, 90, 100), 0.3))
    c.fill(smooth([(430, 262), (700, 246), (1060, 268), (760, 280)]), WHITE, 110)
    for i in range(6):
        y = 268 + i * 22
        edge = [(x, y + 12 * math.sin(x / 150 + i * 1.4)) for x in range(-30, WIDTH + 60, 40)]
        tone = mix((170, 200, 92), t["main"], i / 7)
        c.fill([*smooth(edge, closed=False, steps=4), (WIDTH, HEIGHT), (0, HEIGHT)], tone)
        c.line(smooth(edge, closed=False, steps=4), light(tone, 0.45), 4)
    _stilt_house(c, 250, 316, t)
    for x, lean in ((40, 1), (86, 1), (1116, -1), (1164, -1)):
        _bamboo(c, look, x, lean)
    for i in range(26):
        x = 330 + i * 29
        y = 376 + 10 * math.sin(i * 0.8)
        c.dot(x, y + 12, 30, dark(t["main"], 0.25))
        c.dot(x - 4, y + 6, 26, mix(t["main"], LEAF, 0.6))
        c.fill(oval(x - 10, y - 4, 12, 7), light(LEAF, 0.35))


def _stilt_house(c: Canvas, x: float, y: float, t: dict[str, Colour]) -> None:
    c.fill(box(x - 62, y - 40, x + 62, y + 14), (222, 188, 122))
    for i in range(-5, 6):
        c.line([(x + i * 12, y - 40), (x + i * 12, y + 14)], (198, 160, 96), 2)
    c.fill(box(x - 14, y - 26, x + 14, y + 14), dark(WOOD, 0.3))
    c.fill([(x - 88, y - 34), (x - 46, y - 88), (x + 46, y - 88), (x + 88, y - 34)], t["second"])
    c.fill([(x + 20, y - 88), (x + 46, y - 88), (x + 88, y - 34), (x + 50, y - 34)], dark(t["second"], 0.18))


def _bamboo(c: Canvas, look: Look, x: float, lean: int) -> None:
    stem = smooth([(x, 420), (x + lean * 10, 240), (x + lean * 36, 90), (x + lean * 84, 10)], closed=False)
    c.line(stem, (118, 148, 66), 15)
    c.line([(px - 3, py) for px, py in stem], (160, 186, 92), 4)
    for i in range(3, len(stem), 4):
        px, py = stem[i]
        c.line([(px - 8, py), (px + 8, py)], (90, 116, 52), 4)
        for _ in range(2):
            with c.placed(px, py, angle=look.dice.uniform(10, 60) if lean > 0 else look.dice.uniform(120, 170)):
                leaf(c, look.dice.uniform(50, 76), mix((110, 156, 70), LEAF, look.dice.random()))


def _bean_mark(c: Canvas, t: dict[str, Colour]) -> None:
    for side in (-1, 1):
        with c.placed(0, 44, angle=-90 + side * 56):
            leaf(c, 92, light(t["second"], 0.2))
    bean(c, 0, -14, 62, -62, light(t["third"], 0.15))


def _batik_mark(c: Canvas, t: dict[str, Colour]) -> None:
    for i in range(4):
        with c.placed(angle=45 + i * 90):
            c.fill(oval(0, -50, 28, 44), CREAM)
            c.fill(oval(0, -50, 8, 26), t["main"])
        with c.placed(angle=i * 90):
            c.dot(0, -74, 11, t["third"])
    c.dot(0, 0, 13, t["third"])


def _volcano_mark(c: Canvas, t: dict[str, Colour]) -> None:
    c.dot(30, -38, 28, t["third"])
    with c.clipped(oval(0, 0, 100, 100)):
        c.fill(
            [
                *smooth([(-110, 60), (-50, 8), (-14, -56)], closed=False),
                *smooth([(12, -56), (50, 8), (110, 60)], closed=False),
            ],
            CREAM,
        )
        c.fill([(4, -56), (12, -56), (50, 8), (110, 60), (36, 60), (14, 4)], dark(CREAM, 0.16))
        for i, y in enumerate((32, 52, 72)):
            wave = smooth([(-120, y), (-60, y - 12), (0, y), (60, y + 10), (120, y - 4)], closed=False)
            c.fill([*wave, (120, 120), (-120, 120)], (light(t["second"], 0.15), t["third"], light(t["main"], 0.25))[i])


SCENES: dict[str, Callable[[Canvas, Look, dict[str, Colour]], None]] = {
    "kopi": _highlands, "batik": _coast, "garut": _volcano,
}  # fmt: skip
MARKS: dict[str, Callable[[Canvas, dict[str, Colour]], None]] = {
    "kopi": _bean_mark, "batik": _batik_mark, "garut": _volcano_mark,
}  # fmt: skip
