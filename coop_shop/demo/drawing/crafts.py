"""Things of root, bamboo, wood and thread: baskets, mats, sachets, jewellery, fans, the batik maker's tools."""

import math

from coop_shop.demo.drawing.canvas import Canvas, Colour, Path, box, oval, rounded, smooth
from coop_shop.demo.drawing.cloth import patterned
from coop_shop.demo.drawing.palettes import BLACK, CREAM, LEAF, WHITE, WOOD, Look, dark, light, mix
from coop_shop.demo.drawing.parts import GROUND, board, rim, solid, sprig, stand

ROOT, BAMBOO, COPPER, GOLD = (178, 138, 88), (222, 188, 122), (190, 104, 62), (222, 178, 82)


def weave(c: Canvas, path: Path, tone: Colour, cell: float = 26) -> None:
    """A basket weave inside a shape."""
    xs, ys = [x for x, _ in path], [y for _, y in path]
    left, top = min(xs), min(ys)
    with c.clipped(path):
        c.fill(path, dark(tone, 0.35))
        for row in range(int((max(ys) - top) / cell) + 1):
            for i in range(int((max(xs) - left) / cell) + 1):
                x, y = left + (i + 0.5) * cell, top + (row + 0.5) * cell
                shade = mix(tone, dark(tone, 0.3), max(0, (x - left) / (max(xs) - left) - 0.4))
                if (row + i) % 2:
                    c.fill(
                        rounded(x - cell * 0.5, y - cell * 0.36, x + cell * 0.5, y + cell * 0.36, 4), light(shade, 0.2)
                    )
                else:
                    c.fill(rounded(x - cell * 0.36, y - cell * 0.5, x + cell * 0.36, y + cell * 0.5, 4), shade)


def woven_bag(c: Canvas, look: Look) -> None:
    stand(c, look, 190)
    hide = (122, 70, 40)
    for dx, tone in ((14, dark(hide, 0.3)), (0, hide)):
        c.line(
            smooth([(-86 + dx, -50), (-84 + dx, -160), (0 + dx, -220), (84 + dx, -160), (86 + dx, -50)], closed=False),
            tone,
            18,
        )
    body = smooth(
        [
            (-176, -86),
            (0, -78),
            (176, -86),
            (194, 80),
            (176, GROUND - 4),
            (0, GROUND + 6),
            (-176, GROUND - 4),
            (-194, 80),
        ],
        steps=5,
    )
    weave(c, body, ROOT, 24)
    c.line(smooth([(-178, -84), (0, -76), (178, -84)], closed=False), hide, 22)
    for x in (-86, 86):
        c.fill(rounded(x - 17, -90, x + 17, -20, 8), hide)
        for y in (-74, -38):
            c.dot(x, y, 4.5, GOLD)
    c.fill(rounded(-30, -92, 30, -40, 12), hide)
    c.dot(0, -58, 9, GOLD)


def coasters(c: Canvas, look: Look) -> None:
    c.shadow(20, 130, 220, 60, dark(look.backdrop, 0.75), 80)
    for x, y, r in ((112, -86, 106), (-118, -40, 112), (46, 70, 132)):
        c.fill(oval(x + 8, y + 12, r, r), BLACK, 60)
        c.dot(x, y, r, look.third)
        ring = oval(x, y, r - 13, r - 13)
        weave(c, ring, ROOT, 17)
        for share in (0.7, 0.36):
            c.line([*oval(x, y, r * share, r * share), (x + r * share, y)], dark(ROOT, 0.35), 3)
    with c.placed(40, 10, zoom=0.6):
        c.fill(oval(10, 116, 96, 26), BLACK, 60)
        glass: Path = [(-86, -150), (-68, 110), (68, 110), (86, -150)]
        c.fill(glass, (226, 238, 240))
        solid(c, [(-78, -90), (-64, 102), (64, 102), (78, -90)], (196, 92, 44), 20)
        for px, py in ((-30, -70), (24, -44), (-10, -10)):
            c.fill(rounded(px - 24, py - 22, px + 24, py + 22, 7), WHITE, 120)
        c.line([*oval(0, -150, 86, 16), (86, -150)], WHITE, 6)
        c.line([(30, -50), (66, -236)], look.main, 12)


