"""Bags, wallets, shoes, belts and jackets: of leather, of batik, of embroidered cloth."""

from coop_shop.demo.drawing.canvas import Canvas, Colour, Path, box, oval, rounded, smooth
from coop_shop.demo.drawing.cloth import patterned
from coop_shop.demo.drawing.palettes import BLACK, CREAM, WHITE, WOOD, Look, dark, light
from coop_shop.demo.drawing.parts import GROUND, solid, stand

TAN, BRASS = (168, 98, 50), (222, 178, 82)


def tote(c: Canvas, look: Look) -> None:
    canvas = (236, 222, 192)
    stand(c, look, 160)
    for x, tone in ((14, dark(TAN, 0.3)), (0, TAN)):
        c.line(
            smooth([(-76 + x, -70), (-66 + x, -190), (0 + x, -236), (66 + x, -190), (76 + x, -70)], closed=False),
            tone,
            17,
        )
    body = smooth(
        [
            (-150, -96),
            (0, -90),
            (150, -96),
            (164, 60),
            (158, GROUND - 6),
            (0, GROUND + 6),
            (-158, GROUND - 6),
            (-164, 60),
        ],
        steps=4,
    )
    solid(c, body, canvas, 26)
    with c.clipped(body):
        patterned(c, look, box(-170, -30, 170, 150), zoom=0.72, y=60)
        for y in (-30, 150):
            c.line([(-170, y), (170, y)], TAN, 7)
    for x in (-76, 76):
        c.fill(rounded(x - 15, -100, x + 15, -58, 5), TAN)
        c.dot(x, -72, 4, CREAM)


def hand_bag(c: Canvas, look: Look) -> None:
    """A trapezoid with a wooden handle."""
    stand(c, look, 190)
    c.line(oval(0, -86, 96, 112, 180, 360), dark(WOOD, 0.1), 22)
    c.line(oval(-2, -88, 96, 112, 190, 300), light(WOOD, 0.25), 6)
    body: Path = smooth(
        [
            (-140, -92),
            (0, -86),
            (140, -92),
            (186, 100),
            (194, GROUND - 10),
            (0, GROUND + 4),
            (-194, GROUND - 10),
            (-186, 100),
        ],
        steps=4,
    )
    patterned(c, look, body, zoom=0.82, y=30)
    c.line([*body, body[0]], BRASS, 5)
    c.fill(rounded(-142, -104, 142, -74, 14), dark(look.main, 0.35))
    c.fill(rounded(-26, -112, 26, -54, 10), BRASS)
    c.dot(0, -80, 9, dark(BRASS, 0.4))


def sling_bag(c: Canvas, look: Look) -> None:
    """A small bag on a long strap; its flap is cloth or leather."""
    stand(c, look, 170)
    hide = look.main if "hitam" in look.words else TAN
    c.line(
        smooth([(-150, 10), (-190, -140), (-90, -230), (60, -236), (180, -150), (150, 10)], closed=False),
        dark(hide, 0.25),
        13,
    )
    body = rounded(-168, -66, 168, GROUND, 34)
    cloth = "kerawang" in look.words or "batik" in look.words
    solid(c, body, dark(hide, 0.1) if not cloth else dark(look.main, 0.3), 30)
    flap = smooth(
        [(-172, -72), (0, -76), (172, -72), (172, 60), (120, 112), (0, 128), (-120, 112), (-172, 60)], steps=5
    )
    if cloth:
        patterned(c, look, flap, zoom=0.74, y=20)
    else:
        solid(c, flap, hide, 36)
        c.line([(x * 0.92, y * 0.92 + 2) for x, y in flap], light(hide, 0.45), 3)
        for x in (-84, 84):
            c.fill(rounded(x - 14, 60, x + 14, 170, 6), dark(hide, 0.3))
            c.line([*rounded(x - 20, 116, x + 20, 150, 6), (x + 20, 122)], BRASS, 6)
    c.fill(rounded(-20, 104, 20, 140, 8), BRASS)
    c.fill(oval(0, 122, 6, 9), dark(BRASS, 0.4))
    for x in (-158, 158):
        c.line([*oval(x, -60, 14, 18), (x + 14, -60)], BRASS, 7)


