"""Every page in two languages, and the same page behind the switch."""

import pytest

from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/", "/kategori/kopi/", "/cari/", "/keranjang/", "/akun/pesanan/"])
def test_every_page_exists_in_both_languages(visitor, path):
    make.product()
    assert '<html lang="id"' in visitor.get(path).text
    assert '<html lang="en"' in visitor.get(f"/en{path}").text


def test_the_switch_keeps_page_and_query(visitor):
    make.product()
    assert 'href="/en/kategori/kopi/?urut=termurah"' in visitor.get("/kategori/kopi/?urut=termurah").text
    assert 'href="/kategori/kopi/?urut=termurah"' in visitor.get("/en/kategori/kopi/?urut=termurah").text


def test_a_product_names_its_address_in_each_language(visitor):
    path = make.product().get_absolute_url()
    page = visitor.get(path + "?v=1").text
    base = "http://kopi-gayo.localhost:8000"
    assert f'<link rel="canonical" href="{base}{path}">' in page
    assert f'<link rel="alternate" hreflang="id" href="{base}{path}">' in page
    assert f'<link rel="alternate" hreflang="en" href="{base}/en{path}">' in page
    assert f'<link rel="alternate" hreflang="x-default" href="{base}{path}">' in page


def test_the_story_falls_back_to_indonesian(visitor, kopi):
    kopi.story_id, kopi.story_en = "Cerita kami semua.", ""
    kopi.save(update_fields=["story_id", "story_en"])
    assert "Cerita kami semua." in visitor.get("/en/").text
    kopi.story_en = "The story of all of us."
    kopi.save(update_fields=["story_en"])
    assert "The story of all of us." in visitor.get("/en/").text
    assert "Cerita kami semua." in visitor.get("/").text


def test_the_footer_says_whose_shop_it_is(visitor, kopi):
    kopi.legal_number, kopi.nib, kopi.hours = "AHU-1", "0001", "Senin-Jumat 08.30-16.30"
    kopi.whatsapp, kopi.address = "+6281200000102", "Jalan Takengon"
    kopi.save()
    page = visitor.get("/").text
    for words in ("AHU-1", "0001", "Senin-Jumat 08.30-16.30", "https://wa.me/6281200000102", "Jalan Takengon"):
        assert words in page
