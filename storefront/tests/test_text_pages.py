"""About, how to order, privacy: there from the first day, at every page's foot."""

import pytest

from pages import writing
from pages.models import Page
from tests.browsing import BATIK, Browser

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", writing.STANDARD)
def test_every_page_leads_to_the_standard_ones(kopi, visitor, slug):
    for path in ("/", "/keranjang/", "/nirwana/"):
        assert f'href="/halaman/{slug}/"' in visitor.get(path).text
    page = visitor.get(f"/halaman/{slug}/")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert "Belum diterjemahkan" not in page.text
    assert visitor.get(f"/en/halaman/{slug}/").status_code == 200


def test_what_officers_write_is_what_visitors_read_and_html_is_only_text(kopi, visitor):
    writing.write("tentang", title_id="Siapa <b>kami</b>", body_id="## Petani\n- satu\n\n<script>alert(1)</script>")
    page = visitor.get("/halaman/tentang/").text
    assert "<h2>Petani</h2><ul><li>satu</li></ul><p>&lt;script&gt;alert(1)&lt;/script&gt;</p>" in page
    assert "Siapa &lt;b&gt;kami&lt;/b&gt;" in page


def test_an_english_reader_of_an_indonesian_page_is_told(kopi, visitor):
    writing.write("tentang", title_id="Siapa kami", body_id="Kami petani.")
    page = visitor.get("/en/halaman/tentang/").text
    assert '<article class="prose-shop" lang="id">' in page
    assert "#languages" in page
    assert "#languages" not in visitor.get("/halaman/tentang/").text.split("</header>")[1]


def test_a_page_of_their_own_is_listed_when_it_is_shown(kopi, visitor):
    slug = writing.add(title="Grosir").slug
    assert visitor.get(f"/halaman/{slug}/").status_code == 404
    writing.write(slug, title_id="Grosir", body_id="Mulai 10 kg.")
    assert visitor.get(f"/halaman/{slug}/").status_code == 200
    for listing in ("/halaman/", "/halaman/privasi/"):
        assert f'href="/halaman/{slug}/"' in visitor.get(listing).text
    Page.objects.filter(slug=slug).update(is_shown=False)
    assert visitor.get(f"/halaman/{slug}/").status_code == 404
    assert "Grosir" not in visitor.get("/halaman/").text


def test_a_page_of_another_shop_is_404(kopi, batik, visitor):
    slug = writing.add(title="Grosir").slug
    writing.write(slug, title_id="Grosir", body_id="Mulai 10 kg.")
    assert Browser(BATIK).get(f"/halaman/{slug}/").status_code == 404
    assert visitor.get("/halaman/tidak-ada/").status_code == 404
