"""What people type into a listing, read as values. None: it cannot be read, and what was typed stays in the field."""

import re
from datetime import date
from decimal import Decimal

LARGEST = 10**12
TIMES = {"rb": 1_000, "ribu": 1_000, "k": 1_000, "jt": 1_000_000, "juta": 1_000_000}
GRAMS = {"": 1, "g": 1, "gr": 1, "gram": 1, "ons": 100, "kg": 1_000}
STEP = re.compile(r"(?i)^\D*(\d{1,6})\D*?[\s=:@]+((?:rp\.?\s*)?\d.*)$")


def whole(text: str) -> int | None:
    """`1250`, `1.250`."""
    plain = text.strip()
    if not plain.isascii():
        return None
    if re.fullmatch(r"\d{1,12}", plain):
        return int(plain)
    return int(plain.replace(".", "")) if re.fullmatch(r"\d{1,3}(\.\d{3}){1,3}", plain) else None


def rupiah(text: str) -> int | None:
    """`65000`, `65.000`, `Rp 65.000,-`, `65rb`, `12,5 ribu`, `1,2jt`."""
    plain = re.sub(r"(?i)^\s*rp\.?\s*|,(-|00)\s*$|\s", "", text)
    counted = re.fullmatch(r"(?i)(\d{1,6}(?:[.,]\d{1,3})?)(rb|ribu|k|jt|juta)", plain)
    if counted and plain.isascii():
        amount = Decimal(counted[1].replace(",", ".")) * TIMES[counted[2].lower()]
        return int(amount) if amount == int(amount) else None
    return whole(plain)


def gram(text: str) -> int | None:
    """`250`, `250 g`, `0,25 kg`, `2 ons`. A fraction without a unit cannot be read."""
    found = re.fullmatch(r"(?i)\s*(\d{1,6}|\d{1,3}\.\d{3}|\d{1,4}[.,]\d{1,3})\s*(g|gr|gram|ons|kg)?\s*", text)
    if not found or not text.isascii():
        return None
    unit = (found[2] or "").lower()
    if unit != "kg" and re.fullmatch(r"\d{1,3}\.\d{3}", found[1]):
        return int(found[1].replace(".", ""))
    amount = Decimal(found[1].replace(",", ".")) * GRAMS[unit]
    return int(amount) if amount == int(amount) else None


def day(text: str) -> date | None:
    """`2026-12-01`, as a date field sends it."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def steps(text: str) -> list[tuple[int, int]] | None:
    """One step per line, `10 = 60.000`: from ten pieces on, one costs Rp60.000."""
    found = []
    for line in filter(str.strip, text.splitlines()):
        match = STEP.match(line.strip())
        price = rupiah(match[2]) if match else None
        if match is None or price is None or not match[1].isascii():
            return None
        found.append((int(match[1]), price))
    return found


def values(text: str) -> list[str]:
    """`100 g, 250 g` -> two values. A comma between digits is part of a number; `;` always parts."""
    parts = re.split(r"[;\n]" if ";" in text or "\n" in text else r"(?<!\d),|,(?!\d)", text)
    found: dict[str, str] = {}
    for part in parts:
        plain = " ".join(part.split())
        if plain:
            found.setdefault(same(plain), plain)
    return list(found.values())


def same(value: str) -> str:
    """Equal for two spellings of one choice: `250g` and `250 G`."""
    return "".join(value.split()).casefold()
