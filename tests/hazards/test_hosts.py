"""A1, A2: which shop a request is for says its Host header alone, to the letter. Against a real gunicorn, byte by byte:
a test client would tidy the headers up."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.db import connections

from tests.plugin import FOLDER, number_of_worker

ROOT = Path(__file__).resolve().parent.parent.parent
KOPI, BATIK = b"kopi-gayo.localhost", b"batik-lasem.localhost"
HOSTILE = [
    b"", b" ", b".", b"..", b"*", b"evil.example", b"evil.example:80", b"127.0.0.1", b"127.1", b"0x7f000001", b"[::1]",
    b"[::ffff:127.0.0.1]", b"[kopi-gayo.localhost]", b"kopi-gayo", b"kopi-gayo.localhost.evil.example",
    b"evil.example#kopi-gayo.localhost", b"evil.example/kopi-gayo.localhost", b"evil.example?kopi-gayo.localhost",
    b"evil.example\\kopi-gayo.localhost", b"kopi-gayo.localhost@evil.example", b"evil.example@kopi-gayo.localhost",
    b"user:secret@kopi-gayo.localhost", b"kopi-gayo.localhost:80@evil.example", b"kopi-gayo.localhost:evil",
    b"kopi-gayo.localhost:", b"kopi-gayo.localhost:-1", b"kopi-gayo.localhost..",
    b".kopi-gayo.localhost", b"www.kopi-gayo.localhost", b"x.kopi-gayo.localhost", b"kopi-gayo.localhost,evil.example",
    b"kopi-gayo.localhost batik-lasem.localhost", b"kopi-gayo.localhost\tx", b"kopi-gayo.localhost\x00",
    b"kopi-gayo.localhost%00", b"kopi-gayo.localhost%2eevil.example", b"kopi%2dgayo.localhost", b"kopi_gayo.localhost",
    "kоpi-gayo.localhost".encode(), "kopi‑gayo.localhost".encode(), "kopi-gayo。localhost".encode(),
    "ｋopi-gayo.localhost".encode(), b"xn--kpi-gayo-9jg.localhost", b"k\xf6pi-gayo.localhost", b"t_kopigayo.localhost",
    b"public.localhost", b"localhost.localhost", b"a" * 300 + b".localhost", b"' OR 1=1 --", b"${jndi:ldap://x}",
    b"kopi-gayo.localhost'; DROP SCHEMA public; --", b"../kopi-gayo.localhost", b"<script>",
]  # fmt: skip
THE_SAME = [
    KOPI, b"KOPI-GAYO.LOCALHOST", b"Kopi-Gayo.localhost:8000", b"kopi-gayo.localhost:80", b"kopi-gayo.localhost.",
    b"kopi-gayo.localhost:99999999",
]  # fmt: skip
TELLING = [
    b"X-Forwarded-Host: %s", b"X-Host: %s", b"X-Forwarded-Server: %s", b"Forwarded: host=%s", b"X-Original-Host: %s",
    b"X-Original-URL: http://%s/", b"X-Rewrite-URL: http://%s/", b"X-HTTP-Host-Override: %s", b"Origin: http://%s",
    b"Referer: http://%s/", b"X-Forwarded-Port: 80\r\nX-Forwarded-Host: %s", b"X-Tenant: %s", b"X_Forwarded_Host: %s",
    b"X-Forwarded-For: %s", b"X-Forwarded-Proto: https\r\nX-Forwarded-Host: %s",
]  # fmt: skip


@pytest.fixture(scope="module")
def gunicorn(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[int]:
    """The port of the web server as it is deployed, with the test's own database."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with django_db_blocker.unblock():
        own = connections["default"].settings_dict
    place = {"host": own["HOST"] or own["OPTIONS"].get("host", ""), "user": own["USER"] or "postgres"}
    if own["PORT"]:
        place["port"] = own["PORT"]
    if own["PASSWORD"]:
        place["password"] = own["PASSWORD"]
    told = {
        **os.environ, "DATABASE_URL": f"postgres:///{own['NAME']}?{urlencode(place)}", "BIND": f"127.0.0.1:{port}",
        "WEB_WORKERS": "1", "WEB_THREADS": "4", "STATIC_MANIFEST": "", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    log = FOLDER / f"hosts-{number_of_worker()}.log"
    with log.open("w") as lines:
        program = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py"], cwd=ROOT, env=told, stderr=lines,
        )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and program.poll() is None:
            with suppress(OSError):
                if b" 200 " in ask(port, b"GET /readyz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"):
                    break
            time.sleep(0.1)
        assert program.poll() is None, log.read_text()
        yield port
    finally:
        program.terminate()
        program.wait(30)


