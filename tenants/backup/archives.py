"""One backup as a file: a zip with manifest.json, rows as CSV, and the snapshot that its tables were made of.

Pictures are not in it but beside it, once for all backups of the cooperative: a picture never changes under its name,
and 23 copies of each would fill the disk. The manifest names those that belong to it.
"""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from lib.secrets import CannotOpen
from tenants.backup import places
from tenants.backup.copying import BLOCK, CannotCopy, Contents

FORMAT = 1
MANIFEST = "manifest.json"
LEVEL = 1  # of deflate: half the size for a third of the work of the usual 6


class CannotRead(RuntimeError):
    """The file is no backup, is damaged, or is of a format that this code does not know; the message says which."""


@dataclass(frozen=True, kw_only=True)
class File:
    path: str  # below the cooperative's folder in MEDIA_ROOT
    size: int
    sha256: str
    changed_ns: int  # of the original, so that it need not be read again the next night
    stored: str  # below the cooperative's folder in BACKUP_ROOT


@dataclass(frozen=True, kw_only=True)
class Manifest:
    at: str  # ISO, of the instant that the rows are of
    kind: str
    schema_version: str
    cooperative: dict[str, Any]  # the row of the directory, and what refers to it
    domains: list[dict[str, Any]]
    channel_routes: list[dict[str, Any]]
    contents: Contents
    ledger_sha256: str
    files: list[File]
    format: int = FORMAT


class Archive:
    """A backup that is open for reading."""

    def __init__(self, path: Path, content: zipfile.ZipFile) -> None:
        self.path = path
        self._zip = content
        self.manifest = _read_manifest(content)

    def table(self, name: str) -> BinaryIO:
        return cast("BinaryIO", self._zip.open(_member(name)))

    def file(self, file: File) -> BinaryIO:
        """A picture of this backup. Raises FileNotFoundError, CannotOpen."""
        return places.opened(self.path.parent / inside(file.stored))

    def missing(self, file: File) -> str:
        """Why the stored picture is not whole, as far as its size says; nothing when it is."""
        try:
            with self.file(file) as stored:
                return "" if stored.seek(0, io.SEEK_END) == file.size else "has another size"
        except (OSError, CannotOpen) as error:
            return str(error)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """Raises CannotRead, FileNotFoundError."""
    try:
        with places.opened(path) as file, zipfile.ZipFile(file) as content:
            yield Archive(path, content)
    except (zipfile.BadZipFile, CannotOpen, EOFError) as error:
        raise CannotRead(f"{path.name}: {error}") from error


class Writer:
    def __init__(self, content: zipfile.ZipFile) -> None:
        self._zip = content

    @contextmanager
    def table(self, name: str) -> Iterator[Any]:
        with self._zip.open(_member(name), "w", force_zip64=True) as member:
            yield member

    def text(self, name: str, text: str) -> None:
        self._zip.writestr(name, text)

    def finish(self, manifest: Manifest) -> None:
        self.text(MANIFEST, json.dumps(asdict(manifest), default=_plain, indent=1))


@contextmanager
def written(path: Path) -> Iterator[tuple[Writer, places.Writing]]:
    """Write a backup to `path`; it appears when it is complete. Nothing is left by a failure."""
    with (
        places.writing(path) as (file, on_disk),
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as content,
    ):
        yield Writer(content), on_disk


def keep_files(media: Path, backups: Path, *, known: dict[str, File]) -> Iterator[File]:
    """Store what lies below `media` once each, and name it. `known`: what the backup before named, by path."""
    for folder, _, names in os.walk(media):
        for name in names:
            path = Path(folder) / name
            try:
                yield _keep_file(path, str(path.relative_to(media).as_posix()), backups, known)
            except FileNotFoundError:  # removed meanwhile by its owner
                continue


def _keep_file(path: Path, name: str, backups: Path, known: dict[str, File]) -> File:
    there = path.stat()
    before = known.get(name)
    unchanged = before and (before.size, before.changed_ns) == (there.st_size, there.st_mtime_ns)
    if before and unchanged and _is_stored(backups, before):
        return before
    with path.open("rb") as original:
        digest = hashlib.file_digest(original, "sha256").hexdigest()
        stored = f"files/{digest[:2]}/{digest}{places.suffix()}"
        if not (backups / stored).exists():
            original.seek(0)
            with places.writing(backups / stored) as (target, _):
                while block := original.read(BLOCK):
                    target.write(block)
    return File(path=name, size=there.st_size, sha256=digest, changed_ns=there.st_mtime_ns, stored=stored)


def _is_stored(backups: Path, file: File) -> bool:
    """Whether it lies there in the way in which it would be written now."""
    return file.stored.endswith(places.SEALED) == bool(places.suffix()) and (backups / file.stored).exists()


def _read_manifest(content: zipfile.ZipFile) -> Manifest:
    try:
        data = json.loads(content.read(MANIFEST))
        if data["format"] != FORMAT:
            raise CannotRead(f"format {data['format']} is not known to this code, which writes {FORMAT}")
        data["contents"] = Contents.from_json(data["contents"])
        data["files"] = [File(**file) for file in data["files"]]
        return Manifest(**data)
    except (KeyError, TypeError, ValueError, CannotCopy) as error:
        raise CannotRead(f"{MANIFEST} is not that of a backup: {error!r}") from error


def _plain(value: object) -> str:
    """Not Django's encoder: it cuts microseconds off."""
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _member(table: str) -> str:
    return f"tables/{table}.csv"


def inside(name: str) -> PurePosixPath:
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise CannotRead(f"{name} leads out of its folder")
    return path
