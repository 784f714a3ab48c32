"""A product becomes a listing: pictures, variants, and later changes; against the simulator over real HTTP."""

import pytest
from django.utils import timezone

from catalog.models import Category, Product, Variant
from inventory import stock
from marketplaces import connecting, listing, opening, telling
from marketplaces.models import CategoryMap, Listing, ListingVariant, RemotePicture
from marketplaces.tests.conftest import connect, listed, photograph, push, push_until
from tests import make

LIVE = "NORMAL"
DONE = {"last_error": "", "needs_person": False, "pushed_live": True}


def assert_fine(row):
    row.refresh_from_db()
    assert {name: getattr(row, name) for name in DONE} == DONE


def test_a_product_without_choices_is_published_with_its_pictures(shop, shopee):
    row = listed(shop, title="Kopi Arabika Gayo", price=65_000, on_hand=10, sku="KOP", pictures=2)
    push()
    item = shopee.item()
    assert (item["item_name"], item["item_status"], item["item_sku"]) == ("Kopi Arabika Gayo", LIVE, "KOP")
    assert (item["category_id"], item["weight"], len(item["image"]["image_id_list"])) == (100660, 0.25, 2)
    assert [(m["model_id"], m["price"], m["stock"]) for m in item["models"]] == [(0, 65_000, 10)]
    assert_fine(row)
    assert row.external_id == str(item["item_id"])
    listed_variant = ListingVariant.objects.values("pushed_price", "pushed_quantity", "seen_price", "seen_quantity")
    assert list(listed_variant) == [
        {"pushed_price": 65_000, "pushed_quantity": 10, "seen_price": 65_000, "seen_quantity": 10}
    ]


def test_a_product_with_choices_is_shown_only_when_they_are_there(shop, shopee, monkeypatch):
    row = listed(shop, options=("250 g", "1 kg"), sku="KOP", price=65_000, on_hand=4)
    with monkeypatch.context() as broken:
        broken.setattr(telling, "_set_choices", lambda *_: 1 / 0)
        push()
    assert shopee.item()["item_status"] == "UNLIST"
    listing.retry(listing=row, now=timezone.now())
    push()
    item = shopee.item()
    assert item["item_status"] == LIVE
    assert item["tier_variation"] == [{"name": "Ukuran", "option_list": [{"option": "250 g"}, {"option": "1 kg"}]}]
    assert [(m["model_sku"], m["tier_index"], m["price"], m["stock"]) for m in item["models"]] == [
        ("KOP-1", [0], 65_000, 4),
        ("KOP-2", [1], 65_000, 4),
    ]
    assert_fine(row)
    assert set(ListingVariant.objects.values_list("external_id", flat=True)) == {
        str(m["model_id"]) for m in item["models"]
    }


def delete_there(shop, item_id):
    """The seller deletes it in Shopee's own seller centre."""
    client = opening.channel("shopee")._client
    client.post("product/delete_item", {"item_id": int(item_id)}, connecting.living_access(shop))


def test_nothing_is_sent_when_nothing_changed(shop, shopee):
    listed(shop)
    push()
    calls = len(shopee.state()["calls"])
    push()
    assert len(shopee.state()["calls"]) == calls


def test_each_picture_is_uploaded_once_per_shop(shop, shopee):
    row = listed(shop)
    push()
    Product.objects.filter(pk=row.product_id).update(title="Kopi Gayo Sangrai Baru")
    push()
    assert shopee.item()["item_name"] == "Kopi Gayo Sangrai Baru"
    assert len(shopee.calls("upload_image")) == RemotePicture.objects.count() == 1
    photograph(row.product, 1)
    push()
    assert len(shopee.calls("upload_image")) == 2
    assert len(shopee.item()["image"]["image_id_list"]) == 2


def test_a_new_choice_keeps_the_ids_of_the_old_ones(shop, shopee):
    row = listed(shop, options=("250 g", "500 g"), sku="KOP")
    push()
    before = {m["model_sku"]: m["model_id"] for m in shopee.item()["models"]}
    new = Variant.objects.create(
        product=row.product, sku="KOP-9", option1="1 kg", price=200_000, weight_g=1000, position=9
    )
    make.change(new, price=200_000)
    stock.count(variant_id=new.pk, on_hand=3, reference="tests", now=timezone.now())
    push()
    after = {m["model_sku"]: m["model_id"] for m in shopee.item()["models"]}
    assert after == {**before, "KOP-9": after["KOP-9"]}
    assert shopee.figures("stock") == {"KOP-1": 10, "KOP-2": 10, "KOP-9": 3}
    assert_fine(row)


