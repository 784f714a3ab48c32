"""Coffee and what belongs to it: bags, sacks, drip boxes, cups, leaves for brewing, tools."""

from coop_shop.demo.drawing.canvas import Canvas, Colour, box, oval, rounded, smooth
from coop_shop.demo.drawing.palettes import (
    BLACK,
    CARAMEL,
    COFFEE,
    CREAM,
    GLASS,
    KRAFT,
    LEAF,
    WHITE,
    WOOD,
    Look,
    dark,
    light,
    mix,
)  # fmt: skip
from coop_shop.demo.drawing.parts import GROUND, bean, beans, emblem, glint, heap, label, rim, solid, sprig, stand

GREEN_BEAN = (150, 162, 104)


def roasted_bag(c: Canvas, look: Look) -> None:
    roast = dark(COFFEE, 0.25) if "dark" in look.words or "espresso" in look.words else COFFEE
    _bag(c, look, look.dice.choice([KRAFT, CREAM, BLACK, dark(look.main, 0.2), look.main]))
    beans(c, look, 20, 190, 11, roast)


def ground_bag(c: Canvas, look: Look) -> None:
    with c.placed(-62, 0):
        _bag(c, look, look.dice.choice([KRAFT, look.main, dark(look.third, 0.15), CREAM]))
    if look.dice.random() < 0.5:
        heap(c, look, 150, GROUND + 22, 92, 74, dark(COFFEE, 0.12))
    else:
        with c.placed(150, 76, zoom=0.62):
            cup(c, look)


def _bag(c: Canvas, look: Look, colour: Colour) -> None:
    """A standing bag with a folded top, a valve and a label."""
    half = look.dice.choice([126, 138, 150])
    top = look.dice.choice([-232, -212, -196])
    stand(c, look, half + 10)
    body = smooth([(-half + 6, top + 46), (-half - 4, 0), (-half, GROUND - 8), (-half * 0.5, GROUND + 2),
                   (0, GROUND + 4),
                   (half * 0.5, GROUND + 2), (half, GROUND - 8), (half + 4, 0), (half - 6, top + 46),
                   (0, top + 40)])  # fmt: skip
    solid(c, body, colour, 34)
    c.fill([(-half + 4, top + 50), (-half + 10, top), (half - 10, top), (half - 4, top + 50)], light(colour, 0.12))
    c.fill([(half - 44, top), (half - 10, top), (half - 4, top + 50), (half - 38, top + 50)], dark(colour, 0.15))
    c.fill(box(-half + 4, top + 44, half - 4, top + 54), dark(colour, 0.28))
    if look.dice.random() < 0.6:
        c.fill(rounded(-half - 8, top + 20, half + 8, top + 34, 6), look.second)
    c.line([(-half + 26, top + 70), (-half + 18, GROUND - 30)], light(colour, 0.25), 7)
    c.dot(0, top + 84, 9, dark(colour, 0.35))
    c.dot(0, top + 84, 4, light(colour, 0.2))
    paper = CREAM if sum(colour) < 560 else WHITE
    if colour == CREAM:
        with c.clipped(body):
            c.fill(box(-half - 10, 20, half + 10, GROUND + 10), look.main)
            c.fill(box(half - 34, 20, half + 10, GROUND + 10), dark(look.main, 0.2))
    label(c, look, 0, 34, half * 1.36, 176, paper)


def sack(c: Canvas, look: Look) -> None:
    """Burlap, rolled open, full of unroasted beans."""
    jute = (196, 160, 112)
    tone = mix(GREEN_BEAN, (186, 158, 96), 0.6) if "natural" in look.words else GREEN_BEAN
    if "robusta" in look.words:
        tone = (160, 140, 92)
    stand(c, look, 180)
    body = smooth([(-150, -60), (-172, 60), (-168, GROUND - 20), (-90, GROUND + 4), (90, GROUND + 4),
                   (168, GROUND - 20), (172, 60), (150, -60), (0, -70)])  # fmt: skip
    solid(c, body, jute, 40)
    with c.clipped(body):
        for i in range(-9, 10):
            c.line([(i * 20 - 6, -70), (i * 20 + 2, 210)], dark(jute, 0.12), 2)
        for i in range(14):
            c.line([(-180, -60 + i * 19), (180, -40 + i * 19)], light(jute, 0.16), 2)
    heap(c, look, 0, -46, 146, 108, tone)
    for row in range(5):
        for i in range(7 - row):
            x = (i - (6 - row) / 2) * 37 + look.dice.uniform(-6, 6)
            bean(
                c,
                x,
                -70 - row * 16 + abs(x) * 0.05,
                20,
                look.dice.uniform(-70, 70),
                mix(tone, light(tone), look.dice.random() * 0.7),
            )
    c.fill(smooth([(-164, -66), (-110, -44), (0, -34), (110, -44), (164, -66), (166, -30), (100, -8), (0, 2),
                   (-100, -8), (-166, -30)]), light(jute, 0.18))  # fmt: skip
    c.line(smooth([(-164, -30), (-100, -8), (0, 2), (100, -8), (164, -30)], closed=False), dark(jute, 0.25), 4)
    emblem(c, look, 0, 96, 62)
    beans(c, look, 10, 210, 9, tone, 20)


