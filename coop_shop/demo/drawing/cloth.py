"""Cloth and clothes: folded, draped and rolled lengths, scarves, garments, cushions, small sewn things."""

import math
from dataclasses import replace

from coop_shop.demo.drawing.canvas import Canvas, Colour, Path, box, oval, rounded, smooth
from coop_shop.demo.drawing.motifs import REACH, kerawang, motif_for
from coop_shop.demo.drawing.palettes import BLACK, CREAM, KRAFT, WHITE, WOOD, Look, dark, light, mix
from coop_shop.demo.drawing.parts import GROUND, stand

STEEL = (168, 170, 176)


def patterned(
    c: Canvas, look: Look, path: Path, *, zoom: float = 1, x: float = 0, y: float = 0, angle: float = 0
) -> None:
    """A shape cut from the cloth that the title names, shaded on its right."""
    xs = [px for px, _ in path]
    # Never smaller than the shape, whichever way the cloth is turned.
    reach = max(math.hypot(px - x, py - y) if angle else max(abs(px - x), abs(py - y)) for px, py in path)
    with c.clipped(path):
        with c.placed(x, y, angle=angle, zoom=max(zoom, reach / REACH)):
            motif_for(look)(c, look)
        c.fill([(px + (max(xs) - min(xs)) * 0.84, py) for px, py in path], BLACK, 34)


def length_of_cloth(c: Canvas, look: Look) -> None:
    """Folded in a stack, draped over a rail, or rolled: the key decides."""
    look.dice.choice([_folded, _draped, _rolled])(c, look)


def _folded(c: Canvas, look: Look) -> None:
    stand(c, look, 210, 0, GROUND + 8)
    for i, y in enumerate((GROUND, GROUND - 36, GROUND - 72)):
        tone = mix(look.main, dark(look.main), i % 2)
        c.fill(rounded(-204 + i * 3, y - 34, 204 - i * 3, y + 8, 20), dark(tone, 0.25))
        c.fill(rounded(-204 + i * 3, y - 36, 204 - i * 3, y, 18), tone)
        c.line([(-186, y - 8), (186, y - 8)], light(look.second, 0.3), 3)
    top = [(-164, -176), (164, -176), (200, 92), (192, 108), (-192, 108), (-200, 92)]
    patterned(c, look, top, zoom=0.86, y=-36)
    c.fill([(-200, 92), (200, 92), (192, 108), (-192, 108)], light(look.second, 0.2))
    c.fill([(40, -176), (164, -176), (200, 92), (186, 92)], WHITE, 26)
    _tag(c, look, 150, 96)


def _draped(c: Canvas, look: Look) -> None:
    c.line([(-250, -206), (250, -206)], dark(WOOD, 0.1), 16)
    c.line([(-250, -209), (250, -209)], light(WOOD, 0.25), 5)
    for x in (-252, 252):
        c.dot(x, -206, 14, WOOD)
    c.shadow(10, GROUND + 30, 170, 14, dark(look.backdrop, 0.75), 70)
    back = [(-120, -212), (-126, 132), (60, 122), (176, 134), (168, -212)]
    patterned(c, look, back, zoom=0.8)
    c.fill(back, BLACK, 60)
    front = [(-172, -214), (128, -214), (136, GROUND - 10), (40, GROUND + 4), (-60, GROUND - 6), (-176, GROUND + 6)]
    patterned(c, look, front, zoom=0.98)
    for x, wide in ((-130, 12), (-54, 20), (44, 14), (92, 18)):
        c.fill([(x, -206), (x + wide * 0.5, -206), (x + wide, GROUND), (x - wide * 0.4, GROUND)], BLACK, 26)
        c.fill([(x - 22, -206), (x - 14, -206), (x - 24, GROUND), (x - 38, GROUND)], WHITE, 24)
    c.fill([(-176, GROUND - 16), (-60, GROUND - 28), (40, GROUND - 18), (136, GROUND - 32), (136, GROUND - 10),
           (40, GROUND + 4),
            (-60, GROUND - 6), (-176, GROUND + 6)], dark(look.main, 0.35), 190)  # fmt: skip


