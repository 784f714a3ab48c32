import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import transaction

from lib import http


class Other(BaseHTTPRequestHandler):
    """The other side, well and badly behaved."""

    calls = 0

    def do_GET(self):
        type(self).calls += 1
        getattr(self, self.path.strip("/"))()

    def fine(self):
        self._send(b'{"ok": true}')

    def error(self):
        self._send(b"broken", status=500)

    def redirect(self):
        self.send_response(302)
        self.send_header("Location", "/fine")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def huge(self):
        self._send(b"x" * (http.MAX_BYTES + 1))

    def cut(self):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"half")

    def drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(20):
            time.sleep(0.05)
            self.wfile.write(b"x")
            self.wfile.flush()

    def _send(self, body, status=200):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@contextmanager
def other_side():
    Other.calls = 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Other)
    runner = threading.Thread(target=server.serve_forever, daemon=True)  # noqa: TID251 - no tenant here
    runner.start()
    try:
        yield http.Client(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def client():
    with other_side() as client:
        yield client


@pytest.fixture(autouse=True)
def outside_transactions(django_db_blocker):
    with django_db_blocker.unblock():
        yield


@pytest.mark.parametrize(("path", "status"), [("/fine", 200), ("/error", 500), ("/redirect", 302)])
def test_any_status_is_an_answer_and_redirects_are_not_followed(client, path, status):
    assert client.request("GET", path).status_code == status
    assert Other.calls == 1


def test_a_body_is_handed_on_decoded(client):
    assert client.request("GET", "/fine").json() == {"ok": True}


def test_nobody_listening_means_nothing_was_sent():
    with pytest.raises(http.NotSent):
        http.Client("http://127.0.0.1:9").request("GET", "/fine")


def test_an_answer_that_breaks_off_is_no_answer(client):
    with pytest.raises(http.NoAnswer):
        client.request("GET", "/cut")


def test_an_answer_that_is_too_large_is_not_read(client):
    with pytest.raises(http.TooLarge):
        client.request("GET", "/huge")


def test_an_answer_that_drips_ends_at_the_deadline(client, monkeypatch):
    monkeypatch.setattr(http, "DEADLINE_SECONDS", 0.2)
    started = time.monotonic()
    with pytest.raises(http.NoAnswer):
        client.request("GET", "/drip")
    assert time.monotonic() - started < 0.8


def test_no_call_leaves_while_a_transaction_is_open(client, db):
    with pytest.raises(http.InsideTransaction), transaction.atomic():
        client.request("GET", "/fine")
    assert Other.calls == 0
