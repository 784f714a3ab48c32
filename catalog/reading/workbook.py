"""A program of its own that takes a workbook apart: `workbook.py FILE.xlsx OUT.jsonl`.

A file of a few kilobytes can claim seventeen billion cells; what reads it dies here, with a limit on its memory and
time, and not in the process of everybody's work. Written for each sheet: a line with its name and whether it is
visible, then a line [row, [cells]] for each row that has something. Knows nothing of the project; exit code 3 says
too large.
"""

import json
import resource
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from typing import IO, Any

from python_calamine import CalamineWorkbook, SheetVisibleEnum

MOST_MEMORY = 1_500 * 1024 * 1024  # bytes of address space
MOST_SECONDS = 60
MOST_UNPACKED = 400 * 1024 * 1024
MOST_PARTS = 2_000
MOST_COLUMNS = 300
MOST_MERGED = 2_000  # cells of one merged area that get its value
TOO_LARGE = 3


def main(source: str, target: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    with zipfile.ZipFile(source) as package:
        parts = package.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        sys.exit(TOO_LARGE)
    with CalamineWorkbook.from_path(source) as book, open(target, "w", encoding="utf-8") as out:
        for about in book.sheets_metadata:
            write_sheet(book, about, out)


def write_sheet(book: CalamineWorkbook, about: Any, out: IO[str]) -> None:
    is_visible = about.visible == SheetVisibleEnum.Visible
    out.write(json.dumps({"sheet": about.name, "visible": is_visible}) + "\n")
    if not is_visible:
        return
    sheet = book.get_sheet_by_name(about.name)
    merged = filled(sheet)
    first_column = (sheet.start or (0, 0))[1]
    values = {}
    for row, cells in enumerate(sheet.iter_rows()):  # counts from the first row of the spreadsheet
        texts = [""] * first_column + [text(cell) for cell in cells[:MOST_COLUMNS]]
        for column, origin in merged.get(row, {}).items():
            if (row, column) == origin:
                values[origin] = texts[column] if column < len(texts) else ""
            elif column < len(texts) and not texts[column]:
                texts[column] = values.get(origin, "")
        if any(texts):
            out.write(json.dumps([row + 1, texts]) + "\n")


def filled(sheet: Any) -> dict[int, dict[int, tuple[int, int]]]:
    """row -> {column: where its merged area begins}."""
    found: dict[int, dict[int, tuple[int, int]]] = {}
    for start, end in sheet.merged_cell_ranges or []:
        if (end[0] - start[0] + 1) * (end[1] - start[1] + 1) > MOST_MERGED:
            continue
        for row in range(start[0], end[0] + 1):
            for column in range(start[1], end[1] + 1):
                found.setdefault(row, {})[column] = (start[0], start[1])
    return found


def text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time | timedelta):
        return str(cell)
    return str(cell)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
