"""What one stores and drinks: jars, bottles, blocks of sugar, pouches, sachets, a bowl of soup."""

import math

from coop_shop.demo.drawing.canvas import Canvas, Colour, Path, box, oval, rounded, smooth
from coop_shop.demo.drawing.palettes import (
    CARAMEL,
    COFFEE,
    CREAM,
    GLASS,
    HONEY,
    KRAFT,
    LEAF,
    WHITE,
    WOOD,
    Look,
    dark,
    light,
    mix,
)
from coop_shop.demo.drawing.parts import GROUND, board, glint, heap, label, larger, rim, solid, sprig, stand


def honey_jar(c: Canvas, look: Look) -> None:
    tone = (150, 78, 28) if "hutan" in look.words else (236, 172, 58) if "bunga" in look.words else HONEY
    with c.placed(-40, 0):
        _jar(c, look, 118, -110, tone)
    with c.placed(150, GROUND + 6, angle=-32):
        c.line([(0, -40), (30, -230)], WOOD, 13)
        for i in range(5):
            c.fill(oval(-4 + i * 2, -16 - i * 17, 30 - abs(i - 2) * 5, 10), light(WOOD, 0.2) if i % 2 else WOOD)
    c.fill(smooth([(96, GROUND + 22), (150, GROUND + 10), (200, GROUND + 22), (150, GROUND + 32)]), tone)
    if "kopi" in look.words or "bunga" in look.words:
        for x, y in ((-212, GROUND + 8), (-180, GROUND + 24)):
            _blossom(c, x, y)
    else:
        sprig(c, look, -224, GROUND + 16, 78)


def _blossom(c: Canvas, x: float, y: float) -> None:
    for i in range(5):
        a = i * 1.2566
        c.fill(oval(x + 14 * math.cos(a), y + 11 * math.sin(a), 11, 9), WHITE)
    c.dot(x, y, 5, (240, 196, 80))


def _jar(c: Canvas, look: Look, half: float, top: float, inside: Colour) -> None:
    stand(c, look, half)
    glass = rounded(-half, top + 30, half, GROUND, 34)
    c.fill(glass, light(GLASS, 0.3))
    solid(c, rounded(-half + 9, top + 58, half - 9, GROUND - 9, 26), inside, 24)
    c.fill(oval(0, top + 60, half - 12, 12), light(inside, 0.3))
    label(c, look, 0, (top + GROUND) / 2 + 36, half * 1.35, (GROUND - top) * 0.5)
    glint(c, -half + 18, top + 66, -half + 32, GROUND - 40, 120)
    lid = look.third if look.dice.random() < 0.5 else look.main
    c.fill(rounded(-half * 0.86, top - 10, half * 0.86, top + 38, 12), lid)
    c.fill(box(-half * 0.86, top + 18, half * 0.86, top + 26), dark(lid, 0.25))
    for i in range(-5, 6):
        c.line([(i * half * 0.155, top - 2), (i * half * 0.155, top + 14)], dark(lid, 0.15), 3)


def jar_of_bits(c: Canvas, look: Look) -> None:
    """A plastic jar full of small things: fried shallots, chocolate beans, kembang goyang."""
    bit, size = ((196, 122, 56), 13) if "bawang" in look.words else ((84, 46, 34), 15)
    if "kembang" in look.words:
        bit, size = (236, 196, 112), 30
    stand(c, look, 136)
    jar = rounded(-136, -130, 136, GROUND, 30)
    c.fill(jar, light(GLASS, 0.45))
    with c.clipped(rounded(-126, -110, 126, GROUND - 8, 24)):
        c.fill(box(-140, -100, 140, GROUND), dark(bit, 0.25))
        for row in range(int(320 / size)):
            for i in range(int(290 / size)):
                x = -140 + i * size * 1.05 + row % 2 * size / 2 + look.dice.uniform(-4, 4)
                _bit(c, look, x, GROUND - row * size * 0.95, size, bit)
    label(c, look, 0, 60, 150, 150)
    glint(c, -118, -96, -104, GROUND - 40, 120)
    lid = look.main
    c.fill(rounded(-146, -176, 146, -118, 14), lid)
    c.fill(box(-146, -142, 146, -132), dark(lid, 0.25))
    for x, y in ((178, GROUND + 12), (206, GROUND - 2), (-188, GROUND + 10), (-166, GROUND + 24)):
        _bit(c, look, x, y, size * 1.2, bit)


def _bit(c: Canvas, look: Look, x: float, y: float, size: float, tone: Colour) -> None:
    shade = mix(tone, light(tone, 0.4), look.dice.random())
    if size >= 30:
        for i in range(6):
            a = i * math.pi / 3
            c.dot(x + size * 0.42 * math.cos(a), y + size * 0.42 * math.sin(a), size * 0.3, shade)
        c.dot(x, y, size * 0.22, dark(tone, 0.2))
    elif size < 14:
        turn = look.dice.uniform(0, 6)
        c.line([(x - size * 0.7, y + turn), (x, y - turn), (x + size * 0.7, y)], shade, 5)
    else:
        c.fill(oval(x, y, size * 0.62, size * 0.5), shade)
        c.fill(oval(x - 3, y - 3, 3.5, 2.5), light(shade, 0.6))


