"""PNG: chunks of length, name, content and checksum (PNG specification, third edition, section 5)."""

import re
import zlib
from collections.abc import Iterator

from lib.photo_files import exif
from lib.photo_files.photo import Photo, broken, has_more, moving

MAGIC = re.compile(rb"\x89PNG\r\n\x1a\n")
NEEDED = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}
ANIMATION = {b"acTL", b"fcTL", b"fdAT"}


def walk(data: bytes) -> Photo:
    """The picture in it. Raises BadPhoto, IndexError where it is cut off."""
    kept, names, turned, at = [data[:8]], [], 1, 8
    for name, end in _chunks(data):
        names.append(name)
        if name in ANIMATION:
            raise moving()
        if name in NEEDED:
            kept.append(data[at:end])
        elif not name[0] & 0x20:  # a capital: no picture without it, and we do not know it
            raise broken()
        elif name == b"eXIf":
            turned = exif.orientation(data[at + 8 : end - 4])
        at = end
    if names[:1] != [b"IHDR"] or names[-1] != b"IEND" or names.count(b"IHDR") > 1 or b"IDAT" not in names:
        raise broken()
    if data[at:].strip(b"\0"):
        raise has_more()
    width, height = int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    return Photo(kind="PNG", width=width, height=height, orientation=turned, data=b"".join(kept))


def _chunks(data: bytes) -> Iterator[tuple[bytes, int]]:
    """Name and end of each, up to the last one."""
    at, view, name = 8, memoryview(data), b""
    while name != b"IEND":
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data) or zlib.crc32(view[at + 4 : end - 4]) != int.from_bytes(view[end - 4 : end], "big"):
            raise broken()
        yield name, end
        at = end
