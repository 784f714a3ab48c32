"""Faults that a simulator can be told to show, switchable while it runs.

    faults = Faults(default_prefix="/api/", own={"token_expired": "every access token is refused"})
    install(app, faults)

`install` adds hooks around every request and the control address `/_control/faults`:

    POST [{"fault": "500", "path_prefix": "/api/v2/product/", "times": 2}]   replaces the whole list
    GET      what is switched on, and how often each struck
    DELETE   switches all off

Fields of an entry:
    fault        a name of BEFORE_WORK, AFTER_WORK or the simulator's own
    path_prefix  default: the simulator's `default_prefix`, so that pages and /_control stay usable
    method       only this HTTP method
    times        how often it strikes; without it, until switched off
    skip         let so many matching calls pass first
    seconds      for slow, drip, and own faults that need a duration
    retry_after  the header exactly as given, even nonsense

A simulator's own faults are asked for where they belong: `if faults.strikes("token_expired", path): ...`.
"""

import gzip
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, fields

from flask import Flask, Response, jsonify, request

BEFORE_WORK = {
    "slow": "waits `seconds` (default 5), then works as usual",
    "cut": "closes the connection before any work is done",
    "403": "forbidden",
    "429": "too many requests, optionally with `retry_after`",
    "500": "internal error",
    "503": "not available now, optionally with `retry_after`",
    "502": "a gateway's HTML page instead of JSON",
}
AFTER_WORK = {
    "lost_answer": "does the work, then closes the connection without an answer",
    "cut_mid_body": "does the work, sends half of the answer, then closes the connection",
    "truncated": "does the work, answers with half of the JSON as if that were all",
    "garbage": "does the work, answers 200 with bytes that are not JSON",
    "wrong_type": "does the work, answers the right body as text/html in the wrong charset",
    "huge": "does the work, answers with 50 MB",
    "gzip_bomb": "does the work, answers with 50 MB that travel as 50 kB",
    "drip": "does the work, answers one byte per `seconds` (default 1)",
}
REFUSING = tuple(name for name in BEFORE_WORK if name != "slow")
HUGE_BYTES = 50 * 1024 * 1024
GATEWAY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"


class UnknownFault(ValueError):
    """The list names a fault or a field that this simulator does not have."""


@dataclass
class Fault:
    """One entry of the list. `times` None means until switched off; `hits` counts the strikes."""

    fault: str
    path_prefix: str
    method: str = ""
    times: int | None = None
    skip: int = 0
    seconds: float | None = None
    retry_after: str | None = None
    hits: int = 0


class Faults:
    """The switched-on faults of one simulator. Safe to ask from several threads."""

    def __init__(self, *, default_prefix: str, own: dict[str, str] | None = None) -> None:
        self.default_prefix = default_prefix
        self.known = BEFORE_WORK | AFTER_WORK | (own or {})
        self._lock = threading.Lock()
        self._active: list[Fault] = []

    def switch_on(self, entries: list[dict]) -> None:
        """Replace the whole list; all or nothing. Raises UnknownFault."""
        active = [self._read(entry) for entry in entries]
        with self._lock:
            self._active = active

    def strikes(self, name: str, path: str, *, method: str = "") -> Fault | None:
        """The fault `name` if it strikes this call, counted down by one; else None."""
        return self.first_of((name,), path, method=method)

    def first_of(self, names: tuple[str, ...], path: str, *, method: str = "") -> Fault | None:
        """The first fault among `names` that strikes this call, counted down by one; else None."""
        with self._lock:
            for fault in self._active:
                if fault.fault in names and _matches(fault, path, method) and _count_down(fault):
                    return fault
        return None

    def as_json(self) -> list[dict]:
        with self._lock:
            return [asdict(fault) for fault in self._active]

    def _read(self, entry: object) -> Fault:
        if not isinstance(entry, dict) or entry.get("fault") not in self.known:
            raise UnknownFault(f"unknown fault {entry!r}; known: {', '.join(self.known)}")
        unknown = set(entry) - {field.name for field in fields(Fault)} - {"hits"}
        if unknown:
            raise UnknownFault(f"unknown field {', '.join(sorted(unknown))}")
        return Fault(**{"path_prefix": self.default_prefix, **entry, "hits": 0})


def install(app: Flask, faults: Faults, *, error_body: Callable[[int], tuple[str, str]] | None = None) -> None:
    """Hook `faults` into every request of `app`, and add /_control/faults.

    `error_body(status)` gives (text, content type) of the 403, 429, 500 and 503 answers in the simulator's envelope.
    """
    app.before_request(lambda: _strike_before(faults, error_body or _plain_error))
    app.after_request(lambda answer: _strike_after(faults, answer))
    app.add_url_rule(
        "/_control/faults",
        "control_faults",
        lambda: _control(faults),
        methods=["GET", "POST", "DELETE"],
    )


