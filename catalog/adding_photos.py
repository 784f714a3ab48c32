"""An officer gives a product that is on sale another photo: it is seen at once, and the history says so."""

from datetime import datetime

from django.db import transaction

from catalog import content as contents
from catalog import photos, recording
from catalog.models import Picture, Product, ProductEvent
from tenants import due


@transaction.atomic
def add_photo(*, product: Product, data: bytes, by: str, now: datetime, name: str = "") -> Picture:
    """The photo that it has of this file, or a new last one. Channels hear of it. Raises photos.BadPhoto."""
    known = photos.found(data=data, product=product)
    if known is not None:
        return known
    before = contents.of(product)
    picture = photos.attach(product=product, data=data, alt=product.title, now=now, name=name)
    changed = contents.differences(before, contents.of(product))
    recording.record(product=product, kind=ProductEvent.Kind.CHANGED, actor=by, changed=changed, now=now)
    due.note("push", now=now)
    return picture
