"""The catalogue with its pictures. Stands in the cooperative's schema."""

from datetime import datetime, timedelta
from pathlib import Path

from catalog.models import Product
from coop_shop.demo.seeding.data import Data
from inventory import opening


class BadData(RuntimeError):
    """The demo's own catalogue has rows that the importer refuses; the message lists them."""


def stock_shelves(data: Data, *, folder: Path, now: datetime) -> None:
    """Import the catalogue with the pictures in `folder`/<slug>. Raises BadData."""
    report = opening.import_catalog(path=data.catalog, pictures=folder / data.slug, now=now)
    if report.problems:
        raise BadData("; ".join(f"{data.slug} row {problem.row}: {problem.reason}" for problem in report.problems))
    _first_rows_newest()


def _first_rows_newest() -> None:
    """The catalogue begins with what the cooperative is known for, and the shop's first page shows the newest."""
    newest = Product.objects.latest("created_at").created_at
    products = list(Product.objects.order_by("pk"))
    for position, product in enumerate(products):
        product.created_at = newest - timedelta(minutes=position)
    Product.objects.bulk_update(products, ["created_at"])
