"""Pictures that a file names: out of its ZIP, or from an address."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from catalog.importing import fetching, jobs, pictures
from catalog.models import Picture, Variant, WantedPicture
from catalog.photos import MOST_BYTES, BadPhoto
from inventory import opening
from lib import fetching as web
from lib.http import NoAnswer
from tests import make

HEADING = "title,category,price,stock,sku,weight_g,seller,axis1_name,axis1_value,pictures,variant_picture\n"


def png(colour="brown", size=600):
    out = io.BytesIO()
    Image.new("RGB", (size, size), colour).save(out, "PNG")
    return out.getvalue()


def archive(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return ContentFile(out.getvalue(), name="foto.zip")


@pytest.fixture
def bring_in(kopi, now):
    make.member(number="A-1", name="Ibu Rahma")

    def run(rows, files=None):
        job = jobs.begin(
            file=ContentFile((HEADING + rows).encode()), file_name="x.csv", by="Pengurus", language="id", now=now,
            zipped=archive(files) if files else None,
        )  # fmt: skip
        while opening.go_on_importing(now=now):
            pass
        jobs.start(job_id=job.pk, now=now)
        while opening.go_on_importing(now=now):
            pass
        again_at = fetching.work(now=now)
        job.refresh_from_db()
        return job, again_at

    return run


def test_pictures_come_out_of_the_zip_in_their_order_and_choices_have_theirs(bring_in, kopi):
    rows = (
        "Baju,Baju,9000,1,B-M,200,A-1,Ukuran,M,depan.png|C:\\Foto\\Belakang.PNG,\n"
        "Baju,,9000,1,B-L,200,A-1,Ukuran,L,,besar.png\nBaju,,9000,1,B-XL,200,A-1,Ukuran,XL,,besar.png\n"
    )
    files = {"foto/depan.png": png("red"), "belakang.png": png("green"), "besar.png": png("blue")}
    job, again_at = bring_in(rows, files)
    assert (job.state, again_at, list(job.problems.values_list("reason", flat=True))) == ("done", None, [])
    found = list(Picture.objects.order_by("position").values_list("position", "wishes__address", "alt"))
    assert found == [(0, "depan.png", "Baju"), (1, "C:\\Foto\\Belakang.PNG", "Baju"), (2, "besar.png", "Baju")]
    big = Picture.objects.get(position=2)
    assert dict(Variant.objects.values_list("sku", "picture")) == {"B-M": None, "B-L": big.pk, "B-XL": big.pk}
    assert big.image.name.startswith(f"{kopi.uid.hex}/products/")


def test_the_same_file_again_fetches_nothing(bring_in):
    rows, files = "Baju,Baju,9000,1,B-M,200,A-1,,,depan.png,\n", {"depan.png": png()}
    bring_in(rows, files)
    job, _again_at = bring_in(rows, files)
    assert (job.counts["run"]["unchanged"], Picture.objects.count(), WantedPicture.objects.count()) == (1, 1, 1)


def test_a_picture_that_is_not_there_or_none_is_said_and_the_product_comes_without(bring_in):
    rows = "Baju,Baju,9000,1,B-M,200,A-1,,,hilang.png|jahat.png|data:image/png;base64\\,AAAA,\n"
    job, _again_at = bring_in(rows, {"jahat.png": b"<script>alert(1)</script>"})
    assert (job.counts["run"]["new"], Picture.objects.count(), fetching.failed(job)) == (1, 0, 1)
    reasons = list(job.problems.order_by("pk").values_list("row", "reason"))
    assert (2, "Foto “hilang.png” tidak ditemukan.") in reasons
    (wish,) = WantedPicture.objects.all()
    assert (wish.address, wish.done_at is not None) == ("jahat.png", True)
    assert "JPG, PNG" in wish.error


def test_a_picture_that_failed_is_tried_again_with_the_next_upload(bring_in):
    rows = "Baju,Baju,9000,1,B-M,200,A-1,,,depan.png,\n"
    bring_in(rows, {"depan.png": b"rusak"})
    assert Picture.objects.count() == 0
    job, _again_at = bring_in(rows, {"depan.png": png()})
    assert (job.counts["run"]["unchanged"], Picture.objects.count(), fetching.failed(job)) == (1, 1, 0)


def test_no_more_than_twelve_pictures_are_taken(bring_in):
    names = [f"{n}.png" for n in range(14)]
    rows = f"Baju,Baju,9000,1,B-M,200,A-1,,,{'|'.join(names)},\n"
    job, _again_at = bring_in(rows, {name: png(size=400 + n) for n, name in enumerate(names)})
    assert Picture.objects.count() == 12
    assert list(job.problems.values_list("value", "reason")) == [
        ("12.png", "Paling banyak 12 foto per produk."),
        ("13.png", "Paling banyak 12 foto per produk."),
    ]


def test_a_picture_of_an_address_is_fetched_and_given_up_after_some_tries(bring_in, monkeypatch, now):
    asked = []

    def answer(address, *, most_bytes):
        asked.append(address)
        if "lambat" in address:
            raise NoAnswer
        if "dalam" in address:
            raise web.NotPublic
        return png()

    monkeypatch.setattr(web, "fetch", answer)
    rows = "Baju,Baju,9000,1,B-M,200,A-1,,,https://x.example/a.png https://x.example/lambat http://dalam.example/b,\n"
    job, again_at = bring_in(rows)
    assert (Picture.objects.count(), again_at) == (1, now + timedelta(minutes=1))
    assert WantedPicture.objects.get(address="http://dalam.example/b").error == (
        "Alamat foto ini bukan alamat umum di internet."
    )
    assert fetching.work(now=now + timedelta(seconds=30)) == now + timedelta(minutes=1)
    assert asked.count("https://x.example/lambat") == 1
    later = now
    while again_at is not None:
        later = again_at
        again_at = fetching.work(now=later)
    assert asked.count("https://x.example/lambat") == fetching.MOST_ATTEMPTS
    assert (fetching.failed(job), Picture.objects.count()) == (2, 1)


def test_a_zip_is_not_unpacked_further_than_a_photo_may_be_large():
    bomb = archive({"bom.png": b"\0" * (200 * 1024 * 1024)})
    assert bomb.size < 1_000_000
    zipped = pictures.Zipped(bomb.file)
    assert len(zipped.read("bom.png")) == MOST_BYTES + 1


@pytest.mark.parametrize("name", ["../rahasia.png", "/etc/passwd", "", ".."])
def test_a_name_outside_the_zip_is_not_found(name):
    zipped = pictures.Zipped(archive({"a.png": png()}).file)
    with pytest.raises(BadPhoto):
        zipped.read(name)


def test_no_zip_is_none():
    with pytest.raises(pictures.BadArchive):
        pictures.Names.of(io.BytesIO(b"PK\x03\x04 nothing"))