def _rolled(c: Canvas, look: Look) -> None:
    """Three rolls piled up; the two below in the cloth's other colours."""
    stand(c, look, 214, 0, GROUND + 8)
    deep = replace(look, main=dark(look.main, 0.45))
    other = replace(look, main=look.third, second=light(look.second, 0.5))
    for x, y, wide, rolled in ((-8, 132, 196, deep), (14, 8, 190, other), (-2, -116, 182, look)):
        body = [*oval(x + wide, y, 30, 66, 270, 450), *oval(x - wide, y, 30, 66, 90, 270)]
        patterned(c, rolled, body, zoom=0.9, x=x, y=y)
        with c.clipped(body):
            c.fill(box(x - 240, y - 56, x + 240, y - 34), WHITE, 46)
            c.fill(box(x - 240, y + 16, x + 240, y + 70), BLACK, 44)
            c.fill(box(x - 240, y + 44, x + 240, y + 70), BLACK, 60)
        c.fill(oval(x - wide, y, 30, 66), light(look.second, 0.45))
        for r in (24, 16, 8):
            c.line([*oval(x - wide, y, r, r * 2), (x - wide + r, y)], rolled.main, 4)
        band = [*oval(x + 96, y, 12, 66, 270, 450), *oval(x + 62, y, 12, 66, 90, 270)]
        c.fill(band, KRAFT)
    _tag(c, look, 76, -70)


def _tag(c: Canvas, look: Look, x: float, y: float) -> None:
    """The card that names the maker."""
    c.line([(x, y - 14), (x + 14, y + 22)], CREAM, 3)
    with c.placed(x + 16, y + 24, angle=12):
        c.fill(rounded(-26, 4, 34, 86, 6), BLACK, 60)
        c.fill(rounded(-30, 0, 30, 82, 6), CREAM)
        c.dot(0, 12, 5, look.main)
        c.dot(0, 40, 13, look.third)
        c.line([(-16, 66), (16, 66)], look.main, 4)


def scarf(c: Canvas, look: Look) -> None:
    """Over a short rail, one end longer, with fringes."""
    c.shadow(20, GROUND + 40, 130, 12, dark(look.backdrop, 0.75), 70)
    c.line([(-190, -200), (190, -200)], dark(WOOD, 0.1), 16)
    c.line([(-190, -203), (190, -203)], light(WOOD, 0.25), 5)
    for x in (-192, 192):
        c.dot(x, -200, 13, WOOD)
    _scarf_end(c, look, [(8, -206), (116, -206), (132, -40), (120, 110), (4, 104), (16, -40)], 104)
    c.fill([(8, -206), (116, -206), (132, -40), (120, 110), (4, 104), (16, -40)], BLACK, 44)
    front = smooth(
        [
            (-118, -208),
            (44, -208),
            (50, -60),
            (34, 60),
            (44, GROUND - 16),
            (-40, GROUND - 8),
            (-128, GROUND - 14),
            (-116, 40),
            (-128, -80),
        ],
        steps=3,
    )
    _scarf_end(c, look, front, GROUND - 14)
    for x in (-84, -20):
        c.fill([(x, -200), (x + 16, -200), (x + 22, GROUND - 14), (x - 4, GROUND - 14)], BLACK, 32)
        c.fill([(x - 18, -200), (x - 10, -200), (x - 14, GROUND - 14), (x - 28, GROUND - 14)], WHITE, 30)


def _scarf_end(c: Canvas, look: Look, end: Path, bottom: float) -> None:
    low = [x for x, y in end if y > bottom - 30]
    for i in range(15):
        x = min(low) + 5 + (max(low) - min(low) - 10) * i / 14
        c.line([(x, bottom - 14), (x + (i % 3 - 1) * 5, bottom + 38)], look.second, 5)
    patterned(c, look, end, zoom=0.7)
    c.fill(
        [(min(low), bottom - 36), (max(low), bottom - 36), (max(low), bottom - 26), (min(low), bottom - 26)],
        look.second,
    )


