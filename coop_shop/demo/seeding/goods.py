"""The catalogue with its pictures, drawn by this program. Stands in the cooperative's schema."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

from coop_shop.demo.drawing import draw_product
from coop_shop.demo.seeding.data import Data
from inventory import opening

SIZE = 800  # pixels


class BadData(RuntimeError):
    """The demo's own catalogue has rows that the importer refuses; the message lists them."""


def draw(datas: Sequence[Data], *, folder: Path) -> None:
    """Draw the pictures that the catalogues name and that are not in `folder`/<slug> yet."""
    wanted = [
        (folder / data.slug / row["picture"], row["title"], row["category"], row["sku"])
        for data in datas
        for row in data.goods
        if row["picture"] and not (folder / data.slug / row["picture"]).exists()
    ]
    if wanted:
        # spawned, because a fork of this process would share its database connection
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            list(pool.map(_draw_one, wanted, chunksize=8))


def stock_shelves(data: Data, *, folder: Path, now: datetime) -> None:
    """Import the catalogue with the pictures in `folder`/<slug>. Raises BadData."""
    report = opening.import_catalog(path=data.catalog, pictures=folder / data.slug, now=now)
    if report.problems:
        raise BadData("; ".join(f"{data.slug} row {problem.row}: {problem.reason}" for problem in report.problems))


def _draw_one(wanted: tuple[Path, str, str, str]) -> None:
    path, title, category, key = wanted
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    draw_product(title=title, category=category, key=key, size=SIZE).save(fresh, "WEBP", quality=90, method=2)
    fresh.replace(path)