def tissue_box(c: Canvas, look: Look) -> None:
    stand(c, look, 214)
    c.fill([(-170, -16), (170, -16), (222, 50), (-222, 50)], light(ROOT, 0.2))
    weave(c, box(-222, 50, 222, GROUND), ROOT, 22)
    for y in (54, GROUND - 6):
        c.line([(-220, y), (220, y)], (122, 70, 40), 13)
    c.fill(oval(0, 18, 106, 17), dark(ROOT, 0.6))
    paper = smooth(
        [
            (-84, 20),
            (-98, -90),
            (-56, -176),
            (-20, -120),
            (16, -206),
            (50, -130),
            (96, -150),
            (84, -40),
            (86, 20),
            (0, 28),
        ]
    )
    solid(c, paper, (252, 250, 246), 20)
    for x in (-46, 0, 44):
        c.line(smooth([(x * 0.8, 18), (x, -60), (x * 1.2, -120)], closed=False), (214, 210, 208), 4)


def sachets_of_root(c: Canvas, look: Look) -> None:
    """Little cushions tied with a ribbon, roots beside them."""
    for x, y, angle, zoom in ((96, -86, 14, 0.84), (-112, -40, -10, 0.9), (30, 74, 4, 1.0)):
        with c.placed(x, y, angle=angle, zoom=zoom):
            bag = smooth([(-92, -80), (0, -70), (92, -80), (84, 0), (98, 86), (0, 80), (-98, 86), (-84, 0)])
            c.fill([(px + 10, py + 14) for px, py in bag], BLACK, 60)
            solid(c, bag, light(look.main, 0.7) if zoom == 1 else CREAM, 20)
            c.line([(-90, 0), (92, 4)], look.third, 15)
            c.line([(0, -76), (0, 84)], look.third, 15)
            for turn in (30, 150):
                with c.placed(0, 2, angle=turn - 90):
                    c.fill(smooth([(0, 0), (22, -44), (0, -62), (-22, -44)]), dark(look.third, 0.15))
            c.dot(0, 2, 11, look.third)
    for i in range(12):
        x = -200 + i * 9
        c.line(
            smooth([(x, 160), (x + 36, 186 + i % 5 * 6), (x + 110, 170 + i % 7 * 9)], closed=False),
            mix(ROOT, dark(ROOT, 0.4), i % 3 / 2),
            4,
        )


def elephant(c: Canvas, look: Look) -> None:
    """Wound from vetiver roots, with patchwork ears."""
    stand(c, look, 180)
    for x in (-104, -34, 54, 112):
        solid(c, rounded(x - 32, 90, x + 32, GROUND, 18), dark(ROOT, 0.12 if x in (-104, 54) else 0), 14)
    body = smooth([(-160, 40), (-120, -70), (0, -104), (120, -66), (156, 30), (120, 130), (-110, 134)])
    solid(c, body, ROOT, 40)
    trunk = smooth([(-150, -60), (-206, 0), (-214, 90), (-182, 130), (-160, 100)], closed=False)
    c.line(trunk, dark(ROOT, 0.1), 42)
    head = oval(-130, -70, 88, 84)
    solid(c, head, light(ROOT, 0.08), 22)
    for shape in (body, head):
        with c.clipped(shape):
            for i in range(16):
                c.line(
                    smooth([(-230, -150 + i * 21), (-60, -174 + i * 24), (170, -140 + i * 21)], closed=False),
                    dark(ROOT, 0.2),
                    3,
                )
    patterned(c, look, smooth([(-98, -130), (-20, -120), (-14, -30), (-70, 10), (-110, -30)]), zoom=0.36, x=-60, y=-60)
    patterned(c, look, smooth([(-40, -100), (60, -108), (96, -40), (70, 30), (-30, 34)]), zoom=0.4, x=30, y=-30)
    c.dot(-160, -78, 11, BLACK)
    c.dot(-163, -82, 4, WHITE)
    c.line(smooth([(152, 0), (186, 40), (178, 90)], closed=False), dark(ROOT, 0.2), 9)


