"""A photo comes in, for a product or for a listing that is still being written (lib/photo_files looks through it)."""

import hashlib
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.models import Picture, Product, Proposal
from lib.photo_files import MOST_BYTES, BadPhoto, Fresh, redraw
from tenants import due
from tenants.context import on_commit

__all__ = ["MOST_BYTES", "BadPhoto", "attach", "drop", "forget_loose", "found"]

MOST_PICTURES = 40  # of one product or proposal; those that were taken out again while it was written count
KEPT_AFTER_DECISION = timedelta(days=7)


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
    Exactly one of `product` and `proposal` is given. `name` as the file came; where it has an end it must be that of
    its content. Raises BadPhoto; nothing is stored then.

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


def drop(picture: Picture) -> None:
    """The row goes with the transaction, its files when that has happened."""
    file = picture.image
    sizes = file.get_picture_files_list() if picture.rendered_at else ()
    picture.delete()

    def remove() -> None:
        for size in sizes:
            size.delete()
        file.storage.delete(file.name)

    on_commit(remove)


def forget_loose(*, now: datetime, limit: int = 100) -> int:
    """Photos that were sent for a listing which was decided on or thrown away a week ago, and that no product took.
    Returns how many went, at most `limit`."""
    over = [Proposal.State.APPLIED, Proposal.State.WITHDRAWN]
    loose = Picture.objects.filter(
        product=None, proposal__state__in=over, proposal__updated_at__lt=now - KEPT_AFTER_DECISION
    )
    gone = 0
    for pk in list(loose.order_by("pk").values_list("pk", flat=True)[:limit]):
        with transaction.atomic():
            picture = loose.select_for_update(of=("self",)).filter(pk=pk).first()
            if picture is not None:
                drop(picture)
                gone += 1
    return gone


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