def shawl_square(c: Canvas, look: Look) -> None:
    """A head scarf folded to a triangle, flowers in the corner."""
    c.shadow(14, GROUND + 20, 110, 14, dark(look.backdrop, 0.75), 90)
    base = light(look.main, 0.62)
    c.fill([(-236, -130), (236, -130), (10, GROUND + 16)], dark(base, 0.15))
    c.fill([(-240, -140), (240, -140), (0, GROUND + 10)], base)
    patterned(c, look, [(-240, -140), (240, -140), (206, -110), (-206, -110)], zoom=0.7)
    patterned(c, look, [(-240, -140), (-206, -120), (0, GROUND - 38), (0, GROUND + 10)], zoom=0.7)
    patterned(c, look, [(240, -140), (206, -120), (0, GROUND - 38), (0, GROUND + 10)], zoom=0.7)
    patterned(c, look, [(-92, 44), (92, 44), (0, GROUND - 30)], zoom=0.6, y=100)
    c.fill([(-80, -110), (-30, -110), (-6, 30), (-24, 30)], WHITE, 60)
    c.fill([(60, -110), (110, -110), (30, 30), (14, 30)], dark(base), 50)


def shirt(c: Canvas, look: Look) -> None:
    """A shirt on a hanger; short or long sleeves, or a child's size."""
    zoom = 0.8 if "anak" in look.words else 1.0
    with c.placed(0, 10 if zoom == 1 else 0, zoom=zoom):
        _hanger(c)
        if "panjang" in look.words:
            sleeve: Path = [(92, -166), (164, -128), (214, 130), (162, 150), (112, -20)]
        else:
            sleeve = [(92, -166), (172, -122), (226, 2), (156, 34), (112, -30)]
        body: Path = smooth([(-96, -168), (-44, -182), (0, -160), (44, -182), (96, -168), (122, -90), (116, 60),
                            (122, 206), (0, 214),
                             (-122, 206), (-116, 60), (-122, -90)], steps=4)  # fmt: skip
        for side in (1, -1):
            patterned(c, look, [(x * side, y) for x, y in sleeve], zoom=0.62, x=120 * side, angle=-24 * side)
            c.fill([(92 * side, -160), (116 * side, -60), (112 * side, 10), (134 * side, -20)], BLACK, 50)
        patterned(c, look, body, zoom=0.78)
        c.line([(0, -150), (0, 212)], dark(look.main, 0.4), 4)
        for i in range(6):
            c.dot(0, -128 + i * 62, 6.5, CREAM)
        c.fill(rounded(28, -86, 94, -4, 6), BLACK, 40)
        c.line([(28, -84), (94, -84)], light(look.second, 0.4), 5)
        _collar(c, look)


def _collar(c: Canvas, look: Look) -> None:
    inside = dark(look.main, 0.55)
    c.fill(smooth([(-46, -184), (0, -196), (46, -184), (0, -142)]), inside)
    for side in (1, -1):
        c.fill([(0, -144), (46 * side, -192), (66 * side, -172), (34 * side, -112)], light(look.main, 0.15))
        c.line([(0, -144), (34 * side, -112), (66 * side, -172)], dark(look.main, 0.35), 3)


def _hanger(c: Canvas) -> None:
    c.line(oval(8, -224, 16, 16, 150, 430), STEEL, 6)
    c.line([(0, -208), (0, -190)], STEEL, 6)
    c.line([(-104, -158), (0, -194), (104, -158)], WOOD, 13)


def blouse(c: Canvas, look: Look) -> None:
    """Blouse, tunic, outer or house dress: length and sleeves follow the words."""
    hem = 210 if any(word in look.words for word in ("tunik", "daster", "outer")) else 150
    wide = 150 if "daster" in look.words or "outer" in look.words else 126
    _hanger(c)
    for side in (1, -1):
        sleeve = [(80 * side, -160), (150 * side, -126), (216 * side, 60), (166 * side, 88), (104 * side, -30)]
        patterned(c, look, sleeve, zoom=0.6, x=130 * side)
        c.line([(216 * side, 60), (166 * side, 88)], light(look.second, 0.4), 12)
    body = smooth(
        [
            (-84, -166),
            (-36, -178),
            (36, -178),
            (84, -166),
            (108, -70),
            (98, 20),
            (wide, hem),
            (0, hem + 12),
            (-wide, hem),
            (-98, 20),
            (-108, -70),
        ],
        steps=4,
    )
    if "tunik" in look.words:
        plain = (226, 214, 190)
        with c.clipped(body):
            c.fill(box(-200, -200, 200, 240), plain)
            c.fill(box(84, -200, 200, 240), dark(plain, 0.1))
        patterned(c, look, [(-44, -180), (44, -180), (60, hem + 8), (-60, hem + 8)], zoom=0.7)
    else:
        patterned(c, look, body, zoom=0.78)
    if "outer" in look.words:
        c.fill([(-26, -180), (26, -180), (12, hem + 12), (-12, hem + 12)], light(look.backdrop, 0.3))
        for side in (1, -1):
            c.line([(26 * side, -178), (13 * side, hem + 10)], BLACK, 15)
        return
    c.fill(smooth([(-36, -180), (36, -180), (22, -130), (0, -108), (-22, -130)]), dark(look.main, 0.55))
    c.line(smooth([(-38, -180), (-24, -130), (0, -106), (24, -130), (38, -180)], closed=False), CREAM, 12)
    for i in range(5):
        c.dot(0, -86 + i * 42, 6, CREAM)


