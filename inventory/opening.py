"""A seller's file becomes products with stock: catalogue and shelf together."""

from datetime import datetime
from functools import partial
from pathlib import Path

from catalog import importing
from inventory import stock


def import_catalog(*, path: Path, pictures: Path | None = None, now: datetime) -> importing.Report:
    """Import the CSV file at `path` (docs/importing.md), with opening stock for variants that are new.

    Raises catalog.reading.Unreadable.
    """
    return importing.import_file(path=path, pictures=pictures, open_stock=partial(_open_stock, now), now=now)


def _open_stock(now: datetime, variant_id: int, pieces: int) -> None:
    stock.count(variant_id=variant_id, on_hand=pieces, reference="import", now=now)
