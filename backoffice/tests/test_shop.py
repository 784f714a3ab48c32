"""The shop's own pages: profile, rates, the cooperative's share, members, products by hand and by file, closing."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from backoffice.tests.conftest import make_paid_order
from catalog.models import Category, Picture, Product, Proposal
from members.models import Member
from orders import fees
from orders.models import FeeRule
from shipping import quoting
from shipping.models import Rate
from tenants import describing
from tenants.models import Cooperative
from tests import make
from tests.browsing import Browser

PROFILE = {"name": "Kopi Baru", "zone": "Asia/Makassar", "whatsapp": "0812-3456-7890"}
PRODUCT = {
    "rows": "1", "title": "Kopi Wine", "new_category": "Kopi", "c0-price": "95.000", "c0-weight_g": "250",
    "c0-pieces": "7", "do": "ajukan",
}  # fmt: skip


@pytest.fixture
def ketua(kopi):
    return Browser(user=make.officer())


def row(cooperative):
    return Cooperative.objects.filter(pk=cooperative.pk).values().get()


def photo(size=(300, 300)):
    data = io.BytesIO()
    Image.new("RGB", size, "brown").save(data, "PNG")
    return SimpleUploadedFile("kopi.png", data.getvalue(), "image/png")


def test_the_profile_changes_what_everybody_reads_and_nothing_else(kopi, ketua):
    before = row(kopi)
    hostile = {"slug": "lain", "state": "closed", "schema_name": "public", "server": "x", "is_canary": "1"}
    assert ketua.post("/kelola/toko/", {**PROFILE, **hostile}).status_code == 302
    elsewhere = {"theme", "hours"}  # pages of their own: test_face.py
    empty = dict.fromkeys(set(describing.FIELDS) - set(PROFILE) - elsewhere, "")
    told = {**PROFILE, "whatsapp": "+6281234567890", "revision": before["revision"] + 1}
    assert row(kopi) == {**before, **empty, **told}
    assert "Kopi Baru" in Browser().get("/").text


@pytest.mark.parametrize(
    ("field", "value"), [("whatsapp", "12"), ("email", "halo"), ("province", "Jawa"), ("name", "")]
)
def test_a_mistake_in_the_profile_is_named_and_nothing_changes(kopi, ketua, field, value):
    before = row(kopi)
    answer = ketua.post("/kelola/toko/", {**PROFILE, field: value})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert row(kopi) == before


def test_nobody_describes_a_state(kopi):
    with pytest.raises(TypeError, match="state"):
        describing.describe(cooperative_id=kopi.pk, name="x", state="closed")
    assert Cooperative.objects.get(pk=kopi.pk).name == kopi.name


def test_a_rate_is_set_changed_and_removed(kopi, ketua):
    first = {"province": "", "per_kg": "30.000", "days_from": "4", "days_to": "9"}
    assert ketua.post("/kelola/toko/ongkir/", first).status_code == 302
    assert ketua.post("/kelola/toko/ongkir/", {**first, "province": "Aceh", "per_kg": "0"}).status_code == 302
    assert ketua.post("/kelola/toko/ongkir/", {**first, "per_kg": "Rp 28.000"}).status_code == 302
    assert sorted(Rate.objects.values_list("province", "per_kg")) == [("", 28_000), ("Aceh", 0)]
    assert quoting.quote(province="Bali", weight_g=1_200).cost == 56_000
    assert ketua.post(f"/kelola/toko/ongkir/{Rate.objects.get(province='').pk}/hapus/").status_code == 302
    with pytest.raises(quoting.NoRate):
        quoting.quote(province="Bali", weight_g=1)


@pytest.mark.parametrize("wrong", [{"per_kg": "-1"}, {"days_to": "3"}, {"province": "Jawa"}, {"per_kg": "10,5"}])
def test_a_wrong_rate_is_not_kept(kopi, ketua, wrong):
    right = {"province": "", "per_kg": "30.000", "days_from": "4", "days_to": "9"}
    assert ketua.post("/kelola/toko/ongkir/", {**right, **wrong}).status_code == 422
    assert not Rate.objects.exists()


@pytest.mark.parametrize(("typed", "kept"), [("7,5", 750), ("0", 0), ("12.25", 1225)])
def test_the_share_of_the_cooperative_holds_from_today(kopi, ketua, typed, kept):
    assert ketua.post("/kelola/toko/bagian/", {"percent": typed}).status_code == 302
    assert fees.in_force(channel="shop", now=timezone.now()).cooperative_bp == kept


@pytest.mark.parametrize("typed", ["-1", "91", "1,234", "banyak", ""])
def test_a_share_that_makes_no_sense_is_not_kept(kopi, ketua, typed):
    assert ketua.post("/kelola/toko/bagian/", {"percent": typed}).status_code == 422
    assert not FeeRule.objects.exists()


def test_a_rule_that_has_begun_is_not_edited(kopi, ketua):
    ketua.post("/kelola/toko/bagian/", {"percent": "5"})
    again = ketua.post("/kelola/toko/bagian/", {"percent": "6"})
    assert (again.status_code, FeeRule.objects.get().cooperative_bp) == (422, 500)
    assert ketua.post("/kelola/toko/bagian/", {"percent": "5"}).status_code == 302


def test_a_member_joins_once(kopi, ketua):
    person = {"number": "A-9", "name": "Pak Umar", "village": "Bebesen", "email": "umar@kopi.example"}
    assert ketua.post("/kelola/anggota/baru/", person).status_code == 302
    assert Member.objects.get().user.email == "umar@kopi.example"
    same_number = ketua.post("/kelola/anggota/baru/", {**person, "email": ""})
    same_email = ketua.post("/kelola/anggota/baru/", {**person, "number": "A-10", "email": "Umar@kopi.example"})
    assert list(same_number.context["form"].errors) == ["number"]
    assert list(same_email.context["form"].errors) == ["email"]
    assert Member.objects.count() == 1


def add(ketua, seller, **changes):
    sent = {**PRODUCT, "key": str(uuid.uuid4()), "anggota": seller.pk, **changes}
    return ketua.post("/kelola/produk/baru/", sent)


def test_a_product_is_written_down_with_its_pieces_and_photo(kopi, ketua):
    seller = make.member()
    add(ketua, seller, photos=photo())
    product = Product.objects.get()
    variant = product.variants.get()
    assert (product.title, product.state, product.member) == ("Kopi Wine", "live", seller)
    assert (variant.sku, variant.price, variant.weight_g, variant.stock.on_hand) == ("KOPI-WINE", 95_000, 250, 7)
    assert Picture.objects.get().image.name.startswith(f"{kopi.uid.hex}/products/")
    add(ketua, seller, title="Kopi wine!", new_category="kopi")
    assert sorted(Product.objects.values_list("slug", flat=True)) == ["kopi-wine", "kopi-wine-2"]
    assert Category.objects.get().name == "Kopi"


@pytest.mark.parametrize(
    ("wrong", "target"),
    [
        ({"title": "kopi wine"}, "id_title"),
        ({"title": "Lain", "c0-sku": "KOPI-WINE"}, "id_c0-sku"),
        ({"title": "Lain", "photos": SimpleUploadedFile("a.png", b"not a photo", "image/png")}, ""),
        ({"title": "Lain", "c0-price": "0"}, "id_c0-price"),
        ({"title": "Lain", "c0-pieces": "-1"}, "id_c0-pieces"),
        ({"title": "Lain", "new_category": ">"}, "id_category"),
    ],
)
def test_a_product_that_cannot_be_taken_is_named_and_stays_a_draft(kopi, ketua, wrong, target):
    seller = make.member()
    add(ketua, seller)
    answer = add(ketua, seller, **wrong)
    assert (answer.status_code, [one.target for one in answer.context["troubles"]]) == (422, [target])
    assert (Product.objects.count(), Picture.objects.count()) == (1, 0)
    assert Proposal.objects.get(state="draft").content["title"] == wrong["title"]


def test_a_product_of_nobody_is_not_there(kopi, ketua):
    seller = make.member()
    assert add(ketua, seller, anggota="0").status_code == 404
    make.member(name="Pak Umar")
    assert "Produk siapa?" in ketua.get("/kelola/produk/baru/").text
    assert (Product.objects.count(), Proposal.objects.count()) == (0, 0)


def test_a_photo_is_added_and_what_is_no_photo_is_refused(kopi, ketua):
    product = make.product()
    for _time in range(2):
        ketua.post(f"/kelola/produk/{product.pk}/foto/", {"photo": photo()})
    assert [event.kind for event in product.events.all()] == ["changed"]
    said = ketua.post(
        f"/kelola/produk/{product.pk}/foto/", {"photo": SimpleUploadedFile("x.png", b"x", "image/png")}, follow=True
    )
    assert "Berkas ini bukan foto" in said.text
    assert product.pictures.count() == 1


def test_the_officers_close_their_shop_with_a_reason_and_the_name_typed(kopi, ketua):
    for wrong in ({"reason": "", "slug": "kopi-gayo"}, {"reason": "bubar", "slug": "kopi"}):
        assert ketua.post("/kelola/toko/tutup/", wrong).status_code == 422
        assert row(kopi)["state"] == "open"
    closed = ketua.post("/kelola/toko/tutup/", {"reason": "Rapat anggota memutuskan bubar", "slug": "kopi-gayo"})
    assert closed["Location"] == "/kelola/"
    assert (row(kopi)["state"], row(kopi)["state_reason"]) == ("closed", "Rapat anggota memutuskan bubar")
    assert "Rapat anggota memutuskan bubar" in ketua.get("/kelola/").text
    assert Browser().get("/").status_code == 410


def test_a_shop_that_owes_parcels_is_not_closed_by_its_officers(kopi, ketua, seller):
    make_paid_order(seller)
    answer = ketua.post("/kelola/toko/tutup/", {"reason": "bubar", "slug": "kopi-gayo"})
    assert (answer.status_code, row(kopi)["state"]) == (422, "open")
    assert "1 pesanan sudah dibayar" in answer.text
