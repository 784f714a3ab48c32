"""What one nibbles: dodol, chocolates, cakes in husk, chips and crackers."""

import math

from coop_shop.demo.drawing.canvas import Canvas, Colour, box, oval, rounded, smooth
from coop_shop.demo.drawing.palettes import CREAM, KRAFT, LEAF, WOOD, Look, dark, light, mix
from coop_shop.demo.drawing.parts import GROUND, board, emblem, larger, solid, sprig, stand

DODOL, CHIP, RICE = (126, 70, 36), (236, 190, 98), (246, 232, 200)


def snack_pillow(c: Canvas, look: Look) -> None:
    """A puffed bag of chips, with chips before it."""
    colour = (196, 50, 40) if "balado" in look.words or "pedas" in look.words else look.main
    chip = _chip_tone(look)
    stand(c, look, 150, -20)
    with c.placed(-20, 0, angle=look.dice.choice([-4, 3, 5])):
        body = smooth([(-134, -206), (0, -200), (134, -206), (150, -100), (140, 0), (150, 110), (134, 204), (0, 198),
                       (-134, 204), (-150, 110), (-140, 0), (-150, -100)], steps=6)  # fmt: skip
        solid(c, body, colour, 34)
        for top in (-206, 186):
            c.fill(box(-136, top, 136, top + 22), light(colour, 0.35))
            for i in range(-9, 10):
                c.line([(i * 14, top + 2), (i * 14, top + 20)], dark(colour, 0.1), 2)
        c.fill(smooth([(-142, 40), (-40, 10), (60, 34), (144, 0), (146, 110), (136, 180), (-136, 180)]), look.second)
        with c.clipped(oval(0, 66, 96, 74)):
            c.fill(oval(0, 66, 96, 74), dark(chip, 0.35))
            for i in range(16):
                _chip(c, look, look.dice.uniform(-90, 90), 40 + i * 6, 34, chip)
        c.line([*oval(0, 66, 96, 74), (96, 66)], CREAM, 7)
        c.fill(oval(0, -92, 92, 56), CREAM)
        emblem(c, look, 0, -92, 40)
    for x, y in ((110, GROUND + 12), (168, GROUND + 22), (206, GROUND - 2), (-196, GROUND + 16)):
        _chip(c, look, x, y, 42, chip)


def _chip_tone(look: Look) -> Colour:
    if "kulit" in look.words:
        return (240, 206, 142)
    if "endog" in look.words:
        return (226, 178, 104)
    return (214, 120, 52) if "balado" in look.words or "pedas" in look.words or "aren" in look.words else CHIP


def _chip(c: Canvas, look: Look, x: float, y: float, size: float, tone: Colour) -> None:
    tone = mix(tone, light(tone, 0.4), look.dice.random() * 0.7)
    turn = look.dice.uniform(0, 360)
    with c.placed(x, y, angle=turn, zoom=size / 40):
        if "kulit" in look.words:
            path = smooth([(-38, -6), (-20, -22), (0, -12), (24, -24), (38, 0), (22, 18), (0, 10), (-24, 22)], steps=5)
        elif "endog" in look.words:
            path = oval(0, 0, 16, 15)
        elif "singkong" in look.words:
            path = smooth([(-50, -8), (0, -18), (50, -8), (50, 8), (0, 0), (-50, 8)], steps=5)
        else:
            path = smooth([(-38, 0), (-20, -22), (16, -24), (38, -2), (20, 20), (-18, 22)], steps=5)
        c.fill([(px + 3, py + 4) for px, py in path], dark(tone, 0.35))
        c.fill(path, tone)
        c.fill([(px * 0.55 - 3, py * 0.45 - 3) for px, py in path], light(tone, 0.3))


