"""Feeds for shopping services, held against the limits that these services state."""

import gc
import re
import tracemalloc
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import shop
from catalog.models import Picture, Product, Variant
from storefront import feeding
from storefront.views import feeds
from tenants.context import in_tenant
from tests import make
from tests.browsing import BATIK, Browser

pytestmark = pytest.mark.django_db
G = "{http://base.google.com/ns/1.0}"
ORIGIN = "http://kopi-gayo.localhost:8000"
DATE = r"\d{4}-\d\d-\d\dT\d\d:\d\d[+-]\d\d:\d\d"
URL = r"http://kopi-gayo\.localhost:8000/[!-~]*"
# field -> (most in an item, what it looks like, most characters); as Google Merchant Center states them
GOOGLE = {
    "id": (1, r"[A-Za-z0-9_-]+", 50),
    "title": (1, r".+", 150),
    "description": (1, r"(?s).+", 5_000),
    "link": (1, URL, 2_000),
    "image_link": (1, URL + r"\.(jpe?g|webp|png|gif|bmp|tiff?)", 2_000),
    "additional_image_link": (10, URL, 2_000),
    "availability": (1, "in_stock|out_of_stock|preorder|backorder", 20),
    "availability_date": (1, DATE, 25),
    "price": (1, r"[1-9]\d*\.00 IDR", 30),
    "condition": (1, "new|refurbished|used", 11),
    "brand": (1, r".+", 70),
    "gtin": (1, r"\d{8}|\d{12,14}", 14),
    "identifier_exists": (1, "no", 2),
    "item_group_id": (1, r"[A-Za-z0-9_-]+", 50),
    "product_type": (1, r".+", 750),
    "shipping_weight": (1, r"[1-9]\d* g", 20),
    **dict.fromkeys(("color", "size", "material", "pattern"), (1, r".+", 100)),
}
META = {
    **{name: limit for name, limit in GOOGLE.items() if name != "identifier_exists"},
    "id": (1, r"[A-Za-z0-9_-]+", 100),
    "title": (1, r".+", 200),
    "description": (1, r"(?s)[^<>]+", 9_999),
    "additional_image_link": (20, URL, 2_000),
    "availability": (1, "in stock|out of stock|available for order|preorder|discontinued", 20),
    "price": (1, r"[1-9]\d* IDR", 30),
    "quantity_to_sell_on_facebook": (1, r"\d+", 9),
}
NEEDED = {"id", "title", "description", "availability", "condition", "price", "link", "image_link", "brand"}
LONGEST_LINE = 5_242_880  # bytes, Meta
MOST_BYTES = 4 * 1024**3  # Google


def read(path: str, browser: Browser | None = None) -> list[dict[str, list[str]]]:
    """The items of a feed, each checked against what its service allows."""
    page = (browser or Browser()).get(path)
    assert page.status_code == 200
    assert page["Content-Type"] == "application/xml; charset=utf-8"
    text = page.getvalue()
    assert len(text) < MOST_BYTES
    assert max(len(line) for line in text.split(b"\n")) < LONGEST_LINE
    root = ElementTree.fromstring(text)  # noqa: S314 - our own
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    assert [root.findtext(f"channel/{name}") is not None for name in ("title", "link", "description")] == [True] * 3
    items = [_fields(node) for node in root.iterfind("channel/item")]
    limits = GOOGLE if "google" in path else META
    for item in items:
        _check(item, limits)
    assert len({item["id"][0] for item in items}) == len(items)
    return items


