"""An exit kit as a file: a ZIP with a manifest that names every other entry, its size and its SHA-256.

    manifest.json  README.id.txt  README.en.txt  fields.json  fields.md
    database/<table>.csv    rows as PostgreSQL copies them: what another Coop Shop takes in
    csv/<table>.csv         the same for spreadsheets
    json/<table>.json       the same for programs
    files/...               photos, under the names that the rows have after their first slash

Whoever hands in a kit may be anybody: nothing in it is run, no name in it leads out of its folder, nothing in it is
read further than it says of itself, and what it says of itself is bounded.
"""

import hashlib
import io
import json
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast
from uuid import uuid4

from django.core.serializers.json import DjangoJSONEncoder

from tenants.backup.copying import BLOCK, CannotCopy, Contents

FORMAT = 1
KIND = "coop-shop-exit-kit"
MANIFEST = "manifest.json"
DATABASE, CSV, JSON, FILES = "database/", "csv/", "json/", "files/"
NAME = re.compile(
    r"manifest\.json|README\.(?:id|en)\.txt|fields\.(?:json|md)"
    r"|(?:database|csv)/[a-z0-9_]{1,63}\.csv|json/[a-z0-9_]{1,63}\.json|files(?:/[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}){1,12}"
)
MOST_ENTRIES = 500_000
MOST_MANIFEST = 200 * 1024 * 1024  # bytes
MOST_BYTES = 200 * 1024**3  # of everything, unpacked
MOST_SQUEEZED = 200  # times; rows that repeat are packed to a fiftieth
FREE_BYTES = 1024 * 1024  # small entries may be packed however well


class CannotRead(RuntimeError):
    """The file is no exit kit, is damaged or altered, or asks for more than it may; the message says which."""


class TooNew(CannotRead):
    """The kit was written by a newer release than this."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    name: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    at: str  # ISO, of the instant that the rows are of
    uid: str  # with which names of files begin in the rows
    schema_version: str
    cooperative: dict[str, Any]  # what the cooperative says about itself
    domains: list[str]  # the addresses it had; on another server they are proven anew
    contents: Contents  # of database/
    entries: list[Entry]
    format: int = FORMAT
    kind: str = KIND


class Kit:
    """A kit that is open for reading, every entry of which is as the manifest says."""

    def __init__(self, content: zipfile.ZipFile, manifest: Manifest) -> None:
        self._zip = content
        self.manifest = manifest

    def table(self, name: str) -> BinaryIO:
        return cast("BinaryIO", self._zip.open(f"{DATABASE}{name}.csv"))

    def file(self, entry: Entry) -> BinaryIO:
        return cast("BinaryIO", self._zip.open(entry.name))

    @property
    def files(self) -> list[Entry]:
        return [entry for entry in self.manifest.entries if entry.name.startswith(FILES)]


@contextmanager
def opened(path: Path) -> Iterator[Kit]:
    """Read everything once and compare, then give the kit. Raises CannotRead, TooNew, FileNotFoundError."""
    try:
        with zipfile.ZipFile(path) as content:
            members = _members(content)
            manifest = _manifest(content, members)
            _compare(content, members, manifest)
            yield Kit(content, manifest)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError) as error:
        raise CannotRead(f"{path.name} is no whole ZIP: {error}") from error


class Writer:
    """Entries go in one after the other, each counted and fingerprinted."""

    def __init__(self, content: zipfile.ZipFile) -> None:
        self._zip = content
        self.entries: list[Entry] = []

    @contextmanager
    def entry(self, name: str, *, packed: bool = True) -> Iterator["Counting"]:
        if not NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot be in an exit kit")
        info = zipfile.ZipInfo(name)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        with self._zip.open(info, "w", force_zip64=True) as member:
            counting = Counting(member)
            yield counting
        self.entries.append(Entry(name=name, size=counting.size, sha256=counting.sha256))

    def text(self, name: str, text: str) -> None:
        with self.entry(name) as file:
            file.write(text.encode())

    def finish(self, manifest: Manifest) -> None:
        self._zip.writestr(MANIFEST, json.dumps(asdict(manifest), cls=DjangoJSONEncoder, indent=1))


class Counting(io.RawIOBase):
    """What is written through it, counted and fingerprinted."""

    def __init__(self, file: Any) -> None:
        super().__init__()
        self._file = file
        self._digest = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        piece = bytes(data)
        self._file.write(piece)
        self._digest.update(piece)
        self.size += len(piece)
        return len(piece)

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """Write a kit to `path`, readable by nobody else. It appears when it is whole; a failure leaves nothing."""
    part = path.with_name(f".part-{uuid4().hex}")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            with zipfile.ZipFile(file, "w", compresslevel=6) as content:
                yield Writer(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _members(content: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The entries, if their names and what they say of their sizes may be."""
    infos = content.infolist()
    if len(infos) > MOST_ENTRIES:
        raise CannotRead(f"{len(infos)} entries are more than an exit kit has")
    members = {info.filename: info for info in infos}
    if len(members) != len(infos):
        raise CannotRead("two entries have one name")
    for info in infos:
        _refuse_hostile(info)
    if sum(info.file_size for info in infos) > MOST_BYTES:
        raise CannotRead("it is larger than an exit kit may be when it is unpacked")
    return members


