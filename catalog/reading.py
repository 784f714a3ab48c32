"""Seller files as sellers make them: any usual encoding and delimiter, Indonesian or English headings, every
spelling of a price. Reads text into values and refuses what can be meant in two ways; knows no database."""

import csv
import html
import io
import re
from dataclasses import dataclass, field

import nh3
from django.utils.translation import gettext as _

HEADINGS = {
    "title": ("title", "nama produk", "nama", "judul", "product name"),
    "description": ("description", "deskripsi produk", "deskripsi"),
    "category": ("category", "kategori"),
    "price": ("price", "harga"),
    "stock": ("stock", "stok"),
    "sku": ("sku", "kode variasi", "kode sku", "sku penjual"),
    "axis1_name": ("axis1_name", "nama variasi 1"),
    "axis1_value": ("axis1_value", "varian untuk variasi 1", "varian 1"),
    "axis2_name": ("axis2_name", "nama variasi 2"),
    "axis2_value": ("axis2_value", "varian untuk variasi 2", "varian 2"),
    "weight": ("weight_g", "weight", "berat", "berat (gram)", "berat (g)"),
    "seller": ("seller", "penjual", "anggota", "nomor anggota"),
    "picture": ("picture", "foto", "foto sampul", "foto produk"),
}
NEEDED = ("title", "price", "stock", "sku", "weight", "seller")
NOTHING = {"", "-", "null", "none", "n/a"}


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says why, in the reader's language."""


class BadCell(ValueError):
    """A cell that cannot be taken; the message says what to write instead."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One record. `number` counts as a spreadsheet does: the heading is row 1."""

    number: int
    cells: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")


def rows(data: bytes) -> list[Row]:
    """The records of a CSV file. Raises Unreadable."""
    text = _decode(data).lstrip("\ufeff\n\r\t ")
    if not text:
        raise Unreadable(_("Berkasnya kosong."))
    reader = csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    try:
        records = list(reader)
    except csv.Error as error:
        raise Unreadable(_("Ini bukan berkas CSV yang utuh: %(reason)s") % {"reason": error}) from error
    columns = _columns(records[0])
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise Unreadable(_("Kolom ini tidak ada di baris pertama: %(names)s") % {"names": ", ".join(missing)})
    found = (Row(number=n, cells=_cells(record, columns)) for n, record in enumerate(records[1:], start=2))
    return [row for row in found if any(row.cells.values())]


def price(text: str) -> int:
    """Whole rupiah from `65000`, `Rp65.000`, `Rp. 65.000,-`, `65000.00`. Raises BadCell."""
    digits = re.sub(r"(?i)^\s*rp\.?\s*|[,.]-\s*$|\s", "", text)
    amount = _whole(digits)
    if amount is None:
        raise BadCell(_("Harga “%(text)s” tidak jelas. Tulis rupiah bulat, misalnya 65000.") % {"text": text})
    if amount < 1 or amount > 1_000_000_000:
        raise BadCell(_("Harga harus antara Rp1 dan Rp1.000.000.000."))
    return amount


def weight(text: str) -> int:
    """Gram from `250`, `250 g`, `0,25 kg`. A fraction without a unit is refused. Raises BadCell."""
    match = re.fullmatch(r"(?i)\s*(\d+(?:[.,]\d+)?)\s*(g|gr|gram|kg)?\s*", text)
    unclear = BadCell(_("Berat “%(text)s” tidak jelas. Tulis dalam gram, misalnya 250.") % {"text": text})
    if not match:
        raise unclear
    number, unit = float(match[1].replace(",", ".")), (match[2] or "").lower()
    grams = round(number * 1000) if unit == "kg" else number
    if grams != int(grams) or not 1 <= grams <= 100_000:
        raise unclear
    return int(grams)


def pieces(text: str) -> int:
    """A number of pieces from 0 to 999.999. Raises BadCell."""
    amount = _whole(text.strip())
    if amount is None or amount > 999_999:
        raise BadCell(_("Stok “%(text)s” harus angka bulat dari 0 sampai 999999.") % {"text": text})
    return amount


def plain(text: str) -> str:
    """Text without markup: tags are dropped, line breaks kept, entities written out (also twice-escaped ones)."""
    broken = re.sub(r"(?i)<\s*(br|/p|/li|/div)\s*/?>", "\n", html.unescape(html.unescape(text)))
    stripped = html.unescape(nh3.clean(broken, tags=set()))
    lines = (" ".join(line.split()) for line in stripped.replace("\x00", "").splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def path(text: str) -> list[str]:
    """`Kopi > Bubuk` -> ["Kopi", "Bubuk"]."""
    return [part for part in (" ".join(part.split()) for part in text.split(">")) if part]


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    heading = text.splitlines()[0]
    return max(",;\t", key=heading.count)


def _columns(heading: list[str]) -> dict[str, int]:
    known = {spelling: name for name, spellings in HEADINGS.items() for spelling in spellings}
    found: dict[str, int] = {}
    for index, cell in enumerate(heading):
        name = known.get(" ".join(cell.split()).lower())
        if name:
            found.setdefault(name, index)
    return found


def _cells(record: list[str], columns: dict[str, int]) -> dict[str, str]:
    cells = {name: record[index].strip() for name, index in columns.items() if index < len(record)}
    return {name: "" if cell.lower() in NOTHING else cell for name, cell in cells.items()}


def _whole(text: str) -> int | None:
    if re.fullmatch(r"\d{1,12}", text):
        return int(text)
    if re.fullmatch(r"\d{1,3}([.]\d{3})+|\d{1,3}(,\d{3})+", text):
        return int(re.sub(r"[.,]", "", text))
    if re.fullmatch(r"\d{4,12}[.,]0{1,2}", text):  # a spreadsheet's 65000.00; 15.0 may have been 15.000
        return int(re.split(r"[.,]", text)[0])
    return None
