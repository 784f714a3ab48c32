"""Sealed files give back what was written, and nothing when a bit of them changed."""

import io

import pytest

from lib.encrypting import CHUNK, HEAD, TAG, CannotOpen, Keys, SealedReader, SealingWriter
from lib.secrets import new_key

KEYS = Keys([new_key("2026")])


def sealed(data: bytes, keys: Keys = KEYS) -> bytes:
    file = io.BytesIO()
    writer = SealingWriter(file, keys)
    for start in range(0, len(data), 10_000):
        writer.write(data[start : start + 10_000])
    writer.close()
    return file.getvalue()


def opened(data: bytes, keys: Keys = KEYS) -> bytes:
    return io.BufferedReader(SealedReader(io.BytesIO(data), keys)).read()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17])
def test_what_was_written_is_read(size):
    data = bytes(number % 251 for number in range(size))

    assert opened(sealed(data)) == data
    assert len(sealed(data)) == HEAD + size + TAG * max(1, -(-size // CHUNK))


def test_any_place_is_read_without_the_rest():
    data = bytes(number % 251 for number in range(3 * CHUNK))
    reader = io.BufferedReader(SealedReader(io.BytesIO(sealed(data)), KEYS))

    reader.seek(-20, io.SEEK_END)
    assert reader.read() == data[-20:]
    reader.seek(CHUNK - 5)
    assert reader.read(10) == data[CHUNK - 5 : CHUNK + 5]


def test_the_text_is_nowhere_in_it_and_no_two_are_alike():
    data = b"Aman Dimot, Bebesen. " * 1000

    assert b"Dimot" not in sealed(data)
    assert sealed(data) != sealed(data)


def test_a_changed_bit_a_missing_end_and_swapped_chunks_do_not_open():
    whole = sealed(bytes(3 * CHUNK))
    step = CHUNK + TAG
    flipped = bytearray(whole)
    flipped[HEAD + step + 9] ^= 1
    first, second = whole[HEAD : HEAD + step], whole[HEAD + step : HEAD + 2 * step]
    for damaged in (
        bytes(flipped),
        whole[: HEAD + 2 * step],
        whole[:-1],
        whole[:HEAD] + second + first + whole[HEAD + 2 * step :],
        whole[:HEAD],
        b"PK" + whole[2:],
    ):
        with pytest.raises(CannotOpen):
            opened(damaged)


def test_older_keys_open_and_unknown_ones_do_not():
    old, new = new_key("old"), new_key("new")
    data = sealed(b"x", Keys([old]))

    assert opened(data, Keys([new, old])) == b"x"
    with pytest.raises(CannotOpen):
        opened(data, Keys([new]))
    with pytest.raises(CannotOpen):
        opened(data, Keys([new_key("old")]))


@pytest.mark.parametrize("keys", [["short:YWJj"], ["noname"], [":" + new_key("x")[2:]], [new_key("x" * 17)]])
def test_keys_that_are_none_are_refused(keys):
    with pytest.raises(ValueError):
        Keys(keys)
