"""JPEG: segments, each FF, a code and its length (ISO/IEC 10918-1 annex B)."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from lib.photo_files import exif
from lib.photo_files.photo import BadPhoto, Photo, broken, has_more

MAGIC = re.compile(rb"\xff\xd8\xff")
MOST_SCANS = 40  # of a progressive one; encoders make about ten, and each costs a walk over all its pixels

START, END, SCAN, EXIF, ADOBE, FILLED_UP = 0xD8, 0xD9, 0xDA, 0xE1, 0xEE, 0xFF
FRAMES = {0xC0, 0xC1, 0xC2}  # what cameras make: baseline, extended, progressive
OTHER_FRAMES = {0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF}
ALONE = {END: 2, FILLED_UP: 1}  # without a length; how many bytes they are
TABLES = {0xC4, 0xDB, 0xDD}  # Huffman, quantisation, restart interval
NEEDED = FRAMES | TABLES | {SCAN, ADOBE, END}  # Adobe's says how colours are written
END_OF_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
# Behind the picture cameras put its gain map, a moving picture, or notes of their own (Samsung's end in SEFT)
CAMERA_TAIL = re.compile(rb"\xff\xd8\xff|....ftyp|[\x00\xff]*\Z|.*SEFT\Z", re.S)


def walk(data: bytes) -> Photo:
    """The picture in it. Raises BadPhoto, IndexError where it is cut off."""
    if data[4:6] == b"/*":  # a length that only a script has use for
        raise has_more()
    pieces = list(_segments(data))
    codes = [code for code, _start, _end in pieces]
    frames = [start for code, start, _end in pieces if code in FRAMES]
    if len(frames) != 1 or not 0 < codes.count(SCAN) <= MOST_SCANS:
        raise broken()
    end = pieces[-1][2]
    if not CAMERA_TAIL.match(data, end):
        raise has_more()
    notes = [
        data[start + 10 : stop] for code, start, stop in pieces if code == EXIF and data[start + 4 :][:4] == b"Exif"
    ]
    width, height = _size(data, frames[0])
    return Photo(
        kind="JPEG",
        width=width,
        height=height,
        orientation=exif.orientation(notes[0]) if notes else 1,
        data=data[:2] + b"".join(data[start:stop] for code, start, stop in pieces if code in NEEDED),
    )


def _segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Code, start and end of each, up to the last one."""
    at, code = 2, START
    while code != END:
        if data[at] != 0xFF:
            raise broken()
        code = data[at + 1]
        end = _end(data, at, code)
        yield code, at, end
        at = end


def _end(data: bytes, at: int, code: int) -> int:
    if code in ALONE:
        return at + ALONE[code]
    length = int.from_bytes(data[at + 2 : at + 4], "big")
    end = at + 2 + length
    if code < 0xC0 or code in OTHER_FRAMES or 0xD0 <= code <= START or length < 2 or end > len(data):
        raise broken()
    return _end_of_scan(data, end) if code == SCAN else end


def _size(data: bytes, at: int) -> tuple[int, int]:
    if data[at + 9] == 4:
        raise BadPhoto(_("Warna foto ini untuk percetakan (CMYK). Simpan ulang sebagai RGB."))
    return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")


def _end_of_scan(data: bytes, at: int) -> int:
    found = END_OF_SCAN.search(data, at)
    if found is None:
        raise broken()
    return found.start()
