"""A card that was drawn once is used again only for what is the same."""

import pytest
from django.template import Context, Template
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from catalog import shelf
from catalog.models import Product
from catalog.photos import attach
from lib import icons
from members.models import Member
from storefront import cards
from storefront.tests.test_page_cache_is_fresh import photo
from tenants.context import in_tenant
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def drawn(monkeypatch):
    """How often a card was drawn."""
    times = []
    original = cards._draw
    monkeypatch.setattr(cards, "_drawn", {})
    monkeypatch.setattr(cards, "_draw", lambda *args, **kwargs: times.append(1) or original(*args, **kwargs))
    return times


def card(product: Product, **context: object) -> str:
    """The card of the product as the shelf reads it now."""
    found = shelf.for_cards(Product.objects.filter(pk=product.pk)).get()
    return str(cards.card(Context(context), found))


def test_a_card_is_drawn_once(kopi, drawn):
    product = make.product()
    assert card(product) == card(product)
    assert "Kopi Arabika Gayo" in card(product)
    assert len(drawn) == 1


@pytest.mark.breaks("I12", "I14")
@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"title": "Kopi Baru"}, "Kopi Baru"),
        ({"price_from": 91_000, "price_to": 91_000}, "Rp91.000"),
        ({"price_to": 99_000}, "mulai"),
        ({"in_stock": False}, "Habis"),
        ({"sold": 48}, "48"),
        ({"rating_sum": 9, "rating_count": 2}, "4,5"),
        ({"slug": "alamat-baru"}, "/produk/alamat-baru/"),
    ],
)
def test_what_a_product_says_now_is_on_its_card(kopi, changes, text):
    product = make.product()
    assert text not in card(product)
    Product.objects.update(**changes)
    assert text in card(product)


def test_maker_photo_and_language_are_on_it_too(kopi):
    product = make.product()
    before = card(product)
    Member.objects.update(name="Ibu Aminah")
    assert "Ibu Aminah" in card(product)
    attach(product=product, data=photo(), alt="Biji kopi pilihan", now=make.NOW)
    assert "Biji kopi pilihan" in card(product)
    with translation.override("en"):
        assert f'href="/en{product.get_absolute_url().removeprefix("/en")}"' in card(product)
    Member.objects.update(name="Budi Santoso")
    product.pictures.all().delete()
    assert card(product) == before


def test_two_cooperatives_draw_their_own(kopi, batik, drawn):
    card(make.product())
    with in_tenant(batik):
        other = make.product()
        card(other)
    assert len(drawn) == 2


def test_a_card_knows_nothing_of_its_visitor(kopi):
    product = make.product()
    assert card(product) == card(product, request="me", cart_count=3, user="me")


def test_cards_do_not_pile_up(kopi, monkeypatch):
    monkeypatch.setattr(cards, "MOST_CARDS", 2)
    for number in range(5):
        card(make.product(title=f"Kopi {number}"))
    assert len(cards._drawn) <= 2


@pytest.mark.parametrize(
    "text",
    [
        '<c-icon name="house" />',
        '<c-icon name="house" class="mt-1 text-primary"/>',
        '<c-icon class="x" name="{{ which }}" />',
    ],
)
def test_an_icon_is_what_the_component_makes_of_it(text):
    component = Template(_compiled(text)).render(Context({"which": "star"}))
    assert Template(icons.draw(text)).render(Context({"which": "star"})) == component


def test_icons_that_only_the_component_understands_are_left_to_it():
    for text in ('<c-icon :name="which" />', "<c-icon name='house' />", '<c-icon class="x" />', "<c-iconic />"):
        assert icons.draw(text) == text


def _compiled(text: str) -> str:
    return CottonCompiler().process(text)
