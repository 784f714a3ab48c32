"""The picture beside a link that is passed on."""

import io

import pytest
from PIL import Image

from catalog import photos
from catalog.models import Picture
from pages import share_image
from tenants.models import Cooperative
from tests import make

pytestmark = pytest.mark.django_db


def photo(colour: str = "red") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (900, 900), colour).save(buffer, "JPEG")
    return buffer.getvalue()


def image(answer) -> Image.Image:
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    return Image.open(io.BytesIO(answer.content))


def address(product, language: str = "") -> str:
    return f"{language}/produk/{product.slug}/kartu.jpg"


@pytest.fixture
def product(kopi):
    made = make.product(title="Kopi Gayo", price=65_000)
    photos.attach(product=made, data=photo(), alt="Kopi", now=make.NOW)
    return made


def test_it_is_as_large_as_networks_want_it_and_small_to_send(visitor, product):
    answer = visitor.get(address(product))
    drawn = image(answer)
    assert (drawn.size, drawn.format) == ((1200, 630), "JPEG")
    assert len(answer.content) < 150_000
    red, green, blue = drawn.getpixel((315, 315))
    assert red > 240 and green < 20 and blue < 20


def test_the_price_and_the_name_are_in_it(visitor, product, monkeypatch):
    drawn = []
    monkeypatch.setattr(share_image, "draw", lambda facts: drawn.append(facts) or b"x")
    visitor.get(address(product))
    (facts,) = drawn
    assert (facts.title, facts.price, facts.seller) == ("Kopi Gayo", "Rp65.000", "Budi Santoso")
    assert (facts.shop, facts.host) == ("Koperasi Kopi Gayo", "kopi-gayo.localhost")
    make.change(product.variants.get(), price=70_000)
    visitor.get(address(product))
    assert drawn[1].price == "Rp70.000"


def test_a_span_of_prices_says_from(visitor, kopi, monkeypatch):
    product = make.product(options=("200 g", "500 g"), price=65_000)
    make.change(product.variants.get(option1="500 g"), price=150_000)
    drawn = []
    monkeypatch.setattr(share_image, "draw", lambda facts: drawn.append(facts.price) or b"x")
    visitor.get(address(product))
    visitor.get(address(product, "/en"))
    assert drawn[0] == "mulai Rp65.000"


def test_the_same_is_not_drawn_again_and_whoever_has_it_is_told_so(visitor, product, monkeypatch):
    count = []
    draw = share_image.draw
    monkeypatch.setattr(share_image, "draw", lambda facts: count.append(1) or draw(facts))
    first = visitor.get(address(product))
    assert visitor.get(address(product) + "?utm_source=wa").content == first.content
    unchanged = visitor.get(address(product), headers={"If-None-Match": first["ETag"]})
    assert (unchanged.status_code, unchanged.content, len(count)) == (304, b"", 1)
    make.change(product.variants.get(), price=1_000)
    changed = visitor.get(address(product), headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, len(count)) == (200, 2)
    assert changed["ETag"] != first["ETag"]


@pytest.mark.parametrize("change", ["photo", "colour", "name", "title"])
def test_everything_that_is_in_it_makes_it_another(product, kopi, change):
    def digest() -> str:
        fresh = type(product).objects.prefetch_related("pictures").get(pk=product.pk)
        fresh.photos = list(fresh.pictures.all())
        return share_image.facts_of(fresh, Cooperative.objects.get(pk=kopi.pk)).digest

    before = digest()
    assert digest() == before
    if change == "photo":
        Picture.objects.all().delete()
        photos.attach(product=product, data=photo("blue"), alt="Kopi", now=make.NOW)
    elif change == "title":
        type(product).objects.update(title="Kopi Lain")
    else:
        value = "#7a1f1f" if change == "colour" else "Koperasi Lain"
        Cooperative.objects.filter(pk=kopi.pk).update(**{change: value})
    assert digest() != before


def test_a_photo_that_is_lost_or_no_photo_leaves_a_plain_square(visitor, product):
    picture = product.pictures.get()
    with picture.image.storage.open(picture.image.name, "wb") as file:
        file.write(b"not a photo")
    assert image(visitor.get(address(product))).getpixel((315, 315)) != (255, 0, 0)
    picture.image.storage.delete(picture.image.name)
    make.change(product.variants.get(), price=1_000)
    assert image(visitor.get(address(product))).size == (1200, 630)


@pytest.mark.parametrize("title", ["Kopi ☕️ 咖啡 " * 8, "X" * 120, "Batik\u202e tulis", "<b>Kopi</b> & teh"])
def test_no_title_is_too_long_or_too_strange(kopi, title):
    facts = share_image.Facts(
        title=title, price="Rp1", seller="S" * 80, shop="T" * 80, host="h" * 200, photo="", colour="#1f5c46"
    )
    drawn = Image.open(io.BytesIO(share_image.draw(facts)))
    right_edge = drawn.crop((1160, 100, 1200, 630)).convert("L").getextrema()
    assert right_edge[0] > 230  # nothing runs out of the picture


def test_what_is_not_on_sale_has_none(visitor, product):
    type(product).objects.update(state="paused")
    assert visitor.get(address(product)).status_code == 404
