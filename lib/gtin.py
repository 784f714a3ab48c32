"""Barcodes of goods: GTIN-8, -12 (UPC), -13 (EAN) and -14, whose last digit is computed from the others (GS1)."""

LENGTHS = frozenset({8, 12, 13, 14})


def is_valid(text: str) -> bool:
    if len(text) not in LENGTHS or not (text.isascii() and text.isdigit()):
        return False
    digits = [int(digit) for digit in reversed(text)]
    return sum(digit * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10 == 0
