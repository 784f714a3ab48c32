"""Products come in with stock, from a seller's file or one by hand: catalogue and shelf together."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction

from catalog import adding, importing, photos, writing
from catalog.models import Product
from inventory import stock


def import_catalog(*, path: Path, pictures: Path | None = None, now: datetime) -> importing.Report:
    """Import the CSV file at `path` (docs/importing.md), with opening stock for variants that are new.

    Raises catalog.reading.Unreadable.
    """
    return importing.import_file(path=path, pictures=pictures, open_stock=partial(_open_stock, now), now=now)


@transaction.atomic
def put_on_shelf(*, by: str, now: datetime, **about: Any) -> Product:
    """Write a listing (catalog.writing.write_product has what it needs) with the opening stock of its new variants.

    Raises writing.Refused; nothing changes then.
    """
    written = writing.write_product(by=by, now=now, **about)
    for variant_id, pieces in sorted(written.opening.items()):
        stock.count(variant_id=variant_id, on_hand=pieces, reference=by[:60], now=now)
    return written.product


@transaction.atomic
def add_product(*, pieces: int, photo: bytes | None = None, by: str, now: datetime, **about: Any) -> Product:
    """One product (catalog.adding has what it needs) with `pieces` on the shelf and its photo.

    Raises adding.TitleTaken, adding.SkuTaken, photos.BadPhoto; nothing changes then.
    """
    variant = adding.add_product(**about)
    stock.count(variant_id=variant.pk, on_hand=pieces, reference=by, now=now)
    if photo is not None:
        photos.attach(product=variant.product, data=photo, alt=variant.product.title, now=now)
    return variant.product


def _open_stock(now: datetime, variant_id: int, pieces: int) -> None:
    stock.count(variant_id=variant_id, on_hand=pieces, reference="import", now=now)
