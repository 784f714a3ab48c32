"""Posters: the code opens the page, the words are the shop's, markup in them is none."""

import io
import json
import re
import zlib

import pytest
import segno
import typst
from PIL import Image

from catalog import photos
from catalog.models import Product
from pages import poster as posters
from tenants.models import Cooperative
from tests import make
from tests.browsing import Browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def typeset(monkeypatch) -> list[dict]:
    """What the typesetter was told, instead of setting it."""
    told: list[dict] = []

    def compile_(main, *, sys_inputs, root, **how):
        beside = {"code": main.with_name("code.svg").read_bytes(), "photo_there": main.with_name("photo.jpg").exists()}
        told.append(json.loads(sys_inputs["facts"]) | beside)
        return b"%PDF"

    monkeypatch.setattr(typst, "compile", compile_)
    return told


@pytest.fixture
def product(seller) -> Product:
    made = make.product(title='Kopi #1 *Wine* $x$ @ <b> "asli" \\', price=65_000, seller=seller)
    buffer = io.BytesIO()
    Image.new("RGB", (800, 500), "peru").save(buffer, "JPEG")
    photos.attach(product=made, data=buffer.getvalue(), alt="Biji kopi", now=make.NOW)
    return made


def test_a_poster_is_one_page_that_prints(people, product):
    for paper, (width, height) in {"a4": (595, 842), "a6": (298, 420)}.items():
        answer = people["petugas"].get(f"/kelola/produk/{product.pk}/poster.pdf?kertas={paper}")
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        pdf = answer.content
        assert pdf.startswith(b"%PDF-1.7") and len(pdf) < 300_000
        sizes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", _unpacked(pdf))
        assert [(round(float(w)), round(float(h))) for w, h in sizes] == [(width, height)]


def test_what_stands_on_it_is_what_is_sold(people, product, typeset):
    people["petugas"].get(f"/kelola/produk/{product.pk}/poster.pdf")
    (told,) = typeset
    assert (told["title"], told["price"], told["seller"], told["shop"]) == (
        product.title, "Rp65.000", "Ibu Rahma", "Koperasi Kopi Gayo",
    )  # fmt: skip
    assert told["photo_there"] and told["paper"] == "a4"
    assert told["address"].endswith(product.get_absolute_url())
    expected = io.BytesIO()
    segno.make(told["address"], error="m", micro=False).save(expected, kind="svg", border=2, scale=10, xmldecl=False)
    assert told["code"] == expected.getvalue()


def test_the_shop_has_one_of_its_own(people, typeset, kopi):
    Cooperative.objects.filter(pk=kopi.pk).update(regency="Kab. Aceh Tengah", province="Aceh")
    assert people["member"].get("/kelola/toko/poster.pdf").status_code == 200
    (told,) = typeset
    assert (told["price"], told["photo_there"]) == ("", False)
    assert told["address"].startswith("http") and told["address"].endswith("/")


def test_a_member_has_those_of_their_own_goods(people, product, typeset):
    other = make.product(title="Madu", seller=make.member(name="Orang Lain", number="B-1"))
    assert people["member"].get(f"/kelola/produk/{product.pk}/poster.pdf").status_code == 200
    assert people["member"].get(f"/kelola/produk/{other.pk}/poster.pdf").status_code == 404
    assert Browser().get(f"/kelola/produk/{product.pk}/poster.pdf").status_code == 302
    assert len(typeset) == 1


def test_what_is_not_on_sale_has_none_and_paper_is_one_that_we_know(people, product, typeset):
    assert people["petugas"].get(f"/kelola/produk/{product.pk}/poster.pdf?kertas=../a4").status_code == 404
    Product.objects.filter(pk=product.pk).update(state="paused")
    assert people["petugas"].get(f"/kelola/produk/{product.pk}/poster.pdf").status_code == 404
    assert typeset == []


def test_a_photo_that_is_lost_leaves_a_poster_without_one(people, product, typeset):
    picture = product.pictures.get()
    picture.image.storage.delete(picture.image.name)
    assert people["petugas"].get(f"/kelola/produk/{product.pk}/poster.pdf").status_code == 200
    assert (typeset[0]["has_photo"], typeset[0]["photo_there"]) == (False, False)


@pytest.mark.parametrize("title", ["x" * 120, "Kopi " * 24, '#read("/etc/passwd")', "咖啡 ☕️"])
def test_no_title_breaks_it(kopi, title):
    poster = posters.Poster(
        title=title, price="Rp1", seller="S" * 80, shop="T" * 80, address="https://kopi.example/" + "a" * 200,
        photo="", alt="", colour="#1f5c46",
    )  # fmt: skip
    pages = re.findall(rb"/Type\s*/Page\b", _unpacked(posters.pdf(poster, paper="a6")))
    assert len(pages) == 1


def _unpacked(pdf: bytes) -> bytes:
    """The file with its packed parts beside it."""
    found = [pdf]
    for part in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(part))
        except zlib.error:
            continue
    return b"\n".join(found)
