"""What several goods share: lit solids, labels with an emblem, beans, leaves, heaps."""

import math
from collections.abc import Callable
from functools import wraps

from coop_shop.demo.drawing.canvas import Canvas, Colour, Path, box, oval, rounded, smooth
from coop_shop.demo.drawing.palettes import COFFEE, CREAM, LEAF, Look, dark, light, mix

Good = Callable[[Canvas, Look], None]
GROUND = 205  # where things stand, in the frame of a good


def solid(c: Canvas, path: Path, colour: Colour, depth: float = 26) -> None:
    """A shape lit from the left: its right edge lies in shade."""
    with c.clipped(path):
        c.fill(path, dark(colour, 0.2))
        c.fill([(x - depth, y) for x, y in path], mix(colour, dark(colour, 0.2), 0.35))
        c.fill([(x - depth * 1.9, y) for x, y in path], colour)


def glint(c: Canvas, left: float, top: float, right: float, bottom: float, alpha: int = 70) -> None:
    c.fill(rounded(left, top, right, bottom, 12), (255, 255, 255), alpha)


def stand(c: Canvas, look: Look, width: float, x: float = 0, y: float = GROUND) -> None:
    """The shadow of something that touches the table."""
    c.shadow(x + 16, y + 2, width, 20, dark(look.backdrop, 0.75), 120)


def larger(draw: Good) -> Good:
    """For what lies flat: drawn larger on the same ground, so that it fills the picture as much as a bag does."""

    @wraps(draw)
    def enlarged(c: Canvas, look: Look) -> None:
        with c.placed(0, GROUND * -0.26, zoom=1.26):
            draw(c, look)

    return enlarged


def label(c: Canvas, look: Look, x: float, y: float, width: float, height: float, paper: Colour = CREAM) -> None:
    """A paper label with an emblem and two lines that stand for writing; four shapes."""
    shape = look.dice.randrange(4)
    if shape == 0:
        path = rounded(x - width / 2, y - height / 2, x + width / 2, y + height / 2, 12)
    elif shape == 1:
        path = oval(x, y, width / 2, height / 2)
    elif shape == 2:
        arch = oval(x, y - height / 2 + width / 2, width / 2, width / 2, 180, 360)
        path = [(x - width / 2, y + height / 2), *arch, (x + width / 2, y + height / 2)]
    else:
        cut = 20
        left, right, top, bottom = x - width / 2, x + width / 2, y - height / 2, y + height / 2
        path = [(left + cut, top), (right - cut, top), (right, top + cut), (right, bottom - cut),
                (right - cut, bottom), (left + cut, bottom), (left, bottom - cut), (left, top + cut)]  # fmt: skip
    c.fill(path, paper)
    inner = [(x + (px - x) * 0.92, y + (py - y) * 0.92) for px, py in path]
    c.line([*inner, inner[0]], look.main, 2.5)
    size = min(width, height) * 0.27
    emblem(c, look, x, y - height * 0.1, size)
    for i, share in enumerate((0.46, 0.28)):
        at = y + height * 0.25 + i * 14
        c.line([(x - width * share / 2, at), (x + width * share / 2, at)], dark(look.main, 0.1), 6 - i * 2)


def emblem(c: Canvas, look: Look, x: float, y: float, r: float) -> None:
    """One of five marks; the key decides. The bean is for coffee alone."""
    mark = look.dice.choice([_mountain, _bean, _sprout, _sun, _kawung])
    if mark is _bean and "kopi" not in look.words:
        mark = _mountain
    with c.placed(x, y, zoom=r / 50):
        mark(c, look)


def _mountain(c: Canvas, look: Look) -> None:
    c.dot(18, -18, 22, look.second)
    c.fill([(-56, 36), (-14, -34), (28, 36)], look.main)
    c.fill([(-10, 36), (24, -10), (58, 36)], dark(look.main, 0.3))
    c.fill([(-24, -17), (-14, -34), (-4, -17), (-14, -10)], CREAM)


def _bean(c: Canvas, look: Look) -> None:
    bean(c, 0, 0, 46, 30, COFFEE)


def _sprout(c: Canvas, look: Look) -> None:
    for angle in (-90, -150, -30):
        with c.placed(0, 34, angle=angle):
            leaf(c, 74, LEAF if angle == -90 else look.third)


def _sun(c: Canvas, look: Look) -> None:
    c.dot(0, 0, 26, look.second)
    for i in range(12):
        a = i * math.pi / 6
        c.line([(34 * math.cos(a), 34 * math.sin(a)), (48 * math.cos(a), 48 * math.sin(a))], look.main, 6)


