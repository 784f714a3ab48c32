"""Pictures of the demo: every product, and each cooperative's cover and mark, drawn with Pillow alone.

The same key always gives the same bytes, so seeding twice changes nothing.
"""

from PIL import Image

from coop_shop.demo.drawing.canvas import Canvas, oval
from coop_shop.demo.drawing.choosing import good_for
from coop_shop.demo.drawing.palettes import CREAM, Look, dark, light, look_of
from coop_shop.demo.drawing.scenes import HEIGHT, MARK, WIDTH, paint_cover, paint_mark

DESIGN = 720  # units that a product picture is designed in

__all__ = ["draw_cooperative_cover", "draw_logo", "draw_product"]


def draw_product(*, title: str, category: str, key: str, size: int = DESIGN) -> Image.Image:
    """A square picture of the kind of thing that `title` and `category` name, `size` pixels wide."""
    words = f"{title} {category}".lower()
    look = look_of(words=words, key=key)
    canvas = Canvas(width=DESIGN, height=DESIGN, scale=size / DESIGN, background=look.backdrop)
    _backdrop(canvas, look)
    with canvas.placed(DESIGN / 2, DESIGN / 2 + 16, zoom=1.12):
        good_for(title=title, category=category)(canvas, look)
    return canvas.finished()


def draw_cooperative_cover(*, theme: str, width: int = WIDTH) -> Image.Image:
    """The hero scene of a cooperative, three times as wide as high. Themes: `kopi`, `batik`, `garut`."""
    canvas = Canvas(width=WIDTH, height=HEIGHT, scale=width / WIDTH, background=CREAM)
    paint_cover(canvas, theme)
    return canvas.finished()


def draw_logo(*, theme: str, size: int = MARK) -> Image.Image:
    """The square mark of a cooperative."""
    canvas = Canvas(width=MARK, height=MARK, scale=size / MARK, background=CREAM)
    paint_mark(canvas, theme)
    return canvas.finished()


def _backdrop(canvas: Canvas, look: Look) -> None:
    """A wall with a pale disc behind the good, and the table it stands on."""
    x, y = 360 + look.dice.uniform(-50, 50), 310 + look.dice.uniform(-30, 20)
    canvas.fill(oval(x, y, 270, 270), light(look.backdrop, 0.5))
    table = dark(look.backdrop, 0.09)
    canvas.fill([(0, 566), (720, 566), (720, 720), (0, 720)], table)
    canvas.fill([(0, 566), (720, 566), (720, 571), (0, 571)], light(table, 0.4))
