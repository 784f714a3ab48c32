"""Pictures that a file names: in a ZIP or in a folder. A name is looked up as it is written, and else by its last part,
because sellers write where the file lies on their own machine."""

import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from catalog.photos import MOST_BYTES, BadPhoto

MOST_ENTRIES = 50_000


class BadArchive(Exception):
    """Not a ZIP that can be read; the message says why."""


class Names:
    """Names of pictures, and what stands for each."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        every = list(names)
        self.found = {_last(name): name for name in reversed(every)} | {_whole(name): name for name in every}

    @classmethod
    def of(cls, file: IO[bytes]) -> "Names":
        """Those of a ZIP. Raises BadArchive."""
        try:
            with zipfile.ZipFile(file) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise BadArchive(_("Ini bukan berkas ZIP yang utuh.")) from error
        if len(entries) > MOST_ENTRIES:
            raise BadArchive(_("ZIP ini berisi terlalu banyak berkas."))
        return cls(entry.filename for entry in entries if not entry.is_dir())

    def __contains__(self, name: str) -> bool:
        return bool(self.entry(name))

    def entry(self, name: str) -> str:
        """The entry that is meant by `name`; empty: none."""
        return self.found.get(_whole(name)) or self.found.get(_last(name), "")


class Zipped:
    """An open ZIP of pictures. Raises BadArchive."""

    def __init__(self, file: IO[bytes]) -> None:
        self.names = Names.of(file)
        self.archive = zipfile.ZipFile(file)

    def read(self, name: str) -> bytes:
        """A picture, not unpacked further than a photo may be large. Raises BadPhoto."""
        entry = self.names.entry(name)
        if not entry:
            raise BadPhoto(_("Foto “%(name)s” tidak ditemukan.") % {"name": name[:80]})
        try:
            with self.archive.open(entry) as packed:
                return packed.read(MOST_BYTES + 1)
        except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError) as error:
            raise BadPhoto(_("Foto “%(name)s” di dalam ZIP tidak bisa dibuka.") % {"name": name[:80]}) from error


def names_below(folder: Path | None) -> Names:
    """Those of the files below `folder`."""
    if folder is None or not folder.is_dir():
        return Names()
    return Names(str(path.relative_to(folder)) for path in sorted(folder.rglob("*")) if _is_inside(path, folder))


def read_below(folder: Path, name: str) -> bytes:
    """Raises BadPhoto."""
    entry = names_below(folder).entry(name)
    if not entry:
        raise BadPhoto(_("Foto “%(name)s” tidak ditemukan.") % {"name": name[:80]})
    with (folder / entry).open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _is_inside(path: Path, folder: Path) -> bool:
    return path.is_file() and path.resolve().is_relative_to(folder.resolve())


def _whole(name: str) -> str:
    return name.replace("\\", "/").strip().casefold()


def _last(name: str) -> str:
    return _whole(name).rpartition("/")[2]
