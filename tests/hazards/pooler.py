"""A pooler as careless as PgBouncer in transaction mode without track_extra_parameters: after each transaction the next
one, whoever's it is, goes to the next server session in turn. It speaks just enough of PostgreSQL's protocol."""

import itertools
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

SSL_REQUEST = 80877103
READY, TERMINATE, SYNC, QUERY = b"Z", b"X", b"S", b"Q"


@dataclass
class Session:
    """One session at the real server."""

    wire: socket.socket
    greeting: bytes
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def careless_pooler(server: tuple[str, int] | str, *, sessions: int = 2, whole: bool = False) -> Iterator[int]:
    """Serve on a free port of 127.0.0.1, which is yielded, with `sessions` sessions at `server` (address or socket).

    With `whole`, as a decent one: each client has a server session to itself.
    """
    with socket.create_server(("127.0.0.1", 0)) as door:
        pooler = _Pooler(server, sessions, whole)
        threading.Thread(target=pooler.serve, args=(door,), daemon=True).start()  # noqa: TID251 - knows no schema
        try:
            yield door.getsockname()[1]
        finally:
            pooler.close()


class _Pooler:
    def __init__(self, server: tuple[str, int] | str, sessions: int, whole: bool) -> None:
        self._server = server
        self._whole = whole
        self._wanted = sessions
        self._sessions: list[Session] = []
        self._turns = itertools.count()
        self._lock = threading.Lock()

    def serve(self, door: socket.socket) -> None:
        with suppress(OSError):  # the door was closed
            while True:
                client, _ = door.accept()
                threading.Thread(target=self._talk, args=(client,), daemon=True).start()  # noqa: TID251

    def close(self) -> None:
        for session in self._sessions:
            session.wire.close()

    def _talk(self, client: socket.socket) -> None:
        with client, suppress(OSError, EOFError):
            start = self._startup(client)
            with self._lock:
                while len(self._sessions) < self._wanted:
                    self._sessions.append(self._open(start))
                own = self._sessions[next(self._turns) % len(self._sessions)]
            client.sendall(own.greeting)
            while True:
                self._one_transaction(client, own if self._whole else None)

    def _startup(self, client: socket.socket) -> bytes:
        while True:
            length = _exactly(client, 4)
            body = _exactly(client, struct.unpack("!I", length)[0] - 4)
            if struct.unpack("!I", body[:4])[0] != SSL_REQUEST:
                return length + body
            client.sendall(b"N")

    def _open(self, start: bytes) -> Session:
        if isinstance(self._server, str):
            wire = socket.socket(socket.AF_UNIX)
            wire.connect(self._server)
        else:
            wire = socket.create_connection(self._server)
        wire.sendall(start)
        return Session(wire, _until_ready(wire))

    def _one_transaction(self, client: socket.socket, own: Session | None) -> None:
        kind, message = _message(client)  # before a session is taken: a client that thinks holds none
        session = own or self._sessions[next(self._turns) % len(self._sessions)]
        with session.lock:
            while True:
                if kind == TERMINATE:
                    raise EOFError
                session.wire.sendall(message)
                if kind in (QUERY, SYNC):
                    answer = _until_ready(session.wire)
                    client.sendall(answer)
                    if answer.endswith(b"I"):  # idle: the transaction is over
                        return
                kind, message = _message(client)


def _until_ready(wire: socket.socket) -> bytes:
    said = b""
    while True:
        kind, message = _message(wire)
        said += message
        if kind == READY:
            return said
        if kind == b"E" and not said:
            raise EOFError


def _message(wire: socket.socket) -> tuple[bytes, bytes]:
    head = _exactly(wire, 5)
    return head[:1], head + _exactly(wire, struct.unpack("!I", head[1:])[0] - 4)


def _exactly(wire: socket.socket, count: int) -> bytes:
    got = b""
    while len(got) < count:
        part = wire.recv(count - len(got))
        if not part:
            raise EOFError
        got += part
    return got
