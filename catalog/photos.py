"""A photo comes in: checked, made small, stripped of everything but its pixels."""

import hashlib
import io
from datetime import datetime

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from catalog.models import Picture, Product
from tenants import due

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 1600


class BadPhoto(ValueError):
    """Not a photo that can be taken; the message says what to do."""


def attach(*, product: Product, data: bytes, alt: str, now: datetime) -> bool:
    """Give `product` a photo. Returns False when it already has this very one. Raises BadPhoto.

    What is stored is drawn anew from the pixels, so EXIF, GPS and anything hidden in the file are gone.
    """
    digest = hashlib.sha256(data).hexdigest()
    if product.pictures.filter(sha256=digest).exists():
        return False
    content = ContentFile(_fresh(data), name="photo.webp")
    picture = Picture(product=product, alt=alt[:160], sha256=digest, position=product.pictures.count())
    picture.image.save("photo.webp", content, save=False)
    picture.save()
    due.note("pictures", now=now)
    return True


def _fresh(data: bytes) -> bytes:
    if len(data) > MOST_BYTES:
        raise BadPhoto(_("Fotonya lebih besar dari 10 MB."))
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG", "PNG", "WEBP"]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise BadPhoto(_("Fotonya lebih dari 25 megapiksel."))
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, BadPhoto):
            raise
        raise BadPhoto(_("Berkas ini bukan foto JPG, PNG, atau WebP yang utuh.")) from error
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    buffer = io.BytesIO()
    upright.save(buffer, format="WEBP", quality=85, method=2)
    return buffer.getvalue()
