"""Files at rest, of any size: AES-GCM in chunks, so that neither writing nor reading holds more than one of them.

Each file has a key of its own, derived from one of the named keys and a salt in its head. The number of a chunk, and
whether it is the last, are in its nonce: chunks that were swapped, left out or cut off do not open.
"""

import base64
import io
import os
from collections.abc import Sequence
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lib.secrets import CannotOpen

MAGIC = b"coopshop-sealed1"
SALT = 32
NAME = 16  # bytes for the name of the key, padded with nothing
HEAD = len(MAGIC) + NAME + SALT
CHUNK = 64 * 1024
TAG = 16


class Keys:
    """Named keys, `id:base64(32 bytes)`, newest first, as lib.secrets.new_key makes them; the first one seals."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = {}
        for key in keys:
            name, _, body = key.partition(":")
            if not 0 < len(name.encode()) <= NAME or len(base64.b64decode(body)) != 32:
                raise ValueError("keys must be a list of id:base64 keys of 32 bytes")
            self._keys[name.encode()] = base64.b64decode(body)
        self.newest = next(iter(self._keys))

    def cipher(self, name: bytes, salt: bytes) -> AESGCM:
        """Raises CannotOpen for an unknown name."""
        try:
            key = self._keys[name]
        except KeyError as error:
            raise CannotOpen(f"no key named {name!r}") from error
        return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=MAGIC).derive(key))


class SealingWriter:
    """Seals what is written and passes it to `file`. What was not closed does not open."""

    def __init__(self, file: BinaryIO, keys: Keys) -> None:
        salt = os.urandom(SALT)
        self._file = file
        self._cipher = keys.cipher(keys.newest, salt)
        self._held = bytearray()
        self._number = 0
        file.write(MAGIC + keys.newest.ljust(NAME, b"\0") + salt)

    def write(self, data: bytes) -> int:
        self._held += data
        while len(self._held) > CHUNK:  # not >=: the last chunk is known when the file is closed
            self._seal(bytes(self._held[:CHUNK]), is_last=False)
            del self._held[:CHUNK]
        return len(data)

    def flush(self) -> None:
        return None

    def close(self) -> None:
        self._seal(bytes(self._held), is_last=True)

    def _seal(self, chunk: bytes, *, is_last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, is_last), chunk, None))
        self._number += 1


class SealedReader(io.RawIOBase):
    """Reads and seeks in a sealed file as if it were not. Raises CannotOpen for an unknown key and for damage."""

    def __init__(self, file: BinaryIO, keys: Keys) -> None:
        head = file.read(HEAD)
        body = file.seek(0, io.SEEK_END) - HEAD
        self._chunks = -(-body // (CHUNK + TAG))
        if not head.startswith(MAGIC) or body < TAG:
            raise CannotOpen("not a sealed file")
        self._file = file
        self._cipher = keys.cipher(head[len(MAGIC) : len(MAGIC) + NAME].rstrip(b"\0"), head[-SALT:])
        self._size = body - self._chunks * TAG
        self._at = 0
        self._number, self._chunk = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = max(0, {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence] + offset)
        return self._at

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        if self._at >= self._size:
            self._open(self._chunks - 1)  # an end that was cut off is no end
            return 0
        number, start = divmod(self._at, CHUNK)
        piece = self._open(number)[start : start + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def _open(self, number: int) -> bytes:
        if number != self._number:
            self._file.seek(HEAD + number * (CHUNK + TAG))
            sealed = self._file.read(CHUNK + TAG)
            try:
                self._chunk = self._cipher.decrypt(_nonce(number, number == self._chunks - 1), sealed, None)
            except InvalidTag as error:
                raise CannotOpen(f"chunk {number} is damaged") from error
            self._number = number
        return self._chunk

    def close(self) -> None:
        self._file.close()
        super().close()


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])