def cracker_basket(c: Canvas, look: Look) -> None:
    """Emping, opak, ranginang or raw rambak heaped in a woven tray."""
    cane = (190, 140, 82)
    tone = (232, 196, 120) if "emping" in look.words else RICE
    tone = (206, 150, 80) if "manis" in look.words or "mentah" in look.words else tone
    stand(c, look, 210)
    radius = 66 if "opak" in look.words else 44
    for row, (count, y) in enumerate(((6, 40), (6, 0), (5, -36), (4, -70), (2, -100))):
        for i in range(count):
            x = (i - (count - 1) / 2) * 58 + look.dice.uniform(-12, 12)
            _cracker(c, look, x, y + look.dice.uniform(-6, 6), radius - row * 2, tone)
    rimmed = smooth(
        [(-214, 34), (-180, 140), (-110, GROUND), (110, GROUND), (180, 140), (214, 34), (100, 72), (0, 80), (-100, 72)]
    )
    solid(c, rimmed, cane, 44)
    with c.clipped(rimmed):
        for row in range(8):
            for i in range(-8, 9):
                x, y = i * 30 + row % 2 * 15, 54 + row * 22
                c.line([(x - 11, y), (x + 11, y)], (light(cane, 0.35), dark(cane, 0.25))[(i + row) % 2], 13)
    c.line(smooth([(-214, 34), (-100, 72), (0, 80), (100, 72), (214, 34)], closed=False), dark(cane, 0.3), 16)
    c.line(smooth([(-214, 30), (-100, 67), (0, 75), (100, 67), (214, 30)], closed=False), light(cane, 0.2), 7)


def _cracker(c: Canvas, look: Look, x: float, y: float, r: float, tone: Colour) -> None:
    turn = look.dice.uniform(-25, 25)
    with c.placed(x, y, angle=turn):
        c.fill(oval(4, 6, r, r * 0.72), dark(tone, 0.45))
        c.fill(oval(0, 0, r, r * 0.7), tone)
        for _ in range(9):
            a, d = look.dice.uniform(0, 6.28), look.dice.uniform(0, 0.75) * r
            spot = light(tone, 0.55) if look.dice.random() < 0.6 else dark(tone, 0.3)
            c.fill(oval(d * math.cos(a), d * 0.66 * math.sin(a), r * 0.13, r * 0.1), spot)


@larger
def dodol_plate(c: Canvas, look: Look) -> None:
    """Wrapped and unwrapped pieces, piled on a board."""
    tone = look.main if any(w in look.words for w in ("nanas", "tomat", "susu", "durian")) else DODOL
    tone = (96, 46, 40) if "kacang" in look.words else tone
    board(c, look, 228, look.dice.choice([WOOD, CREAM, (168, 130, 96)]))
    paper = look.dice.choice([CREAM, light(look.second, 0.3), light(look.third, 0.3)])
    for row, count in ((0, 4), (1, 3), (2, 2)):
        for i in range(count):
            x, y = (i - (count - 1) / 2) * 106, GROUND - 20 - row * 62
            wrapped = (i + row + (look.dice.random() < 0.25)) % 2 == 0
            if wrapped:
                _wrapped(c, x, y, paper, look.third if row % 2 else look.main)
            else:
                _piece(c, look, x, y, tone)
    if "wijen" not in look.words:
        sprig(c, look, 130, GROUND - 44, 88)


def _piece(c: Canvas, look: Look, x: float, y: float, tone: Colour) -> None:
    c.fill(rounded(x - 46, y - 52, x + 50, y + 6, 14), dark(tone, 0.35))
    c.fill(rounded(x - 48, y - 58, x + 42, y, 14), tone)
    c.fill(rounded(x - 40, y - 52, x + 26, y - 40, 6), light(tone, 0.45), 130)
    if "wijen" in look.words:
        for _ in range(26):
            c.fill(oval(x + look.dice.uniform(-42, 36), y - look.dice.uniform(6, 50), 4, 2.6), (246, 226, 176))
    if "kacang" in look.words:
        for dx, dy in ((-22, -30), (10, -18), (16, -40)):
            c.fill(oval(x + dx, y + dy, 10, 7), (160, 70, 56))


def _wrapped(c: Canvas, x: float, y: float, paper: Colour, band: Colour) -> None:
    for side in (-1, 1):
        c.fill(
            [(x + side * 34, y - 28), (x + side * 64, y - 50), (x + side * 56, y - 28), (x + side * 64, y - 6)],
            dark(paper, 0.1),
        )
    c.fill(rounded(x - 40, y - 52, x + 42, y + 2, 12), dark(paper, 0.25))
    c.fill(rounded(x - 42, y - 56, x + 38, y - 2, 12), paper)
    c.fill(box(x - 16, y - 56, x + 12, y - 2), band)
    c.dot(x - 2, y - 29, 8, paper)


