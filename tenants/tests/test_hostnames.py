"""A host name as people type it becomes the one that DNS knows, or is refused for a reason."""

import pytest

from tenants import hostnames
from tenants.hostnames import BadName


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("kopigayo.co.id", "kopigayo.co.id"),
        ("KopiGayo.CO.ID", "kopigayo.co.id"),
        (" kopigayo.co.id. ", "kopigayo.co.id"),
        ("kopigayo.co.id:8443", "kopigayo.co.id"),
        ("https://KopiGayo.co.id.:443/produk/?a=b#c", "kopigayo.co.id"),
        ("www.kopigayo.co.id", "www.kopigayo.co.id"),
        ("bücher.de", "xn--bcher-kva.de"),
        ("xn--bcher-kva.de", "xn--bcher-kva.de"),
        ("ＫＯＰＩ.com", "kopi.com"),
        ("kopi。com", "kopi.com"),
        ("кофе.рф", "xn--e1ajmy.xn--p1ai"),
        ("コーヒー珈琲.jp", "xn--tck2c4fb4166fgsa.jp"),
        ("a" * 63 + ".com", "a" * 63 + ".com"),
    ],
)
def test_what_people_type_is_brought_into_one_form(typed, name):
    assert hostnames.normalised(typed) == name


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "malformed"), (".", "malformed"), ("a..com", "malformed"), ("-a.com", "malformed"),
        ("a-.com", "malformed"),
        ("kopi gayo.com", "malformed"), ("_dmarc.kopi.com", "malformed"), ("*.kopi.com", "malformed"),
        ("user@kopi.com", "malformed"), ("kopi.com:port", "malformed"), ("kopi\x00.com", "malformed"),
        ("kopi\r\nHost: x.com", "malformed"), ("kopi.com..", "malformed"), ("xn--a.com", "malformed"),
        ("a" * 64 + ".com", "malformed"), (".".join(["a" * 60] * 4) + ".com", "malformed"),
        ("\u202ekopi.com", "malformed"),
        ("127.0.0.1", "address"), ("127.1", "address"), ("10.0.0.1:80", "address"), ("0x7f.1", "address"),
        ("2130706433", "address"), ("[::1]", "address"), ("http://[::ffff:127.0.0.1]:80/", "address"),
        ("kopi", "one_label"), ("kopi.", "one_label"),
        ("localhost", "special"), ("kopi.localhost", "special"), ("kopi.local", "special"), ("db.internal", "special"),
        ("co.id", "anybodys"), ("my.id", "anybodys"), ("desa.id", "anybodys"), ("com.my", "anybodys"),
        ("github.io", "anybodys"), ("kopi.github.io", "anybodys"),
        ("k\u043epi.com", "mixed_scripts"), ("xn--kpi-jed.com", "mixed_scripts"), ("kopi\u03b1.com", "mixed_scripts"),
    ],
)  # fmt: skip
def test_what_is_no_domain_of_ones_own_is_refused(typed, reason):
    with pytest.raises(BadName) as refused:
        hostnames.normalised(typed)
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("kopi-gay0.com", "kopi-gayo.com"),
        ("kop1-gayo.com", "kopi-gayo.com"),
        ("kopl-gayo.com", "kopi-gayo.com"),
        ("rnadu.com", "madu.com"),
        ("vvarung.com", "warung.com"),
        ("xn--kop-tma.com", "kopi.com"),  # kopí
        ("xn--l1adgc.com", "copm.com"),  # all Cyrillic
        ("masuk.kopi-gay0.com", "kopi-gayo.com"),
    ],
)
def test_names_that_the_eye_takes_for_each_other(name, other):
    assert hostnames.looks_like(name, other)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("kopi-gayo.com", "kopi-gayo.com"),
        ("toko.kopi-gayo.com", "kopi-gayo.com"),
        ("kopigayo.com", "kopi-gayo.com"),
        ("kopi-gayo.id", "kopi-gayo.com"),
        ("batik.com", "kopi.com"),
    ],
)
def test_names_that_are_simply_different_or_the_same(name, other):
    assert not hostnames.looks_like(name, other)
