"""A file is read once, and its rows are put down product by product: what comes after goes through them in turns, from
wherever it stopped, without holding the file in memory. Rows of one product may stand anywhere in it."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from django.utils.translation import gettext as _

from catalog import reading, shapes
from catalog.reading import BadCell, Unreadable
from catalog.shapes import Row, Shape, Table

MOST_ROWS = 100_000
MOST_OF_ONE = 300  # rows of one product; what is above is refused
LONGEST_CELL = 20_000
TABLES = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;
CREATE TABLE row (n INTEGER PRIMARY KEY, key TEXT, number INT, body TEXT);
CREATE TABLE alias (name TEXT PRIMARY KEY, key TEXT);
CREATE TABLE sku (sku TEXT PRIMARY KEY, number INT);
CREATE TABLE title (title TEXT PRIMARY KEY, number INT);
"""


@dataclass(frozen=True, kw_only=True)
class Group:
    """The rows of one product. `same_title` is the row of another product of that name before it; 0: none.

    `is_over`: they are more than a product can have, and belong to the group before.
    """

    rows: Sequence[Row]
    same_title: int = 0
    is_over: bool = False


@dataclass(frozen=True, kw_only=True)
class About:
    """What the file as a whole has: its shape, which fields of the template it gives, what its columns are called."""

    shape: Shape
    fields: frozenset[str]
    labels: Mapping[str, str]
    sheets: bool  # it has more than one

    def label(self, field: str) -> str:
        """The heading under which the file has a field of the template."""
        sources = [self.labels[name] for name in self.shape.sources.get(field, ()) if name in self.labels]
        return sources[0] if sources else self.labels.get(field, "")


def spool(tables: Sequence[Table], *, owner_of: Callable[[str], str], out: IO[bytes]) -> int:
    """Write the rows of `tables` to `out`, a line for what the file has and then one per product, in the order in which
    the products begin. `owner_of` says who is meant by a seller's cell. Returns how many rows there are.

    Raises Unreadable.
    """
    with TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "rows", isolation_level=None)
        try:
            database.executescript(TABLES)
            database.execute("BEGIN")
            count = _take_in(database, tables)
            database.execute("COMMIT")
            _write(database, tables, owner_of, out)
        finally:
            database.close()
    return count


def about(file: IO[bytes]) -> tuple[About, int]:
    """What the file has, and where its products begin."""
    line = file.readline()
    data = json.loads(line)
    shape = shapes.SHAPES[data["shape"]]
    fields = shapes.given(shape, data["labels"])
    return About(shape=shape, fields=fields, labels=data["labels"], sheets=data["sheets"]), len(line)


def groups(file: IO[bytes], *, offset: int) -> Iterator[tuple[int, Group]]:
    """Products from `offset` on, each with where the next one begins."""
    file.seek(offset)
    for line in iter(file.readline, b""):  # Django's files begin anew when they are iterated
        offset += len(line)
        rows, same, is_over = json.loads(line)
        yield offset, Group(rows=[_row(each) for each in rows], same_title=same, is_over=is_over)


def _row(data: list[Any]) -> Row:
    number, sheet, cells, twin, spoilt = data
    return Row(number=number, sheet=sheet, cells=cells, twin=twin, spoilt=tuple(spoilt) if spoilt else None)


def _take_in(database: sqlite3.Connection, tables: Sequence[Table]) -> int:
    count = 0
    for table in tables:
        for record in shapes.records(table):
            cells = _cells(record.cells, table)
            if not any(cells.values()):
                continue
            count += 1
            if count > MOST_ROWS:
                told = _("Berkas ini berisi lebih dari %(n)d baris. Bagi menjadi beberapa berkas.")
                raise Unreadable(told % {"n": MOST_ROWS})
            _put(database, count, record.number, table, cells)
    if not count:
        raise Unreadable(_("Tidak ada satu baris pun di bawah judul kolom."))
    return count


def _cells(cells: Sequence[str], table: Table) -> dict[str, str]:
    found = {name: cells[at] for name, at in table.columns.items() if at < len(cells)}
    return {name: cell for name, cell in found.items() if cell.casefold() not in reading.NOTHING}


def _put(database: sqlite3.Connection, n: int, number: int, table: Table, cells: dict[str, str]) -> None:
    spoilt = None
    for name, cell in list(cells.items()):
        try:
            cells[name] = _text(cell)
        except BadCell as error:
            spoilt = spoilt or (name, cell[:120], str(error))
            cells[name] = cell[:120] if name == "title" else ""
    names = table.shape.key(cells)
    key = names[0] if names else f"\x00{n}"
    twin = 0
    if cells.get("sku"):
        known = database.execute("INSERT OR IGNORE INTO sku VALUES (?, ?)", (cells["sku"], number)).rowcount
        if not known:
            twin = database.execute("SELECT number FROM sku WHERE sku = ?", (cells["sku"],)).fetchone()[0]
    body = json.dumps([number, table.sheet.name, cells, twin, spoilt], ensure_ascii=False)
    database.execute("INSERT INTO row VALUES (?, ?, ?, ?)", (n, key, number, body))
    for other in names[1:]:
        database.execute("INSERT OR IGNORE INTO alias VALUES (?, ?)", (other, key))


def _text(cell: str) -> str:
    if len(cell) > LONGEST_CELL:
        raise BadCell(_("Teksnya terlalu panjang. Mungkin ada tanda kutip yang tidak ditutup."))
    return reading.text(cell)


def _write(
    database: sqlite3.Connection, tables: Sequence[Table], owner_of: Callable[[str], str], out: IO[bytes]
) -> None:
    labels = {name: label for table in reversed(tables) for name, label in table.labels.items()}
    head = {"shape": tables[0].shape.name, "labels": labels, "sheets": len(tables) > 1}
    out.write(json.dumps(head, ensure_ascii=False).encode() + b"\n")
    database.execute(
        "UPDATE row SET key = (SELECT key FROM alias WHERE name = row.key) WHERE key IN (SELECT name FROM alias)"
    )
    database.execute("CREATE INDEX row_key ON row (key)")
    rows = database.execute(
        "SELECT row.key, body FROM row JOIN (SELECT key, min(n) AS first FROM row GROUP BY key) AS k ON k.key = row.key"
        " ORDER BY k.first, row.n"
    )
    present, is_over = None, False
    bodies: list[Any] = []
    for key, body in rows:
        if key != present or len(bodies) == MOST_OF_ONE:
            _write_group(database, bodies, is_over, owner_of, out)
            is_over = key == present
            present, bodies = key, []
        bodies.append(json.loads(body))
    _write_group(database, bodies, is_over, owner_of, out)


def _write_group(
    database: sqlite3.Connection, bodies: list[Any], is_over: bool, owner_of: Callable[[str], str], out: IO[bytes]
) -> None:
    if not bodies:
        return
    same = 0
    first = next((body for body in bodies if body[2].get("title") and not body[2].get("parent")), None)
    if first and not is_over:
        name = f"{owner_of(first[2].get('seller') or first[2].get('vendor') or '')}\t{first[2]['title'].casefold()}"
        if not database.execute("INSERT OR IGNORE INTO title VALUES (?, ?)", (name, first[0])).rowcount:
            same = database.execute("SELECT number FROM title WHERE title = ?", (name,)).fetchone()[0]
    out.write(json.dumps([bodies, same, is_over], ensure_ascii=False).encode() + b"\n")