def skirt(c: Canvas, look: Look) -> None:
    """A wrapped skirt or wide trousers, clipped on a hanger."""
    c.line(oval(8, -214, 16, 16, 150, 430), STEEL, 6)
    c.line([(0, -198), (0, -184)], STEEL, 6)
    c.line([(-120, -180), (120, -180)], WOOD, 12)
    for x in (-84, 84):
        c.fill(rounded(x - 10, -188, x + 10, -150, 4), STEEL)
    c.shadow(10, GROUND + 30, 150, 12, dark(look.backdrop, 0.75), 70)
    if "kulot" in look.words:
        for side in (1, -1):
            leg = [(0, -160), (112 * side, -160), (176 * side, GROUND + 6), (14 * side, GROUND + 10), (0, -20)]
            patterned(c, look, leg, zoom=0.85, x=80 * side)
            c.fill([(60 * side, -140), (70 * side, -140), (110 * side, GROUND), (84 * side, GROUND)], BLACK, 40)
    else:
        patterned(
            c, look, [(-106, -160), (106, -160), (168, GROUND + 4), (0, GROUND + 12), (-168, GROUND + 4)], zoom=0.95
        )
        c.fill([(20, -150), (106, -160), (120, GROUND + 8), (52, GROUND + 10)], BLACK, 44)
        c.line([(20, -150), (52, GROUND + 10)], light(look.second, 0.4), 6)
        for turn in (16, -10):
            c.line([(92, -140), (120 + turn, -60)], look.second, 7)
    c.fill(box(-112, -168, 112, -140), dark(look.main, 0.3))


def cushions(c: Canvas, look: Look) -> None:
    stand(c, look, 200, 0, GROUND + 4)
    for x, y, angle, zoom in ((66, -30, 12, 0.8), (-56, 60, -8, 1.0)):
        with c.placed(x, y, angle=angle, zoom=zoom):
            pillow = smooth(
                [(-142, -140), (0, -124), (142, -140), (128, 0), (142, 140), (0, 126), (-142, 140), (-128, 0)], steps=6
            )
            c.fill([(px + 12, py + 12) for px, py in pillow], BLACK, 60)
            patterned(c, look, pillow, zoom=0.62)
            c.line([*pillow, pillow[0]], light(look.second, 0.2), 6)
            c.fill(smooth([(-120, -110), (-60, -118), (-96, -30), (-112, 30)]), WHITE, 40)


def table_cloth(c: Canvas, look: Look) -> None:
    """On a small table, with a vase."""
    for x in (-150, 150):
        c.fill(box(x - 13, 60, x + 13, GROUND + 30), dark(WOOD, 0.2))
    c.shadow(10, GROUND + 34, 190, 14, dark(look.backdrop, 0.75), 90)
    patterned(
        c, look, [(-226, -20), (226, -20), (206, 142), (110, 160), (0, 144), (-110, 160), (-206, 142)], zoom=0.86, y=-60
    )
    patterned(c, look, [(-160, -92), (160, -92), (226, -20), (-226, -20)], zoom=0.86, y=100)
    c.line([(-226, -20), (226, -20)], WHITE, 4, 110)
    c.fill(smooth([(-22, -150), (-40, -90), (-26, -52), (26, -52), (40, -90), (22, -150)]), look.third)
    for angle in (-40, -14, 16, 42):
        with c.placed(0, -150, angle=angle):
            c.line([(0, 0), (0, -60)], (86, 130, 78), 6)
            c.dot(0, -68, 16, light(look.main, 0.2))
            c.dot(0, -68, 6, look.second)


