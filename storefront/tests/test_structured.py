"""What search engines read is what stands on the page."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from typing import Any

import pytest

from catalog.models import Product, Variant
from catalog.photos import attach
from orders.models import OrderLine
from reviews import figures
from reviews.models import Review
from storefront.tests.test_page_cache_is_fresh import photo
from tenants import describing
from tests import make
from tests.browsing import Browser

pytestmark = pytest.mark.django_db
ORIGIN = "http://kopi-gayo.localhost:8000"
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


def data_on(browser: Browser, path: str) -> tuple[dict[str, Any], str]:
    """What is said on a page, by its type, and the page as it is read."""
    page = browser.get(path).text
    blocks = [json.loads(block) for block in BLOCK.findall(page)]
    assert all(block["@context"] == "https://schema.org" for block in blocks)
    said = {str(block["@type"]): block for block in blocks}
    return said, " ".join(unescape(re.sub(r"<[^>]+>", " ", BLOCK.sub("", page))).split())


def tag(page: str, name: str) -> str:
    return unescape(re.search(rf'<meta property="{name}" content="([^"]*)">', page)[1])


def in_rupiah(price: str) -> str:
    return "Rp" + f"{int(price):,}".replace(",", ".")


def test_a_product_of_one_choice(visitor):
    product = make.product(price=65_000)
    attach(product=product, data=photo(), alt="Biji kopi", now=make.NOW)
    Variant.objects.update(barcode="8992761136024")
    said, text = data_on(visitor, product.get_absolute_url())
    found = said["Product"]
    assert found["name"] in text
    assert found["description"] in text
    assert found["url"] == ORIGIN + product.get_absolute_url()
    assert found["image"] == [ORIGIN + product.pictures.get().image.url]
    assert visitor.get(found["image"][0].removeprefix(ORIGIN)).status_code == 200
    assert found["sku"] == product.variants.get().sku
    assert found["gtin"] == "8992761136024"
    assert "aggregateRating" not in found
    offer = found["offers"]
    assert offer["@type"] == "Offer"
    assert in_rupiah(offer["price"]) in text
    assert (offer["price"], offer["priceCurrency"]) == ("65000", "IDR")
    assert offer["availability"] == "https://schema.org/InStock"
    assert offer["itemCondition"] == "https://schema.org/NewCondition"
    assert offer["seller"]["name"] == "Koperasi Kopi Gayo"


def test_a_barcode_that_cannot_be_one_is_not_said(visitor):
    product = make.product()
    Variant.objects.update(barcode="8992761136025")
    said, _text = data_on(visitor, product.get_absolute_url())
    assert "gtin" not in said["Product"]
    assert "gtin" not in said["Product"]["offers"]


def test_a_product_of_several_choices(visitor):
    product = make.product(options=("250 g", "1 kg"))
    small, large = product.variants.order_by("position")
    make.change(large, price=230_000)
    make.change(small, price=65_000)
    said, text = data_on(visitor, product.get_absolute_url())
    offer = said["Product"]["offers"]
    assert (offer["@type"], offer["lowPrice"], offer["highPrice"], offer["offerCount"]) == (
        "AggregateOffer", "65000", "230000", 2,
    )  # fmt: skip
    for each in offer["offers"]:
        assert in_rupiah(each["price"]) in text
        page = visitor.get(each["url"].removeprefix(ORIGIN)).text
        assert tag(page, "product:price:amount") == each["price"]
    assert [each["name"] for each in offer["offers"]] == ["Kopi Arabika Gayo 250 g", "Kopi Arabika Gayo 1 kg"]


@pytest.mark.parametrize(
    ("changes", "availability", "starts"),
    [
        ({}, "InStock", None),
        ({"preorder_date": "2026-12-24"}, "PreOrder", "2026-12-24"),
        ({"preorder_date": "2026-11-23"}, "InStock", None),
        ({"made_to_order": True, "lead_days": 3, "daily_capacity": 5}, "MadeToOrder", None),
    ],
)
def test_how_soon_it_can_be_had(visitor, changes, availability, starts):
    product = make.product()
    Product.objects.update(**changes)
    offer = data_on(visitor, product.get_absolute_url())[0]["Product"]["offers"]
    assert offer["availability"] == f"https://schema.org/{availability}"
    assert offer.get("availabilityStarts") == starts


def test_what_is_sold_out_says_so(visitor):
    product = make.product(on_hand=0)
    said, text = data_on(visitor, product.get_absolute_url())
    assert said["Product"]["offers"]["availability"] == "https://schema.org/OutOfStock"
    assert "Habis" in text


def review(product: Product, *, stars: int, text: str, name: str, state: str = Review.State.SHOWN) -> None:
    order = make.order(cart={product.variants.get().pk: 1})
    Review.objects.create(
        line=OrderLine.objects.get(order=order), product=product, stars=stars, text=text, name=name, state=state,
        created_at=datetime(2026, 11, 20, tzinfo=UTC),
    )  # fmt: skip
    figures.set_ratings([product.pk])


def test_reviews_are_those_on_the_page(visitor):
    product = make.product(on_hand=50)
    review(product, stars=5, text="Harum sekali", name="Siti A.")
    review(product, stars=4, text="", name="Budi")
    review(product, stars=1, text="Belum diperiksa", name="Joko", state=Review.State.WAITING)
    said, text = data_on(visitor, product.get_absolute_url())
    rating = said["Product"]["aggregateRating"]
    assert (rating["ratingValue"], rating["reviewCount"]) == ("4.5", 2)
    found = said["Product"]["review"]
    assert {each["author"]["name"] for each in found} == {"Siti A.", "Budi"}
    assert all(each["author"]["name"] in text for each in found)
    assert [each["reviewBody"] for each in found if "reviewBody" in each] == ["Harum sekali"]
    assert {each["datePublished"] for each in found} == {"2026-11-20"}
    assert "Belum diperiksa" not in text


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_way_to_a_page_is_the_one_that_it_shows(visitor, prefix):
    below = make.category("Biji Sangrai", parent=make.category("Kopi"))
    product = make.product(in_category=below)
    home = "Beranda" if not prefix else "Home"
    whole = [
        (home, f"{prefix}/"),
        ("Kopi", f"{prefix}/kategori/kopi/"),
        ("Biji Sangrai", f"{prefix}{below.get_absolute_url()}"),
        (product.title, f"{prefix}{product.get_absolute_url()}"),
    ]
    for path, steps in ((product.get_absolute_url(), whole), (below.get_absolute_url(), whole[:3])):
        said, _text = data_on(visitor, prefix + path)
        found = said["BreadcrumbList"]["itemListElement"]
        assert [(each["name"], each["item"]) for each in found] == [(name, ORIGIN + at) for name, at in steps]
        assert [each["position"] for each in found] == list(range(1, len(steps) + 1))
        for each in found:
            assert visitor.get(each["item"].removeprefix(ORIGIN)).status_code == 200


def test_the_home_page_tells_of_the_cooperative(visitor, kopi):
    describing.describe(
        cooperative_id=kopi.pk, address="Jl. Lebe Kader 12", regency="Kab. Aceh Tengah", province="Aceh",
        phone="+626432123", email="toko@kopi.example", story_id="Petani kopi sejak 1998.",
        week={"0": ["08:00", "16:00"], "5": ["08:00", "12:00"]}, latitude=Decimal("4.62"), longitude=Decimal("96.85"),
    )  # fmt: skip
    said, text = data_on(visitor, "/")
    found = said["['Organization', 'Store']"]
    assert found["name"] in text
    assert (found["url"], found["telephone"], found["email"]) == (f"{ORIGIN}/", "+626432123", "toko@kopi.example")
    assert found["address"]["streetAddress"] in text
    assert found["address"]["addressCountry"] == "ID"
    assert found["geo"] == {"@type": "GeoCoordinates", "latitude": 4.62, "longitude": 96.85}
    assert [(each["dayOfWeek"], each["opens"], each["closes"]) for each in found["openingHoursSpecification"]] == [
        ("Monday", "08:00", "16:00"),
        ("Saturday", "08:00", "12:00"),
    ]
    assert "logo" not in found


def test_the_card_that_chats_show_has_picture_and_price(visitor):
    product = make.product(price=65_000)
    attach(product=product, data=photo(), alt="Biji kopi", now=make.NOW)
    page = visitor.get(product.get_absolute_url()).text
    assert tag(page, "og:type") == "product"
    assert tag(page, "og:title") == "Kopi Arabika Gayo"
    assert tag(page, "og:url") == ORIGIN + product.get_absolute_url()
    assert tag(page, "og:description").startswith("Rp65.000 · ")
    assert (tag(page, "product:price:amount"), tag(page, "product:price:currency")) == ("65000", "IDR")
    image = visitor.get(tag(page, "og:image").removeprefix(ORIGIN))
    assert (image.status_code, image["Content-Type"]) == (200, "image/jpeg")


def test_the_second_page_of_a_shelf_is_a_page_of_its_own(visitor):
    for number in range(30):
        make.product(title=f"Kopi {number}")

    def canonical(path: str) -> str:
        return re.search(r'<link rel="canonical" href="([^"]+)">', visitor.get(path).text)[1]

    assert canonical("/kategori/kopi/") == f"{ORIGIN}/kategori/kopi/"
    assert canonical("/kategori/kopi/?page=2") == f"{ORIGIN}/kategori/kopi/?page=2"
    assert canonical("/kategori/kopi/?page=2&urut=termurah") == f"{ORIGIN}/kategori/kopi/"
    page = visitor.get("/en/kategori/kopi/?page=2").text
    assert f'hreflang="id" href="{ORIGIN}/kategori/kopi/?page=2"' in page
    assert f'hreflang="en" href="{ORIGIN}/en/kategori/kopi/?page=2"' in page
