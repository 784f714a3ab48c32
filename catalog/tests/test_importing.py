import io
from collections import Counter

import pytest
from PIL import Image

from catalog.models import Category, Picture, Product, Variant
from catalog.reading import Unreadable
from inventory import opening, stock
from inventory.models import Movement, Stock
from tests import make

HEADING = "title,description,category,price,stock,sku,axis1_name,axis1_value,weight_g,seller,picture\n"


@pytest.fixture
def seller(kopi):
    return make.member(number="KG-001", name="Aman Dimot")


@pytest.fixture
def bring_in(tmp_path, seller, now):
    def run(text):
        file = tmp_path / "catalog.csv"
        file.write_text(HEADING + text, encoding="utf-8")
        return opening.import_catalog(path=file, pictures=tmp_path, now=now)

    return run


def shop():
    """Everything that an import may touch, to compare."""
    return (
        sorted(Product.objects.values_list("title", "description", "category__name", "axis1", "state")),
        sorted(Variant.objects.values_list("sku", "option1", "price", "weight_g")),
        sorted(Stock.objects.values_list("variant__sku", "on_hand", "reserved")),
        Movement.objects.count(),
        sorted(Picture.objects.values_list("sha256", flat=True)),
    )


def test_rows_of_one_title_and_seller_become_a_product_with_variants(bring_in):
    report = bring_in(
        "Kopi Gayo,Rasa cokelat.,Kopi > Bubuk,65000,10,K-200,Berat,200 g,220,KG-001,\n"
        "Kopi Gayo,,,150000,4,K-500,Berat,500 g,540,Aman Dimot,\n".replace("Aman Dimot", "KG-001")
    )
    assert (report.created, report.updated, report.unchanged, report.problems) == (1, 0, 0, [])
    product = Product.objects.get()
    assert (product.title, product.category.name, product.category.parent.name) == ("Kopi Gayo", "Bubuk", "Kopi")
    assert (product.axis1, product.description, product.state) == ("Berat", "Rasa cokelat.", "live")
    assert list(product.variants.order_by("position").values_list("sku", "option1", "price", "stock__on_hand")) == [
        ("K-200", "200 g", 65_000, 10),
        ("K-500", "500 g", 150_000, 4),
    ]


def test_the_same_file_again_changes_nothing_also_after_a_sale(bring_in, now):
    text = "Kopi Gayo,Rasa cokelat.,Kopi,65000,10,K-200,,,220,KG-001,\n"
    bring_in(text)
    pk = Variant.objects.get().pk
    stock.reserve(reference="O1", wanted={pk: 3}, expires_at=None, now=now)
    stock.commit(reference="O1", now=now)
    before = shop()
    report = bring_in(text)
    assert (report.created, report.updated, report.unchanged, report.problems) == (0, 0, 1, [])
    assert shop() == before
    assert Stock.objects.get().on_hand == 7


def test_a_changed_price_is_taken_and_counted_as_update(bring_in):
    bring_in("Kopi Gayo,,Kopi,65000,10,K-200,,,220,KG-001,\n")
    report = bring_in("Kopi Gayo,,Kopi,70000,99,K-200,,,220,KG-001,\n")
    assert (report.created, report.updated, report.unchanged) == (0, 1, 0)
    assert list(Variant.objects.values_list("price", "stock__on_hand")) == [(70_000, 10)]


def test_a_title_changed_in_the_file_renames_the_product_that_has_the_sku(bring_in):
    bring_in("Kopi Gayo,,Kopi,65000,10,K-200,,,220,KG-001,\n")
    report = bring_in("Kopi Gayo Baru,,Kopi,65000,10,K-200,,,220,KG-001,\n")
    assert (report.created, report.updated) == (0, 1)
    assert list(Product.objects.values_list("title", "slug")) == [("Kopi Gayo Baru", "kopi-gayo")]


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ("Kopi Satu,,Kopi,15.0,10,K-1,,,220,KG-001,", "rupiah bulat"),
        ("Kopi Satu,,Kopi,65000,habis,K-1,,,220,KG-001,", "Stok"),
        ("Kopi Satu,,Kopi,65000,10,,,,220,KG-001,", "SKU"),
        ("Kopi Satu,,Kopi,65000,10,K 1,,,220,KG-001,", "SKU"),
        ("Kopi Satu,,Kopi,65000,10,K-1,,,0.2,KG-001,", "gram"),
        ("Kopi Satu,,Kopi,65000,10,K-1,,,220,KG-999,", "KG-999"),
        ("Kopi Satu,,,65000,10,K-1,,,220,KG-001,", "kategori"),
        ("Ko,,Kopi,65000,10,K-1,,,220,KG-001,", "Nama produk"),
        ("Kopi Satu,,Kopi,65000,10,K-1,Berat,,220,KG-001,", "pilihan"),
        ("Kopi Satu,,Kopi,65000,10,K-1,Nama yang panjang,x,220,KG-001,", "14 huruf"),
        ("Kopi Satu,,Kopi,65000,10,K-1,Berat,nilai yang panjangnya lebih,220,KG-001,", "20 huruf"),
        ("Kopi Satu,,Kopi,65000,10,K-OK,,,220,KG-001,", "baris 2"),
    ],
)
def test_a_bad_row_is_named_with_number_and_reason_and_stops_nothing_else(bring_in, row, word):
    good = "Kopi Baik,,Kopi,65000,10,K-OK,,,220,KG-001,\n"
    last = "Kopi Akhir,,Kopi,65000,10,K-END,,,220,KG-001,\n"
    report = bring_in(good + row + "\n" + last)
    assert [problem.row for problem in report.problems] == [3]
    assert word in report.problems[0].reason
    assert report.created == 2
    assert sorted(Variant.objects.values_list("sku", flat=True)) == ["K-END", "K-OK"]


