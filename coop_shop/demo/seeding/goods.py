"""The catalogue with its pictures. Stands in the cooperative's schema."""

from datetime import datetime
from pathlib import Path

from coop_shop.demo.seeding.data import Data
from inventory import opening


class BadData(RuntimeError):
    """The demo's own catalogue has rows that the importer refuses; the message lists them."""


def stock_shelves(data: Data, *, folder: Path, now: datetime) -> None:
    """Import the catalogue with the pictures in `folder`/<slug>. Raises BadData."""
    report = opening.import_catalog(path=data.catalog, pictures=folder / data.slug, now=now)
    if report.problems:
        raise BadData("; ".join(f"{data.slug} row {problem.row}: {problem.reason}" for problem in report.problems))
