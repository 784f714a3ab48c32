"""Seller files as sellers make them: any usual encoding and delimiter, several sheets, every spelling of a price. Reads
files into rows of text and text into values, and refuses what can be meant in two ways; knows no database."""

from catalog.reading.tables import Record, Sheet, Unreadable, sheets
from catalog.reading.values import (
    NOTHING,
    BadCell,
    addresses,
    amount_of,
    choice_of,
    date_of,
    decimal_price,
    kept,
    number,
    path,
    pieces,
    plain,
    price,
    steps,
    text,
    weight,
    yes_or_no,
)

__all__ = [
    "NOTHING",
    "BadCell",
    "Record",
    "Sheet",
    "Unreadable",
    "addresses",
    "amount_of",
    "choice_of",
    "date_of",
    "decimal_price",
    "kept",
    "number",
    "path",
    "pieces",
    "plain",
    "price",
    "sheets",
    "steps",
    "text",
    "weight",
    "yes_or_no",
]