def test_a_sku_of_another_product_is_refused_and_that_product_stays(bring_in):
    bring_in("Kopi A,,Kopi,65000,10,K-1,Berat,1 kg,220,KG-001,\nKopi B,,Kopi,65000,10,K-2,Berat,1 kg,220,KG-001,\n")
    before = shop()
    report = bring_in(
        "Kopi A,,Kopi,65000,10,K-1,Berat,1 kg,220,KG-001,\nKopi A,,,65000,10,K-2,Berat,2 kg,220,KG-001,\n"
    )
    assert [(problem.row, "milik produk lain" in problem.reason) for problem in report.problems] == [(3, True)]
    assert shop() == before


def picture_file(folder, name="kopi.png"):
    Image.new("RGB", (900, 900), "brown").save(folder / name)


def test_a_picture_is_taken_once_without_its_metadata(bring_in, tmp_path, kopi):
    picture_file(tmp_path)
    text = "Kopi Gayo,,Kopi,65000,10,K-1,,,220,KG-001,kopi.png\n"
    bring_in(text)
    report = bring_in(text)
    assert report.unchanged == 1
    picture = Picture.objects.get()
    assert picture.image.name.startswith(f"{kopi.uid.hex}/products/")
    assert (picture.alt, picture.width, picture.rendered_at) == ("Kopi Gayo", 900, None)
    with Image.open(io.BytesIO(picture.image.read())) as stored:
        assert (stored.format, dict(stored.getexif())) == ("WEBP", {})


@pytest.mark.parametrize("name", ["../secret.png", "/etc/passwd", "missing.png"])
def test_a_picture_outside_the_folder_is_not_found_and_the_product_comes_without(bring_in, tmp_path, name):
    picture_file(tmp_path.parent, "secret.png")
    report = bring_in(f"Kopi Gayo,,Kopi,65000,10,K-1,,,220,KG-001,{name}\n")
    assert [problem.row for problem in report.problems] == [2]
    assert (report.created, Picture.objects.count()) == (1, 0)


def test_a_file_that_is_no_picture_is_refused(bring_in, tmp_path):
    (tmp_path / "x.png").write_bytes(b"GIF89a<script>alert(1)</script>")
    report = bring_in("Kopi Gayo,,Kopi,65000,10,K-1,,,220,KG-001,x.png\n")
    assert "JPG, PNG" in report.problems[0].reason
    assert Picture.objects.count() == 0


def test_a_file_that_makes_no_sense_changes_nothing(seller, tmp_path, now):
    file = tmp_path / "x.csv"
    file.write_text("halo\n")
    with pytest.raises(Unreadable):
        opening.import_catalog(path=file, pictures=None, now=now)
    assert Counter(Product.objects.values_list("title")) == Counter()
    assert Category.objects.count() == 0


def test_a_choice_under_another_sku_is_reported_and_stops_nothing_else(bring_in):
    bring_in("Kopi Gayo,,Kopi,65000,10,K-LAMA,,,220,KG-001,\n")
    before = shop()
    report = bring_in("Kopi Gayo,,Kopi,70000,10,K-BARU,,,220,KG-001,\nTeh,,Teh,9000,3,T-1,,,100,KG-001,\n")
    assert [(problem.row, problem.reason) for problem in report.problems] == [
        (2, "Nama atau pilihan ini sudah dipakai SKU lain di toko.")
    ]
    assert report.created == 1
    Product.objects.get(title="Teh").variants.get()
    assert Variant.objects.get(product__title="Kopi Gayo").price == 65_000
    assert [row for row in shop()[1] if row[0] != "T-1"] == before[1]


def test_a_title_that_another_product_of_the_member_has_is_reported(bring_in):
    bring_in("Kopi,,Kopi,65000,10,K-1,,,220,KG-001,\nTeh hijau,,Teh,9000,3,T-1,,,100,KG-001,\n")
    before = shop()
    report = bring_in("Teh hijau,,Teh,65000,10,K-1,,,220,KG-001,\n")
    assert [problem.row for problem in report.problems] == [2]
    assert shop() == before


def test_categories_that_would_share_an_address_get_one_each(bring_in):
    report = bring_in(
        "Satu,,Kopi > Bubuk,65000,1,S-1,,,220,KG-001,\nDua,,Kopi Bubuk,65000,1,S-2,,,220,KG-001,\n"
        "Tiga,,☕,65000,1,S-3,,,220,KG-001,\nEmpat,,🍵,65000,1,S-4,,,220,KG-001,\n"
    )
    assert (report.created, report.problems) == (4, [])
    slugs = dict(Category.objects.filter(products__isnull=False).values_list("products__title", "slug"))
    assert slugs == {"Satu": "kopi-bubuk", "Dua": "kopi-bubuk-2", "Tiga": "kategori", "Empat": "kategori-2"}
