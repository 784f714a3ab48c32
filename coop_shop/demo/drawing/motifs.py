"""Batik and embroidery patterns. Each fills the square from (-260, -260) to (260, 260) of the current frame."""

import math
import random
from collections.abc import Callable

from coop_shop.demo.drawing.canvas import Canvas, Path, box, oval, smooth
from coop_shop.demo.drawing.palettes import BLACK, CREAM, Look, dark, light, mix

Motif = Callable[[Canvas, Look], None]
REACH = 260
KERAWANG = ((206, 44, 40), (238, 188, 48), (58, 136, 84), CREAM)


def motif_for(look: Look) -> Motif:
    """The pattern that the title names, else one that the key decides."""
    named = next((draw for word, draw in NAMED.items() if word in look.words), None)
    # Dice of its own: every piece of one garment is cut from the same cloth.
    return named or random.Random(f"motif:{look.key}").choice(ANY)


def parang(c: Canvas, look: Look) -> None:
    c.fill(_all(), look.main)
    pale, deep = light(look.second, 0.35), dark(look.main, 0.35)
    blade = smooth(
        [(-10, -34), (10, -30), (17, -12), (8, 4), (14, 24), (30, 32), (8, 40), (-12, 30), (-13, 6), (-4, -10)], steps=4
    )
    with c.placed(angle=-45):
        for row in range(-5, 6):
            y = row * 74
            c.fill(box(-380, y + 26, 380, y + 46), deep)
            for i in range(-9, 10):
                with c.placed(i * 40 + row % 2 * 20, y - 8, angle=30, zoom=0.82):
                    c.fill(blade, pale)
                    c.line([(2, -18), (-4, 6), (2, 28)], look.main, 5)
            for i in range(-12, 13):
                c.fill([(i * 30 - 9, y + 36), (i * 30, y + 29), (i * 30 + 9, y + 36), (i * 30, y + 43)], pale)


def kawung(c: Canvas, look: Look) -> None:
    c.fill(_all(), dark(look.main, 0.15))
    pale, core = light(look.second, 0.5), look.main
    petal, seed = oval(0, -25, 14, 22), oval(0, -25, 3.5, 12)
    for row in range(-3, 4):
        for column in range(-3, 4):
            for turn in (45, 135, 225, 315):
                with c.placed(column * 82, row * 82, angle=turn):
                    c.fill(petal, pale)
                    c.fill(seed, core)
            c.dot(column * 82, row * 82, 5, look.second)
            c.dot(column * 82 + 41, row * 82, 4, look.second)


def latohan(c: Canvas, look: Look) -> None:
    """Lasem's sea grapes: stems that wander upwards, beads on both sides."""
    c.fill(_all(), look.main)
    pale, bead = light(look.second, 0.55), look.second
    for column in range(-3, 4):
        sway = look.dice.uniform(0, 6)
        stem = [(column * 88 + 22 * math.sin(y / 62 + sway), y) for y in range(-270, 271, 18)]
        c.line(stem, pale, 4)
        for i, (x, y) in enumerate(stem[::2]):
            side = 1 if i % 2 else -1
            c.line([(x, y), (x + side * 15, y - 10), (x + side * 26, y - 6)], pale, 3)
            for dx, dy, r in ((28, -8, 9), (17, -20, 7), (33, -24, 7), (24, -34, 5)):
                c.dot(x + side * dx, y + dy, r, bead if r > 6 else pale)
                c.dot(x + side * dx - 2, y + dy - 2, r / 3, light(bead, 0.7))


def sekar_jagad(c: Canvas, look: Look) -> None:
    """A map of the world's flowers: unequal fields, each with a filling of its own."""
    c.fill(_all(), light(look.second, 0.7))
    tones = [look.main, dark(look.main, 0.3), look.third, mix(look.main, look.second, 0.5), dark(look.third, 0.3)]
    for row in range(-3, 4):
        for column in range(-3, 4):
            x = column * 92 + row % 2 * 46 + look.dice.uniform(-6, 6)
            y = row * 82 + look.dice.uniform(-6, 6)
            radii = [look.dice.uniform(40, 52) for _ in range(7)]
            field = [(x + r * math.cos(i * 0.898), y + r * math.sin(i * 0.898)) for i, r in enumerate(radii)]
            c.fill(smooth(field, steps=4), look.dice.choice(tones))
            _filling(c, look, x, y)


