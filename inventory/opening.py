"""Products come in with stock, from a seller's file or one by hand: catalogue and shelf together."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from django.db import transaction

from catalog import importing, writing
from catalog.importing import jobs
from catalog.models import Product
from inventory import filling, stock


def import_catalog(*, path: Path, pictures: Path | None = None, now: datetime) -> importing.Report:
    """Import the CSV or XLSX file at `path` (docs/importing.md), with opening stock for variants that are new.

    Raises catalog.reading.Unreadable.
    """
    return importing.import_file(path=path, pictures_in=pictures, open_stock=partial(_open_stock, now), now=now)


def go_on_importing(*, now: datetime, seconds: float = 4.0) -> bool:
    """Go on with what people have uploaded, for about `seconds`. Returns whether there is more to do."""
    return jobs.work(now=now, open_stock=partial(_open_stock, now), seconds=seconds)


@transaction.atomic
def put_on_shelf(*, by: str, now: datetime, **about: Any) -> Product:
    """Write a listing (catalog.writing.write_product has what it needs) with the opening stock of its new variants.

    Raises writing.Refused; nothing changes then.
    """
    written = writing.write_product(by=by, now=now, **about)
    for variant_id, pieces in sorted(written.opening.items()):
        stock.count(variant_id=variant_id, on_hand=pieces, reference=by[:60], now=now)
    return written.product


def _open_stock(now: datetime, pieces: Mapping[int, int]) -> None:
    filling.fill(pieces=pieces, reference="import", now=now)