def backpack(c: Canvas, look: Look) -> None:
    """A drawstring bag."""
    stand(c, look, 150)
    body = smooth(
        [
            (-92, -140),
            (0, -128),
            (92, -140),
            (158, 20),
            (164, 160),
            (110, GROUND + 2),
            (-110, GROUND + 2),
            (-164, 160),
            (-158, 20),
        ]
    )
    for side in (1, -1):
        c.line(
            smooth([(84 * side, -132), (178 * side, -40), (196 * side, 110), (134 * side, GROUND - 16)], closed=False),
            CREAM,
            11,
        )
    patterned(c, look, body, zoom=0.78, y=30)
    c.fill(
        smooth(
            [(-98, -196), (-40, -182), (0, -196), (40, -182), (98, -196), (92, -138), (0, -126), (-92, -138)], steps=5
        ),
        dark(look.main, 0.25),
    )
    for x in range(-72, 73, 24):
        c.line([(x, -180), (x * 0.9, -144)], dark(look.main, 0.5), 4)
    c.line(smooth([(-94, -140), (0, -126), (94, -140)], closed=False), CREAM, 12)
    for side in (1, -1):
        c.dot(128 * side, GROUND - 20, 11, BRASS)
        c.line(smooth([(8 * side, -130), (30 * side, -90), (20 * side, -50)], closed=False), CREAM, 8)


def pouch(c: Canvas, look: Look) -> None:
    """Two zipped pouches, the small one in front."""
    for x, y, zoom, angle in ((-30, 40, 1.0, -4), (70, 104, 0.62, 5)):
        with c.placed(x, y, zoom=zoom, angle=angle):
            c.shadow(10, 120, 170, 18, dark(look.backdrop, 0.75), 100)
            body = smooth(
                [(-176, -112), (0, -116), (176, -112), (188, 40), (170, 118), (0, 126), (-170, 118), (-188, 40)],
                steps=5,
            )
            patterned(c, look, body, zoom=0.8 if zoom == 1 else 0.9)
            c.fill(rounded(-180, -126, 180, -94, 12), dark(look.main, 0.4))
            for i in range(-17, 18):
                c.line([(i * 10, -116), (i * 10, -104)], BRASS, 4)
            c.fill(rounded(120, -116, 140, -70, 6), BRASS)
            c.line([(130, -76), (136, -30)], look.third, 12)


def wallet(c: Canvas, look: Look) -> None:
    """Folding wallet: open with cards behind, a closed one in front; of hide or of cloth."""
    cloth = "kerawang" in look.words or "batik" in look.words
    hide = (
        look.main
        if cloth or "hitam" in look.words or "cokelat" in look.words
        else look.dice.choice([TAN, (92, 52, 34), (60, 46, 44)])
    )
    stand(c, look, 200, 0, GROUND - 6)
    with c.placed(10, -40, angle=-7):
        solid(c, rounded(-190, -110, 190, 130, 20), dark(hide, 0.25), 20)
        for i, tone in enumerate((CREAM, look.third, look.second, light(look.main, 0.5))):
            c.fill(rounded(-160 + i * 12, -136 + i * 22, 120 + i * 12, 60, 10), tone)
            c.fill(box(-160 + i * 12, -104 + i * 22, 120 + i * 12, -98 + i * 22), dark(tone, 0.15))
        c.fill(rounded(-190, -30, 190, 130, 20), hide)
    with c.placed(-6, 84, angle=5):
        front = rounded(-196, -96, 186, 116, 22)
        c.fill([(x + 8, y + 10) for x, y in front], BLACK, 70)
        if cloth:
            patterned(c, look, front, zoom=0.76)
        else:
            solid(c, front, light(hide, 0.08), 34)
            c.fill(oval(-110, -60, 60, 14), WHITE, 26)
        _stitches(c, -182, -82, 172, 102, light(hide, 0.6))
        c.fill(rounded(126, -20, 196, 40, 18), dark(hide, 0.3))
        c.dot(160, 10, 12, BRASS)
        c.dot(157, 7, 5, light(BRASS, 0.6))