def test_a_choice_that_is_no_longer_sold_disappears(shop, shopee):
    row = listed(shop, options=("250 g", "500 g"), sku="KOP")
    push()
    Variant.objects.filter(sku="KOP-1").update(is_active=False)
    push()
    assert shopee.figures("stock") == {"KOP-2": 10}
    assert ListingVariant.objects.get().variant.sku == "KOP-2"
    assert_fine(row)


def test_taken_off_and_put_up_again_with_the_stock_of_then(shop, shopee):
    row = listed(shop, sku="KOP", on_hand=10)
    push()
    listing.unwant(product=row.product, connection=shop, now=timezone.now())
    push()
    row.refresh_from_db()
    assert (shopee.item()["item_status"], row.pushed_live) == ("UNLIST", False)
    stock.count(variant_id=row.product.variants.get().pk, on_hand=2, reference="tests", now=timezone.now())
    listing.want(product=row.product, connection=shop, now=timezone.now())
    push()
    assert (shopee.item()["item_status"], shopee.figures("stock")) == (LIVE, {"KOP": 2})
    assert_fine(row)


def test_a_product_that_is_hidden_in_the_shop_is_hidden_on_the_channel(shop, shopee):
    row = listed(shop)
    push()
    Product.objects.filter(pk=row.product_id).update(state=Product.State.PAUSED)
    push()
    assert shopee.item()["item_status"] == "UNLIST"


@pytest.mark.parametrize(
    ("fields", "pictures", "code", "text"),
    [
        ({}, 0, "picture_missing", "Produk belum punya foto. Kanal ini mewajibkan minimal satu foto."),
        ({"title": "Teh"}, 1, "title_too_short", "Nama produk terlalu pendek untuk kanal ini: minimal 5 huruf."),
        ({"title": "K" * 101}, 1, "title_too_long", "Nama produk terlalu panjang untuk kanal ini: maksimal 100 huruf."),
        ({"price": 50}, 1, "price_out_of_bounds", "Harga di luar batas kanal ini: 50."),
    ],
)
def test_what_the_channel_would_refuse_is_said_before_it_is_sent(shop, shopee, fields, pictures, code, text):
    row = listed(shop, pictures=pictures, **fields)
    push()
    row.refresh_from_db()
    assert (row.needs_person, row.error_code, row.last_error) == (True, code, text)
    assert (shopee.items(), shopee.calls("upload_image")) == ([], [])
    push()
    assert shopee.calls("add_item") == []


def test_prices_too_far_apart_are_said_before_they_are_sent(shop, shopee):
    row = listed(shop, options=("50 g", "1 kg"), price=10_000, sku="KOP")
    make.change(Variant.objects.get(sku="KOP-2"), price=70_001)
    push()
    row.refresh_from_db()
    assert (row.error_code, shopee.items()) == ("price_spread", [])


def test_a_corrected_product_goes_out_without_being_asked(shop, shopee):
    row = listed(shop, title="Teh")
    push()
    Product.objects.filter(pk=row.product_id).update(title="Teh Hijau Gayo")
    push()
    assert shopee.item()["item_name"] == "Teh Hijau Gayo"
    assert_fine(row)


def test_what_only_the_channel_knows_is_shown_in_plain_words(shop, shopee):
    row = listed(shop)
    CategoryMap.objects.update(external_id="100901")
    push()
    row.refresh_from_db()
    words = "Toko ini tidak boleh berjualan di kategori kanal yang dipilih. Pilih kategori lain."
    assert (row.needs_person, row.last_error, shopee.items()) == (True, words, [])


def test_a_refused_text_does_not_keep_the_stock_from_going_out(shop, shopee):
    row = listed(shop, sku="KOP")
    push()
    Product.objects.filter(pk=row.product_id).update(title="K" * 101)
    stock.count(variant_id=row.product.variants.get().pk, on_hand=3, reference="tests", now=timezone.now())
    push()
    push()
    row.refresh_from_db()
    assert (shopee.figures("stock"), row.error_code) == ({"KOP": 3}, "title_too_long")


