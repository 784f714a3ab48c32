"""From an approved application to an open shop with nothing but a browser, and what stands in the way."""

import io
import re
import uuid
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.models import User
from backoffice import going_live
from catalog.models import Picture, Product
from inventory.models import Stock
from members import founding
from members.models import Member, Officer
from orders.models import FeeRule
from payments.models import Gateway
from shipping.models import Rate
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make
from tests.browsing import Browser

HOST = "madu-hutan.localhost"
ALL = {"officer", "contact", "address", "legal", "fee", "rate", "gateway", "product"}
PROFILE = {
    "name": "Koperasi Madu Hutan",
    "story_id": "Madu dari hutan Sumbawa.",
    "email": "halo@madu.example",
    "whatsapp": "0812 3456 7890",
    "address": "Jl. Lebah 1",
    "regency": "Sumbawa",
    "province": "Nusa Tenggara Barat",
    "legal_number": "AHU-0001234.AH.01.26.2020",
    "zone": "Asia/Makassar",
}


def photo(name="madu.png"):
    data = io.BytesIO()
    Image.new("RGB", (400, 400), "orange").save(data, "PNG")
    return SimpleUploadedFile(name, data.getvalue(), "image/png")


def missing(cooperative):
    return {
        point.key for point in going_live.points(cooperative_id=cooperative.pk, now=timezone.now()) if not point.is_met
    }


@pytest.fixture
def madu(db):
    made = founding.found(name="Madu Hutan", slug="madu-hutan", admin_email="ketua@madu.example", admin_name="Ibu Ani")
    with in_tenant(made):
        yield made


@pytest.fixture
def ketua(madu):
    """The first officer, logged in by the code that came by e-mail."""
    browser = Browser(HOST)
    browser.post("/akun/masuk/", {"email": "ketua@madu.example"})
    code = re.search(r"^[B-Z]{4}-[B-Z]{4}$", mail.outbox[-1].body, re.MULTILINE)[0]
    assert browser.post("/akun/masuk/kode/", {"code": code})["Location"] == "/kelola/"
    return browser


def test_a_cooperative_that_was_just_approved_opens_its_shop_in_the_browser_alone(madu, ketua):
    visitor = Browser(HOST)
    assert "Segera dibuka" in visitor.get("/").text
    assert missing(madu) == ALL - {"officer"}
    home = ketua.get("/kelola/").text
    for point in ("Ongkos kirim", "Cara bayar", "Produk yang bisa dibeli"):
        assert point in home

    assert ketua.post("/kelola/toko/", PROFILE).status_code == 302
    assert ketua.post("/kelola/toko/bagian/", {"percent": "7,5"}).status_code == 302
    rate = {"province": "", "per_kg": "25.000", "days_from": "3", "days_to": "7"}
    assert ketua.post("/kelola/toko/ongkir/", rate).status_code == 302
    account = {"bank": "BRI", "account_number": "0123 456 789", "account_holder": "Koperasi Madu Hutan"}
    assert ketua.post("/kelola/pembayaran/cara/transfer/", account).status_code == 302
    member = {"number": "MH-001", "name": "Pak Umar", "village": "Batudulang", "email": "umar@madu.example"}
    assert ketua.post("/kelola/anggota/baru/", member).status_code == 302
    product = {
        "anggota": Member.objects.get().pk, "key": str(uuid.uuid4()), "title": "Madu Hutan 500 ml",
        "new_category": "Madu", "description": "Manis.", "c0-price": "Rp 120.000", "c0-weight_g": "700",
        "c0-pieces": "12", "photos": photo(),
    }  # fmt: skip
    added = ketua.post("/kelola/produk/baru/", product)
    assert added.status_code == 302, added.context and added.context["troubles"]
    assert missing(madu) == set()

    assert visitor.get("/").status_code == 503
    ketua.get("/kelola/lihat-toko/")
    assert "Madu Hutan 500 ml" in ketua.get("/").text
    opened = ketua.post("/kelola/buka-toko/buka/", follow=True)
    assert "Toko dibuka." in opened.text
    assert Cooperative.objects.get(pk=madu.pk).state == "open"

    shop = visitor.get("/")
    assert (shop.status_code, "Madu Hutan 500 ml" in shop.text) == (200, True)
    assert "Koperasi Madu Hutan" in shop.text
    bought = Product.objects.get().variants.get()
    assert visitor.post("/keranjang/tambah/", {"v": bought.pk, "quantity": 2}).status_code == 302
    assert "Rp240.000" in visitor.get("/keranjang/").text