def drip_box(c: Canvas, look: Look) -> None:
    colour = look.main
    stand(c, look, 190, -10)
    c.fill([(96, -150), (150, -172), (150, GROUND - 26), (96, GROUND)], dark(colour, 0.35))
    c.fill([(-160, -150), (-106, -172), (150, -172), (96, -150)], light(colour, 0.3))
    c.fill(box(-160, -150, 96, GROUND), colour)
    c.fill(box(-160, 110, 96, GROUND), dark(colour, 0.15))
    c.line([(-160, 110), (96, 110)], look.second, 6)
    label(c, look, -32, -22, 176, 190)
    for i in range(3):
        x, lean = 110 + i * 34, -8 + i * 9
        with c.placed(x, 128 + i * 10, angle=lean):
            c.fill(rounded(-52, -98, 52, 78, 6), dark(look.backdrop, 0.3), 90)
            c.fill(rounded(-56, -102, 48, 74, 6), (CREAM, light(look.second, 0.4), light(look.third, 0.5))[i])
            c.fill(box(-56, -80, 48, -70), colour)
    emblem(c, look, 178, 156, 34)


def cup(c: Canvas, look: Look) -> None:
    """A filled cup on its saucer, steaming."""
    glaze = look.main
    stand(c, look, 180)
    c.fill(oval(0, GROUND - 14, 196, 34), dark(glaze, 0.25))
    c.fill(oval(0, GROUND - 22, 196, 32), light(glaze, 0.2))
    c.fill(oval(0, GROUND - 22, 120, 18), dark(glaze, 0.1))
    c.line(smooth([(120, -10), (196, -20), (206, 60), (110, 110)], closed=False), dark(glaze, 0.12), 26)
    body = smooth(
        [
            (-140, -64),
            (-136, 60),
            (-84, GROUND - 40),
            (0, GROUND - 26),
            (84, GROUND - 40),
            (136, 60),
            (140, -64),
            (0, -50),
        ]
    )
    solid(c, body, glaze, 40)
    with c.clipped(body):
        for i in range(-6, 7):
            c.fill([(i * 34 - 14, 60), (i * 34, 34), (i * 34 + 14, 60), (i * 34, 86)], look.second)
        for y in (22, 98):
            c.line([(-160, y), (160, y)], look.second, 5)
    rim(c, 0, -66, 142, 36, light(glaze, 0.35), dark(COFFEE, 0.2))
    c.fill(oval(0, -60, 112, 22), CARAMEL)
    c.fill(oval(-14, -62, 84, 15), dark(COFFEE, 0.05))
    for x in (-50, 0, 50):
        steam = smooth([(x, -120), (x + 18, -152), (x - 10, -186), (x + 10, -226)], closed=False)
        c.line(steam, WHITE, 11, 120)


def cascara(c: Canvas, look: Look) -> None:
    """A pouch with a window on dried husks, and a glass of the tea."""
    husk = (148, 50, 44) if "daun" not in look.words else (104, 92, 52)
    with c.placed(-70, 0):
        _bag(c, look, look.dice.choice([KRAFT, CREAM, light(look.third, 0.3)]))
    _tea_glass(c, look, 150, mix(husk, CARAMEL, 0.5))
    for i in range(12):
        with c.placed(look.dice.uniform(-190, 100), GROUND + 4 + i * 2.4, angle=look.dice.uniform(0, 360)):
            c.fill(
                smooth([(-16, 0), (-4, -11), (14, -6), (8, 4), (-4, 8)], steps=4),
                mix(husk, light(husk), look.dice.random()),
            )


