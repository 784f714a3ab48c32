"""Mail that goes into a folder instead of into the world: one folder per cooperative."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail.backends import filebased
from django.db import connection

# Between two letters that one connection wrote into a file; such a line inside a letter is followed by no header.
SEPARATOR = re.compile(rb"\n-{79}\n(?=Content-Type:|\Z)")


@dataclass(frozen=True, kw_only=True)
class Letter:
    sent: str
    to: str
    subject: str
    text: str


class EmailBackend(filebased.EmailBackend):
    """Django's own, in the folder of the schema in which the mail is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "file_path": str(folder())})


def folder() -> Path:
    return Path(settings.EMAIL_FILE_PATH) / connection.schema_name


def newest(limit: int = 50) -> list[Letter]:
    """The letters of the cooperative in whose schema we stand, newest first."""
    files = sorted(folder().glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    return [letter for path in files[:limit] for letter in _letters(path)][:limit]


def _letters(path: Path) -> Iterator[Letter]:
    for raw in SEPARATOR.split(path.read_bytes()):
        if not raw.strip():
            continue
        message = message_from_bytes(raw.lstrip(), policy=policy.default)
        body = message.get_body(preferencelist=("plain", "html"))
        yield Letter(
            sent=message["Date"] or "",
            to=message["To"] or "",
            subject=message["Subject"] or "",
            text=body.get_content() if body else "",
        )
