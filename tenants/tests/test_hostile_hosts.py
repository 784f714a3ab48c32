"""No made-up Host header reaches a cooperative, and none gets into a page or a link (attacks A1, A2)."""

import pytest

from tenants.models import DomainClaim
from tests import make
from tests.browsing import KOPI, Browser

HOSTILE = [
    "evil.example", "kopi-gayo.localhost.evil.example", "evil.example.localhost", "xkopi-gayo.localhost",
    "kopi-gayo.localhostx", "www.kopi-gayo.localhost", "x.kopi-gayo.localhost", "kopi-gayo.localhost..",
    ".kopi-gayo.localhost", "kopi-gayo..localhost", "kopi-gayo.localhost:80:80", "kopi-gayo.localhost:port",
    "kopi-gayo.localhost:80@evil.example", "evil.example@kopi-gayo.localhost", "kopi-gayo.localhost/evil.example",
    "kopi-gayo.localhost#evil", "kopi-gayo.localhost?evil", "kopi-gayo.localhost\\evil.example",
    "kopi-gayo.localhost evil.example", "kopi-gayo.localhost,evil.example", "kopi-gayo.localhost\tx",
    "kopi-gayo.localhost\x00", "kopi-gayo.localhost%00", "kopi-gayo.localhost%2eevil.example", "kopi_gayo.localhost",
    "kopi–gayo.localhost", "kopi-gayо.localhost", "xn--kopi-gay-5jg.localhost", "kopi-gay0.localhost", "kopi-gayo",
    "127.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]:80", "0x7f000001", "169.254.169.254", "", "*", "*.localhost",
    "' or 1=1 --", "public", "t_000000000000", "_", "a" * 300, "a." * 200 + "localhost", "belum-terbukti.co.id",
]  # fmt: skip
CLAIMS_TO_BE = {
    "HTTP_X_FORWARDED_HOST": "evil.example",
    "HTTP_X_FORWARDED_PORT": "4443",
    "HTTP_X_FORWARDED_SERVER": "evil.example",
    "HTTP_FORWARDED": "host=evil.example;proto=https",
    "HTTP_X_ORIGINAL_URL": "/kelola/",
    "HTTP_X_REWRITE_URL": "/kelola/",
    "HTTP_X_HOST": "evil.example",
}


@pytest.mark.parametrize("host", HOSTILE)
def test_a_made_up_host_reaches_nobody(kopi, host):
    make.variant(title="Kopi Rahasia")
    DomainClaim.objects.create(cooperative=kopi, domain="belum-terbukti.co.id", token="x")
    for path in ("/", "/cari/?q=kopi", "/akun/masuk/", "/kelola/", "/hooks/shopee/"):
        answer = Browser().get(path, HTTP_HOST=host)
        assert answer.status_code in (400, 404), (path, answer.status_code)
        assert "Location" not in answer
        assert "Set-Cookie" not in answer
        text = answer.content.decode()
        assert "Koperasi Kopi Gayo" not in text
        assert "evil.example" not in text


def test_other_headers_change_neither_the_shop_nor_its_links(kopi):
    make.variant(title="Kopi")
    for path in ("/", "/sitemap.xml", "/robots.txt", "/akun/masuk/"):
        plain, claimed = Browser(KOPI).get(path), Browser(KOPI).get(path, **CLAIMS_TO_BE)
        assert (claimed.status_code, claimed.wsgi_request.tenant.pk) == (200, kopi.pk)
        assert "evil.example" not in claimed.text
        assert claimed.text.count(KOPI) == plain.text.count(KOPI)
