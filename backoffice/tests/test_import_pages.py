"""The walk of a file over the pages: upload, look, run; mapping; stopping; what others may not see."""

import csv
import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from catalog.models import ImportJob, Picture, Product, Variant
from inventory import opening
from tests import make

HEADING = "title,description,category,price,stock,sku,weight_g,seller,pictures\n"
GOOD = "Kopi Gayo,Rasa cokelat,Kopi,Rp65.000,10,K-1,250,A-007,kopi.png\n"
PAGE = "/kelola/produk/impor/"


def upload(browser, text, *, name="produk.csv", **more):
    file = SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text, "text/csv")
    return browser.post(PAGE, {"file": file, **more})


def photos(*names):
    image, out = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (600, 600), "brown").save(image, "PNG")
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, image.getvalue())
    return SimpleUploadedFile("foto.zip", out.getvalue(), "application/zip")


def go_on(now):
    while opening.go_on_importing(now=now):
        pass


@pytest.fixture
def officer(world, people):
    ImportJob.objects.all().delete()
    return people["petugas"]


def test_a_file_is_looked_through_first_and_written_when_somebody_says_so(officer, now):
    bad = "Teh,,Teh,15.0,3,T-1,100,A-007,\n"
    answer = upload(officer, HEADING + GOOD + bad, pictures=photos("foto/kopi.png"))
    job = ImportJob.objects.get()
    assert (answer.status_code, answer["Location"], job.state) == (302, f"{PAGE}{job.pk}/", "checking")
    go_on(now)
    page = officer.get(f"{PAGE}{job.pk}/").content.decode()
    assert "belum ada yang berubah" in page
    assert "Harga “15.0” tidak jelas" in page
    assert not Variant.objects.filter(sku="K-1").exists()
    officer.post(f"{PAGE}{job.pk}/jalankan/")
    go_on(now)
    job.refresh_from_db()
    assert (job.state, job.counts["run"]["new"], job.counts["run"]["rows_wrong"]) == ("done", 1, 1)
    variant = Variant.objects.get(sku="K-1")
    assert (variant.price, variant.stock.on_hand, variant.product.state) == (65_000, 10, "live")
    problems = list(csv.reader(io.StringIO(officer.get(f"{PAGE}{job.pk}/masalah/").content.decode("utf-8-sig"))))
    assert [row[:3] for row in problems] == [["baris", "kolom", "isi"], ["3", "price", "15.0"]]


def test_a_file_of_unknown_columns_is_mapped_by_a_person(officer, world, now):
    text = "DAFTAR BARANG;;;\nBarang;Rupiah;Sisa;Gram\nKopi Luwak;250.000;3;200\n"
    upload(officer, text)
    go_on(now)
    job = ImportJob.objects.get()
    assert job.state == "mapping"
    page = officer.get(f"{PAGE}{job.pk}/?heading=2").content.decode()
    assert "Kopi Luwak" in page and "column_price" in page
    refused = officer.post(f"{PAGE}{job.pk}/", {"heading": "2", "column_title": "0", "column_price": "1"})
    assert refused.status_code == 422
    assert "Pilih anggota" in refused.content.decode()
    said = {
        "heading": "2", "column_title": "0", "column_price": "1", "column_stock": "2", "column_weight": "3",
        "member": world.member.pk, "category": "Kopi",
    }  # fmt: skip
    assert officer.post(f"{PAGE}{job.pk}/", said).status_code == 302
    go_on(now)
    officer.post(f"{PAGE}{job.pk}/jalankan/")
    go_on(now)
    product = Product.objects.get(title="Kopi Luwak")
    assert (product.member, product.category.name) == (world.member, "Kopi")
    assert list(product.variants.values_list("sku", "price", "stock__on_hand", "weight_g")) == [
        ("KOPI-LUWAK", 250_000, 3, 200)
    ]


def test_a_shopify_file_asks_who_sells_it(officer, world, now):
    text = (
        "Handle,Title,Type,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Status\n"
        "baju,Baju Lurik,Baju,,300,4,160000.00,active\n"
    )
    upload(officer, text)
    go_on(now)
    job = ImportJob.objects.get()
    assert (job.state, job.format) == ("mapping", "shopify")
    assert "Siapa penjualnya?" in officer.get(f"{PAGE}{job.pk}/").content.decode()
    officer.post(f"{PAGE}{job.pk}/", {"heading": "0", "member": world.member.pk})
    go_on(now)
    job.refresh_from_db()
    assert (job.state, job.counts["check"]["new"]) == ("checked", 1)


