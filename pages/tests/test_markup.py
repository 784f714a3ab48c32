"""What officers write becomes a page, and never anything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.markup import as_html

HOSTILE = "</p><script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Halo", "<p>Halo</p>"),
        ("Halo\ndunia", "<p>Halo<br>dunia</p>"),
        ("Halo\r\n\r\ndunia", "<p>Halo</p><p>dunia</p>"),
        ("## Judul\nteks", "<h2>Judul</h2><p>teks</p>"),
        ("### Kecil", "<h3>Kecil</h3>"),
        ("# Terlalu besar", "<p># Terlalu besar</p>"),
        ("- satu\n- dua", "<ul><li>satu</li><li>dua</li></ul>"),
        ("1. satu\n2) dua", "<ol><li>satu</li><li>dua</li></ol>"),
        ("teks\n- satu", "<p>teks</p><ul><li>satu</li></ul>"),
        ("**tebal** dan ** bukan **", "<p><strong>tebal</strong> dan ** bukan **</p>"),
        ("5 < 6 & 7", "<p>5 &lt; 6 &amp; 7</p>"),
        ("", ""),
        ("\n\n\n", ""),
        ("https://a.example/?a=1&b=2",
         '<p><a href="https://a.example/?a=1&amp;b=2" rel="nofollow">https://a.example/?a=1&amp;b=2</a></p>'),
        ("siti@kopi.example", '<p><a href="mailto:siti@kopi.example">siti@kopi.example</a></p>'),
        ("javascript:alert(1)", "<p>javascript:alert(1)</p>"),
    ],
)  # fmt: skip
def test_the_few_signs_that_mean_something(written, expected):
    assert as_html(written) == expected


@pytest.mark.parametrize("before", ["", "## ", "- ", "1. ", "**", "https://a.example/"])
def test_whatever_looks_like_html_is_text(before):
    html = as_html(before + HOSTILE)
    assert "<script" not in html
    assert "<img" not in html


@given(st.text(alphabet="<>&\"'*#-1. \nahtps:/@=", max_size=60))
def test_no_text_opens_anything_that_we_do_not_write(text):
    html = as_html(text)
    for tag in ("h2", "h3", "p", "ul", "ol", "li", "strong", "a"):
        html = html.replace(f"<{tag}>", "").replace(f"</{tag}>", "")
    for piece in html.split("<")[1:]:
        assert piece.startswith(('a href="', "br>"))
