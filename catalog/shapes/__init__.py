"""The shapes of files that are known, and which one a file has."""

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog.reading import Record, Sheet
from catalog.shapes import own, shopee, shopify, woocommerce
from catalog.shapes.base import Row, Shape, columns, field_of, given

SHAPES: Mapping[str, Shape] = {
    shape.name: shape for shape in (shopify.SHAPE, woocommerce.SHAPE, shopee.SHAPE, own.SHAPE, own.MAPPED)
}
GUESSED = (shopify.SHAPE, woocommerce.SHAPE, shopee.SHAPE, own.SHAPE)
LOOKED_THROUGH = 12  # rows among which the headings are
NOT_GOODS = re.compile(
    r"(?i)^\s*(contoh|example|hidden|daftar|panduan|petunjuk|instruksi|guid|kategori|referensi|upload)"
)

__all__ = ["SHAPES", "Row", "Shape", "Table", "field_of", "given", "head", "mapped", "recognise", "records"]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A sheet with the row of its headings (0: it has none), and which field stands in which column."""

    sheet: Sheet
    shape: Shape
    heading: int
    columns: Mapping[str, int]
    labels: Mapping[str, str]  # field -> its heading as the file has it


def recognise(sheets: Sequence[Sheet]) -> list[Table]:
    """The tables of the one known shape that the file has; none where it is of no known shape."""
    candidates = [sheet for sheet in sheets if not NOT_GOODS.match(sheet.name)] or list(sheets)
    for shape in GUESSED:
        found = [table for sheet in candidates if (table := _table(sheet, shape))]
        if found:
            return found
    return []


def mapped(sheets: Sequence[Sheet], *, sheet: str, heading: int, chosen: Mapping[str, int]) -> list[Table]:
    """The table that somebody described: which sheet, in which row the headings are, which column is which field."""
    one = next((each for each in sheets if each.name == sheet), sheets[0])
    names = next((record.cells for record in head(one) if record.number == heading), [])
    labels = {name: names[at] if at < len(names) else "" for name, at in chosen.items()}
    return [Table(sheet=one, shape=own.MAPPED, heading=heading, columns=dict(chosen), labels=labels)]


def head(sheet: Sheet) -> list[Record]:
    """The first rows that have something in them."""
    return list(itertools.islice((record for record in sheet.records() if any(record.cells)), LOOKED_THROUGH))


def records(table: Table) -> Iterator[Record]:
    """The rows below the headings, without those that explain or repeat them."""
    for record in table.sheet.records():
        is_below = record.number > table.heading and not table.shape.explains(record, table.labels)
        if is_below and not _is_heading(record, table):
            yield record


def _table(sheet: Sheet, shape: Shape) -> Table | None:
    best: tuple[int, int, Mapping[str, int], Sequence[str]] | None = None
    for number, names in _headings(head(sheet), shape):
        found = columns(shape, names)
        if shape.needed <= found.keys() and (best is None or len(found) > best[0]):
            best = (len(found), number, found, names)
    if best is None:
        return None
    labels = {name: best[3][at] for name, at in best[2].items()}
    return Table(sheet=sheet, shape=shape, heading=best[1], columns=best[2], labels=labels)


def _headings(rows: Sequence[Record], shape: Shape) -> Iterator[tuple[int, Sequence[str]]]:
    """Each row as headings, and each with the one above it: what stands above several columns belongs to all."""
    for at, record in enumerate(rows):
        yield record.number, record.cells
        if at:
            yield record.number, _below(rows[at - 1].cells, record.cells, shape)


def _below(upper: Sequence[str], lower: Sequence[str], shape: Shape) -> Sequence[str]:
    found, over = [], ""
    for above, name in itertools.zip_longest(upper, lower, fillvalue=""):
        over = above or over
        both = f"{over} {name}".strip()
        found.append(both if field_of(shape, both) else name if field_of(shape, name) else above if not name else both)
    return found


def _is_heading(record: Record, table: Table) -> bool:
    cells = record.cells
    same = sum(at < len(cells) and field_of(table.shape, cells[at]) == name for name, at in table.columns.items())
    return same >= 3
