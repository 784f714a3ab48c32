"""A file becomes sheets of records, one record at a time: a file of any length is read in constant memory."""

import codecs
import csv
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from django.utils.translation import gettext as _

MOST_CELL = 1_000_000  # letters: more means that a quotation mark was never closed
MOST_COLUMNS = 300
SAMPLE = 64 * 1024  # bytes from which the delimiter is told
WORKBOOK = Path(__file__).with_name("workbook.py")
SECONDS = 90
CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 0xFEFF])
csv.field_size_limit(MOST_CELL)


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says why, in the reader's language."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One row of cells. `number` counts as a spreadsheet does, from 1."""

    number: int
    cells: list[str]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """`records` begins anew each time it is called. The sheet of a CSV file has no name."""

    name: str
    records: Callable[[], Iterator[Record]]


def sheets(path: Path, *, scratch: Path) -> list[Sheet]:
    """The sheets of a CSV or XLSX file that people see; `scratch` is a folder for what a workbook is taken apart into.

    Raises Unreadable, also while records are read.
    """
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"PK\x03\x04"):
        return _of_workbook(path, scratch)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable(_("Ini berkas Excel lama (.xls) atau dikunci kata sandi. Simpan sebagai .xlsx atau CSV."))
    if not head.strip(b"\xef\xbb\xbf \r\n\t"):
        raise Unreadable(_("Berkasnya kosong."))
    encoding = _encoding(head)
    if encoding == "utf-8-sig" and sum(byte < 9 for byte in head) > len(head) // 50:
        raise Unreadable(_("Ini bukan berkas CSV atau XLSX."))
    delimiter, is_wrapped = _layout(path, encoding)
    return [Sheet(name="", records=lambda: _of_csv(path, encoding, delimiter, is_wrapped))]


def _encoding(head: bytes) -> str:
    return "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are no UTF-8 were written on Windows: a file may hold both."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error("as_windows", _as_windows)


def _open(path: Path, encoding: str) -> IO[str]:
    errors = "as_windows" if encoding == "utf-8-sig" else "replace"
    return path.open(encoding=encoding, errors=errors, newline="")


def _layout(path: Path, encoding: str) -> tuple[str, bool]:
    """The delimiter, and whether each record was put into one cell as a whole: what Excel makes of a CSV with commas
    where its list separator is a semicolon."""
    with _open(path, encoding) as file:
        sample = file.read(SAMPLE)
    delimiter = max(",;\t|", key=lambda each: _evenness(sample, each))
    filled = [[cell for cell in record if cell.strip()] for record in _sampled(sample, delimiter)]
    lines = [cells[0] for cells in filled if len(cells) == 1]
    is_wrapped = (
        bool(filled) and len(lines) > len(filled) // 2 and filled[0][0].count(",") >= 3 if filled[:1] else False
    )
    if not is_wrapped and delimiter != ";":
        tried = [[cell for cell in record if cell.strip()] for record in _sampled(sample, ";")]
        is_wrapped = bool(tried) and len(tried[0]) == 1 and tried[0][0].count(",") >= 3 and sample.lstrip()[:1] == '"'
    return (";" if is_wrapped else delimiter), is_wrapped


def _sampled(sample: str, delimiter: str) -> list[list[str]]:
    try:
        records = list(csv.reader(sample.splitlines(keepends=True), delimiter=delimiter))[:20]
    except csv.Error:
        return []
    return [record for record in records if any(cell.strip() for cell in record)]


def _evenness(sample: str, delimiter: str) -> float:
    """How well `delimiter` explains the file: in how many records it makes the same number of columns, and how many."""
    widths = Counter(len(record) for record in _sampled(sample, delimiter))
    return max((times * (width - 1) for width, times in widths.items()), default=0)


def _of_csv(path: Path, encoding: str, delimiter: str, is_wrapped: bool) -> Iterator[Record]:
    number = 0
    with _open(path, encoding) as file:
        records = csv.reader(file, delimiter=delimiter)
        while True:
            number += 1
            try:
                cells = next(records)
            except StopIteration:
                return
            except csv.Error as error:
                told = _("Baris %(row)d tidak utuh. Mungkin ada tanda kutip yang tidak ditutup.")
                raise Unreadable(told % {"row": number}) from error
            if is_wrapped:
                cells = _unwrapped(cells)
            yield Record(number=number, cells=[_clean(cell) for cell in cells[:MOST_COLUMNS]])


def _unwrapped(cells: list[str]) -> list[str]:
    whole = ";".join(cells).rstrip(";")  # an entity's semicolon was split as well
    try:
        return next(csv.reader([whole]), [])
    except csv.Error:
        return [whole]


def _clean(cell: str) -> str:
    return cell.translate(CONTROLS).strip()


def _of_workbook(path: Path, scratch: Path) -> list[Sheet]:
    with NamedTemporaryFile(dir=scratch, suffix=".jsonl", delete=False) as file:
        target = Path(file.name)
    command = [sys.executable, "-I", str(WORKBOOK), str(path), str(target)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        raise Unreadable(_("Berkas Excel ini terlalu besar. Bagi menjadi beberapa berkas.")) from None
    if done.returncode == 3 or done.returncode < 0:
        raise Unreadable(_("Berkas Excel ini terlalu besar. Bagi menjadi beberapa berkas."))
    if done.returncode:
        raise Unreadable(_("Berkas Excel ini rusak. Buka dengan Excel, lalu simpan lagi sebagai .xlsx."))
    return [Sheet(name=name, records=lambda at=at: _of_sheet(target, at)) for name, at in _visible(target)]  # type: ignore[misc]


def _visible(target: Path) -> list[tuple[str, int]]:
    """Names of sheets, and where in the file their rows begin."""
    found, at = [], 0
    with target.open("rb") as file:
        for line in file:
            at += len(line)
            if line.startswith(b'{"sheet"'):
                about = json.loads(line)
                if about["visible"]:
                    found.append((about["sheet"], at))
    return found


def _of_sheet(target: Path, at: int) -> Iterator[Record]:
    with target.open("rb") as file:
        file.seek(at)
        for line in file:
            if line.startswith(b"{"):
                return
            number, cells = json.loads(line)
            yield Record(number=number, cells=[_clean(cell) for cell in cells])