def _fields(node: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for child in node:
        assert child.tag.startswith(G)
        found.setdefault(child.tag.removeprefix(G), []).append(child.text or "")
    return found


def _check(item: dict[str, list[str]], limits: dict[str, tuple[int, str, int]]) -> None:
    assert item.keys() >= NEEDED
    assert item.keys() <= limits.keys()
    for name, values in item.items():
        most, shape, longest = limits[name]
        assert len(values) <= most, name
        for value in values:
            assert len(value) <= longest, name
            assert re.fullmatch(shape, value), (name, value)
    if item["availability"][0] in ("preorder", "backorder", "available for order"):
        assert "availability_date" in item


def listed(**about: Any) -> Product:
    product = make.product(**about)
    give_photo(product)
    return product


def give_photo(product: Product, *, number: int = 0, width: int = 1200, height: int = 1200) -> Picture:
    picture = Picture.objects.create(
        product=product, alt="Foto", position=number, sha256=f"{product.pk}-{number}", width=width, height=height
    )
    Picture.objects.filter(pk=picture.pk).update(image=f"{'0' * 32}/products/{product.pk}-{number}.webp")
    return Picture.objects.get(pk=picture.pk)


@pytest.mark.parametrize("path", ["/umpan/google.xml", "/umpan/meta.xml"])
def test_an_item_says_what_its_page_says(kopi, path):
    product = listed(price=65_000)
    Variant.objects.update(barcode="8992761136024")
    (item,) = read(path)
    page = Browser().get(item["link"][0].removeprefix(ORIGIN)).text
    assert item["link"] == [ORIGIN + product.get_absolute_url()]
    assert item["title"][0] in page
    assert item["description"] == [product.description]
    assert item["image_link"] == [ORIGIN + product.pictures.get().image.url]
    assert f'content="{item["price"][0].split()[0].removesuffix(".00")}"' in page
    assert (item["brand"], item["gtin"], item["condition"]) == (["Koperasi Kopi Gayo"], ["8992761136024"], ["new"])
    assert (item["product_type"], item["shipping_weight"]) == (["Kopi"], ["250 g"])
    assert "item_group_id" not in item


def test_the_two_services_write_prices_and_stock_in_their_own_words(kopi):
    listed(price=65_000, on_hand=7)
    (google,), (meta,) = read("/umpan/google.xml"), read("/umpan/meta.xml")
    assert (google["price"], google["availability"]) == (["65000.00 IDR"], ["in_stock"])
    assert (meta["price"], meta["availability"]) == (["65000 IDR"], ["in stock"])
    assert meta["quantity_to_sell_on_facebook"] == ["7"]
    assert (google["identifier_exists"], "identifier_exists" in meta) == (["no"], False)


@pytest.mark.breaks("I12")
@pytest.mark.parametrize(
    ("changes", "on_hand", "google", "meta", "starts"),
    [
        ({}, 0, "out_of_stock", "out of stock", None),
        ({"min_per_order": 5}, 4, "out_of_stock", "out of stock", None),
        ({"preorder_date": "2026-12-24"}, 3, "preorder", "preorder", "2026-12-24T00:00+07:00"),
        ({"preorder_date": "2026-11-23"}, 3, "in_stock", "in stock", None),
        ({"made_to_order": True, "lead_days": 2, "daily_capacity": 5}, 0, "backorder", "available for order",
         "2026-11-25T00:00+07:00"),
    ],
)  # fmt: skip
def test_how_soon_it_can_be_had(kopi, changes, on_hand, google, meta, starts):
    listed(on_hand=on_hand)
    Product.objects.update(**changes)
    for path, words in (("/umpan/google.xml", google), ("/umpan/meta.xml", meta)):
        (item,) = read(path)
        assert item["availability"] == [words]
        assert item.get("availability_date", [None])[0] == starts


def test_choices_are_items_of_one_group(kopi):
    product = listed(options=("Merah", "Biru"))
    Product.objects.update(axis1="Warna")
    first, second = read("/umpan/google.xml")
    assert first["item_group_id"] == second["item_group_id"] == [f"p{product.pk}"]
    assert (first["color"], second["color"]) == (["Merah"], ["Biru"])
    assert first["title"] == ["Kopi Arabika Gayo Merah"]
    assert first["link"][0].endswith(f"?v={product.variants.order_by('position')[0].pk}")
    product.variants.filter(option1="Biru").update(is_active=False)
    (left,) = read("/umpan/google.xml")
    assert "item_group_id" not in left


def test_the_longest_that_can_be_written_keeps_within_the_limits(kopi):
    product = listed(title="K" * 120, options=("Ukuran dua puluh hur", "Lain"))
    Product.objects.update(description="Panjang sekali. " * 2_000, title_en="L" * 120, slug="s" * 140)
    Variant.objects.update(option2="Pilihan kedua dua pu")
    for number in range(1, 30):
        give_photo(product, number=number)
    for path in ("/umpan/google.xml", "/umpan/meta.xml", "/en/umpan/google.xml", "/en/umpan/meta.xml"):
        assert len(read(path)) == 2
    assert len(read("/umpan/google.xml")[0]["additional_image_link"]) == 10
    assert len(read("/umpan/meta.xml")[0]["additional_image_link"]) == 20


def test_hostile_texts_are_texts(kopi):
    hostile = "</g:title><item>&amp;\x00\x0b\ud800]]> \ufffe😀"
    listed(title="Kopi")
    Product.objects.update(title=hostile.replace("\x00", "").replace("\ud800", ""), description="\x0b")
    (item,) = read("/umpan/google.xml")
    assert item["title"] == ["</g:title><item>&amp;]]> 😀"]
    assert item["description"] == item["title"]


@pytest.mark.parametrize(("width", "height", "count"), [(500, 500, 1), (499, 1200, 0), (1200, 499, 0)])
def test_a_photo_that_services_refuse_is_none(kopi, width, height, count):
    product = make.product()
    assert read("/umpan/google.xml") == []
    give_photo(product, width=width, height=height)
    assert len(read("/umpan/meta.xml")) == count


def test_the_photo_of_a_choice_comes_first(kopi):
    product = listed(options=("a", "b"))
    own = give_photo(product, number=1)
    product.variants.filter(option1="b").update(picture=own)
    plain, chosen = read("/umpan/google.xml")
    assert plain["image_link"] == chosen["additional_image_link"]
    assert chosen["image_link"] == [ORIGIN + own.image.url]


def test_what_is_not_on_sale_is_not_in_it(kopi, batik):
    listed(title="Draf", state=Product.State.DRAFT)
    hidden = listed(title="Tersembunyi")
    Product.objects.filter(pk=hidden.pk).update(state=Product.State.PAUSED)
    lacking = listed(title="Tanpa izin")
    Product.objects.filter(pk=lacking.pk).update(lacks="pirt")
    assert read("/umpan/google.xml") == []
    listed(title="Kopi")
    assert len(read("/umpan/google.xml")) == 1
    assert read("/umpan/google.xml", Browser(BATIK)) == []


def test_english_where_it_was_written(kopi):
    listed(title="Kopi Gayo")
    listed(title="Gula Aren")
    Product.objects.filter(title="Kopi Gayo").update(title_en="Gayo Coffee", description_en="From our members.")
    titles = [item["title"][0] for item in read("/en/umpan/meta.xml")]
    assert titles == ["Gayo Coffee", "Gula Aren"]
    assert read("/en/umpan/meta.xml")[0]["link"][0].startswith(f"{ORIGIN}/en/produk/")


def test_the_lowest_price_that_everybody_gets(kopi):
    product = listed(price=65_000)
    Variant.objects.update(member_price=50_000)
    assert read("/umpan/meta.xml")[0]["price"] == ["65000 IDR"]
    product.variants.get().steps.create(from_quantity=3, price=60_000)
    assert read("/umpan/meta.xml")[0]["price"] == ["65000 IDR"]
    Product.objects.update(min_per_order=3)
    assert read("/umpan/meta.xml")[0]["price"] == ["60000 IDR"]


def test_ever_more_products_need_no_more_memory_and_a_few_queries_each_batch(kopi, monkeypatch):
    monkeypatch.setattr(feeding, "BATCH", 40)
    shop.fill(400, categories=2, members=2)

    def begin(number: int) -> Iterator[str]:
        on_sale = Product.objects.order_by("pk").values_list("pk", flat=True)[:number]
        Product.objects.update(state=Product.State.PAUSED)
        Product.objects.filter(pk__in=list(on_sale)).update(state=Product.State.LIVE)
        return feeding.feed(feeding.GOOGLE, cooperative=kopi, now=make.NOW)

    def weighed(number: int) -> tuple[int, int]:
        pieces = begin(number)
        tracemalloc.start()
        items = 0
        for piece in pieces:
            items += piece.count("<item>")
            gc.collect()  # rows that point at each other wait for it
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return items, most

    def asked(number: int) -> int:
        pieces = begin(number)
        with CaptureQueriesContext(connection) as captured:
            list(pieces)
        return len(captured)

    few, many = weighed(80), weighed(400)
    assert (few[0], many[0]) == (80, 400)
    assert many[1] < 1.3 * few[1]
    assert (asked(400) - asked(80)) / 8 == asked(40) - asked(0)  # each further batch as much as the first


def test_between_two_pieces_the_thread_stands_where_it_stood(kopi, batik, monkeypatch):
    monkeypatch.setattr(feeding, "BATCH", 1)
    for number in range(3):
        listed(title=f"Kopi {number}")
    with in_tenant(batik):
        for _piece in feeding.feed(feeding.META, cooperative=kopi, now=make.NOW):
            assert connection.schema_name == batik.schema_name


def test_few_are_begun_at_once(kopi, monkeypatch):
    monkeypatch.setattr(feeds, "MOST_AT_ONCE", 2)
    statuses = [Browser().get("/umpan/google.xml").status_code for _time in range(3)]
    assert statuses == [200, 200, 503]
    assert Browser().get("/umpan/google.xml")["Retry-After"] == "30"
    assert Browser().get("/umpan/meta.xml").status_code == 200
    assert Browser(BATIK).get("/umpan/google.xml").status_code == 200


def test_a_preorder_ends_on_its_day(kopi):
    listed()
    Product.objects.update(preorder_date=make.NOW.date() + timedelta(days=1))
    assert read("/umpan/google.xml")[0]["availability"] == ["preorder"]
