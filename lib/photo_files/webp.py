"""WebP: RIFF, chunks of name, length and content, each filled up to an even length (RFC 9649)."""

import re
from collections.abc import Iterator

from lib.photo_files import exif
from lib.photo_files.photo import Photo, broken, moving

MAGIC = re.compile(rb"RIFF....WEBP", re.S)
NEEDED = {b"VP8X", b"ALPH", b"VP8 ", b"VP8L"}
ANIMATION = {b"ANIM", b"ANMF"}
ANIMATED, ALPHA = 0x02, 0x10  # in the first byte of VP8X


def walk(data: bytes) -> Photo:
    """The picture in it. Raises BadPhoto, IndexError where it is cut off."""
    kept, sizes, names, turned = [], [], [], 1
    for name, content in _chunks(data):
        names.append(name)
        if name in ANIMATION or (name == b"VP8X" and content[0] & ANIMATED):
            raise moving()
        if name == b"VP8X":
            content = bytes([content[0] & ALPHA]) + content[1:]
        if name in NEEDED:
            kept.append(name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2))
        elif name == b"EXIF":
            turned = exif.orientation(content.removeprefix(b"Exif\0\0"))
        sizes += _size(name, content)
    if len(set(sizes)) != 1 or not {b"VP8 ", b"VP8L"} & set(names):  # one picture, as large as its canvas
        raise broken()
    body = b"WEBP" + b"".join(kept)
    whole = b"RIFF" + len(body).to_bytes(4, "little") + body
    return Photo(kind="WEBP", width=sizes[0][0], height=sizes[0][1], orientation=turned, data=whole)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, end = 12, 8 + int.from_bytes(data[4:8], "little")
    if end > len(data) or data[end:].strip(b"\0"):
        raise broken()
    while at + 8 <= end:
        name, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if at + 8 + length > end:
            raise broken()
        yield name, data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _size(name: bytes, content: bytes) -> list[tuple[int, int]]:
    if name == b"VP8X":
        return [(1 + int.from_bytes(content[4:7], "little"), 1 + int.from_bytes(content[7:10], "little"))]
    if name == b"VP8 ":
        return [(int.from_bytes(content[6:8], "little") & 0x3FFF, int.from_bytes(content[8:10], "little") & 0x3FFF)]
    if name == b"VP8L":
        bits = int.from_bytes(content[1:5], "little")
        return [(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))]
    return []
