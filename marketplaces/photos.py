"""Photos as marketplaces take them: JPEG, at most 1600 px, uploaded once per content and shop."""

import io

from PIL import Image, UnidentifiedImageError

from catalog.models import Picture

LONGEST_SIDE = 1600
QUALITY = 85


class Unreadable(Exception):
    """The stored photo cannot be opened."""


def as_jpeg(picture: Picture) -> bytes:
    """The photo on white, without EXIF. Raises Unreadable."""
    try:
        with picture.image.open("rb") as file, Image.open(file) as photo:
            whole = photo.convert("RGBA")
    except (OSError, UnidentifiedImageError, ValueError, Image.DecompressionBombError) as error:
        raise Unreadable(picture.pk) from error
    whole.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    paper = Image.new("RGB", whole.size, "white")
    paper.paste(whole, mask=whole.getchannel("A"))
    with io.BytesIO() as buffer:
        paper.save(buffer, format="JPEG", quality=QUALITY)
        return buffer.getvalue()
