"""Officers change products, count the shelf, and say where a product is shown."""

import pytest
from django.utils import timezone

from backoffice.tests.conftest import World, make_connection
from backoffice.tests.test_orders import messages_of, queries
from catalog import figures
from catalog.models import Picture, Product, Variant
from inventory.models import Movement, Stock
from marketplaces import wanting
from marketplaces.models import Listing, ListingVariant
from members.models import Member
from tenants.models import Cooperative, Due
from tests import make
from tests.browsing import Browser


@pytest.fixture
def petugas(kopi: Cooperative) -> Browser:
    return Browser(user=make.officer(role="petugas"))


def form_of(product: Product, **changes: object) -> dict[str, object]:
    """The form of the page as it stands, with changes."""
    form = {"title": product.title, "description": product.description, "category": product.category_id}
    form |= {"condition": "new", "min_per_order": "1", "rows": product.variants.count(), "do": "ajukan"}
    for number, variant in enumerate(product.variants.order_by("position")):
        row = {"variant": variant.pk, "price": variant.price, "weight_g": variant.weight_g, "sku": variant.sku}
        form |= {f"c{number}-{name}": value for name, value in row.items()}
    return {**form, **changes}


def pushes_due(kopi: Cooperative) -> int:
    return Due.objects.filter(cooperative=kopi, kind="push").count()