def face_masks(c: Canvas, look: Look) -> None:
    c.shadow(10, GROUND + 6, 190, 18, dark(look.backdrop, 0.75), 100)
    for i, (x, y, angle) in enumerate(((54, -96, 10), (-46, 10, -8), (44, 122, 6))):
        with c.placed(x, y, angle=angle, zoom=0.94):
            for side in (1, -1):
                c.line(oval(side * 128, 0, 56, 46, -90 if side > 0 else 90, 90 if side > 0 else 270), WHITE, 7)
            mask = smooth(
                [
                    (-130, -50),
                    (-50, -72),
                    (0, -76),
                    (50, -72),
                    (130, -50),
                    (130, 46),
                    (60, 84),
                    (0, 92),
                    (-60, 84),
                    (-130, 46),
                ],
                steps=5,
            )
            c.fill([(px + 8, py + 10) for px, py in mask], BLACK, 50)
            patterned(c, look, mask, zoom=0.5 + i * 0.06, x=i * 20)
            for fold in (-20, 12, 44):
                c.line(smooth([(-126, fold - 8), (0, fold + 8), (126, fold - 8)], closed=False), BLACK, 4, 60)


def cap(c: Canvas, look: Look) -> None:
    """The velvet peci with an embroidered band."""
    stand(c, look, 190)
    body = [*oval(0, -22, 172, 46, 180, 360), *oval(0, GROUND - 26, 190, 40, 0, 180)]
    solid_tone: Colour = BLACK
    with c.clipped(body):
        c.fill(body, solid_tone)
        with c.placed(0, 84, zoom=0.62):
            kerawang(c, look)
        c.fill(box(-200, -100, 200, 44), solid_tone)
        c.fill(box(110, -140, 200, GROUND + 20), BLACK, 120)
        c.fill(box(-160, -140, -130, GROUND + 20), WHITE, 26)
    for y in (54, GROUND - 34):
        c.line(oval(0, y - 20, 184, 36, 8, 172), (238, 188, 48), 7)
    c.fill(oval(0, -24, 172, 44), light(BLACK, 0.12))
    c.line([*oval(0, -24, 172, 44), (172, -24)], (238, 188, 48), 5)
    c.line([(-150, -24), (150, -24)], dark(BLACK, 0.3), 5)


def wall_piece(c: Canvas, look: Look) -> None:
    """Cloth in a wooden frame, or stretched in a rattan hoop."""
    c.shadow(22, 10, 216, 216, dark(look.backdrop, 0.75), 80)
    if "rotan" not in look.words:
        c.fill(box(-178, -222, 178, 222), dark(WOOD, 0.15))
        c.fill(box(-178, -222, 170, 214), light(WOOD, 0.1))
        c.fill(box(-150, -194, 150, 194), CREAM)
        patterned(c, look, box(-112, -156, 112, 156), zoom=0.62)
        c.fill([(-150, -194), (-40, -194), (-150, 20)], WHITE, 50)
        return
    c.dot(0, -222, 12, dark(WOOD, 0.3))
    c.dot(0, 0, 216, dark(WOOD, 0.2))
    c.dot(-2, -3, 212, light(WOOD, 0.25))
    with c.clipped(oval(0, 0, 190, 190)):
        c.dot(0, 0, 192, light(look.second, 0.6))
        c.dot(70, -70, 46, (206, 74, 50))
        for i in range(6):
            y = 40 + i * 30
            wave = [(x, y + (x // 20 + i) % 3 * 9) for x in range(-200, 201, 20)]
            c.fill(
                [*smooth(wave, closed=False, steps=4), (200, 200), (-200, 200)],
                mix((40, 76, 132), (150, 196, 206), 1 - i / 5),
            )
        c.fill(smooth([(-110, 34), (80, 34), (110, 10), (70, 84), (-80, 84)]), (122, 62, 36))
        for x, tall in ((-50, 150), (24, 180)):
            c.line([(x, 40), (x, 30 - tall)], (96, 56, 36), 6)
            c.fill(smooth([(x - 6, 30 - tall), (x + 62, -tall * 0.35), (x - 6, 20)]), (172, 40, 46))
