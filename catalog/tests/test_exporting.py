"""What goes out as a file comes back in without a change, and goes out again as the same file."""

import csv
import io
import zipfile

import openpyxl
import pytest
from django.core.files.base import ContentFile
from PIL import Image

from catalog import exporting
from catalog.importing import fetching, jobs
from catalog.models import Product, Variant
from catalog.shapes import own
from inventory import opening
from tests import make

SITE = "http://kopi-gayo.localhost"
ROWS = [
    {
        "title": "Baju Lurik", "title_en": "Lurik Shirt", "description": "Baris satu\nBaris dua, “dengan” 12\" & <3",
        "description_en": "Woven", "category": "Baju > Pria", "seller": "A-1", "state": "dijual", "condition": "baru",
        "origin": "Kab. Klaten", "axis1_name": "Ukuran", "axis1_value": "M", "axis2_name": "Warna",
        "axis2_value": "Biru", "sku": "B-M", "barcode": "8991234567891", "price": "120000", "member_price": "110000",
        "wholesale": "10:100000; 50:90000", "stock": "7", "weight_g": "300", "content_amount": "1",
        "content_unit": "pc", "min_per_order": "2", "max_per_order": "20", "preorder_date": "2026-12-24",
        "pictures": "depan.png\nbelakang.png",
    },
    {
        "title": "Baju Lurik", "category": "Baju > Pria", "seller": "A-1", "state": "dijual", "condition": "baru",
        "origin": "Kab. Klaten", "axis1_name": "Ukuran", "axis1_value": "L", "axis2_name": "Warna",
        "axis2_value": "Biru", "sku": "'=B+L", "price": "125000", "stock": "0", "weight_g": "320",
        "content_unit": "pc", "min_per_order": "2", "max_per_order": "20", "preorder_date": "2026-12-24",
        "variant_picture": "belakang.png",
    },
    {
        "title": "'-Kue ☕ pesanan", "description": "'=== READY ===", "category": "Kue", "seller": "A-1",
        "state": "disembunyikan", "condition": "bekas", "sku": "K-1", "price": "7500", "stock": "3", "weight_g": "90",
        "made_to_order": "ya", "lead_days": "3", "daily_capacity": "12",
    },
]  # fmt: skip


def png(colour):
    out = io.BytesIO()
    Image.new("RGB", (500, 500), colour).save(out, "PNG")
    return out.getvalue()


def as_csv(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, own.COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("depan.png", png("red"))
        archive.writestr("belakang.png", png("blue"))
    return ContentFile(out.getvalue(), name="x.zip")


@pytest.fixture
def seller(kopi):
    return make.member(number="A-1", name="Ibu Rahma")


@pytest.fixture
def bring_in(seller, now):
    def run(data, *, name="x.csv", pictures=None):
        job = jobs.begin(
            file=ContentFile(data), file_name=name, by="x", language="id", now=now, zipped=pictures, category="Lain"
        )
        while opening.go_on_importing(now=now):
            pass
        jobs.start(job_id=job.pk, now=now)
        while opening.go_on_importing(now=now):
            pass
        fetching.work(now=now)
        job.refresh_from_db()
        return job

    return run


def test_a_file_that_came_in_goes_out_as_the_same_file(bring_in, tmp_path):
    came = as_csv(ROWS)
    job = bring_in(came, pictures=zipped())
    assert list(job.problems.values_list("row", "reason")) == []
    assert job.counts["run"]["new"] == 2
    assert exporting.write_csv(tmp_path / "out.csv", products=Product.objects.all(), site=SITE) == 3
    assert (tmp_path / "out.csv").read_bytes().decode("utf-8-sig") == came.decode("utf-8-sig")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_goes_out_comes_back_without_a_change_also_what_nobody_imported(bring_in, seller, tmp_path, kind):
    bring_in(as_csv(ROWS), pictures=zipped())
    own_product = make.product(title='=HYPERLINK("x") <b>tebal</b>  dua  spasi', sku="'0012", seller=seller, on_hand=4)
    Product.objects.filter(pk=own_product.pk).update(description="Satu\r\n\r\n\r\n\r\n<i>dua</i>  -", title_en="null")
    write = exporting.write_csv if kind == "csv" else exporting.write_xlsx
    write(tmp_path / "out", products=Product.objects.all(), site=SITE)
    before = list(Product.objects.order_by("pk").values_list())
    job = bring_in((tmp_path / "out").read_bytes(), name=f"out.{kind}")
    assert list(job.problems.values_list("row", "column", "reason")) == []
    assert (job.counts["run"].get("unchanged"), job.counts["run"].get("changed", 0)) == (3, 0)
    assert list(Product.objects.order_by("pk").values_list()) == before


def test_no_cell_of_it_is_a_formula(bring_in, seller, tmp_path):
    for number, start in enumerate("=+-@＝"):
        make.product(title=f"{start}cmd|{number}", sku=f"{start}1+{number}", seller=seller)
    exporting.write_csv(tmp_path / "out.csv", products=Product.objects.all(), site=SITE)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert [cell for cell in cells if cell[:1] in "=+-@＝" and cell] == []
    exporting.write_xlsx(tmp_path / "out.xlsx", products=Product.objects.all(), site=SITE)
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    kinds = {cell.data_type for row in book.active.iter_rows() for cell in row if cell.value is not None}
    assert kinds == {"s", "n"}


def test_only_what_is_on_sale_of_a_product_goes_out(seller, tmp_path):
    product = make.product(title="Kopi", options=("A", "B"), sku="K", seller=seller)
    make.change(product.variants.get(sku="K-2"), is_active=False)
    exporting.write_csv(tmp_path / "out.csv", products=Product.objects.filter(pk=product.pk), site=SITE)
    text = (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert "K-1" in text and "K-2" not in text


def test_queries_do_not_grow_with_the_catalogue(seller, tmp_path, django_assert_max_num_queries):
    for number in range(30):
        make.product(title=f"Kopi {number}", seller=seller, options=("A", "B"))
    with django_assert_max_num_queries(9):
        count = exporting.write_csv(tmp_path / "out.csv", products=Product.objects.all(), site=SITE)
    assert count == Variant.objects.count() == 60