def bottle(c: Canvas, look: Look) -> None:
    """Syrup, sambal or oil, in glass."""
    inside, zoom = (96, 48, 22), 1.0
    if "sambal" in look.words:
        inside = (96, 128, 48) if "cibiuk" in look.words else (186, 52, 34)
    if "atsiri" in look.words:
        inside, zoom = (112, 70, 30), 0.86
    with c.placed(-20, (1 - zoom) * GROUND, zoom=zoom):
        stand(c, look, 84)
        body = smooth([(-30, -200), (-30, -130), (-82, -70), (-84, 0), (-82, GROUND - 16), (-60, GROUND), (60, GROUND),
                       (82, GROUND - 16), (84, 0), (82, -70), (30, -130), (30, -200)], steps=6)  # fmt: skip
        solid(c, body, inside, 22)
        c.fill(rounded(-36, -236, 36, -172, 10), look.main)
        c.fill(box(-36, -190, 36, -180), dark(look.main, 0.3))
        glint(c, -68, -56, -56, GROUND - 40, 90)
        label(c, look, 0, 70, 136, 160)
    _beside_bottle(c, look)


def _beside_bottle(c: Canvas, look: Look) -> None:
    if "sambal" in look.words:
        for i, tone in enumerate(((200, 40, 34), (80, 140, 60), (200, 40, 34))):
            with c.placed(96 + i * 26, GROUND + 14 - i * 6, angle=-12 - i * 14):
                c.fill(smooth([(0, -9), (50, -12), (106, 6), (50, 10), (0, 9)]), tone)
                c.line([(-2, 0), (-20, -10)], LEAF, 7)
                c.line([(10, -5), (56, -6)], light(tone, 0.5), 4)
    elif "atsiri" in look.words:
        _roots(c, look)
    else:
        _sugar_dome(c, 140, GROUND + 14, 66, 44, CARAMEL)


def _roots(c: Canvas, look: Look) -> None:
    for _ in range(16):
        x = 70 + look.dice.uniform(0, 40)
        path = smooth(
            [
                (x, GROUND + 16),
                (x + 60, GROUND + look.dice.uniform(-14, 26)),
                (x + 130, GROUND + look.dice.uniform(-40, 34)),
            ],
            closed=False,
        )
        c.line(path, mix((168, 124, 72), (120, 82, 46), look.dice.random()), 4)


@larger
def palm_sugar(c: Canvas, look: Look) -> None:
    """Half domes from a coconut shell, or square cakes for cane sugar, on a board."""
    tone = (198, 136, 62) if "tebu" in look.words else (142, 78, 38)
    board(c, look, 226, WOOD)
    if "tebu" in look.words:
        for x, y in ((-120, 0), (40, 6), (-44, -86), (104, -76)):
            _sugar_brick(c, x, GROUND - 12 + y, tone)
        return
    _sugar_dome(c, -96, GROUND - 6, 104, 76, tone)
    _sugar_dome(c, 96, GROUND + 2, 104, 76, dark(tone, 0.1))
    with c.placed(6, -72):
        _sugar_dome(c, 0, GROUND - 4, 100, 74, light(tone, 0.1))
    if "kawung" in look.words:
        for x in (-96, 96):
            for dx in (-40, 0, 40):
                c.line(
                    smooth(
                        [(x + dx, GROUND - 6), (x + dx * 0.8, GROUND - 50), (x + dx * 0.3, GROUND - 80)], closed=False
                    ),
                    (196, 184, 120),
                    15,
                )
    else:
        sprig(c, look, 146, GROUND - 96, 100)


def _sugar_dome(c: Canvas, x: float, y: float, rx: float, height: float, tone: Colour) -> None:
    c.fill(oval(x + 12, y + 4, rx, 14), dark(tone, 0.6), 90)
    solid(c, [*oval(x, y, rx, height, 180, 360), *oval(x, y, rx, 13, 0, 180)], tone, rx * 0.28)
    c.fill(oval(x - rx * 0.36, y - height * 0.58, rx * 0.24, 9), light(tone, 0.5), 120)


def _sugar_brick(c: Canvas, x: float, y: float, tone: Colour) -> None:
    c.fill(oval(x + 14, y + 4, 84, 12), dark(tone, 0.6), 90)
    c.fill(box(x - 74, y - 62, x + 48, y + 2), tone)
    c.fill([(x - 74, y - 62), (x - 46, y - 86), (x + 76, y - 86), (x + 48, y - 62)], light(tone, 0.35))
    c.fill([(x + 48, y - 62), (x + 76, y - 86), (x + 76, y - 22), (x + 48, y + 2)], dark(tone, 0.25))