def _strike_before(faults: Faults, error_body: Callable[[int], tuple[str, str]]) -> Response | None:
    slow = faults.strikes("slow", request.path, method=request.method)
    if slow:
        time.sleep(5 if slow.seconds is None else slow.seconds)
    fault = faults.first_of(REFUSING, request.path, method=request.method)
    if not fault:
        return None
    if fault.fault == "cut":
        _cut()
        return Response(status=500)
    if fault.fault == "502":
        return Response(GATEWAY_PAGE, 502, content_type="text/html")
    text, content_type = error_body(int(fault.fault))
    answer = Response(text, int(fault.fault), content_type=content_type)
    if fault.retry_after is not None:
        answer.headers["Retry-After"] = fault.retry_after
    return answer


def _strike_after(faults: Faults, answer: Response) -> Response:
    fault = faults.first_of(tuple(AFTER_WORK), request.path, method=request.method)
    return _SPOIL[fault.fault](answer, fault) if fault else answer


def _control(faults: Faults) -> Response | tuple[Response, int]:
    if request.method != "GET":
        try:
            faults.switch_on(request.get_json() if request.method == "POST" else [])
        except (UnknownFault, TypeError) as refused:
            return jsonify(error=str(refused)), 400
    return jsonify(active=faults.as_json(), known=faults.known)


def _matches(fault: Fault, path: str, method: str) -> bool:
    return path.startswith(fault.path_prefix) and (not fault.method or fault.method.upper() == method)


def _count_down(fault: Fault) -> bool:
    if fault.skip:
        fault.skip -= 1
        return False
    if fault.times == 0:
        return False
    if fault.times is not None:
        fault.times -= 1
    fault.hits += 1
    return True


def _plain_error(status: int) -> tuple[str, str]:
    return f'{{"error":"fault {status}"}}', "application/json"


def _cut() -> None:
    """Nothing more can be sent; the reset (linger 0) reaches the caller when the server closes the socket."""
    connection = request.environ["werkzeug.socket"]
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.shutdown(socket.SHUT_RDWR)


def _lose(answer: Response, fault: Fault) -> Response:
    _cut()
    return answer


def _cut_mid_body(answer: Response, fault: Fault) -> Response:
    whole = answer.get_data()

    def half() -> Iterator[bytes]:
        yield whole[: len(whole) // 2]
        time.sleep(0.05)  # let the half arrive before the reset
        _cut()
        yield whole[len(whole) // 2 :]

    return _stream(answer, half(), length=len(whole))


def _truncate(answer: Response, fault: Fault) -> Response:
    answer.set_data(answer.get_data()[: len(answer.get_data()) // 2])
    return answer


def _garble(answer: Response, fault: Fault) -> Response:
    answer.set_data(b"\x00\xff\xfe<<not json>>\x80")
    answer.status_code = 200
    return answer


def _mistype(answer: Response, fault: Fault) -> Response:
    answer.headers["Content-Type"] = "text/html; charset=utf-16"
    return answer


def _swell(answer: Response, fault: Fault) -> Response:
    megabyte = b" " * (1024 * 1024)
    return _stream(answer, iter([megabyte] * (HUGE_BYTES // len(megabyte))), length=HUGE_BYTES)


def _bomb(answer: Response, fault: Fault) -> Response:
    answer.set_data(gzip.compress(b" " * HUGE_BYTES))
    answer.headers["Content-Encoding"] = "gzip"
    return answer


def _drip(answer: Response, fault: Fault) -> Response:
    whole = answer.get_data()
    pause = 1 if fault.seconds is None else fault.seconds

    def drops() -> Iterator[bytes]:
        for position in range(len(whole)):
            yield whole[position : position + 1]
            time.sleep(pause)

    return _stream(answer, drops(), length=len(whole))


def _stream(answer: Response, chunks: Iterator[bytes], *, length: int) -> Response:
    answer.response = chunks
    answer.headers["Content-Length"] = str(length)
    return answer


_SPOIL: dict[str, Callable[[Response, Fault], Response]] = {
    "lost_answer": _lose,
    "cut_mid_body": _cut_mid_body,
    "truncated": _truncate,
    "garbage": _garble,
    "wrong_type": _mistype,
    "huge": _swell,
    "gzip_bomb": _bomb,
    "drip": _drip,
}
