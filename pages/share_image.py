"""The picture that chats and networks show beside a link to a product: photo, name, price, shop."""

import hashlib
import io
from dataclasses import astuple, dataclass
from functools import cache

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont, ImageOps

from catalog.models import Picture, Product
from lib.rupiah import rupiah
from pages import icons
from tenants.models import Cooperative

WIDTH, HEIGHT = 1200, 630  # what Facebook, WhatsApp, Telegram and X show uncropped
MARGIN = 56
VERSION = 1  # of the drawing: part of the digest
INK, QUIET, PAPER, EMPTY = "#221f1c", "#5f574f", "#ffffff", "#efe9e1"
QUALITY = 82
PHOTO_WIDTH = 720  # of the rendition that is drawn: the next larger than needed


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that is in the picture."""

    title: str
    price: str
    seller: str
    shop: str
    host: str
    photo: str  # stored name; empty: there is none
    colour: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr((VERSION, astuple(self))).encode()).hexdigest()[:24]


def facts_of(product: Product, cooperative: Cooperative) -> Facts:
    """`product` as the shelf has it (catalog.shelf.for_cards), in the reader's language."""
    price = rupiah(product.price_from)
    photos: list[Picture] = product.photos  # type: ignore[attr-defined]
    return Facts(
        title=product.label,
        price=_("mulai %(price)s") % {"price": price} if product.price_to > product.price_from else price,
        seller=product.member.name,
        shop=cooperative.name,
        host=cooperative.primary_domain,
        photo=_name_of(photos[0]) if photos else "",
        colour=icons.colour_of(cooperative),
    )


def draw(facts: Facts) -> bytes:
    """A JPEG of about 60 KB. A photo that cannot be read is left out."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    image.paste(_photo(facts.photo), (0, 0))
    pen = ImageDraw.Draw(image)
    left, right = HEIGHT + MARGIN, WIDTH - MARGIN
    pen.rectangle((HEIGHT, 0, WIDTH, 14), fill=facts.colour)
    y = 70
    for line in _lines(facts.title, _font(52), right - left, most=4):
        _bold(pen, (left, y), line, 52, INK)
        y += 66
    _bold(pen, (left, y + 18), facts.price, _fitting(facts.price, right - left, largest=68), facts.colour)
    below = ((170, facts.seller, 34, INK), (118, facts.shop, 34, QUIET), (70, facts.host, 26, QUIET))
    for above, text, size, ink in below:
        line = _lines(text, _font(size), right - left, most=1)[0]
        pen.text((left, HEIGHT - above), line, font=_font(size), fill=ink)
    with io.BytesIO() as buffer:
        image.save(buffer, "JPEG", quality=QUALITY, optimize=True, progressive=True)
        return buffer.getvalue()


def _bold(pen: ImageDraw.ImageDraw, at: tuple[int, int], text: str, size: int, ink: str) -> None:
    pen.text(at, text, font=_font(size), fill=ink, stroke_width=size // 32, stroke_fill=ink)


def _name_of(picture: Picture) -> str:
    """Of the smallest file that is large enough: a rendition where there is one."""
    made = picture.image.aspect_ratios["1/1"].get("WEBP", {}) if picture.rendered_at else {}
    large = [width for width in made if width >= PHOTO_WIDTH]
    return str(made[min(large)].name if large else picture.image.name)


def _photo(name: str) -> Image.Image:
    plain = Image.new("RGB", (HEIGHT, HEIGHT), EMPTY)
    if not name:
        return plain
    try:
        with default_storage.open(name) as file, Image.open(file, formats=["WEBP", "JPEG", "PNG"]) as photo:
            return ImageOps.fit(photo.convert("RGB"), (HEIGHT, HEIGHT))
    except (OSError, ValueError):
        return plain


def _lines(text: str, font: ImageFont.FreeTypeFont, width: int, *, most: int) -> list[str]:
    """`text` broken into lines of at most `width` pixels; what does not fit into `most` of them ends in `…`."""
    lines: list[str] = [""]
    for word in _drawable(text).split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    shown = lines[:most]
    if len(lines) > most or font.getlength(shown[-1]) > width:
        shown[-1] = _cut(shown[-1], font, width)
    return [line if font.getlength(line) <= width else _cut(line, font, width) for line in shown]


def _cut(line: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    while line and font.getlength(f"{line}…") > width:
        line = line[:-1]
    return f"{line.rstrip()}…"


def _fitting(text: str, width: int, *, largest: int) -> int:
    size = largest
    while size > 20 and _font(size).getlength(text) > width:
        size -= 4
    return size


def _drawable(text: str) -> str:
    """Without signs that the font does not have (emoji and other scripts), which would be boxes."""
    return "".join(sign for sign in text if sign.isspace() or ord(sign) < 0x250 or sign in "–—‘’“”…•×")


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    """The font that Pillow brings along: no file of the machine is needed."""
    return ImageFont.load_default(size)  # type: ignore[return-value]
