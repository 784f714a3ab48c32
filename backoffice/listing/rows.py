"""The choices of a product, from the values on its axes: `100 g, 250 g` by `halus, kasar` makes four rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from backoffice.listing.typed import same

OF_ONE = ("sku", "barcode", "picture")  # what a new row does not take over from the one it is made from


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is typed for one choice. `variant`: the pk of one that exists, as text."""

    option1: str = ""
    option2: str = ""
    variant: str = ""
    cells: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return " / ".join(option for option in (self.option1, self.option2) if option)


def arranged(*, values1: Sequence[str], values2: Sequence[str], rows: Sequence[Row]) -> list[Row]:
    """One row per combination, in the order of the values. Rows that are there keep what was typed.

    A combination of known values that has no row was taken out on purpose, and stays out. The one row of a product
    that had no choices until now (or none on the second axis) becomes the first of its new ones, with its stock.
    """
    first, second = list(values1) or [""], list(values2) or [""]
    left = list(rows) or [Row()]
    known1, known2 = {same(row.option1) for row in left}, {same(row.option2) for row in left}
    found = []
    for one in first:
        for two in second:
            row = _of(left, one, two)
            if row is None and not (same(one) in known1 and same(two) in known2):
                row = _grown(left, one, two) or _copied(rows or [Row()], one)
            if row is not None:
                left = [other for other in left if other is not row]
                found.append(replace(row, option1=one, option2=two))
    return found


def _of(rows: Sequence[Row], one: str, two: str) -> Row | None:
    mine = (row for row in rows if (same(row.option1), same(row.option2)) == (same(one), same(two)))
    return next(mine, None)


def _grown(rows: Sequence[Row], one: str, two: str) -> Row | None:
    """The row that had no value yet where it gets one now."""
    return next(_growing(rows, one, two), None)


def _growing(rows: Sequence[Row], one: str, two: str) -> Iterator[Row]:
    for row in rows:
        fits1 = same(row.option1) in ("", same(one))
        fits2 = same(row.option2) in ("", same(two))
        if fits1 and fits2:
            yield row


def _copied(rows: Sequence[Row], one: str) -> Row:
    like = next((row for row in rows if same(row.option1) == same(one)), rows[0])
    return Row(cells={name: text for name, text in like.cells.items() if name not in OF_ONE})
