"""A photo comes in: checked, made small, stripped of everything but its pixels."""

import hashlib
import io
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from catalog.models import Picture, Product, Proposal
from tenants import due

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 25_000_000
LONGEST_SIDE = 1600


class BadPhoto(ValueError):
    """Not a photo that can be taken; the message says what to do."""


def attach(
    *, data: bytes, alt: str, now: datetime, product: Product | None = None, proposal: Proposal | None = None
) -> Picture:
    """Give a product, or a listing that is still being written, a photo; the one it has where it is the very same.
    Exactly one of `product` and `proposal` is given. Raises BadPhoto; nothing is stored then.

    What is stored is drawn anew from the pixels, so EXIF, GPS and anything hidden in the file are gone.
    """
    digest = hashlib.sha256(data).hexdigest()
    if (known := _known(digest, product, proposal)) is not None:
        return known
    fresh = _fresh(data)  # takes a while: nobody waits for a lock meanwhile
    with transaction.atomic():
        _lock(product, proposal)
        if (known := _known(digest, product, proposal)) is not None:
            return known
        return _store(fresh, digest=digest, alt=alt, now=now, product=product, proposal=proposal)


def found(*, data: bytes, product: Product | None = None, proposal: Proposal | None = None) -> Picture | None:
    """The photo that was made of exactly this file, where it is there already."""
    return _known(hashlib.sha256(data).hexdigest(), product, proposal)


def fresh(data: bytes) -> bytes:
    """A photo drawn anew, as WebP, LONGEST_SIDE at most, for those who keep it themselves (reviews, portraits). Raises
    BadPhoto."""
    return _fresh(data)


def _known(digest: str, product: Product | None, proposal: Proposal | None) -> Picture | None:
    mine = Picture.objects.filter(sha256=digest)
    if proposal is not None:
        whose = Q(proposal=proposal)
        if proposal.product_id:  # a change of what is on sale: its photos are there to be kept
            whose |= Q(product=proposal.product_id)
        return mine.filter(whose).order_by("pk").first()
    return mine.filter(product=product).order_by("pk").first()


def _lock(product: Product | None, proposal: Proposal | None) -> None:
    """Of two phones, or of one that sends again, the second waits until the first is done and sees its photo."""
    if proposal is not None:
        Proposal.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    elif product is not None:
        Product.objects.select_for_update(no_key=True).get(pk=product.pk)


def _store(
    fresh: bytes, *, digest: str, alt: str, now: datetime, product: Product | None, proposal: Proposal | None
) -> Picture:
    owner = proposal or product
    if owner is None:
        raise TypeError("a photo is of a product or of a proposal")
    picture = Picture(product=None if proposal else product, proposal=proposal, alt=alt[:160], sha256=digest)
    picture.position = owner.pictures.count()
    picture.image.save("photo.webp", ContentFile(fresh, name="photo.webp"), save=False)
    picture.save()
    due.note("pictures", now=now)
    return picture


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
