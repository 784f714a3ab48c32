"""PostgreSQL's CSV, read record by record: it tells nothing (NULL) from empty text, which Python's reader does not."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import models

FIELD = re.compile(r'("(?:[^"]|"")*"|[^,]*)(,|$)', re.DOTALL)
NOTHING = ""
EMPTY = '""'
WHOLE_NUMBERS = (models.IntegerField, models.AutoField)  # and what follows from them, large and small ones


def records(file: Iterable[bytes]) -> Iterator[list[str]]:
    """Each record as its fields stand there, quotes and all. Holds one record at a time."""
    pending = ""
    for line in file:
        pending += line.decode()
        if pending.count('"') % 2 == 0:  # an odd one: a line break within quotes
            yield _fields(pending.removesuffix("\n"))
            pending = ""


def line(fields: list[str]) -> bytes:
    """The way back from `records`."""
    return (",".join(fields) + "\n").encode()


def text(field: str) -> str | None:
    """What a field says; None for nothing."""
    if field.startswith('"'):
        return field[1:-1].replace('""', '"')
    return field if field != NOTHING else None


def value(field: str, column: "models.Field[Any, Any]") -> Any:
    """As Python has it: whole numbers, yes and no, and JSON as such; moments and all else as text."""
    said = text(field)
    if said is None:
        return None
    target = column.target_field if isinstance(column, models.ForeignKey) else column
    if isinstance(target, models.BooleanField):
        return said == "t"
    if isinstance(target, WHOLE_NUMBERS):
        return int(said)
    if isinstance(target, models.JSONField):
        return json.loads(said)
    if isinstance(target, models.DateTimeField):
        return datetime.fromisoformat(said).isoformat()
    return said


def _fields(record: str) -> list[str]:
    if '"' not in record:
        return record.split(",")
    found = []
    for match in FIELD.finditer(record):
        found.append(match[1])
        if not match[2]:
            break
    return found