def ask(port: int, request: bytes) -> bytes:
    """Everything that comes back until the server hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        wire.sendall(request)
        said = b""
        with suppress(ConnectionError, TimeoutError):
            while part := wire.recv(65536):
                said += part
        return said


def get(port: int, host: bytes, *lines: bytes, target: bytes = b"/") -> bytes:
    head = [b"GET %s HTTP/1.1" % target, b"Host: %s" % host, *lines, b"Connection: close", b"", b""]
    return ask(port, b"\r\n".join(head))


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0  # 0: it hung up


def shops_in(answer: bytes) -> set[str]:
    return {name for name in ("Kopi Gayo", "Batik Lasem") if name.encode() in answer}


@pytest.mark.parametrize("host", HOSTILE)
def test_a01_a_hostile_host_reaches_no_shop(host: bytes, gunicorn: int) -> None:
    answer = get(gunicorn, host)
    assert status(answer) in (0, 400, 404, 410)
    assert shops_in(answer) == set()
    assert b"evil.example" not in answer


@pytest.mark.parametrize("host", THE_SAME)
def test_a01_another_spelling_of_a_name_is_the_same_shop_or_none(host: bytes, gunicorn: int) -> None:
    answer = get(gunicorn, host)
    assert (status(answer), shops_in(answer)) in [(200, {"Kopi Gayo"}), (301, set()), (400, set()), (404, set())]
    if host == KOPI:
        assert status(answer) == 200


@pytest.mark.parametrize("line", TELLING)
def test_a02_no_other_header_chooses_the_shop_or_gets_into_a_link(line: bytes, gunicorn: int) -> None:
    there = get(gunicorn, KOPI, line % BATIK)
    assert shops_in(there) <= {"Kopi Gayo"}
    assert status(there) in (0, 200, 301, 400)
    assert BATIK not in there
    evil = get(gunicorn, KOPI, line % b"evil.example")
    assert b"evil.example" not in evil
    assert shops_in(get(gunicorn, b"tidak-ada.localhost", line % KOPI)) == set()


@pytest.mark.parametrize(
    "request_line",
    [b"GET http://batik-lasem.localhost/ HTTP/1.1", b"GET //batik-lasem.localhost/ HTTP/1.1",
     b"GET http://batik-lasem.localhost:80/x HTTP/1.1", b"GET batik-lasem.localhost HTTP/1.1",
     b"GET http://user@batik-lasem.localhost/ HTTP/1.1"],
)  # fmt: skip
def test_a01_the_address_in_the_request_line_does_not_choose_the_shop(request_line: bytes, gunicorn: int) -> None:
    answer = ask(gunicorn, request_line + b"\r\nHost: kopi-gayo.localhost\r\nConnection: close\r\n\r\n")
    assert shops_in(answer) <= {"Kopi Gayo"}
    assert status(answer) in (0, 200, 301, 400, 404)


@pytest.mark.parametrize(
    "hosts",
    [(KOPI, BATIK), (BATIK, KOPI), (KOPI, b"evil.example"), (b"evil.example", KOPI), (KOPI, KOPI), (b"", KOPI)],
)
def test_a01_two_host_headers_are_refused(hosts: tuple[bytes, bytes], gunicorn: int) -> None:
    first, second = hosts
    answer = ask(gunicorn, b"GET / HTTP/1.1\r\nHost: %s\r\nHost: %s\r\nConnection: close\r\n\r\n" % (first, second))
    assert status(answer) in (0, 400, 404)
    assert shops_in(answer) == set()


@pytest.mark.parametrize(
    "head",
    [b"GET / HTTP/1.1\r\nHost : kopi-gayo.localhost", b"GET / HTTP/1.1\r\n Host: kopi-gayo.localhost",
     b"GET / HTTP/1.1\r\nHost: evil.example\r\n kopi-gayo.localhost", b"GET / HTTP/1.0", b"GET / HTTP/1.1",
     b"GET / HTTP/1.1\r\nHost: evil.example\nHost: kopi-gayo.localhost"],
)  # fmt: skip
def test_a01_a_malformed_or_missing_host_reaches_no_shop(head: bytes, gunicorn: int) -> None:
    answer = ask(gunicorn, head + b"\r\nConnection: close\r\n\r\n")
    assert status(answer) in (0, 400, 404)
    assert shops_in(answer) == set()


def test_a01_each_request_of_one_connection_is_for_its_own_host(gunicorn: int) -> None:
    """Kept-alive connections, and threads that served another shop just before."""
    line = b"GET / HTTP/1.1\r\nHost: %s\r\n\r\n"
    with socket.create_connection(("127.0.0.1", gunicorn), timeout=10) as wire:
        for host, shop in [(KOPI, "Kopi Gayo"), (BATIK, "Batik Lasem"), (KOPI, "Kopi Gayo")]:
            wire.sendall(line % host)
            said = b""
            while not said.rstrip().endswith(b"</html>"):
                said += wire.recv(65536)
            assert shops_in(said) == {shop}
        wire.sendall(line % b"evil.example")
        assert status(wire.recv(65536)) == 404
