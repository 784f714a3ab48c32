"""What is known about a demo cooperative: the files in coop_shop/demo/data/<slug>/."""

import csv
import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "data"
SLUGS = ("kopi-gayo", "batik-lasem", "garut-rasa")


@dataclass(frozen=True)
class Data:
    slug: str

    @property
    def catalog(self) -> Path:
        return FOLDER / self.slug / "catalog.csv"

    @cached_property
    def about(self) -> dict[str, Any]:
        return json.loads((FOLDER / self.slug / "cooperative.json").read_text(encoding="utf-8"))

    @cached_property
    def members(self) -> list[dict[str, str]]:
        with (FOLDER / self.slug / "members.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def goods(self) -> list[dict[str, str]]:
        with self.catalog.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    @cached_property
    def depth(self) -> dict[str, Any]:
        return json.loads((FOLDER / self.slug / "depth.json").read_text(encoding="utf-8"))

    @cached_property
    def orders(self) -> list[dict[str, Any]]:
        """Oldest first, as they were placed."""
        rows = json.loads((FOLDER / self.slug / "orders.json").read_text(encoding="utf-8"))
        return sorted(rows, key=lambda row: -row["days_ago"])

    def fingerprint(self) -> str:
        """Changes when one of the files does."""
        digest = hashlib.sha256()
        for path in sorted((FOLDER / self.slug).iterdir()):
            digest.update(path.read_bytes())
        return digest.hexdigest()