def rice_basket(c: Canvas, look: Look) -> None:
    """The boboko: round mouth, square foot, full of rice."""
    stand(c, look, 150)
    c.fill([(-112, 150), (112, 150), (124, GROUND + 4), (-124, GROUND + 4)], dark(BAMBOO, 0.4))
    body = smooth([(-196, -60), (-176, 60), (-120, 158), (0, 176), (120, 158), (176, 60), (196, -60), (0, -40)])
    weave(c, body, BAMBOO, 24)
    rim(c, 0, -62, 200, 58, dark(BAMBOO, 0.2), dark(BAMBOO, 0.4))
    mound = smooth([(-176, -60), (-110, -116), (0, -146), (110, -116), (176, -60), (0, -24)])
    solid(c, mound, (250, 246, 236), 30)
    for _ in range(90):
        x = look.dice.uniform(-140, 140)
        y = look.dice.uniform(-46, -50 - 84 * (1 - abs(x) / 150))
        c.fill(oval(x, y, 6, 3), dark((250, 246, 236), 0.1))
    c.line(oval(0, -58, 198, 56, 6, 174), light(BAMBOO, 0.3), 15)
    c.line(oval(0, -50, 198, 56, 8, 172), dark(BAMBOO, 0.25), 4)


def lidded_boxes(c: Canvas, look: Look) -> None:
    """Besek: plaited square boxes, stacked."""
    for x, y, half in ((-76, GROUND, 120), (106, GROUND + 14, 98), (-50, GROUND - 146, 108)):
        stand(c, look, half, x, y)
        weave(c, box(x - half + 8, y - 100, x + half - 8, y), BAMBOO, 20)
        weave(c, box(x - half, y - 136, x + half, y - 62), light(BAMBOO, 0.15), 20)
        for i, tone in enumerate(((86, 150, 96), (222, 110, 130))):
            c.fill(box(x - half, y - 112 + i * 22, x + half, y - 102 + i * 22), tone)
        c.line([(x - half, y - 62), (x + half, y - 62)], dark(BAMBOO, 0.4), 6)
        c.fill(box(x - half, y - 140, x + half, y - 132), light(BAMBOO, 0.5))


def brooch(c: Canvas, look: Look) -> None:
    """Patchwork flowers with a pearl."""
    for x, y, r, turn in ((86, -96, 92, 10), (-52, 56, 146, 0)):
        c.fill(oval(x + 10, y + 16, r, r), BLACK, 40)
        for i in range(6):
            with c.placed(x, y, angle=i * 60 + turn):
                petal = smooth([(0, 0), (r * 0.36, -r * 0.5), (r * 0.2, -r), (-r * 0.2, -r), (-r * 0.36, -r * 0.5)])
                patterned(c, look, petal, zoom=r / 330, y=-r * 0.5)
                c.line([*petal, petal[0]], light(look.second, 0.4), 3)
        for i in range(6):
            with c.placed(x, y, angle=i * 60 + 30 + turn):
                c.fill(
                    smooth([(0, 0), (r * 0.2, -r * 0.3), (0, -r * 0.56), (-r * 0.2, -r * 0.3)]),
                    (look.third, light(look.third, 0.2))[i % 2],
                )
        c.dot(x + 3, y + 5, r * 0.17, BLACK)
        c.dot(x, y, r * 0.17, (248, 240, 228))
        c.dot(x - r * 0.05, y - r * 0.05, r * 0.06, WHITE)