def fill(cooperative):
    """Everything that a shop needs."""
    Cooperative.objects.filter(pk=cooperative.pk).update(
        state="preparing", email="a@b.example", phone="+62811", address="Jl. 1", regency="Bireuen", province="Aceh",
        nib="1234567890123",
    )  # fmt: skip
    officer = make.officer()
    officer.emailaddress_set.create(email=officer.email, verified=True, primary=True)
    FeeRule.objects.create(channel="shop", cooperative_bp=0, from_date=date(2026, 1, 1))
    make.rate()
    Gateway.objects.create(provider="transfer", label="BRI")
    product = make.product()
    Picture.objects.create(product=product, image="x/y.webp", width=1, height=1, alt="Kopi", sha256="0" * 64)
    return officer


WAYS_TO_FALL_SHORT = [
    ("officer", lambda c: User.objects.get().emailaddress_set.update(verified=False)),
    ("officer", lambda c: Officer.objects.update(role="petugas")),
    ("contact", lambda c: Cooperative.objects.filter(pk=c.pk).update(email="")),
    ("contact", lambda c: Cooperative.objects.filter(pk=c.pk).update(phone="", whatsapp="")),
    ("address", lambda c: Cooperative.objects.filter(pk=c.pk).update(province="")),
    ("legal", lambda c: Cooperative.objects.filter(pk=c.pk).update(nib="")),
    ("fee", lambda c: FeeRule.objects.update(channel="shopee")),
    ("fee", lambda c: FeeRule.objects.update(from_date=timezone.now().date() + timedelta(days=2))),
    ("rate", lambda c: Rate.objects.all().delete()),
    ("gateway", lambda c: Gateway.objects.update(is_active=False)),
    ("product", lambda c: Product.objects.update(state="draft")),
    ("product", lambda c: Picture.objects.all().delete()),
    ("product", lambda c: Picture.objects.update(is_broken=True)),
    ("product", lambda c: Product.objects.get().variants.update(is_active=False)),
]


@pytest.mark.breaks("I12")
@pytest.mark.parametrize(("key", "spoil"), WAYS_TO_FALL_SHORT)
def test_a_shop_that_lacks_one_thing_does_not_open(kopi, key, spoil):
    officer = fill(kopi)
    assert missing(kopi) == set()
    spoil(kopi)
    assert missing(kopi) == {key}
    before = Cooperative.objects.filter(pk=kopi.pk).values().get()
    if not Officer.objects.filter(role="pengurus").exists():
        officer = make.officer(email="baru@kopi.example")
    answer = Browser(user=officer).post("/kelola/buka-toko/buka/")
    assert answer["Location"] == "/kelola/buka-toko/"
    assert Cooperative.objects.filter(pk=kopi.pk).values().get() == before


@pytest.mark.breaks("I2", "I12")
def test_a_product_whose_last_piece_is_promised_does_not_count(kopi):
    fill(kopi)
    Stock.objects.update(reserved=10)
    assert missing(kopi) == {"product"}


def test_the_button_is_dead_until_all_is_there(kopi):
    officer = fill(kopi)
    dead = re.compile(r'<button class="btn btn-primary" type="submit" disabled')
    assert not dead.search(Browser(user=officer).get("/kelola/buka-toko/").text)
    Rate.objects.all().delete()
    assert dead.search(Browser(user=officer).get("/kelola/buka-toko/").text)


def test_a_shop_that_is_open_or_suspended_is_not_opened_by_its_officer(kopi):
    officer = fill(kopi)
    for state in ("open", "suspended"):
        Cooperative.objects.filter(pk=kopi.pk).update(state=state)
        Browser(user=officer).post("/kelola/buka-toko/buka/")
        assert Cooperative.objects.get(pk=kopi.pk).state == state