def long_wallet(c: Canvas, look: Look) -> None:
    """A long zipped purse with a wrist strap."""
    hide = look.main if any(word in look.words for word in ("marun", "cokelat")) else (122, 44, 46)
    cloth = "kerawang" in look.words or "batik" in look.words
    stand(c, look, 210, 0, 150)
    c.line(
        smooth([(190, -60), (240, -20), (226, 90), (190, 130), (170, 60), (196, -40)], closed=False),
        dark(hide, 0.2),
        15,
    )
    body = rounded(-226, -96, 206, 140, 30)
    c.fill([(x + 8, y + 12) for x, y in body], BLACK, 60)
    if cloth:
        patterned(c, look, body, zoom=0.86, y=20)
    else:
        solid(c, body, hide, 44)
        c.fill(smooth([(-200, 20), (-80, -30), (60, 40), (206, -10), (206, 140), (-226, 140)]), dark(hide), 70)
    _stitches(c, -212, -62, 192, 126, light(hide, 0.6))
    c.fill(rounded(-222, -106, 202, -78, 13), dark(hide, 0.4))
    for i in range(-21, 20):
        c.line([(i * 10, -98), (i * 10, -86)], BRASS, 4)
    c.fill(rounded(176, -104, 200, -58, 7), BRASS)


def coin_purse(c: Canvas, look: Look) -> None:
    for x, y, zoom in ((76, -76, 0.66), (-34, 60, 1.0)):
        with c.placed(x, y, zoom=zoom):
            c.shadow(12, 150, 140, 20, dark(look.backdrop, 0.75), 100)
            c.dot(0, 0, 158, dark(look.main, 0.3))
            patterned(c, look, oval(0, 0, 146, 146), zoom=0.6)
            c.fill(oval(-40, -50, 60, 40), WHITE, 26)
            c.line(oval(0, 0, 150, 150, 185, 355), BRASS, 12)
            for x1, y1 in oval(0, 0, 150, 150, 190, 350):
                c.dot(x1, y1, 3, dark(BRASS, 0.45))
            c.fill(rounded(140, -26, 162, 34, 8), BRASS)
            c.line([(151, 30), (166, 92)], look.main, 14)


def _stitches(c: Canvas, left: float, top: float, right: float, bottom: float, tone: Colour) -> None:
    x = left
    while x < right - 8:
        for y in (top, bottom):
            c.line([(x, y), (x + 9, y)], tone, 3)
        x += 17


def belt(c: Canvas, look: Look) -> None:
    """Rolled up, the buckle to the front."""
    hide = look.main if "hitam" in look.words else TAN
    c.shadow(20, GROUND - 10, 200, 30, dark(look.backdrop, 0.75), 110)
    c.fill(oval(-20, 90, 196, 100), dark(hide, 0.35))
    c.fill(box(-216, 10, 176, 90), dark(hide, 0.35))
    solid(c, [*oval(-20, 100, 196, 96, 0, 180), *oval(-20, 0, 196, 96, 180, 360)], hide, 40)
    c.fill(oval(-20, 0, 196, 96), light(hide, 0.16))
    for i, share in enumerate((0.86, 0.7, 0.54, 0.38)):
        c.line([*oval(-20, i * 3, 196 * share, 94 * share), (-20 + 196 * share, i * 3)], dark(hide, 0.3), 7)
    c.fill(oval(-20, 10, 48, 22), dark(hide, 0.55))
    c.fill([(60, 92), (232, 54), (240, 128), (70, 176)], light(hide, 0.1))
    for i in range(3):
        c.dot(100 + i * 34, 128 - i * 9, 6, dark(hide, 0.6))
    for tone, width in ((dark(BRASS, 0.3), 20), (BRASS, 14)):
        c.line([(-86, 76), (24, 84), (20, 186), (-90, 178), (-86, 76)], tone, width)
    c.line([(-86, 128), (26, 136)], light(BRASS, 0.3), 11)