def powder_pouch(c: Canvas, look: Look) -> None:
    """A standing pouch and a bowl or a heap of what is in it."""
    powder = (176, 110, 52) if "aren" in look.words else (196, 132, 62)
    _pouch(c, look, -70, look.dice.choice([KRAFT, look.third, look.main]))
    heap(c, look, 142, GROUND + 20, 94, 72, powder)
    if "bandrek" in look.words or "serbat" in look.words:
        _ginger(c, 176, GROUND - 70)
        for i in range(3):
            c.line([(30 + i * 9, GROUND + 34), (110 + i * 9, GROUND + 22)], (136, 70, 36), 9)


def _ginger(c: Canvas, x: float, y: float) -> None:
    root = smooth([(x - 60, y + 20), (x - 40, y - 10), (x - 10, y - 6), (x, y - 40), (x + 24, y - 34),
                   (x + 26, y - 4), (x + 62, y),
                   (x + 58, y + 24), (x + 10, y + 26), (x - 10, y + 44), (x - 34, y + 34)])  # fmt: skip
    solid(c, root, (214, 174, 112), 10)


def _pouch(c: Canvas, look: Look, x: float, colour: Colour) -> None:
    with c.placed(x, 0):
        stand(c, look, 130)
        body = [
            (-122, -176),
            (122, -176),
            (128, 60),
            (136, GROUND - 14),
            (110, GROUND),
            (-110, GROUND),
            (-136, GROUND - 14),
            (-128, 60),
        ]
        solid(c, body, colour, 30)
        c.fill(box(-122, -176, 122, -148), light(colour, 0.25))
        c.line([(-120, -132), (120, -132)], dark(colour, 0.22), 5)
        c.fill(oval(0, -161, 16, 8), light(look.backdrop, 0.4))
        c.line(smooth([(-128, GROUND - 32), (0, GROUND - 14), (128, GROUND - 32)], closed=False), dark(colour, 0.2), 4)
        label(c, look, 0, 20, 172, 190)


def soup_bowl(c: Canvas, look: Look) -> None:
    """Baso aci in its broth, lime and chilli on top."""
    glaze = look.main
    stand(c, look, 170)
    body: Path = smooth(
        [(-206, -30), (-176, 90), (-90, GROUND - 16), (0, GROUND), (90, GROUND - 16), (176, 90), (206, -30), (0, -10)]
    )
    solid(c, body, glaze, 50)
    with c.clipped(body):
        for i in range(-7, 8):
            c.fill(oval(i * 40, 70, 14, 14), light(look.second, 0.4))
        c.line([(-220, 106), (220, 106)], light(look.second, 0.4), 6)
    rim(c, 0, -32, 208, 68, light(glaze, 0.4), (232, 176, 92))
    for x, y, r in ((-100, -34, 42), (-30, -56, 40), (50, -44, 44), (-44, -8, 40), (114, -26, 34), (30, 0, 32)):
        c.fill(oval(x, y + 5, r, r * 0.66), (190, 140, 84))
        c.fill(oval(x, y, r, r * 0.66), (240, 226, 200))
        c.fill(oval(x - r * 0.3, y - r * 0.2, r * 0.3, r * 0.16), WHITE)
    for _ in range(22):
        c.dot(
            look.dice.uniform(-150, 150),
            look.dice.uniform(-74, 8),
            4.5,
            look.dice.choice([(200, 40, 34), (90, 150, 70)]),
        )
    for x in (-60, 0, 60):
        c.line(smooth([(x, -130), (x + 18, -164), (x - 10, -196), (x + 10, -232)], closed=False), WHITE, 11, 120)


def sachets(c: Canvas, look: Look) -> None:
    """A fan of single-serve sticks in their carton, and what is in them."""
    colour = look.main
    stand(c, look, 160, -40)
    c.fill(box(-190, -70, 100, GROUND), colour)
    c.fill(box(-190, -70, 100, -40), light(colour, 0.25))
    for i in range(5):
        with c.placed(-130 + i * 48, -60, angle=-10 + i * 5):
            c.fill(rounded(-26, -124, 35, 16, 5), dark(look.backdrop, 0.6), 90)
            c.fill(
                rounded(-30, -130, 30, 14, 5), (CREAM, light(look.second, 0.3), CREAM, light(look.third, 0.4), CREAM)[i]
            )
            c.fill(box(-30, -112, 30, -102), look.main)
            c.dot(0, -64, 15, look.third if i % 2 else look.second)
    c.fill(box(-190, -26, 100, GROUND), colour)
    label(c, look, -45, 92, 214, 176)
    heap(c, look, 164, GROUND + 20, 76, 60, COFFEE if "kopi" in look.words else CARAMEL)
