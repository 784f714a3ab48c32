"""Addresses that strangers type lead to the public internet or nowhere."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from lib import fetching
from lib.http import NotSent, TooLarge


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",  # noqa: S104
        "169.254.169.254",
        "100.64.0.1", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "2002:7f00:1::", "2002:a00:1::", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1",
        "fec0::1", "100::1", "2001:0:7f00:1::80ff:fffe", "fe80::1%eth0", "nonsense", "",
    ],
)  # fmt: skip
def test_an_address_of_a_network_of_our_own_is_not_public(ip):
    assert not fetching.is_public(ip)


@pytest.mark.parametrize("ip", ["8.8.8.8", "1.1.1.1", "103.28.12.1", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_an_address_of_the_internet_is_public(ip):
    assert fetching.is_public(ip)


@pytest.mark.parametrize(
    "address",
    [
        "", "kopi.png", "ftp://x.example/a.png", "file:///etc/passwd", "gopher://x.example/", "javascript:alert(1)",
        "http://", "http:///a.png", "//x.example/a.png", "http://user:pass@x.example/a.png", "http://x.example:22/a.png",
        "http://x.example:6379/", "https://x.example:8443/a.png", "http://127.0.0.1/", "http://2130706433/",
        "http://0x7f.1/", "http://017700000001/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://localhost/",
        "http://127.1/", "http://0/", "http://[fe80::1%25lo]/", "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1:80/", "http://[64:ff9b::7f00:1]/", "data:image/png;base64,AAAA",
    ],
)  # fmt: skip
def test_what_is_not_public_is_not_asked(address, monkeypatch):
    real = socket.getaddrinfo
    public = [(socket.AF_INET, 1, 6, "", ("8.8.8.8", 80))]
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda name, *rest, **o: public if "example" in name else real(name, *rest, **o)
    )
    monkeypatch.setattr(fetching, "_ask", lambda *args: pytest.fail("asked"))
    with pytest.raises((fetching.NotPublic, NotSent)):
        fetching.fetch(address, most_bytes=100)


def test_one_address_of_a_name_that_is_not_public_is_enough(monkeypatch):
    found = [(socket.AF_INET, 1, 6, "", (ip, 80)) for ip in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: found)
    monkeypatch.setattr(fetching, "_ask", lambda *args: pytest.fail("asked"))
    with pytest.raises(fetching.NotPublic):
        fetching.fetch("http://two-faces.example/a.png", most_bytes=100)


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch):
    """A name that answers otherwise the second time (DNS rebinding) is not asked a second time."""
    asked = []
    found = [(socket.AF_INET, 1, 6, "", ("8.8.8.8", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **options: asked.append(args) or found)
    monkeypatch.setattr(
        fetching,
        "_ask",
        lambda target, headers, extensions, most, end: (200, "", f"{target} {headers} {extensions}".encode()),
    )
    told = fetching.fetch("https://x.example/a.png?b=1", most_bytes=1000).decode()
    assert told == "https://8.8.8.8/a.png?b=1 {'Host': 'x.example'} {'sni_hostname': 'x.example'}"
    assert len(asked) == 1


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/photo":
            self.answer(200, b"\x89PNG")
        elif self.path == "/large":
            self.answer(200, b"x" * 5000)
        elif self.path == "/moved":
            self.answer(302, b"", location="/photo")
        elif self.path == "/inside":
            self.answer(302, b"", location="http://169.254.169.254/latest/")
        elif self.path == "/round":
            self.answer(302, b"", location="/round")
        else:
            self.answer(404, b"no")

    def answer(self, status, body, location=""):
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def site():
    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)  # noqa: TID251 - knows no tenant
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def loopback_only(ip):
    return ip == "127.0.0.1"


@pytest.mark.parametrize("path", ["/photo", "/moved"])
def test_a_file_is_brought_also_when_it_moved(site, path):
    assert fetching.fetch(site + path, most_bytes=100, is_allowed=loopback_only) == b"\x89PNG"


def test_a_file_larger_than_wanted_is_left(site):
    with pytest.raises(TooLarge):
        fetching.fetch(site + "/large", most_bytes=4999, is_allowed=loopback_only)


def test_a_redirect_to_a_network_of_our_own_is_not_followed(site):
    with pytest.raises(fetching.NotPublic):
        fetching.fetch(site + "/inside", most_bytes=100, is_allowed=loopback_only)


@pytest.mark.parametrize("path", ["/round", "/nothing"])
def test_what_leads_nowhere_is_refused(site, path):
    with pytest.raises(fetching.Refused):
        fetching.fetch(site + path, most_bytes=100, is_allowed=loopback_only)