def _refuse_hostile(info: zipfile.ZipInfo) -> None:
    name = info.filename
    if not NAME.fullmatch(name):
        raise CannotRead(f"{name[:200]!r} is no name of an exit kit")
    kind = stat.S_IFMT(info.external_attr >> 16)
    if info.is_dir() or kind not in (0, stat.S_IFREG):
        raise CannotRead(f"{name} is no plain file")
    if info.flag_bits & 0x1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise CannotRead(f"{name} is encrypted or packed in an unusual way")
    if info.file_size > FREE_BYTES and info.file_size > MOST_SQUEEZED * max(info.compress_size, 1):
        raise CannotRead(f"{name} grows more than {MOST_SQUEEZED} times when it is unpacked")


def _manifest(content: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo]) -> Manifest:
    if MANIFEST not in members or members[MANIFEST].file_size > MOST_MANIFEST:
        raise CannotRead(f"there is no usable {MANIFEST}")
    try:
        data = json.loads(content.read(MANIFEST))
        if data["kind"] != KIND:
            raise CannotRead(f"this is a {data['kind']!r} and no exit kit")
        if data["format"] > FORMAT:
            raise TooNew(f"format {data['format']} is newer than this code, which knows {FORMAT}")
        data["contents"] = Contents.from_json(data["contents"])
        data["entries"] = [Entry(**entry) for entry in data["entries"]]
        return Manifest(**data)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, CannotCopy) as error:
        raise CannotRead(f"{MANIFEST} is not that of an exit kit: {error!r}"[:300]) from error


def _compare(content: zipfile.ZipFile, members: dict[str, zipfile.ZipInfo], manifest: Manifest) -> None:
    listed = {entry.name: entry for entry in manifest.entries}
    strange = listed.keys() ^ (members.keys() - {MANIFEST})
    if strange or len(listed) != len(manifest.entries):
        raise CannotRead(f"the manifest does not list what is there: {sorted(strange)[:3]}")
    wanted = {f"{DATABASE}{table.name}.csv" for table in manifest.contents.tables}
    if wanted != {name for name in listed if name.startswith(DATABASE)}:
        raise CannotRead("tables are missing, or there are too many")
    for name, entry in listed.items():
        digest = hashlib.sha256()
        with content.open(name) as member:  # gives no more than the size that was judged above
            while block := member.read(BLOCK):
                digest.update(block)
        if (members[name].file_size, digest.hexdigest()) != (entry.size, entry.sha256):
            raise CannotRead(f"{name} is not what the manifest says")
