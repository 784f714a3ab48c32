"""Where backups lie, and how a file gets there: whole or not at all, and readable by nobody else.

    <BACKUP_ROOT>/<uid>/<moment>-<4 signs>.zip          rows and the manifest (tenants/backup/archives.py)
    <BACKUP_ROOT>/<uid>/files/<2 signs>/<sha256>        pictures, once each, shared by the backups that name them

With settings.BACKUP_KEYS everything is sealed, and `.sealed` stands behind the name.
"""

import fcntl
import hashlib
import io
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings

from lib.encrypting import CHUNK, Keys, SealedReader, SealingWriter
from lib.secrets import CannotOpen

SEALED = ".sealed"
PART = ".part-"  # a file that is being written; what a kill left is removed by the next who holds the folder


class Busy(RuntimeError):
    """Another process works on this folder."""


class Writing:
    """What is written, counted and fingerprinted as it lies on the disk."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes, /) -> int:
        self._file.write(data)
        self._digest.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        self._file.flush()

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def root() -> Path:
    return Path(settings.BACKUP_ROOT)


def folder(uid: uuid.UUID) -> Path:
    return root() / uid.hex


def suffix() -> str:
    """What stands behind the name of a file that is written now."""
    return SEALED if settings.BACKUP_KEYS else ""


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Work on `path` alone. Raises Busy at once. The lock ends with its process, however that ends."""
    _make(path)
    with os.fdopen(os.open(path / ".lock", os.O_WRONLY | os.O_CREAT, 0o600), "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(f"another process works on {path.name}") from error
        for part in path.rglob(f"{PART}*"):
            part.unlink(missing_ok=True)
        yield


@contextmanager
def writing(path: Path) -> Iterator[tuple[Any, Writing]]:
    """Write a file that appears when it is complete and on the disk. Yields where to write, and what was written.

    Sealed when `path` ends so. A failure leaves nothing.
    """
    _make(path.parent)
    part = path.with_name(f"{PART}{uuid.uuid4().hex}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            written = Writing(file)
            if path.name.endswith(SEALED):
                sealing = SealingWriter(cast("BinaryIO", written), _keys(tuple(settings.BACKUP_KEYS)))
                yield sealing, written
                sealing.close()
            else:
                yield written, written
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        sync(path.parent)
    finally:
        part.unlink(missing_ok=True)


def opened(path: Path) -> BinaryIO:
    """Read what `writing` wrote. Raises FileNotFoundError, and lib.secrets.CannotOpen without its key."""
    file = path.open("rb")
    if not path.name.endswith(SEALED):
        return file
    try:
        return io.BufferedReader(SealedReader(file, _keys(tuple(settings.BACKUP_KEYS))), CHUNK)
    except CannotOpen:
        file.close()
        raise


def sha256(path: Path) -> str:
    """Of the file as it lies on the disk."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Names in a folder survive a power cut too."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _make(path: Path) -> None:
    for folder in [*reversed(path.parents), path]:
        if not folder.exists():
            folder.mkdir(exist_ok=True, mode=0o700)


@lru_cache(maxsize=1)
def _keys(keys: tuple[str, ...]) -> Keys:
    return Keys(keys)
