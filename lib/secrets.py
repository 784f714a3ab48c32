"""Provider and channel credentials at rest: AES-GCM, bound to the place they are stored in.

The associated data is `schema|table|row|field`, so a ciphertext copied to another cooperative, row or field does
not open. Keys come from the environment (`CREDENTIAL_KEYS`), newest first, never from SECRET_KEY.
"""

import base64
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class CannotOpen(Exception):
    """Unknown key, damaged text, or stored somewhere else than it was sealed for."""


class Safe:
    """Seals and opens with a list of `id:base64(32 bytes)` keys; the first one seals."""

    def __init__(self, keys: Sequence[str]) -> None:
        pairs = [key.partition(":") for key in keys]
        if not pairs or any(not ident or not body for ident, _, body in pairs):
            raise ValueError("CREDENTIAL_KEYS must be a list of id:base64 keys of 32 bytes")
        self._keys = {ident: AESGCM(base64.b64decode(body)) for ident, _, body in pairs}
        self._newest = pairs[0][0]

    def seal(self, text: str, *, place: str) -> str:
        """Encrypt `text` for `place` (schema|table|row|field)."""
        nonce = os.urandom(NONCE)
        sealed = self._keys[self._newest].encrypt(nonce, text.encode(), place.encode())
        return f"{self._newest}:{base64.b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, place: str) -> str:
        """Decrypt what `seal` made for the same `place`. Raises CannotOpen: never returns a guess."""
        ident, _, body = sealed.partition(":")
        try:
            raw = base64.b64decode(body, validate=True)
            return self._keys[ident].decrypt(raw[:NONCE], raw[NONCE:], place.encode()).decode()
        except (KeyError, ValueError, InvalidTag) as error:
            raise CannotOpen(place) from error


def new_key(ident: str) -> str:
    """A fresh key in the form that CREDENTIAL_KEYS takes."""
    return f"{ident}:{base64.b64encode(AESGCM.generate_key(bit_length=256)).decode()}"
