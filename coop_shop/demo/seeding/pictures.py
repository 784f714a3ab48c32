"""The pictures of the catalogues, drawn by two processes. Imports no models: these processes know no Django."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from coop_shop.demo.drawing import draw_product
from coop_shop.demo.seeding.data import Data

SIZE = 800  # pixels


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


def _draw_one(wanted: tuple[Path, str, str, str]) -> None:
    path, title, category, key = wanted
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    draw_product(title=title, category=category, key=key, size=SIZE).save(fresh, "WEBP", quality=90, method=2)
    fresh.replace(path)