def _filling(c: Canvas, look: Look, x: float, y: float) -> None:
    pale = light(look.second, 0.6)
    kind = look.dice.randrange(3)
    if kind == 0:
        _flower(c, x, y, 22, pale, look.second)
    elif kind == 1:
        for i in range(9):
            c.dot(x + (i % 3 - 1) * 17, y + (i // 3 - 1) * 17, 4.5, pale)
    else:
        for i in range(-2, 3):
            c.line([(x - 24, y + i * 12), (x, y + i * 12 - 9), (x + 24, y + i * 12)], pale, 3)


def watu_pecah(c: Canvas, look: Look) -> None:
    """Broken stone: a web of fine cracks, with a flower here and there."""
    c.fill(_all(), light(look.second, 0.75))
    step = 44
    nodes = {(i, j): (i * step + look.dice.uniform(-13, 13), j * step + look.dice.uniform(-13, 13))
             for i in range(-7, 8) for j in range(-7, 8)}  # fmt: skip
    for i, j in nodes:
        if i < 7 and j < 7:
            corners = [nodes[i, j], nodes[i + 1, j], nodes[i + 1, j + 1], nodes[i, j + 1]]
            mx, my = sum(x for x, _ in corners) / 4, sum(y for _, y in corners) / 4
            stone = [(x + (mx - x) * 0.1, y + (my - y) * 0.1) for x, y in corners]
            c.fill(stone, mix(look.main, dark(look.main, 0.3), look.dice.random()))
    for x, y in ((-150, -120), (20, -10), (170, 120), (-110, 160), (150, -170)):
        _flower(c, x, y, 40, light(look.second, 0.8), look.third)


def buketan(c: Canvas, look: Look) -> None:
    """Bouquets with long leaves, as on the cloths of the north coast."""
    c.fill(_all(), look.main)
    leaf_tone, pale = mix(look.third, light(look.second), 0.4), light(look.second, 0.5)
    leaf = smooth([(20, 0), (44, -15), (84, -22), (60, 4), (36, 10)], steps=5)
    bouquets = ((-170, -170, 20), (0, -120, -30), (170, -180, 10), (-90, 0, 70), (96, 20, -10), (-180, 140, 30),
                (0, 150, 0),
                (180, 160, 50), (-250, -20, 0), (250, -40, 40), (-90, 260, 20), (90, 270, 0))  # fmt: skip
    for x, y, turn in bouquets:
        for angle in (15, 100, 195, 285):
            with c.placed(x, y, angle=angle + turn):
                c.line(smooth([(20, 4), (60, 18), (92, 6)], closed=False, steps=4), leaf_tone, 4)
                c.fill(leaf, leaf_tone)
                c.dot(92, 6, 9, look.second)
        _flower(c, x, y, 38, pale, look.third)
    for _ in range(60):
        c.dot(look.dice.uniform(-260, 260), look.dice.uniform(-260, 260), 2.6, pale)


def ceplok(c: Canvas, look: Look) -> None:
    c.fill(_all(), dark(look.main, 0.1))
    pale = light(look.second, 0.45)
    for row in range(-3, 4):
        for column in range(-3, 4):
            x, y = column * 86, row * 86
            c.fill([(x, y - 40), (x + 40, y), (x, y + 40), (x - 40, y)], dark(look.main, 0.4))
            _flower(c, x, y, 26, pale, look.second)
            c.dot(x + 43, y + 43, 7, pale)


def gringsing(c: Canvas, look: Look) -> None:
    """Fish scales, each with a dot."""
    c.fill(_all(), look.main)
    pale = light(look.second, 0.5)
    for row in range(11, -1, -1):
        for column in range(-5, 6):
            x, y = column * 56 + row % 2 * 28, row * 46 - 270
            c.fill(oval(x, y, 29, 31), pale)
            c.fill(oval(x, y - 2, 24, 26), mix(look.main, dark(look.main), row % 3 / 2))
            c.dot(x, y + 8, 5, pale)


def ukel(c: Canvas, look: Look) -> None:
    """Curls of fern left white on the dye."""
    c.fill(_all(), look.main)
    pale = light(look.main, 0.75)
    spiral = [((30 - t) * math.cos(t / 3.2), (30 - t) * math.sin(t / 3.2)) for t in range(0, 27)]
    for row in range(-3, 4):
        for column in range(-3, 4):
            with c.placed(column * 84 + row % 2 * 42, row * 74, angle=look.dice.choice((0, 90, 180, 270))):
                c.line(spiral, pale, 5)
                c.line([(30, 0), (40, 20), (34, 40)], pale, 4)
            c.dot(column * 84 + 42 + row % 2 * 42, row * 74 + 34, 4, pale)


def lurik(c: Canvas, look: Look) -> None:
    c.fill(_all(), look.main)
    for i in range(-9, 10):
        x, tone = i * 30, (look.second, dark(look.main, 0.4), light(look.second, 0.5))[i % 3]
        c.fill(box(x, -REACH, x + 5 + i % 3 * 4, REACH), tone)
    for i in range(-4, 5):
        for j in range(-4, 5):
            _flower(c, i * 66 + j % 2 * 33, j * 66, 14, light(look.second, 0.7), look.third)


def kerawang(c: Canvas, look: Look) -> None:
    """Gayo embroidery: rows of clouds, ropes and bamboo shoots in four threads on black."""
    c.fill(_all(), BLACK)
    red, yellow, green, white = KERAWANG
    cloud = [((34 - t) * math.cos(t / 3), (28 - t * 0.85) * math.sin(t / 3)) for t in range(0, 29, 2)]
    for row, y in enumerate(range(-240, 261, 120)):
        for column in range(-3, 4):
            x = column * 92
            thread = (red, yellow, green)[(row + column) % 3]
            for mirror in (False, True):
                with c.placed(x + (22 if mirror else -22), y, mirror=mirror):
                    c.line(cloud, thread, 6)
            c.fill([(x + 46, y - 20), (x + 56, y), (x + 46, y + 20), (x + 36, y)], white)
            c.fill([(x - 20, y + 82), (x, y + 46), (x + 20, y + 82)], red if row % 2 else green)
            c.fill([(x - 9, y + 82), (x, y + 64), (x + 9, y + 82)], yellow)
            c.fill([(x + 26, y + 82), (x + 46, y + 58), (x + 66, y + 82)], yellow)
        for edge, thread in ((-52, yellow), (38, white), (90, red)):
            c.line([(-REACH, y + edge), (REACH, y + edge)], thread, 3)


def tumpal(c: Canvas, look: Look) -> None:
    """The border of triangles, with a flowered field above it."""
    ceplok(c, look)
    c.fill(box(-REACH, 70, REACH, REACH), look.third)
    pale = light(look.second, 0.55)
    for i in range(-4, 5):
        x = i * 62
        for half, top, tone in ((31, 84, pale), (23, 116, dark(look.main, 0.2)), (11, 160, pale)):
            c.fill([(x - half, 232), (x, top), (x + half, 232)], tone)
    for y in (70, 238):
        c.line([(-REACH, y), (REACH, y)], pale, 6)


def _flower(c: Canvas, x: float, y: float, radius: float, petal: tuple, heart: tuple) -> None:
    for i in range(6):
        angle = i * math.pi / 3
        c.dot(x + radius * 0.58 * math.cos(angle), y + radius * 0.58 * math.sin(angle), radius * 0.42, petal)
    c.dot(x, y, radius * 0.34, heart)


def _all() -> Path:
    return box(-REACH, -REACH, REACH, REACH)


NAMED: dict[str, Motif] = {
    "kerawang": kerawang, "ulen": kerawang, "parang": parang, "kawung": kawung, "latohan": latohan,
    "sekar jagad": sekar_jagad, "watu pecah": watu_pecah, "burung hong": buketan, "buketan": buketan,
    "tiga negeri": buketan, "tumpal": tumpal, "gringsing": gringsing, "indigo": ukel, "sogan": ceplok,
    "lurik": lurik, "sutra": buketan, "taplak": tumpal, "daster": buketan,
}  # fmt: skip
ANY = [parang, kawung, latohan, sekar_jagad, watu_pecah, buketan, ceplok, gringsing, ukel, tumpal]
