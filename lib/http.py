"""The one HTTP client for calls that leave the house.

Errors, drawn once:

    CallFailed
    ├── NotSent      we know that the other side did nothing (no connection)
    ├── NoAnswer     sent, and no whole answer came: the work may or may not be done
    └── TooLarge     the answer was longer than we read
"""

import time
from typing import Any

import httpx
from django.db import connection

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
DEADLINE_SECONDS = 15.0
MAX_BYTES = 5 * 1024 * 1024


class CallFailed(Exception):
    """A call that brought no usable answer."""


class NotSent(CallFailed):
    """The other side never saw the request."""


class NoAnswer(CallFailed):
    """The request went out and no whole answer came back in time."""


class TooLarge(CallFailed):
    """The answer is larger than MAX_BYTES."""


class InsideTransaction(RuntimeError):
    """A network call inside a database transaction holds locks for as long as a stranger likes."""


def refuse_inside_transaction(call: str) -> None:
    """For calls that do not go through `Client`, such as a provider's own SDK. Raises InsideTransaction."""
    if connection.in_atomic_block:
        raise InsideTransaction(call)


class Client:
    """httpx with limits: connect 3 s, read 10 s, whole call 15 s, answer 5 MiB, redirects never followed.

    Refuses to work while the database connection is in an atomic block.
    """

    def __init__(self, base_url: str = "", *, transport: httpx.BaseTransport | None = None) -> None:
        timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
        self._client = httpx.Client(
            base_url=base_url, timeout=timeout, follow_redirects=False, transport=transport, trust_env=False
        )

    def request(self, method: str, url: str, **options: Any) -> httpx.Response:
        """One call. Any HTTP status is an answer. Raises NotSent, NoAnswer, TooLarge, InsideTransaction."""
        refuse_inside_transaction(f"{method} {httpx.URL(url).path}")
        started = time.monotonic()
        try:
            with self._client.stream(method, url, **options) as response:
                return self._read(response, started)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise NotSent(_reason(error)) from error
        except httpx.HTTPError as error:
            raise NoAnswer(_reason(error)) from error

    def _read(self, response: httpx.Response, started: float) -> httpx.Response:
        body = bytearray()
        for piece in response.iter_bytes():
            body += piece
            if len(body) > MAX_BYTES:
                raise TooLarge(f"more than {MAX_BYTES} bytes")
            if time.monotonic() - started > DEADLINE_SECONDS:
                raise NoAnswer("deadline passed while reading")
        headers = [(k, v) for k, v in response.headers.multi_items() if k.lower() not in _DECODED]
        return httpx.Response(response.status_code, headers=headers, content=bytes(body), request=response.request)


# The body is handed on decoded, so these would be wrong.
_DECODED = {"content-encoding", "content-length", "transfer-encoding"}


def _reason(error: Exception) -> str:
    # The class only: messages of httpx may carry the address, and addresses may carry tokens.
    return type(error).__name__