def sweets_box(c: Canvas, look: Look) -> None:
    """An open box of pieces in rows, seen from above at an angle."""
    lid = look.main
    stand(c, look, 226, 0, GROUND - 4)
    c.fill([(-190, -176), (190, -176), (214, -40), (-214, -40)], lid)
    c.fill([(-170, -162), (170, -162), (188, -54), (-188, -54)], light(lid, 0.18))
    emblem(c, look, 0, -108, 42)
    c.fill([(-214, -40), (214, -40), (226, GROUND - 20), (-226, GROUND - 20)], light(KRAFT, 0.5))
    c.fill(box(-226, GROUND - 20, 226, GROUND + 14), dark(lid, 0.15))
    columns = 6 if "aneka" in look.words else 5
    tones = [DODOL, (232, 186, 62), (190, 66, 44), (96, 46, 40), (206, 164, 104)]
    chocolate = [(74, 42, 32), (74, 42, 32), (240, 226, 200), (120, 70, 44), (206, 120, 128)]
    for row in range(3):
        for i in range(columns):
            spread = 376 + row * 14
            x, y = (i - (columns - 1) / 2) * spread / columns, -2 + row * 62
            tone = (tones if "aneka" in look.words else chocolate)[(i + row * (row + 1)) % 5]
            _praline(c, look, x, y, tone)


def _praline(c: Canvas, look: Look, x: float, y: float, tone: Colour) -> None:
    c.fill(rounded(x - 29, y - 20, x + 29, y + 32, 8), (214, 180, 132))
    c.fill(rounded(x - 25, y - 22, x + 27, y + 24, 11), dark(tone, 0.35))
    c.fill(rounded(x - 26, y - 26, x + 24, y + 17, 11), tone)
    for i in range(3):
        c.line(
            [(x - 20 + i * 14, y + 10), (x - 8 + i * 14, y - 20)],
            light(tone, 0.4) if sum(tone) < 480 else (206, 74, 88),
            4,
        )


@larger
def leaf_parcels(c: Canvas, look: Look) -> None:
    """Wajit, angleng and ladu: small parcels in corn husk, one of them open."""
    husk = (226, 200, 136)
    board(c, look, 222, WOOD)
    inside = (64, 36, 34) if "hitam" in look.words else (168, 104, 52) if "angleng" in look.words else (222, 190, 138)
    for row, count in ((0, 4), (1, 3), (2, 2)):
        for i in range(count):
            x, y = (i - (count - 1) / 2) * 108, GROUND - 18 - row * 66
            if "ladu" in look.words:
                _rounded_cake(c, x, y, inside)
            else:
                _parcel(c, x, y, husk if (i, row) != (0, 1) else inside, husk)


def _parcel(c: Canvas, x: float, y: float, tone: Colour, husk: Colour) -> None:
    c.fill([(x - 54, y), (x + 58, y + 4), (x + 8, y - 78)], dark(tone, 0.35))
    c.fill([(x - 56, y), (x + 48, y), (x - 2, y - 80)], tone)
    for share in (0.3, 0.55, 0.8):
        c.line([(x - 2, y - 76), (x - 56 + 104 * share, y - 3)], dark(tone, 0.15), 3)
    if tone == husk:
        c.line([(x - 34, y - 30), (x + 28, y - 30)], (150, 96, 50), 6)


def _rounded_cake(c: Canvas, x: float, y: float, tone: Colour) -> None:
    c.fill(rounded(x - 48, y - 48, x + 54, y + 4, 26), dark(tone, 0.35))
    c.fill(rounded(x - 50, y - 52, x + 48, y - 2, 25), tone)
    for i in range(7):
        c.dot(x - 36 + i * 12, y - 26 + (i * 17) % 22 - 8, 4, CREAM)


@larger
def burayot(c: Canvas, look: Look) -> None:
    """Fried drops that hang like little sacks, on a plate with a banana leaf."""
    tone = (176, 106, 46)
    stand(c, look, 226, 0, GROUND + 6)
    c.fill(oval(0, GROUND - 10, 226, 44), dark(CREAM, 0.18))
    c.fill(oval(0, GROUND - 20, 226, 44), CREAM)
    c.fill(
        smooth([(-196, GROUND - 24), (-60, GROUND - 54), (200, GROUND - 36), (80, GROUND + 8), (-90, GROUND + 6)]), LEAF
    )
    for count, y in ((4, 150), (3, 92), (2, 34)):
        for i in range(count):
            x = (i - (count - 1) / 2) * 92
            drop = smooth(
                [
                    (x, y - 66),
                    (x + 12, y - 36),
                    (x + 50, y),
                    (x + 32, y + 38),
                    (x - 32, y + 38),
                    (x - 50, y),
                    (x - 12, y - 36),
                ]
            )
            solid(c, drop, mix(tone, light(tone), look.dice.random() * 0.6), 16)
            c.fill(oval(x - 18, y - 4, 12, 8), light(tone, 0.6), 130)
