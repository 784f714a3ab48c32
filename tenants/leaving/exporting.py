"""The exit kit of one cooperative is written while it serves: rows of one instant, then its files."""

import csv
import hashlib
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import models

from lib.spreadsheets import cell
from tenants import describing
from tenants.backup.copying import BLOCK, Contents, Table, dump
from tenants.backup.taking import own_connection
from tenants.leaving import fields, rows
from tenants.leaving.kits import CSV, DATABASE, FILES, JSON, Manifest, Writer, written
from tenants.models import Cooperative

READMES = ("README.id.txt", "README.en.txt")
TOLD = (*describing.FIELDS, *describing.FACE, "slug")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # or Excel takes it for another encoding
Progress = Callable[[int], None]  # percent


def export(
    *, cooperative: Cooperative, path: Path, now: datetime, progress: Progress = lambda percent: None
) -> Manifest:
    """Write the kit to `path`. Returns its manifest. Holds BLOCK bytes and one row at a time; needs room on the disk of
    `path` for the rows twice. Others read and write meanwhile. A failure leaves nothing.

    Raises OSError, copying.CannotCopy and what the database raises. The connection that it uses is its own.
    """
    media = Path(settings.MEDIA_ROOT) / cooperative.uid.hex
    with written(path) as writer, tempfile.TemporaryDirectory(dir=path.parent, prefix=".rows-") as aside:
        folder = Path(aside)
        with own_connection(cooperative.server) as connection:
            contents = dump(
                connection,
                cooperative.schema_name,
                into=lambda table: _aside(folder / table, progress),
                leave_out=fields.LEFT_OUT,
            )
        contents = _without_secrets(contents, folder)
        progress(10)
        for name in READMES:
            writer.text(name, Path(__file__).with_name(name).read_text(encoding="utf-8"))
        described = fields.describe()
        writer.text("fields.json", json.dumps(described, ensure_ascii=False, indent=1))
        writer.text("fields.md", fields.as_text(described))
        for number, table in enumerate(contents.tables):
            _write_table(writer, table, folder / table.name)
            progress(10 + 40 * (number + 1) // len(contents.tables))
        _write_files(writer, media, progress)  # after the rows: a photo that they name was there before them
        manifest = Manifest(
            at=now.astimezone(UTC).isoformat(),
            uid=cooperative.uid.hex,
            schema_version=cooperative.schema_version,
            cooperative={name: getattr(cooperative, name) for name in TOLD},
            domains=list(cooperative.domains.order_by("pk").values_list("domain", flat=True)),
            contents=contents,
            entries=writer.entries,
        )
        writer.finish(manifest)
    return manifest


def _aside(path: Path, progress: Progress) -> BinaryIO:
    progress(1)  # who waits sees that somebody is at it
    return path.open("wb")


def _without_secrets(contents: Contents, folder: Path) -> Contents:
    tables = [_blanked(table, folder / table.name) for table in contents.tables]
    return Contents(tables=tables, migrations=contents.migrations, left_out=contents.left_out)


def _blanked(table: Table, path: Path) -> Table:
    blanks = {place: fields.blank(table.name, column) for place, column in enumerate(table.columns)}
    blanks = {place: text for place, text in blanks.items() if text is not None}
    if not blanks:
        return table
    digest, clean = hashlib.sha256(), path.with_name(f"{path.name}.clean")
    with path.open("rb") as old, clean.open("wb") as new:
        for number, record in enumerate(rows.records(old)):
            if number:  # the first one is the header
                record = [str(blanks.get(place, field)) for place, field in enumerate(record)]
            line = rows.line(record)
            digest.update(line)
            new.write(line)
    clean.replace(path)
    return Table(
        name=table.name, columns=table.columns, rows=table.rows, sha256=digest.hexdigest(), counters=table.counters
    )


def _write_table(writer: Writer, table: Table, path: Path) -> None:
    with path.open("rb") as file, writer.entry(f"{DATABASE}{table.name}.csv") as entry:
        while block := file.read(BLOCK):
            entry.write(block)
    model = fields.tables().get(table.name)
    if model is None:  # a table of a library that has no model: only as it is
        return
    columns = {name: field for name, field in fields.columns(model).items() if name in table.columns}
    with writer.entry(f"{CSV}{table.name}.csv") as entry:
        entry.write(BYTE_ORDER_MARK)
        with io.TextIOWrapper(io.BufferedWriter(entry, BLOCK), "utf-8", newline="", write_through=False) as text:
            sheet = csv.writer(text, lineterminator="\r\n")
            sheet.writerow(columns)
            for row in _rows(table, columns, path):
                sheet.writerow([cell(_as_cell(value)) for value in row.values()])
    with writer.entry(f"{JSON}{table.name}.json") as entry:
        before = "[\n"
        for row in _rows(table, columns, path):
            entry.write(f"{before}{json.dumps(row, ensure_ascii=False)}".encode())
            before = ",\n"
        entry.write(b"\n]\n" if before != "[\n" else b"[]\n")


def _rows(table: Table, columns: "dict[str, models.Field[Any, Any]]", path: Path) -> Iterator[dict[str, Any]]:
    places = {column: table.columns.index(column) for column in columns}
    with path.open("rb") as file:
        records = rows.records(file)
        next(records)
        for record in records:
            yield {column: rows.value(record[places[column]], field) for column, field in columns.items()}


def _as_cell(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _write_files(writer: Writer, media: Path, progress: Progress) -> None:
    paths = sorted(Path(folder) / name for folder, _, names in os.walk(media) for name in names)
    paths = [path for path in paths if not any(part.startswith(".") for part in path.relative_to(media).parts)]
    for number, path in enumerate(paths):
        try:
            with (
                path.open("rb") as file,
                writer.entry(f"{FILES}{path.relative_to(media).as_posix()}", packed=False) as to,
            ):
                while block := file.read(BLOCK):
                    to.write(block)
        except FileNotFoundError:  # removed meanwhile by its owner
            continue
        progress(50 + 49 * (number + 1) // len(paths))