def hair_set(c: Canvas, look: Look) -> None:
    """A headband and two scrunchies."""
    c.shadow(10, GROUND - 4, 200, 20, dark(look.backdrop, 0.75), 90)
    outer, inner = oval(0, 40, 190, 226, 180, 360), oval(0, 40, 146, 180, 180, 360)
    patterned(c, look, [*outer, *reversed(inner)], zoom=0.8)
    patterned(c, look, smooth([(-8, -196), (-76, -236), (-84, -150)]), zoom=0.4, y=-190)
    patterned(c, look, smooth([(8, -196), (76, -236), (84, -150)]), zoom=0.4, y=-190)
    c.fill(oval(0, -192, 20, 26), dark(look.main, 0.3))
    for x in (-86, 90):
        puff = [
            (
                x + (70 + 9 * math.cos(i * 2.1)) * math.cos(i * 0.349),
                130 + (62 + 9 * math.cos(i * 2.1)) * math.sin(i * 0.349),
            )
            for i in range(18)
        ]
        path = smooth(puff, steps=4)
        c.fill([(px + 8, py + 12) for px, py in path], BLACK, 60)
        patterned(c, look, path, zoom=0.4, x=x, y=130)
        c.fill(oval(x, 130, 27, 22), dark(look.backdrop, 0.12))
        for i in range(14):
            a = i * 0.449
            c.line(
                [(x + 30 * math.cos(a), 130 + 25 * math.sin(a)), (x + 50 * math.cos(a), 130 + 43 * math.sin(a))],
                BLACK,
                3,
                70,
            )


def earrings(c: Canvas, look: Look) -> None:
    c.fill(rounded(-186, -216, 196, 226, 16), BLACK, 40)
    c.fill(rounded(-194, -226, 186, 214, 16), CREAM)
    c.line([(-100, -190), (92, -190)], look.main, 7)
    for x in (-88, 80):
        c.dot(x, -126, 6, dark(CREAM, 0.4))
        c.line(smooth([(x, -126), (x + 18, -146), (x + 24, -110), (x + 2, -76)], closed=False), GOLD, 6)
        drop = smooth([(x, -80), (x + 40, 10), (x + 58, 90), (x, 156), (x - 58, 90), (x - 40, 10)])
        c.fill([(px + 10, py + 12) for px, py in drop], BLACK, 60)
        solid(c, drop, (142, 84, 46), 12)
        inner = [(x + (px - x) * 0.72, 50 + (py - 50) * 0.72) for px, py in drop]
        patterned(c, look, inner, zoom=0.3, x=x, y=50)
        c.dot(x, -66, 8, GOLD)


def fan(c: Canvas, look: Look) -> None:
    c.shadow(16, 176, 210, 20, dark(look.backdrop, 0.75), 80)
    middle = (0, 150)
    for i in range(15):
        a = math.radians(196 + i * 10.6)
        c.line(
            [middle, (middle[0] + 250 * math.cos(a), middle[1] + 250 * math.sin(a))],
            BAMBOO if i % 2 else dark(BAMBOO, 0.15),
            13,
        )
    leaf: Path = [*oval(0, 150, 268, 300, 194, 346), *reversed(oval(0, 150, 118, 128, 194, 346))]
    patterned(c, look, leaf, zoom=1.04, y=-20)
    for i in range(15):
        a = math.radians(196 + i * 10.6)
        c.line(
            [(120 * math.cos(a), 150 + 128 * math.sin(a)), (262 * math.cos(a), 150 + 294 * math.sin(a))],
            BLACK if i % 2 else WHITE,
            5,
            44,
        )
    c.line(oval(0, 150, 268, 300, 194, 346), GOLD, 7)
    c.dot(0, 150, 19, dark(WOOD, 0.2))
    c.dot(0, 150, 8, GOLD)
    c.line(smooth([(0, 168), (16, 190), (6, 206)], closed=False), look.main, 6)
    for i in range(7):
        c.line([(6, 206), (-12 + i * 6, 252)], look.main, 4)


