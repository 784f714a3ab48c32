"""The home page is what officers arranged, in the visitor's language, with the goods that are on sale now."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Product
from pages import blocks
from pages.models import Block
from tenants.models import Cooperative
from tests import make
from tests.browsing import BATIK, Browser

pytestmark = pytest.mark.django_db
HOSTILE = "</h1><script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def arrange(kopi, *wanted):
    """The home page with exactly these blocks: (kind, content)."""
    Block.objects.all().delete()
    for place, (kind, content) in enumerate(wanted):
        Block.objects.create(kind=kind, position=place, content=content)


def titles(page):
    return [product.title for part in page.context["parts"] for product in part.products]


def test_a_new_shop_has_a_page_that_speaks_for_it(kopi, visitor):
    Cooperative.objects.filter(pk=kopi.pk).update(story_id="Sepuluh keluarga di tepi danau.", regency="Aceh Tengah")
    make.product(title="Kopi Wine")
    page = visitor.get("/")
    assert [part.kind for part in page.context["parts"]] == ["banner", "collection", "collection", "story"]
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page.text) == [kopi.name]
    assert page.text.count("Sepuluh keluarga di tepi danau.") >= 2  # in the banner and in the story
    assert "Kopi Wine" in page.text


def test_blocks_come_in_their_order_and_hidden_ones_do_not(kopi, visitor):
    arrange(kopi, ("text", {"title_id": "Satu"}), ("banner", {"title_id": "Dua"}), ("text", {"title_id": "Tiga"}))
    Block.objects.filter(position=2).update(is_shown=False)
    page = visitor.get("/").text
    assert page.index("Satu") < page.index("Dua")
    assert "Tiga" not in page


@pytest.mark.parametrize(
    ("wanted", "heading"),
    [
        ([("banner", {"title_id": "Panen"})], "Panen"),
        ([("text", {"text_id": "x"}), ("banner", {}), ("banner", {"title_id": "Kedua"})], "Koperasi Kopi Gayo"),
        ([("text", {"text_id": "x"})], "Koperasi Kopi Gayo"),
        ([("collection", {"source": "chosen"})], "Koperasi Kopi Gayo"),
    ],
)
def test_a_page_has_one_heading_of_the_first_order_whatever_is_on_it(kopi, visitor, wanted, heading):
    arrange(kopi, *wanted)
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", visitor.get("/").text) == [heading]


def test_collections_show_what_officers_asked_for(kopi, visitor):
    coffee, honey = make.category("Kopi"), make.category("Madu")
    gayo, wine, forest = (
        make.product(title=title, in_category=category)
        for title, category in (("Gayo", coffee), ("Wine", coffee), ("Hutan", honey))
    )
    Product.objects.filter(pk=gayo.pk).update(sold=5)
    Product.objects.filter(pk=forest.pk).update(sold=9)
    for content, expected in (
        ({"source": "newest", "count": 2}, ["Hutan", "Wine"]),
        ({"source": "popular"}, ["Hutan", "Gayo"]),
        ({"source": "category", "category": coffee.pk}, ["Wine", "Gayo"]),
        ({"source": "chosen", "products": [gayo.pk, forest.pk]}, ["Gayo", "Hutan"]),
        ({"source": "chosen", "products": [999, "x", wine.pk]}, ["Wine"]),
        ({"source": "category", "category": 999}, []),
        ({"source": "unknown"}, ["Hutan", "Wine", "Gayo"]),
    ):
        arrange(kopi, ("collection", content))
        assert titles(visitor.get("/")) == expected, content


def test_what_is_no_longer_on_sale_leaves_the_collection(kopi, visitor):
    product = make.product(title="Gayo")
    arrange(kopi, ("collection", {"source": "chosen", "products": [product.pk], "title_id": "Pilihan"}))
    assert "Pilihan" in visitor.get("/").text
    Product.objects.filter(pk=product.pk).update(state=Product.State.DRAFT)
    assert "Pilihan" not in visitor.get("/").text


def test_a_block_speaks_the_visitors_language_and_says_where_it_cannot(kopi, visitor):
    arrange(kopi, ("text", {"title_id": "Panen", "title_en": "Harvest", "text_id": "Bulan Oktober."}))
    page = visitor.get("/en/").text
    assert "Harvest" in page
    assert '<div class="prose-shop mt-3" lang="id"><p>Bulan Oktober.</p></div>' in page
    assert "#languages" in page  # the note that it has not been translated
    assert "Harvest" not in visitor.get("/").text


def test_a_button_leads_to_the_page_in_the_visitors_language_and_never_elsewhere(kopi, visitor):
    arrange(kopi, ("banner", {"title_id": "Panen", "button_id": "Lihat", "link": "/kategori/kopi/"}))
    assert '<a class="btn btn-accent" href="/kategori/kopi/">Lihat</a>' in visitor.get("/").text
    assert 'href="/en/kategori/kopi/"' in visitor.get("/en/").text
    for elsewhere in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        arrange(kopi, ("banner", {"title_id": "Panen", "button_id": "Lihat", "link": elsewhere}))
        assert "evil" not in visitor.get("/").text
        assert "javascript:" not in visitor.get("/").text


def test_hostile_words_are_words(kopi, visitor):
    said = {f"{name}_{language}": HOSTILE for name in ("title", "text", "alt", "button") for language in ("id", "en")}
    said |= {"picture": f"face/{'x' * 32}-1280.webp", "link": "/cari/"}
    arrange(kopi, *((kind, said) for kind in ("banner", "story", "text", "map")), ("banner", said))
    Cooperative.objects.filter(pk=kopi.pk).update(address=HOSTILE, holiday_note=HOSTILE, holiday_from="2026-11-01")
    page = visitor.get("/").text
    assert page.count("&lt;script&gt;") > 8
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize("content", [[], "x", {"picture": "../../etc/passwd"}, {"count": None}, {"products": None}])
def test_content_that_no_form_of_ours_wrote_breaks_no_page(kopi, visitor, content):
    for kind in Block.Kind.values:
        arrange(kopi, (kind, content))
        page = visitor.get("/")
        assert page.status_code == 200
        assert "passwd" not in page.text


def test_a_place_is_shown_by_links_that_tell_nobody_who_reads(kopi, visitor):
    Cooperative.objects.filter(pk=kopi.pk).update(address="Jl. Kopi 1", latitude="4.62345", longitude="96.84712")
    arrange(kopi, ("map", {}))
    page = visitor.get("/").text
    assert 'href="https://www.google.com/maps/search/?api=1&amp;query=4.62345%2C96.84712"' in page
    assert 'href="https://www.openstreetmap.org/?mlat=4.62345&amp;mlon=96.84712&amp;zoom=16"' in page
    fetched = re.findall(r'<(?:img|iframe|script|link)[^>]*(?:src|href)="(https?://[^"/]+)', page)
    assert set(fetched) == {"http://kopi-gayo.localhost:8000"}


def test_a_collection_costs_two_questions_however_many_goods_it_has(kopi, visitor):
    for number in range(10):
        make.product(title=f"Kopi {number}")

    def asked():
        with CaptureQueriesContext(connection) as captured:
            visitor.get("/")
        return len(captured)

    arrange(kopi, ("text", {"text_id": "x"}))
    visitor.get("/")
    alone = asked()
    for count in (1, 3):
        arrange(kopi, *[("collection", {"source": "newest", "count": 8})] * count)
        assert asked() == alone + 2 * count


def test_the_home_page_of_one_shop_is_not_that_of_another(kopi, batik, visitor):
    arrange(kopi, ("text", {"title_id": "Hanya di Gayo"}))
    assert "Hanya di Gayo" in visitor.get("/").text
    assert "Hanya di Gayo" not in Browser(BATIK).get("/").text


def test_a_change_of_the_arrangement_shows_at_once(kopi, visitor):
    assert "Panen raya" not in visitor.get("/").text
    blocks.write(key=str(blocks.add(kind="text").pk), content={"title_id": "Panen raya"}, cooperative=kopi)
    assert "Panen raya" in visitor.get("/").text