def _tea_glass(c: Canvas, look: Look, x: float, tea: Colour) -> None:
    stand(c, look, 66, x, GROUND + 12)
    outer = [(x - 66, 30), (x - 54, GROUND + 10), (x + 54, GROUND + 10), (x + 66, 30)]
    c.fill(outer, light(GLASS, 0.3), 170)
    solid(c, [(x - 58, 66), (x - 49, GROUND), (x + 49, GROUND), (x + 58, 66)], tea, 16)
    c.fill(oval(x, 66, 58, 10), light(tea, 0.25))
    c.line([*oval(x, 30, 66, 11), (x + 66, 30)], WHITE, 3)
    glint(c, x - 48, 50, x - 38, GROUND - 18, 110)


def tea_box(c: Canvas, look: Look) -> None:
    """A carton of tea bags with one bag out, and a glass."""
    colour, tea = look.third, (176, 74, 42)
    stand(c, look, 170, -50)
    c.fill([(70, -110), (116, -130), (116, GROUND - 22), (70, GROUND)], dark(colour, 0.35))
    c.fill([(-190, -110), (-144, -130), (116, -130), (70, -110)], light(colour, 0.35))
    c.fill(box(-190, -110, 70, GROUND), colour)
    c.fill(box(-190, -110, 70, -84), look.main)
    label(c, look, -60, 46, 190, 178)
    _tea_glass(c, look, 160, tea)
    c.line([(150, 60), (214, 8), (222, 60)], WHITE, 3)
    c.fill(rounded(204, 56, 242, 96, 4), CREAM)
    c.fill(rounded(212, 66, 234, 86, 3), look.main)


def tea_tin(c: Canvas, look: Look) -> None:
    """A paper tin of loose tea with leaves before it."""
    colour = dark(LEAF, 0.2)
    stand(c, look, 130, -50)
    solid(c, rounded(-178, -120, 78, GROUND, 14), colour, 36)
    c.fill(rounded(-186, -150, 86, -96, 12), light(colour, 0.15))
    c.fill(box(-186, -108, 86, -98), dark(colour, 0.25))
    label(c, look, -50, 54, 186, 196)
    _tea_glass(c, look, 162, (178, 82, 40))
    for i in range(16):
        x, y = look.dice.uniform(-180, 90), GROUND + 6 + i * 1.9
        c.line([(x, y), (x + 12, y - 7), (x + 24, y - 2)], mix(BLACK, LEAF, look.dice.random() * 0.5), 6)
    sprig(c, look, -210, GROUND + 20, 80)


def strainer(c: Canvas, look: Look) -> None:
    """The long cloth filter of an Acehnese coffee stall above a glass."""
    cloth = (238, 226, 200)
    _tea_glass(c, look, 0, dark(COFFEE, 0.15))
    c.line([(70, -178), (236, -228)], dark(WOOD, 0.1), 24)
    c.line([(70, -180), (230, -231)], light(WOOD, 0.2), 6)
    cone = smooth([(-96, -170), (-72, -60), (-22, 50), (0, 62), (22, 50), (72, -60), (96, -170), (0, -160)])
    solid(c, cone, cloth, 30)
    with c.clipped(cone):
        c.fill(smooth([(-80, -40), (0, -20), (80, -40), (40, 80), (-40, 80)]), CARAMEL, 120)
        c.fill(smooth([(-50, 10), (0, 24), (50, 10), (20, 80), (-20, 80)]), COFFEE, 150)
    rim(c, 0, -172, 98, 26, (150, 150, 156), dark(COFFEE, 0.3))
    c.line([(0, 60), (0, 116)], dark(COFFEE, 0.1), 7)
    beans(c, look, 0, 210, 8)


def scoop(c: Canvas, look: Look) -> None:
    """A carved spoon full of ground coffee."""
    with c.placed(0, 60, angle=-24):
        c.shadow(20, 60, 220, 26, dark(look.backdrop, 0.75), 110)
        handle = smooth([(20, -22), (130, -16), (238, -24), (254, 0), (238, 24), (130, 16), (20, 22)])
        solid(c, handle, WOOD, 8)
        c.line([(60, -4), (220, -8)], dark(WOOD, 0.2), 4)
        c.dot(230, 0, 8, dark(WOOD, 0.5))
        c.fill(oval(-90, 8, 128, 92), dark(WOOD, 0.35))
        c.fill(oval(-90, 0, 128, 90), light(WOOD, 0.12))
        c.fill(oval(-90, 2, 106, 72), dark(WOOD, 0.2))
    heap(c, look, -84, 118, 84, 72, dark(COFFEE, 0.1))
    beans(c, look, 60, 170, 8)