def test_what_an_officer_writes_is_on_sale_at_once_and_the_channels_are_told(
    petugas: Browser, world: World, kopi: Cooperative
) -> None:
    before = pushes_due(kopi)
    pk, variant = world.product.pk, world.variant
    changes = {"title": "Gayo Wine 250 g", "c0-price": "98.500", "c0-steps": "10 = 90rb", "origin": "Aceh Tengah"}
    answer = petugas.post(f"/kelola/produk/{pk}/", form_of(world.product, **changes))
    assert answer.status_code == 302, answer.context["troubles"]
    assert (answer.status_code, answer["Location"]) == (302, f"/kelola/produk/{pk}/")
    product = Product.objects.get(pk=pk)
    variant.refresh_from_db()
    assert (product.title, product.origin_code, variant.price, product.price_from) == (
        "Gayo Wine 250 g", "11.04", 98_500, 98_500,
    )  # fmt: skip
    assert list(variant.steps.values_list("from_quantity", "price")) == [(10, 90_000)]
    assert pushes_due(kopi) == before + 1
    assert [event.kind for event in product.events.filter(proposal=None)] == ["changed"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("category", "0"),
        ("c0-price", "0"),
        ("c0-price", "95.00"),
        ("c0-price", "-5"),
        ("c0-weight_g", "0"),
        ("c0-weight_g", "ringan"),
        ("c0-steps", "banyak = murah"),
        ("c0-member_price", "99.000"),
        ("c0-barcode", "8991234567890"),
        ("origin", "Bandung"),
        ("max_per_order", "0"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_changes(petugas: Browser, world: World, name: str, value: str) -> None:
    sent = form_of(world.product, **{"description": "baru", name: value})
    answer = petugas.post(f"/kelola/produk/{world.product.pk}/", sent)
    assert answer.status_code == 422
    forms = [answer.context["form"], *(line.form for line in answer.context["lines"])]
    assert [form.add_prefix(field) for form in forms for field in form.errors] == [name]
    (trouble,) = answer.context["troubles"]
    assert f'id="{trouble.target}"' in answer.text
    assert Product.objects.get(pk=world.product.pk).description == world.product.description


def test_two_products_of_a_member_never_share_a_title(petugas: Browser, world: World, seller: Member) -> None:
    make.product(title="Kopi Gayo Madu", seller=seller)
    answer = petugas.post(f"/kelola/produk/{world.product.pk}/", form_of(world.product, title="KOPI GAYO MADU"))
    assert answer.context["form"].errors["title"] == ["Anggota ini sudah punya produk lain dengan nama yang sama."]
    assert Product.objects.get(pk=world.product.pk).title == "Kopi Gayo Wine"


def test_variants_and_pictures_of_other_products_are_out_of_reach(petugas: Browser, world: World) -> None:
    other = make.variant(title="Teh")
    picture = Picture.objects.create(
        product=other.product, image="x/y.webp", width=1, height=1, alt="Teh", sha256="0" * 64
    )
    foreign = {"c0-variant": other.pk, "c0-price": "1", "c0-sku": "LAIN", "picture": picture.pk, "c0-pieces": "3"}
    petugas.post(f"/kelola/produk/{world.product.pk}/", form_of(world.product, **foreign))
    assert petugas.post(f"/kelola/produk/{world.product.pk}/stok/{other.pk}/", {"on_hand": 1}).status_code == 404
    other.refresh_from_db()
    picture.refresh_from_db()
    assert (other.price, Stock.objects.get(pk=other.pk).on_hand, picture.product_id) == (65_000, 10, other.product_id)


def test_hiding_and_selling_again_is_one_tap_and_in_the_history(petugas: Browser, world: World) -> None:
    page = f"/kelola/produk/{world.product.pk}/"
    for state in ("paused", "paused", "live"):
        assert petugas.post(f"{page}status/", {"state": state}).status_code == 302
    assert petugas.post(f"{page}status/", {"state": "draft"}).status_code == 404
    world.product.refresh_from_db()
    assert world.product.state == "live"
    events = world.product.events.filter(proposal=None).order_by("pk").values_list("kind", "actor")
    assert list(events) == [("hidden", "Petugas"), ("shown", "Petugas")]


def count(browser: Browser, world: World, **form: int) -> list[str]:
    page = f"/kelola/produk/{world.product.pk}/"
    browser.post(f"{page}stok/{world.variant.pk}/", form)
    return messages_of(browser, page)


def test_a_count_is_the_truth_and_says_who_counted(petugas: Browser, world: World) -> None:
    assert count(petugas, world, on_hand=25, shown=20) == ["Stok WINE disimpan."]
    assert Stock.objects.get(pk=world.variant.pk).on_hand == 25
    last = Movement.objects.order_by("-pk")[0]
    assert (last.kind, last.quantity, last.reference) == ("counted", 5, "Petugas")


def test_a_count_of_a_shelf_that_changed_meanwhile_is_asked_again(petugas: Browser, world: World) -> None:
    told = "Stok WINE berubah menjadi 20 selagi Anda menghitung. Hitung lagi."
    assert count(petugas, world, on_hand=25, shown=22) == [told]
    assert Stock.objects.get(pk=world.variant.pk).on_hand == 20


def test_a_count_below_what_is_promised_is_refused(petugas: Browser, world: World) -> None:
    told = "Stok WINE tidak bisa kurang dari jumlah yang sudah dipesan pembeli."
    assert count(petugas, world, on_hand=1, shown=20) == [told]
    assert count(petugas, world, on_hand=-1, shown=20) == ["Jumlah di rak harus angka bulat, nol atau lebih."]
    assert Stock.objects.get(pk=world.variant.pk).on_hand == 20


def test_showing_hiding_and_retrying_a_listing(petugas: Browser, world: World, kopi: Cooperative) -> None:
    other = make.product(title="Teh", seller=world.member)
    before = pushes_due(kopi)
    base = f"/kelola/produk/{other.pk}/kanal/{world.connection.pk}/"
    petugas.post(f"{base}pasang/")
    assert Listing.objects.get(product=other).wanted_live is True
    petugas.post(f"{base}turunkan/")
    assert Listing.objects.get(product=other).wanted_live is False
    petugas.post(f"/kelola/produk/{world.product.pk}/kanal/{world.connection.pk}/ulangi/")
    world.listing.refresh_from_db()
    assert world.listing.needs_person is False
    assert pushes_due(kopi) == before + 3


def test_nothing_is_listed_in_a_shop_that_is_not_connected(petugas: Browser, world: World) -> None:
    closed = make_connection(external_shop_id="9", state="closed")
    answer = petugas.post(f"/kelola/produk/{world.product.pk}/kanal/{closed.pk}/pasang/")
    assert (answer.status_code, Listing.objects.count()) == (404, 1)


def word(browser: Browser, product: Product) -> tuple[str, str]:
    (standing,) = browser.get(f"/kelola/produk/{product.pk}/").context["standings"]
    return standing.tone, str(standing.word)


def test_a_listing_says_in_a_word_how_it_stands(petugas: Browser, world: World) -> None:
    listing = Listing.objects.filter(pk=world.listing.pk)
    assert word(petugas, world.product) == ("state-bad", "perlu diperbaiki")
    listing.update(needs_person=False, last_error="")
    assert word(petugas, world.product) == ("state-busy", "sedang diterbitkan")
    listing.update(last_error="Kanal ini sedang tidak dapat dihubungi.")
    assert word(petugas, world.product) == ("state-wait", "dicoba lagi")
    listing.update(last_error="", external_id="77", pushed_live=True)
    assert word(petugas, world.product) == ("state-busy", "perubahan dikirim")
    listing.update(wanted_live=False)
    assert word(petugas, world.product) == ("state-busy", "sedang diturunkan")
    listing.update(pushed_live=False)
    assert word(petugas, world.product) == ("", "tidak ditayangkan")


def test_a_listing_that_is_as_wanted_is_shown_and_one_that_was_changed_there_differs(
    petugas: Browser, world: World
) -> None:
    make_it_so(world)
    assert word(petugas, world.product) == ("state-good", "tayang")
    ListingVariant.objects.update(seen_quantity=3)
    assert word(petugas, world.product) == ("state-wait", "berbeda di kanal")


def make_it_so(world: World) -> None:
    (found,) = wanting.read([world.listing.pk], now=timezone.now())
    want = wanting.wanted(found)
    Listing.objects.update(
        external_id="77", needs_person=False, last_error="", pushed_live=True, seen_live=True,
        pushed_content=want.content, pushed_choices=want.choices, pushed_at=timezone.now(),
    )  # fmt: skip
    offer = want.offers[world.variant.pk]
    ListingVariant.objects.create(
        listing=world.listing, variant=world.variant, external_id="771", pushed_price=offer.price,
        pushed_quantity=offer.quantity, seen_price=offer.price, seen_quantity=offer.quantity,
    )  # fmt: skip


def test_the_error_of_a_listing_is_on_the_page_with_a_way_out(petugas: Browser, world: World) -> None:
    text = petugas.get(f"/kelola/produk/{world.product.pk}/").content.decode()
    assert "Produk belum punya foto." in text
    assert "Kirim ulang" in text
    assert "Produk belum punya foto." in petugas.get("/kelola/produk/").content.decode()


def titles(browser: Browser, query: str) -> list[str]:
    return [product.title for product in browser.get(f"/kelola/produk/{query}").context["page"]]


def test_products_are_found_by_words_state_and_channel(petugas: Browser, world: World) -> None:
    make.product(title="Teh Hijau", state=Product.State.DRAFT, sku="TEH-1")
    expected = {
        "": ["Kopi Gayo Wine", "Teh Hijau"],
        "?q=wine": ["Kopi Gayo Wine"],
        "?q=teh-1": ["Teh Hijau"],
        "?q=rahma": ["Kopi Gayo Wine", "Teh Hijau"],
        "?state=draft": ["Teh Hijau"],
        "?channel=needs_person": ["Kopi Gayo Wine"],
        "?channel=listed": ["Kopi Gayo Wine"],
        "?channel=not_listed": ["Teh Hijau"],
    }
    assert {query: titles(petugas, query) for query in expected} == expected


def test_a_product_without_stock_or_variants_is_still_shown(petugas: Browser, world: World) -> None:
    bare = Product.objects.create(title="Kosong", slug="kosong", member=world.member, category=world.category)
    Variant.objects.create(product=bare, sku="NO-STOCK", price=1000, weight_g=1)
    figures.set_prices([bare.pk])
    empty = Product.objects.create(title="Tanpa pilihan", slug="tanpa", member=world.member, category=world.category)
    assert titles(petugas, "") == ["Kopi Gayo Wine", "Kosong", "Tanpa pilihan"]
    for product in (bare, empty):
        assert petugas.get(f"/kelola/produk/{product.pk}/").status_code == 200


def test_the_list_costs_the_same_whatever_its_length(petugas: Browser, world: World) -> None:
    few = queries(petugas, "/kelola/produk/")
    for number in range(30):
        product = make.product(title=f"Teh {number:02d}", options=("100 g", "250 g"))
        Listing.objects.create(connection=world.connection, product=product)
    assert len(titles(petugas, "")) == 25
    assert queries(petugas, "/kelola/produk/") == few <= 16
