"""The one thing that a picture needs of its EXIF: which way is up. Nothing else of it goes anywhere."""

from typing import Literal

Order = Literal["little", "big"]
ORDERS: dict[bytes, Order] = {b"II": "little", b"MM": "big"}
ORIENTATION = 0x0112
MOST_ENTRIES = 200


def orientation(tiff: bytes) -> int:
    """1 to 8 as EXIF counts; 1, upright, where it is not said or cannot be read (EXIF 2.32, 4.6.4)."""
    order = ORDERS.get(tiff[:2])
    if order is None:
        return 1
    start = _number(tiff, 4, 4, order)
    for index in range(min(_number(tiff, start, 2, order), MOST_ENTRIES)):
        entry = start + 2 + 12 * index
        if _number(tiff, entry, 2, order) == ORIENTATION:
            found = _number(tiff, entry + 8, 2, order)
            return found if 1 <= found <= 8 else 1
    return 1


def _number(tiff: bytes, at: int, length: int, order: Order) -> int:
    return int.from_bytes(tiff[at : at + length], order)
