"""Codes that people read out and links that nobody can guess."""

import secrets

# No 0/O, 1/I/L, U/V: a code is read out over the phone.
READABLE = "23456789ABCDEFGHJKMNPQRSTWXYZ"


def readable_code(length: int = 8) -> str:
    """A random code for people, e.g. `7XK4Q2MD`; 8 characters hold about 39 bits."""
    return "".join(secrets.choice(READABLE) for _ in range(length))


def link_token() -> str:
    """128 random bits as text that is safe in an address."""
    return secrets.token_urlsafe(16)
