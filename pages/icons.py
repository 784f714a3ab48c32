"""The sign of a shop on a phone's home screen: its logo, or its first letter on its colour."""

import hashlib
import io
from functools import lru_cache

from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

from lib import colours
from pages import palette, pictures
from tenants.models import Cooperative

# kind -> pixels, and how much of them the sign takes. Of a maskable one the launcher shows a circle of 80 % at least
# (W3C App Manifest, "maskable"): a square within that circle is 56 % wide.
KINDS = {"48": (48, 1.0), "180": (180, 0.86), "192": (192, 0.86), "512": (512, 0.86), "512m": (512, 0.56)}
LETTER = 0.62  # of the sign's width
DRAWN_AS = "2"  # another one when this module draws otherwise
COLOURS = 128


def digest(cooperative: Cooperative) -> str:
    """Another one whenever the icons look otherwise."""
    return hashlib.sha256("\0".join([DRAWN_AS, *_look(cooperative)]).encode()).hexdigest()[:10]


def draw(kind: str, cooperative: Cooperative) -> bytes:
    """A PNG without transparent parts, which some home screens show black. Raises KeyError for an unknown kind."""
    return _drawn(kind, *_look(cooperative))


def colour_of(cooperative: Cooperative) -> str:
    """The colour that the shop is known by: the chosen one as it is shown, or that of its theme."""
    if colours.WRITTEN.fullmatch(cooperative.colour):
        return palette.palette(cooperative.colour)["primary"]
    return palette.OF_THEMES.get(cooperative.theme, palette.OF_THEMES["kopi"])


def _look(cooperative: Cooperative) -> tuple[str, str, str]:
    words = [word for word in cooperative.name.split() if word.lower() not in ("koperasi", "toko")]
    letter = next((sign for word in words for sign in word if sign.isalnum()), "K").upper()
    return cooperative.logo, colour_of(cooperative), letter


@lru_cache(maxsize=64)  # the name of a logo begins with its cooperative's folder and is never used twice
def _drawn(kind: str, logo: str, colour: str, letter: str) -> bytes:
    size, share = KINDS[kind]
    sign = _opened(logo)
    image = _with_logo(sign, size, share) if sign else _with_letter(letter, colour, size, share)
    with io.BytesIO() as buffer:
        image.quantize(COLOURS).save(buffer, "PNG", optimize=True)  # less than half of the bytes
        return buffer.getvalue()


def _opened(logo: str) -> Image.Image | None:
    name = pictures.resized(logo, pictures.ICON_SOURCE)
    if not logo:
        return None
    try:
        with default_storage.open(name) as file, Image.open(file) as image:
            return image.convert("RGBA")
    except (OSError, UnidentifiedImageError):  # the file is gone: a letter is better than nothing
        return None


def _with_logo(logo: Image.Image, size: int, share: float) -> Image.Image:
    image = Image.new("RGB", (size, size), colours.WHITE)
    sign = logo.resize((round(size * share),) * 2, Image.Resampling.LANCZOS)
    corner = (size - sign.width) // 2
    image.paste(sign, (corner, corner), sign)
    return image


def _with_letter(letter: str, colour: str, size: int, share: float) -> Image.Image:
    image = Image.new("RGB", (size, size), colour)
    font = ImageFont.load_default(size * share * LETTER)
    ImageDraw.Draw(image).text((size / 2, size / 2), letter, fill=colours.WHITE, font=font, anchor="mm")
    return image