def test_one_listing_in_trouble_does_not_stop_the_others(shop, shopee, monkeypatch):
    poison = listed(shop, title="Kopi Beracun")
    fine = [listed(shop, title=f"Kopi Nomor {number}") for number in range(5)]
    true_step = telling._step

    def step(talk, *rest):
        if talk.listing.pk == poison.pk:
            raise RuntimeError("poison")
        true_step(talk, *rest)

    monkeypatch.setattr(telling, "_step", step)
    push()
    assert len(shopee.items()) == 5
    for row in fine:
        assert_fine(row)
    poison.refresh_from_db()
    assert (poison.error_code, poison.attempts, poison.needs_person) == ("internal", 1, False)
    assert poison.try_at > timezone.now()


def test_a_listing_deleted_at_the_channel_waits_for_a_person_and_comes_back(shop, shopee):
    row = listed(shop, sku="KOP")
    push()
    delete_there(shop, row.external_id or shopee.item()["item_id"])
    stock.count(variant_id=row.product.variants.get().pk, on_hand=3, reference="tests", now=timezone.now())
    push()
    row.refresh_from_db()
    assert (row.external_id, row.needs_person, row.error_code) == ("", True, "gone")
    push()
    assert [item["item_status"] for item in shopee.items()] == ["SELLER_DELETE"]
    listing.retry(listing=row, now=timezone.now())
    push()
    assert [item["item_status"] for item in shopee.items()] == ["SELLER_DELETE", "NORMAL"]
    assert_fine(row)


def test_a_listing_made_by_hand_with_our_sku_is_adopted(shop, shopee):
    row = listed(shop, sku="KOP", price=65_000)
    push()
    Listing.objects.all().delete()
    row = listing.want(product=row.product, connection=shop, now=timezone.now())
    make.change(Variant.objects.get(), price=70_000)
    push_until(lambda: shopee.figures("price") == {"KOP": 70_000})
    row.refresh_from_db()
    assert row.external_id == str(shopee.item()["item_id"])
    assert_fine(row)


def test_every_category_can_be_mapped_at_once(shop):
    coffee, honey = make.category("Kopi Bubuk"), make.category("Madu", parent=make.category("Madu & Gula"))
    skirt = make.category("Rok", parent=make.category("Pakaian"))
    for category in (coffee, honey, skirt):
        make.product(title=f"Produk {category}", in_category=category)
    listing.map_all(connection=shop, now=timezone.now())
    mapped = {row.category.name: (row.external_name, row.attributes) for row in CategoryMap.objects.all()}
    assert mapped == {
        "Kopi Bubuk": ("Makanan & Minuman > Kopi", []),
        "Madu": ("Makanan & Minuman > Madu", [["200103", "", "Tidak ada"]]),
    }


def test_a_category_is_not_mapped_without_its_mandatory_values(shop):
    category = Category.objects.create(name="Madu", slug="madu")
    with pytest.raises(listing.ValuesMissing) as missing:
        listing.map_category(connection=shop, category=category, external_id="100667", values={}, now=timezone.now())
    assert missing.value.names == ["No. Registrasi (BPOM/P-IRT)"]
    assert not CategoryMap.objects.exists()


def test_a_category_without_a_map_is_said(shop, shopee):
    row = listed(shop)
    CategoryMap.objects.all().delete()
    push()
    row.refresh_from_db()
    assert row.last_error == "Kategori “Kopi” belum dipasangkan dengan kategori kanal ini."
    assert shopee.items() == []


def test_two_shops_of_one_cooperative_show_the_same_stock(shop, shopee):
    row = listed(shop, sku="KOP")
    second = connect(220033104)
    for one in CategoryMap.objects.all():
        listing.map_category(
            connection=second, category=one.category, external_id="100660", values={}, now=timezone.now()
        )
    listing.want(product=row.product, connection=second, now=timezone.now())
    push()
    assert sorted(item["shop_id"] for item in shopee.items()) == [220033101, 220033104]
    stock.count(variant_id=row.product.variants.get().pk, on_hand=1, reference="tests", now=timezone.now())
    push()
    assert [model["stock"] for item in shopee.items() for model in item["models"]] == [1, 1]
