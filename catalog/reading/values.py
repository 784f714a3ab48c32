"""What stands in a cell becomes a value, or a reason in plain words why it does not."""

import ast
import html
import re
from collections.abc import Mapping
from datetime import date

import nh3
from django.utils.translation import gettext as _

CHEAPEST, DEAREST = (
    100,
    1_000_000_000,
)  # rupiah: nothing costs less than Rp100, `15` is what a spreadsheet made of 15.000
THOUSANDS = {"rb": 1_000, "ribu": 1_000, "k": 1_000, "jt": 1_000_000, "juta": 1_000_000}
WEIGHTS = {"": 1.0, "g": 1.0, "gr": 1.0, "gram": 1.0, "kg": 1000.0, "kilogram": 1000.0, "lbs": 453.592, "oz": 28.3495}
YES = {"ya", "yes", "y", "true", "1", "benar", "aktif"}
NO = {"tidak", "no", "n", "false", "0", "salah", "nonaktif"}
FORMULA = re.compile(r"""^=\s*(?:[A-Za-z_$+@\d("'-])""")
KEPT = {*"=+-@＝＋－＠'", ""}
AS_TEXT = re.compile(r'^="([^"]*)"$')  # a spreadsheet's way to keep a leading zero
NOTHING = {"", "-", "null", "none", "n/a", "nan"}  # what is written where there is nothing to write
ERRORS = {"#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}


class BadCell(ValueError):
    """A cell that cannot be taken; the message says what to write instead."""


def text(cell: str) -> str:
    """A cell as it was meant: without what spreadsheets put around it. Raises BadCell for a formula."""
    quoted = AS_TEXT.match(cell)
    if quoted:
        return quoted[1]
    if FORMULA.match(cell) or cell in ERRORS:
        raise BadCell(_("Sel ini berisi rumus. Tempel hasilnya sebagai teks."))
    # an apostrophe keeps a spreadsheet from computing what follows (lib/spreadsheets.py), or a code from being a number
    return cell[1:] if cell.startswith("'") and (_is_kept(cell[1:]) or cell[1:].isdigit()) else cell


def kept(value: str) -> str:
    """The other way round: a text as a cell from which `text` reads it back, and which no spreadsheet computes."""
    return f"'{value}" if value.startswith("'") or _is_kept(value) else value


def _is_kept(value: str) -> bool:
    return bool(value) and (value.lstrip()[:1] in KEPT or value.casefold() in NOTHING)


def price(cell: str) -> int:
    """Whole rupiah from `65000`, `Rp65.000`, `Rp. 65.000,-`, `65000.00`, `12,5rb`. Raises BadCell."""
    bare = re.sub(r"(?i)^\s*(rp|idr)\.?\s*|[,.]-\s*$|\s", "", cell)
    amount = _in_thousands(bare)
    if amount is None:
        amount = _whole(bare)
    if amount is None:
        raise BadCell(_("Harga “%(text)s” tidak jelas. Tulis rupiah bulat, misalnya 65000.") % {"text": cell[:40]})
    return _in_bounds(amount)


def decimal_price(cell: str) -> int:
    """Whole rupiah where the point is always a decimal one (`65000.00`, never `65.000`). Raises BadCell."""
    found = re.fullmatch(r"(\d{1,12})(?:\.(\d{1,4}))?", cell.strip())
    if not found or (found[2] or "0").strip("0") or len(found[2] or "") == 3:
        raise BadCell(_("Harga “%(text)s” tidak jelas. Tulis rupiah bulat, misalnya 65000.") % {"text": cell[:40]})
    return _in_bounds(int(found[1]))


def weight(cell: str) -> int:
    """Gram from `250`, `250 g`, `0,25 kg`. A fraction without a unit is refused. Raises BadCell."""
    found = re.fullmatch(r"(?i)\s*(\d{1,9}(?:[.,]\d{1,9})?)\s*(kilogram|kg|gram|gr|g|lbs|oz)?\s*", cell)
    unclear = BadCell(_("Berat “%(text)s” tidak jelas. Tulis dalam gram, misalnya 250.") % {"text": cell[:40]})
    if not found:
        raise unclear
    unit = (found[2] or "").lower()
    grams = float(found[1].replace(",", ".")) * WEIGHTS[unit]
    if unit in ("kg", "kilogram", "lbs", "oz"):
        grams = round(grams)
    if grams != int(grams) or not 1 <= grams <= 100_000:
        raise unclear
    return int(grams)


def pieces(cell: str) -> int:
    """A number of pieces from 0 to 999.999. Raises BadCell."""
    amount = _whole(cell.strip())
    if amount is None or amount > 999_999:
        raise BadCell(_("Stok “%(text)s” harus angka bulat dari 0 sampai 999999.") % {"text": cell[:40]})
    return amount


def number(cell: str) -> int:
    """A whole number, not negative. Raises BadCell."""
    amount = _whole(cell.strip())
    if amount is None:
        raise BadCell(_("“%(text)s” harus angka bulat.") % {"text": cell[:40]})
    return amount


def amount_of(cell: str) -> int | None:
    """As `number`; nothing where nothing is written, or zero for `no limit`. Raises BadCell."""
    return (number(cell) or None) if cell else None


def steps(cell: str) -> tuple[tuple[int, int], ...]:
    """Wholesale prices from `10:60000; 50:55.000`: from 10 pieces on one costs Rp60.000. Raises BadCell."""
    found = []
    for part in (part for part in re.split(r"[;|\n]", cell) if part.strip()):
        quantity, colon, each = part.partition(":")
        if not colon:
            raise BadCell(_("Tulis harga grosir seperti 10:60000; 50:55000."))
        found.append((number(quantity), price(each)))
    return tuple(found)


def yes_or_no(cell: str) -> bool:
    """Raises BadCell."""
    word = cell.strip().lower()
    if word in YES or word in NO:
        return word in YES
    raise BadCell(_("Tulis ya atau tidak."))


def date_of(cell: str) -> date:
    """`2026-12-01` or `01/12/2026`, the day first. Raises BadCell."""
    found = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?", cell.strip())
    order = (1, 2, 3)
    if not found:
        found, order = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", cell.strip()), (3, 2, 1)
    try:
        if found:
            year, month, day = (int(found[place]) for place in order)
            return date(year, month, day)
    except ValueError:
        pass
    raise BadCell(_("Tulis tanggal seperti 2026-12-31."))


def choice_of(cell: str, words: Mapping[str, str], *, told: str) -> str:
    """What the word stands for in `words` (lower case). Raises BadCell, saying `told`."""
    found = words.get(" ".join(cell.lower().split()))
    if found is None:
        raise BadCell(told)
    return found


def plain(cell: str) -> str:
    """Text without markup: tags are dropped, line breaks kept, entities written out (also twice-escaped ones)."""
    broken = re.sub(r"(?i)<\s*(br|/p|/li|/div|/h\d|/tr)\s*/?>", "\n", html.unescape(html.unescape(cell)))
    stripped = html.unescape(nh3.clean(broken, tags=set())) if "<" in broken or "&" in broken else broken
    lines = (" ".join(line.split()) for line in stripped.replace("\x00", "").splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def path(cell: str) -> list[str]:
    """`Kopi > Bubuk` -> ["Kopi", "Bubuk"]."""
    return [part for part in (" ".join(part.split()) for part in cell.split(">")) if part]


def addresses(cell: str) -> list[str]:
    """Pictures of one cell: a list of any usual kind, each once, in its order. Raises BadCell."""
    if cell.strip().lower().startswith("data:"):
        raise BadCell(_("Foto di dalam sel tidak bisa dibaca. Tulis alamat atau nama berkasnya."))
    found = [part.strip().strip("'\"") for part in _parts(cell.strip())]
    return list(dict.fromkeys(part for part in found if part))


def _parts(cell: str) -> list[str]:
    if cell.startswith("[") and cell.endswith("]"):  # a program's list
        try:
            return [str(each) for each in ast.literal_eval(cell)]
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            cell = cell[1:-1]
    if "://" in cell:  # a comma may stand inside an address, but not before the next one
        return re.split(r"\s*[|;\n]\s*|\s*,\s*(?=https?://)|\s+(?=https?://)", cell)
    return re.split(r"[|;,\n]", cell)


def _in_thousands(bare: str) -> int | None:
    found = re.fullmatch(r"(?i)(\d{1,6})(?:[.,](\d{1,3}))?(rb|ribu|k|jt|juta)", bare)
    if not found:
        return None
    unit = THOUSANDS[found[2 + 1].lower()]
    rest = (found[2] or "0").ljust(3, "0")
    return int(found[1]) * unit + int(rest) * unit // 1000


def _in_bounds(amount: int) -> int:
    if amount < CHEAPEST:
        raise BadCell(_("Harganya kurang dari Rp100. Mungkin yang dimaksud ribuan: tulis lengkap, misalnya 15000."))
    if amount > DEAREST:
        raise BadCell(_("Harga harus antara Rp1 dan Rp1.000.000.000."))
    return amount


def _whole(bare: str) -> int | None:
    if not bare.isascii():
        return None
    if re.fullmatch(r"\d{1,12}", bare):
        return int(bare)
    if re.fullmatch(r"\d{1,3}([.]\d{3})+|\d{1,3}(,\d{3})+", bare):
        return int(re.sub(r"[.,]", "", bare))
    if re.fullmatch(r"\d{1,3}([.]\d{3})+,0{1,2}|\d{1,3}(,\d{3})+[.]0{1,2}", bare):
        return int(re.sub(r"[.,]", "", re.split(r"[.,]0{1,2}$", bare)[0]))
    if re.fullmatch(r"\d{4,12}[.,]0{1,2}", bare):  # a spreadsheet's 65000.00; 15.0 may have been 15.000
        return int(re.split(r"[.,]", bare)[0])
    return None
