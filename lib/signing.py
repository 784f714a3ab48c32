"""Values that leave the house signed. The salt carries the schema: a token of one cooperative means nothing
to another (docs/adr/0001)."""

from typing import Any

from django.core import signing

from lib.schema import connection


class BadToken(Exception):
    """Forged, expired, of another purpose or of another cooperative."""


def sign(value: Any, *, purpose: str) -> str:
    """A signed, URL-safe token for JSON-able `value`, valid in the present schema and for `purpose` only."""
    return signing.TimestampSigner(salt=_salt(purpose)).sign_object(value, compress=True)


def unsign(token: str, *, purpose: str, max_age: int | None = None) -> Any:
    """The value inside `token`. Raises BadToken; `max_age` in seconds."""
    try:
        return signing.TimestampSigner(salt=_salt(purpose)).unsign_object(token, max_age=max_age)
    except (signing.BadSignature, ValueError) as error:
        raise BadToken(purpose) from error


def _salt(purpose: str) -> str:
    return f"coop_shop:{connection.schema_name}:{purpose}"