def test_what_was_stopped_goes_on_where_it_stood(officer, now):
    rows = "".join(f"Kopi nomor {n},,Kopi,65000,1,S-{n},250,A-007,\n" for n in range(500))
    upload(officer, HEADING + rows)
    go_on(now)
    job = ImportJob.objects.get()
    officer.post(f"{PAGE}{job.pk}/jalankan/")
    opening.go_on_importing(now=now, seconds=0)
    officer.post(f"{PAGE}{job.pk}/berhenti/")
    go_on(now)
    job.refresh_from_db()
    assert (job.state, job.rows_done, Variant.objects.filter(sku__startswith="S-").count()) == ("cancelled", 200, 200)
    assert "Lanjutkan" in officer.get(f"{PAGE}{job.pk}/").content.decode()
    officer.post(f"{PAGE}{job.pk}/lanjut/")
    go_on(now)
    job.refresh_from_db()
    assert (job.state, job.rows_done, job.counts["run"]["new"]) == ("done", 500, 500)
    assert Variant.objects.filter(sku__startswith="S-").count() == 500


def test_what_is_done_is_neither_started_nor_stopped_again(officer, now):
    upload(officer, HEADING + GOOD)
    go_on(now)
    job = ImportJob.objects.get()
    officer.post(f"{PAGE}{job.pk}/jalankan/")
    go_on(now)
    for act in ("jalankan", "berhenti", "lanjut"):
        assert officer.post(f"{PAGE}{job.pk}/{act}/").status_code == 302
    go_on(now)
    job.refresh_from_db()
    assert (job.state, job.counts["run"]["new"]) == ("done", 1)


def test_a_file_that_is_no_table_is_refused_in_plain_words(officer, now):
    upload(officer, b"\xd0\xcf\x11\xe0" + b"x" * 100, name="lama.xls")
    go_on(now)
    job = ImportJob.objects.get()
    assert job.state == "failed"
    assert "Simpan sebagai .xlsx" in officer.get(f"{PAGE}{job.pk}/").content.decode()


def test_a_zip_that_is_none_is_refused_before_anything_is_kept(officer):
    broken = SimpleUploadedFile("foto.zip", b"bukan zip", "application/zip")
    answer = upload(officer, HEADING + GOOD, pictures=broken)
    assert answer.status_code == 422
    assert "bukan berkas ZIP" in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_reasons_are_given_in_the_language_of_the_upload(officer, now):
    file = SimpleUploadedFile("x.csv", (HEADING + "Teh,,Teh,9000,3,,100,A-007,\n").encode(), "text/csv")
    officer.post(f"/en{PAGE}", {"file": file})
    go_on(now)
    assert ImportJob.objects.get().options["language"] == "en"


def test_a_job_of_another_cooperative_does_not_exist(world, people):
    job = ImportJob.objects.get()
    answer = people["pengurus of another cooperative"].get(f"{PAGE}{job.pk}/")
    assert answer.status_code in (302, 404)
    assert b"produk.csv" not in answer.content


def test_the_template_can_be_brought_in_as_it_is(officer, world, now):
    make.member(number="A-001", name="Pemilik contoh")
    for kind in ("csv", "xlsx"):
        data = officer.get(f"{PAGE}contoh/{kind}/").content
        upload(officer, data, name=f"contoh.{kind}")
        go_on(now)
        job = ImportJob.objects.latest("pk")
        reasons = list(job.problems.values_list("reason", flat=True))
        assert (job.state, job.counts["check"]["new"], reasons) == (
            "checked", 1, ["Foto “kopi-arabika.jpg” tidak ditemukan."],
        )  # fmt: skip


def test_no_other_file_kind_is_offered(officer):
    assert officer.get(f"{PAGE}contoh/pdf/").status_code == 404
    assert officer.get("/kelola/produk/ekspor/pdf/").status_code == 404
    assert Picture.objects.count() == 0