def _kawung(c: Canvas, look: Look) -> None:
    for i in range(4):
        with c.placed(angle=45 + i * 90):
            c.fill(oval(0, -28, 15, 25), look.main if i % 2 else look.third)
    c.dot(0, 0, 7, look.second)


def bean(c: Canvas, x: float, y: float, size: float, angle: float, colour: Colour) -> None:
    with c.placed(x, y, angle=angle, zoom=size / 50):
        c.fill(oval(0, 3, 50, 34), dark(colour, 0.3))
        c.fill(oval(0, -1, 49, 32), colour)
        c.line([(-46, 3), (-16, -7), (14, 7), (46, -3)], dark(colour, 0.55), 6)
        c.fill(oval(-14, -17, 22, 6), light(colour, 0.25))


def beans(c: Canvas, look: Look, x: float, width: float, count: int, colour: Colour = COFFEE, size: float = 23) -> None:
    """A scatter of beans on the table, the nearer the larger."""
    for i in range(count):
        near = i / max(1, count - 1)
        bx = x + look.dice.uniform(-width, width) * (1 - 0.25 * near)
        by = GROUND - 6 + near * 34
        c.fill(oval(bx + 5, by + size * 0.5, size, size * 0.36), dark(look.backdrop, 0.5), 110)
        tone = mix(colour, light(colour), look.dice.random() * 0.6)
        bean(c, bx, by, size * (0.85 + near * 0.2), look.dice.uniform(-50, 50), tone)


def heap(c: Canvas, look: Look, x: float, y: float, width: float, height: float, colour: Colour) -> None:
    """A mound of powder or grains that stands at y."""
    c.fill(oval(x + 10, y, width * 1.02, 12), dark(look.backdrop, 0.5), 100)
    mound = smooth([(x - width, y), (x - width * 0.5, y - height * 0.62), (x, y - height),
                    (x + width * 0.48, y - height * 0.66), (x + width, y), (x, y + height * 0.16)])  # fmt: skip
    solid(c, mound, colour, width * 0.25)
    for _ in range(46):
        share = look.dice.uniform(-0.8, 0.8)
        rise = look.dice.uniform(0.02, 0.8 * (1 - abs(share)))
        speck = light(colour, 0.3) if look.dice.random() < 0.5 else dark(colour, 0.35)
        c.dot(x + share * width, y - rise * height, look.dice.uniform(2, 4), speck)
    for _ in range(12):
        c.dot(x + look.dice.uniform(-1.25, 1.25) * width, y + look.dice.uniform(-2, 12), 3, colour)


def leaf(c: Canvas, length: float, colour: Colour) -> None:
    """A leaf that grows to the right from (0, 0)."""
    half = length * 0.24
    path = smooth([(0, 0), (length * 0.35, -half), (length * 0.75, -half * 0.7), (length, 0),
                   (length * 0.75, half * 0.7), (length * 0.35, half)], steps=5)  # fmt: skip
    c.fill(path, colour)
    c.fill(smooth([(0, 0), (length * 0.35, half), (length * 0.75, half * 0.7), (length, 0)], steps=5), dark(colour))
    c.line([(0, 0), (length * 0.94, 0)], light(colour, 0.4), max(2, length * 0.03))


def sprig(c: Canvas, look: Look, x: float, y: float, length: float = 90, tone: Colour = LEAF) -> None:
    """Two leaves on the table beside a good."""
    c.shadow(x + 30, y + 12, length * 0.8, 12, dark(look.backdrop, 0.75), 70)
    for angle, share in ((-22, 1.0), (14, 0.8)):
        with c.placed(x, y, angle=angle):
            leaf(c, length * share, tone)


def rim(c: Canvas, x: float, y: float, rx: float, ry: float, edge: Colour, inside: Colour) -> None:
    """The open mouth of a bowl or cup."""
    c.fill(oval(x, y, rx, ry), edge)
    c.fill(oval(x, y + 1, rx * 0.92, ry * 0.8), inside)


def board(c: Canvas, look: Look, width: float, tone: Colour) -> None:
    """A round-cornered serving board under something small."""
    stand(c, look, width, 0, GROUND + 26)
    c.fill(rounded(-width, GROUND - 18, width, GROUND + 34, 26), dark(tone, 0.3))
    c.fill(rounded(-width, GROUND - 26, width, GROUND + 22, 24), tone)
    for i in range(3):
        c.line([(-width * 0.8 + i * 40, GROUND - 12 + i * 11), (width * 0.4 + i * 50, GROUND - 12 + i * 11)],
               dark(tone, 0.12), 3)  # fmt: skip


def panel(c: Canvas, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
    """A flat front with a lighter upper edge."""
    c.fill(box(left, top, right, bottom), colour)
    c.fill(box(left, top, right, top + 6), light(colour, 0.3))
