"""A member lists goods: what is typed is kept, what is sent twice is one, nothing of others is reached."""

import io
import uuid

import pytest
from PIL import Image

from catalog.models import Product, Proposal
from inventory.models import Stock
from members.models import Member
from tenants.models import Cooperative
from tests import make
from tests.browsing import Browser

NEW = "/kelola/saya/produk/baru/"
SAVE = "/kelola/saya/produk/simpan/"
PHOTO = "/kelola/saya/produk/foto/"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def rahma(kopi: Cooperative) -> Member:
    return make.member(name="Ibu Rahma", number="A-007", email="rahma@kopi.example")


@pytest.fixture
def phone(rahma: Member) -> Browser:
    return Browser(user=rahma.user)


def form(**changes: object) -> dict[str, object]:
    """A whole listing, as the page sends it."""
    fields = {
        "key": str(uuid.uuid4()), "version": "0", "rows": "1", "title": "Keripik Pisang Manis",
        "category": make.category("Makanan").pk, "description": "Renyah, digoreng pagi hari.",
        "condition": "new", "min_per_order": "1",
        "c0-price": "15rb", "c0-weight_g": "0,25 kg", "c0-pieces": "12", "do": "ajukan",
    }  # fmt: skip
    return {**fields, **changes}


def image(colour: str = "peru", *, side: int = 900) -> io.BytesIO:
    file = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(file, "JPEG")
    file.name = "foto.jpg"
    file.seek(0)
    return file


def test_a_listing_goes_to_the_officers_and_says_all_that_was_typed(phone, rahma):
    answer = phone.post(NEW, form())
    assert (answer.status_code, answer["Location"]) == (302, "/kelola/saya/")
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.member, Product.objects.count()) == ("submitted", rahma, 0)
    (choice,) = proposal.content["choices"]
    assert (choice["price"], choice["weight_g"], choice["pieces"]) == (15_000, 250, 12)


def test_where_nobody_is_asked_it_is_on_sale_at_once_with_its_pieces(phone, rahma):
    Member.objects.filter(pk=rahma.pk).update(is_trusted=True)
    phone.post(NEW, form(photos=[image(), image("navy")]))
    product = Product.objects.get()
    variant = product.variants.get()
    assert (product.title, product.state, product.pictures.count()) == ("Keripik Pisang Manis", "live", 2)
    assert (variant.price, Stock.objects.get(pk=variant.pk).on_hand) == (15_000, 12)


def test_sent_twice_it_is_one(phone, rahma):
    Member.objects.filter(pk=rahma.pk).update(is_trusted=True)
    sent = form()
    for _time in range(2):
        answer = phone.post(NEW, sent)
        assert (answer.status_code, answer["Location"]) == (302, "/kelola/saya/")
    assert (Product.objects.count(), Proposal.objects.count(), Stock.objects.get().on_hand) == (1, 1, 12)
    assert phone.post(NEW, sent, **JSON).json() == {"go": "/kelola/saya/"}