def sandals(c: Canvas, look: Look) -> None:
    """A pair from above: flip-flops of hide, or slippers with a cloth upper."""
    soft = "rumahan" in look.words
    hide = TAN if not soft else look.main
    for side, angle in ((-1, -9), (1, 9)):
        with c.placed(92 * side, 0, angle=angle, mirror=side < 0):
            sole = smooth([(-20, -212), (44, -206), (78, -130), (68, -20), (58, 80), (62, 160), (20, 212),
                           (-38, 196), (-56, 110),
                           (-50, 10), (-72, -90), (-66, -170)])  # fmt: skip
            c.fill([(x + 14, y + 18) for x, y in sole], dark(look.backdrop, 0.6), 90)
            c.fill([(x + 4, y + 8) for x, y in sole], dark(hide, 0.55))
            solid(c, sole, light(hide, 0.45) if soft else light(hide, 0.12), 14)
            if soft:
                upper = smooth(
                    [(-70, -150), (0, -120), (80, -150), (76, -40), (70, 10), (0, -20), (-58, 10), (-70, -60)]
                )
                c.fill([(x + 4, y + 10) for x, y in upper], BLACK, 60)
                patterned(c, look, upper, zoom=0.5)
            else:
                c.line([(x * 0.86, y * 0.9) for x, y in sole], light(hide, 0.5), 3)
                for end in ((-60, 14), (64, 10)):
                    strap = smooth([(4, -134), (end[0] * 0.5, -90), end], closed=False)
                    c.line([(x + 4, y + 8) for x, y in strap], BLACK, 24, 70)
                    c.line(strap, dark(hide, 0.3), 24)
                    c.line(strap, light(hide, 0.3), 3)
                c.dot(4, -138, 13, dark(hide, 0.45))


def shoe(c: Canvas, look: Look) -> None:
    """A slip-on seen from the side, its fellow behind."""
    hide = look.dice.choice([(66, 44, 38), (104, 58, 34), BLACK])
    for x, y, zoom, tone in ((46, -70, 0.86, dark(hide, 0.25)), (-14, 36, 1.0, hide)):
        with c.placed(x, y, zoom=zoom):
            c.shadow(10, 132, 226, 16, dark(look.backdrop, 0.75), 110)
            c.fill(
                smooth(
                    [
                        (-214, 96),
                        (-60, 104),
                        (60, 96),
                        (216, 92),
                        (222, 120),
                        (180, 130),
                        (40, 128),
                        (-40, 130),
                        (-120, 132),
                        (-216, 132),
                    ]
                ),
                dark(hide, 0.6),
            )
            upper = smooth([(-206, -74), (-176, -92), (-120, -72), (-40, -64), (40, -26), (130, 14), (206, 44),
                            (222, 94), (60, 104),
                            (-60, 108), (-214, 104), (-220, 10)], steps=6)  # fmt: skip
            solid(c, upper, tone, 20)
            c.fill(
                smooth([(-200, -80), (-160, -88), (-110, -70), (-60, -62), (-100, -44), (-170, -54)]), dark(tone, 0.6)
            )
            c.fill([(-54, -58), (-10, -42), (-34, 30), (-74, 22)], dark(tone, 0.35))
            for i in range(4):
                c.line([(-50 + i * 10, -52 + i * 3), (-70 + i * 10, 20 + i * 2)], light(tone, 0.2), 2)
            c.line(smooth([(10, -34), (60, 20), (110, 44), (200, 52)], closed=False), light(tone, 0.3), 3)
            c.fill(smooth([(100, 22), (160, 36), (196, 58), (150, 50)]), WHITE, 50)


