import pytest
from django.utils import timezone
from PIL import Image

from catalog import picturing, search, shelf
from catalog.models import Category, Picture, Product
from catalog.photos import attach
from inventory import stock
from tests import make


def titles(products):
    return [product.title for product in products]


def test_a_word_of_the_title_finds_the_product_and_its_beginning_does_too(kopi):
    make.product(title="Kopi Arabika Gayo")
    make.product(title="Madu Hutan")
    assert titles(search.find("arabika")) == ["Kopi Arabika Gayo"]
    assert titles(search.find("kopi ara")) == ["Kopi Arabika Gayo"]
    assert titles(search.find("madu")) == ["Madu Hutan"]


def test_a_title_comes_before_a_description(kopi):
    plain = make.product(title="Cangkir")
    Product.objects.filter(pk=plain.pk).update(description="Untuk minum madu hangat")
    make.product(title="Madu Hutan")
    assert titles(search.find("madu")) == ["Madu Hutan", "Cangkir"]


@pytest.mark.parametrize("query", ["", "   ", "!!!", "'; drop table--", "a & b | !c", "x" * 5000, "\x00"])
def test_no_query_breaks_the_search(kopi, query):
    make.product(title="Madu Hutan")
    assert titles(search.find(query)) == []


def test_hidden_products_are_neither_found_nor_shown(kopi):
    make.product(title="Madu Rahasia", state=Product.State.PAUSED)
    assert titles(search.find("madu")) == []
    assert titles(shelf.newest()) == []


def test_a_card_knows_cheapest_price_and_what_can_be_bought(kopi, now):
    product = make.product(title="Kopi", price=50_000, on_hand=4, options=("200 g", "500 g"))
    dear = product.variants.get(option1="500 g")
    make.change(dear, price=120_000)
    stock.reserve(reference="O", wanted={dear.pk: 1}, expires_at=None, now=now)
    (card,) = shelf.newest()
    assert (card.price_from, card.price_to, card.in_stock) == (50_000, 120_000, True)


def test_a_category_shows_what_is_below_it_too(kopi):
    coffee = make.category("Kopi")
    make.product(title="Bubuk", in_category=make.category("Bubuk", parent=coffee))
    make.product(title="Biji", in_category=coffee)
    make.product(title="Batik", in_category=make.category("Batik"))
    assert titles(shelf.in_category(coffee)) == ["Biji", "Bubuk"]
    Category.objects.create(name="Kosong", slug="kosong")
    assert [category.name for category in shelf.top_categories()] == ["Batik", "Kopi"]


def test_cards_take_two_queries_however_many_there_are(kopi, django_assert_num_queries):
    for size in (2, 12):
        for number in range(size):
            make.product(title=f"Kopi {size} {number}")
        with django_assert_num_queries(2):
            assert [card.member.name for card in shelf.newest()]


def test_photos_get_their_sizes_and_a_broken_one_is_left_alone(kopi, tmp_path):
    product = make.product()
    for colour in ("red", "green"):
        file = tmp_path / f"{colour}.png"
        Image.new("RGB", (800, 800), colour).save(file)
        attach(product=product, data=file.read_bytes(), alt="Kopi", now=make.NOW)
    good, broken = Picture.objects.order_by("pk")
    broken.image.storage.delete(broken.image.name)
    now = timezone.now()
    assert picturing.render_waiting(now=now) == 0
    assert sorted(Picture.objects.values_list("rendered_at", "is_broken"), key=str) == sorted(
        [(now, False), (None, True)], key=str
    )
    names = {picture.name for picture in good.image.get_picture_files_list()}
    assert len(names) == 8
    for name in names:
        with Image.open(good.image.storage.path(name)) as image:
            assert image.format in ("AVIF", "WEBP")
            assert image.width == image.height
