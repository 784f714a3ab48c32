"""A photo comes in, for a product or for a listing that is still being written (lib/photo_files looks through it)."""

import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.models import Picture, Product, Proposal
from lib.photo_files import MOST_BYTES, BadPhoto, Fresh, redraw
from tenants import due

__all__ = ["MOST_BYTES", "BadPhoto", "attach", "found"]

MOST_PICTURES = 40  # of one product or proposal; those that were taken out again while it was written count


def attach(
    *,
    data: bytes,
    alt: str,
    now: datetime,
    product: Product | None = None,
    proposal: Proposal | None = None,
    name: str = "",
) -> Picture:
    """Give a product, or a listing that is still being written, a photo; the one it has where it is the very same.
    Exactly one of `product` and `proposal` is given. `name` as the file came; where it is given it must end as its
    content does. Raises BadPhoto; nothing is stored then.

    What is stored is drawn anew from the pixels, so EXIF, GPS and anything hidden in the file are gone.
    """
    digest = hashlib.sha256(data).hexdigest()
    if (known := _known(digest, product, proposal)) is not None:
        return known
    drawn = redraw(data, name=name)  # takes a while: nobody waits for a lock meanwhile
    with transaction.atomic():
        _lock(product, proposal)
        if (known := _known(digest, product, proposal)) is not None:
            return known
        return _store(drawn, digest=digest, alt=alt, now=now, product=product, proposal=proposal)


def found(*, data: bytes, product: Product | None = None, proposal: Proposal | None = None) -> Picture | None:
    """The photo that was made of exactly this file, where it is there already."""
    return _known(hashlib.sha256(data).hexdigest(), product, proposal)


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
    drawn: Fresh, *, digest: str, alt: str, now: datetime, product: Product | None, proposal: Proposal | None
) -> Picture:
    owner = proposal or product
    if owner is None:
        raise TypeError("a photo is of a product or of a proposal")
    position = owner.pictures.count()
    if position >= MOST_PICTURES:
        raise BadPhoto(_("Sudah ada %(most)s foto. Itu yang paling banyak.") % {"most": MOST_PICTURES})
    picture = Picture(proposal=proposal, alt=alt[:160], sha256=digest, position=position, tone=drawn.tone)
    picture.product = None if proposal else product
    picture.image.save("photo.webp", ContentFile(drawn.data, name="photo.webp"), save=False)
    picture.save()
    due.note("pictures", now=now)
    return picture