def batik_kit(c: Canvas, look: Look) -> None:
    """A box with cloth, wax, dye and a canting."""
    stand(c, look, 214)
    c.fill(box(-214, 60, 214, GROUND), dark(WOOD, 0.05))
    c.fill(box(-214, 60, 214, 76), light(WOOD, 0.3))
    c.fill([(-214, 60), (214, 60), (190, -10), (-190, -10)], dark(WOOD, 0.5))
    with c.placed(-100, -30, angle=-6):
        patterned(c, look, rounded(-84, -120, 76, 90, 10), zoom=0.5)
        c.line([(-84, -20), (76, -20)], CREAM, 18)
    for x, tone in ((36, (172, 40, 46)), (96, (40, 76, 132))):
        c.fill(rounded(x - 27, -66, x + 27, 80, 8), (236, 240, 240))
        c.fill(box(x - 23, -30, x + 23, 80), tone)
        c.fill(rounded(x - 20, -92, x + 20, -62, 6), BLACK)
    c.fill(rounded(138, -10, 196, 80, 8), (206, 160, 78))
    with c.placed(40, -90, angle=-38, zoom=0.78):
        _canting(c)
    c.fill(box(-214, 60, 214, GROUND), WOOD)
    c.fill(box(-214, 60, 214, 72), light(WOOD, 0.3))
    c.fill(box(150, 72, 214, GROUND), dark(WOOD, 0.15))
    c.fill(rounded(-90, 96, 90, 180, 10), CREAM)
    c.line([(-56, 152), (56, 152)], look.main, 7)
    for x in (-34, 0, 34):
        c.dot(x, 124, 12, (look.third, look.main, look.second)[(x + 34) // 34])


def canting(c: Canvas, look: Look) -> None:
    """Three of the batik maker's pens on a piece of cloth."""
    with c.placed(10, 60, angle=-8):
        c.fill(box(-206, -120, 230, 160), BLACK, 40)
        patterned(c, look, box(-216, -134, 220, 146), zoom=0.9)
    for y, angle in ((-70, -24), (30, -18), (130, -12)):
        with c.placed(0, y, angle=angle):
            c.line([(-140, 22), (220, 22)], BLACK, 24, 50)
            _canting(c)


def _canting(c: Canvas) -> None:
    c.line([(-70, 0), (210, 0)], dark(WOOD, 0.15), 24)
    c.line([(-70, -5), (206, -5)], light(WOOD, 0.3), 6)
    c.line([(-84, 0), (-56, 0)], GOLD, 24)
    bowl = smooth([(-170, -34), (-84, -30), (-78, 10), (-110, 36), (-158, 26), (-178, -6)])
    solid(c, bowl, COPPER, 16)
    c.fill(oval(-126, -32, 44, 9), dark(COPPER, 0.5))
    c.line(smooth([(-160, 16), (-196, 22), (-212, 44)], closed=False), COPPER, 10)


def wrapped_gift(c: Canvas, look: Look) -> None:
    """For anything that has no drawing of its own: a parcel from the cooperative."""
    board(c, look, 200, CREAM)
    solid(c, rounded(-150, -90, 150, GROUND - 20, 12), look.main, 36)
    c.fill(box(-24, -90, 24, GROUND - 20), look.second)
    c.fill(rounded(-166, -126, 166, -66, 12), dark(look.main, 0.12))
    c.fill(box(-28, -126, 28, -66), light(look.second, 0.2))
    for side in (1, -1):
        c.line(
            smooth([(0, -130), (50 * side, -196), (104 * side, -170), (70 * side, -130), (0, -128)], closed=False),
            look.second,
            17,
        )
    sprig(c, look, 150, GROUND + 10, 80, LEAF)