def jacket(c: Canvas, look: Look) -> None:
    hide = look.dice.choice([(58, 44, 42), (104, 60, 36), (44, 42, 48)])
    c.line(oval(8, -232, 14, 14, 150, 430), (168, 170, 176), 6)
    c.line([(-100, -166), (0, -206), (100, -166)], WOOD, 12)
    for side in (1, -1):
        sleeve = smooth(
            [
                (96 * side, -160),
                (160 * side, -120),
                (190 * side, 20),
                (204 * side, 168),
                (150 * side, 178),
                (128 * side, 60),
                (104 * side, -40),
            ]
        )
        solid(c, sleeve, dark(hide, 0.12), 14)
        c.line([(204 * side, 146), (148 * side, 156)], dark(hide, 0.5), 5)
    body = smooth([(-96, -172), (-40, -190), (0, -176), (40, -190), (96, -172), (120, -80), (112, 60), (120, 176),
                   (0, 186), (-120, 176),
                   (-112, 60), (-120, -80)], steps=5)  # fmt: skip
    solid(c, body, hide, 34)
    with c.clipped(body):
        c.fill(box(-130, 144, 130, 200), dark(hide, 0.3))
        c.fill(smooth([(-88, -140), (-50, -120), (-60, 40), (-90, 100)]), WHITE, 22)
        c.fill(smooth([(18, -120), (54, -110), (48, 30), (24, 90)]), WHITE, 16)
    for side in (1, -1):
        c.fill(
            [(8 * side, -178), (44 * side, -196), (64 * side, -168), (40 * side, -126), (8 * side, -150)],
            light(hide, 0.12),
        )
        c.line([(36 * side, 54), (84 * side, 96)], dark(hide, 0.6), 7)
        c.line([(36 * side, 54), (84 * side, 96)], BRASS, 2)
        c.line([(-110 * side, -110), (-34 * side, -90)], dark(hide, 0.4), 3)
    c.fill(box(-7, -172, 7, 184), dark(hide, 0.55))
    for i in range(29):
        c.line([(-4, -160 + i * 12), (4, -160 + i * 12)], BRASS, 3)
    c.fill(rounded(-6, -136, 6, -104, 3), light(BRASS, 0.3))


def key_ring(c: Canvas, look: Look) -> None:
    """The curl-horned ram of Garut, cut from hide."""
    for x, y, zoom, angle, hide in ((96, 20, 0.62, 12, BLACK), (-40, 50, 1.0, -6, TAN)):
        with c.placed(x, y, zoom=zoom, angle=angle):
            c.line([*oval(0, -196, 44, 44), (44, -196)], BRASS, 11)
            c.line([(0, -152), (0, -110)], dark(BRASS, 0.2), 9)
            head = smooth([(0, -118), (66, -80), (60, 20), (36, 110), (0, 136), (-36, 110), (-60, 20), (-66, -80)])
            c.fill([(px + 10, py + 12) for px, py in head], BLACK, 60)
            solid(c, head, hide, 16)
            for side in (1, -1):
                horn = smooth(
                    [
                        (30 * side, -92),
                        (110 * side, -110),
                        (150 * side, -30),
                        (110 * side, 44),
                        (62 * side, 16),
                        (84 * side, -20),
                    ],
                    closed=False,
                )
                c.line([(px + 6, py + 8) for px, py in horn], BLACK, 42, 60)
                c.line(horn, dark(hide, 0.15), 42)
                c.line(horn, light(hide, 0.25), 4)
                c.fill(oval(28 * side, -14, 8, 12), dark(hide, 0.65))
                c.dot(12 * side, 104, 5, dark(hide, 0.65))
            c.dot(0, -96, 12, BRASS)
            c.line([(-22, 74), (0, 84), (22, 74)], light(hide, 0.4), 4)
