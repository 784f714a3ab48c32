"""Officers arrange the home page and write the pages of text, without a line of JavaScript."""

import io
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from pages import blocks, writing
from pages.models import Block, Page
from tenants.models import Cooperative
from tests import make
from tests.browsing import BATIK, Browser

BLOCKS, PAGES = "/kelola/toko/beranda/", "/kelola/toko/halaman/"
DEFAULT = ["banner", "collection", "collection", "story"]


@pytest.fixture
def ketua(kopi):
    return Browser(user=make.officer())


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def kinds():
    return [block.kind for block in blocks.everything()]


def add(ketua, kind):
    """The address of a new block."""
    answer = ketua.post(BLOCKS, {"kind": kind})
    assert answer.status_code == 302
    assert answer.url.startswith(BLOCKS)
    return answer.url


def content(address):
    return Block.objects.get(pk=address.rstrip("/").rpartition("/")[2]).content


def photo(colour="brown"):
    data = io.BytesIO()
    Image.new("RGB", (1600, 900), colour).save(data, "JPEG")
    return SimpleUploadedFile("kebun.jpg", data.getvalue(), "image/jpeg")


def files(settings):
    return sorted(path.name[32:] for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def test_a_block_is_added_filled_in_and_moved_up_to_the_top(kopi, ketua):
    address = add(ketua, "text")
    ketua.post(address, {"title_id": "Panen raya", "text_id": "Mulai Oktober."})
    for _step in range(4):
        ketua.post(f"{address}langkah/", {"step": "up"})
    assert kinds() == ["text", *DEFAULT]
    page = Browser().get("/").text
    assert page.index("Panen raya") < page.index("Baru di rak kami")
    assert "Panen raya" in ketua.get(BLOCKS).text


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("down", ["collection", "banner", "collection", "story"]),
        ("up", DEFAULT),
        ("remove", ["collection", "collection", "story"]),
        ("hide", DEFAULT),
        ("nonsense", DEFAULT),
        ("", DEFAULT),
    ],
)
def test_each_button_does_what_it_says(kopi, ketua, step, expected):
    assert ketua.post(f"{BLOCKS}awal-0/langkah/", {"step": step}).url == BLOCKS
    assert kinds() == expected
    assert blocks.everything()[0].is_shown is (step != "hide")


def test_a_hidden_block_is_shown_again(kopi, ketua):
    ketua.post(f"{BLOCKS}awal-0/langkah/", {"step": "hide"})
    assert "disembunyikan" in ketua.get(BLOCKS).text
    ketua.post(f"{BLOCKS}{Block.objects.get(position=0).pk}/langkah/", {"step": "show"})
    assert len(blocks.on_home()) == 4


@pytest.mark.parametrize("key", ["999", "awal-9", "x"])
def test_a_block_that_somebody_removed_is_said_to_be_gone(kopi, ketua, key):
    add(ketua, "text")
    before = list(Block.objects.order_by("pk").values())
    for answer in (
        ketua.get(f"{BLOCKS}{key}/"),
        ketua.post(f"{BLOCKS}{key}/", {"title_id": "x"}),
        ketua.post(f"{BLOCKS}{key}/langkah/", {"step": "remove"}),
    ):
        assert answer.url == BLOCKS
    assert "sudah tidak ada" in ketua.get(BLOCKS).text
    assert list(Block.objects.order_by("pk").values()) == before


def test_the_first_days_page_comes_back(kopi, ketua):
    add(ketua, "text")
    ketua.post("/kelola/toko/beranda-awal/")
    assert (kinds(), Block.objects.count()) == (DEFAULT, 0)


def test_neither_too_many_blocks_nor_one_of_no_kind(kopi, ketua):
    ketua.post(BLOCKS, {"kind": "html"})
    ketua.post(BLOCKS, {})
    assert Block.objects.count() == 0
    for _number in range(blocks.MOST_BLOCKS):
        ketua.post(BLOCKS, {"kind": "text"})
    assert Block.objects.count() == blocks.MOST_BLOCKS
    assert "Tambah bagian" not in ketua.get(BLOCKS).text


def test_a_banner_has_a_picture_that_is_replaced_and_taken_away(
    kopi, ketua, settings, django_capture_on_commit_callbacks
):
    address = add(ketua, "banner")
    said = {"title_id": "Panen", "alt_id": "Kebun kopi"}
    ketua.post(address, {**said, "upload": photo()})
    first = content(address)["picture"]
    assert first.startswith("face/")  # below the shop's own folder, wherever that is
    assert (content(address)["picture_width"], content(address)["picture_height"]) == (1280, 720)
    assert f'srcset="/media/{kopi.uid.hex}/{first.replace("-1280", "-640")} 640w' in Browser().get("/").text
    ketua.post(address, said)
    assert content(address)["picture"] == first  # nothing new was sent: the old one stays
    with django_capture_on_commit_callbacks(execute=True):
        ketua.post(address, {**said, "upload": photo("green")})
    assert content(address)["picture"] != first
    assert files(settings) == ["-1280.webp", "-640.webp"]
    with django_capture_on_commit_callbacks(execute=True):
        ketua.post(address, {**said, "remove_picture": "on"})
    assert "picture" not in content(address)
    assert files(settings) == []


def test_what_is_no_picture_is_refused_beside_its_field_and_nothing_changes(kopi, ketua, settings):
    address = add(ketua, "banner")
    bad = SimpleUploadedFile("kebun.jpg", b"<svg/>", "image/jpeg")
    answer = ketua.post(address, {"title_id": "Panen", "upload": bad})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["upload"])
    assert 'value="Panen"' in answer.text
    assert (content(address), files(settings)) == ({}, [])


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("/kategori/kopi/", "/kategori/kopi/"),
        ("http://kopi-gayo.localhost:8000/en/produk/gayo/?v=3", "/produk/gayo/?v=3"),
        ("/en/halaman/tentang/", "/halaman/tentang/"),
    ],
)
def test_a_button_opens_a_page_of_this_shop(kopi, ketua, typed, stored):
    address = add(ketua, "banner")
    ketua.post(address, {"title_id": "x", "button_id": "Lihat", "link": typed})
    assert content(address)["link"] == stored


@pytest.mark.parametrize(
    "typed",
    [
        "https://evil.example/",
        "//evil.example/x",
        "https://batik-lasem.localhost/cari/",
        "javascript:alert(1)",
        "/kelola/",
        "kopi",
        "/hooks/x/",
    ],
)
def test_and_of_no_other(kopi, ketua, typed):
    address = add(ketua, "banner")
    answer = ketua.post(address, {"title_id": "x", "button_id": "Lihat", "link": typed})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["link"])
    assert content(address) == {}


def test_goods_are_named_by_sku_or_by_their_pages_address(kopi, ketua):
    gayo, wine = make.product(title="Gayo", sku="GAYO-1"), make.product(title="Wine", sku="WINE-1")
    address = add(ketua, "collection")
    lines = f"WINE-1\n\n http://kopi-gayo.localhost{gayo.get_absolute_url()} \nGAYO-1"
    ketua.post(address, {"source": "chosen", "count": "8", "products": lines})
    assert content(address)["products"] == [wine.pk, gayo.pk]
    typed = ketua.get(address).context["form"]["products"].value()
    assert typed.splitlines() == [wine.get_absolute_url(), gayo.get_absolute_url()]
    answer = ketua.post(address, {"source": "chosen", "count": "8", "products": "WINE-1\nTIDAK-ADA"})
    assert "TIDAK-ADA" in str(answer.context["form"].errors["products"])
    assert content(address)["products"] == [wine.pk, gayo.pk]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"source": "chosen", "count": "8"}, "products"),
        ({"source": "category", "count": "8"}, "category"),
        ({"source": "all", "count": "8"}, "source"),
        ({"source": "newest", "count": "9999"}, "count"),
        ({"source": "newest", "count": "8", "title_id": "x" * 81}, "title_id"),
    ],
)
def test_a_mistake_in_a_collection_is_named(kopi, ketua, said, field):
    address = add(ketua, "collection")
    before = content(address)
    answer = ketua.post(address, said)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert content(address) == before


@pytest.mark.parametrize(
    "typed",
    ["4.62345, 96.84712", "https://www.google.com/maps/place/X/@4.62345,96.84712,17z", "x!3d4.62345!4d96.84712"],
)
def test_a_place_is_read_from_what_maps_give(kopi, ketua, typed):
    ketua.post(add(ketua, "map"), {"location": typed})
    now = Cooperative.objects.get(pk=kopi.pk)
    assert (now.latitude, now.longitude) == (Decimal("4.62345"), Decimal("96.84712"))


@pytest.mark.parametrize("typed", ["di sini", "48.85, 2.35", "96.84712, 4.62345", "4.6", "1.2.3.4, 99.1"])
def test_a_place_elsewhere_is_refused(kopi, ketua, typed):
    before = Cooperative.objects.filter(pk=kopi.pk).values().get()
    answer = ketua.post(add(ketua, "map"), {"location": typed})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["location"])
    assert Cooperative.objects.filter(pk=kopi.pk).values().get() == before


def test_pages_are_listed_written_and_read(kopi, ketua):
    page = ketua.get(PAGES).text
    for title in ("Tentang kami", "Cara belanja", "Privasi"):
        assert title in page
    form = ketua.get(f"{PAGES}privasi/")
    assert "Undang-Undang Nomor 27 Tahun 2022" in form.text
    assert form.context["form"]["body_en"].value().startswith("This page says")
    ketua.post(f"{PAGES}privasi/", {"title_id": "Privasi", "body_id": "Data Anda aman."})
    assert "Data Anda aman." in Browser().get("/halaman/privasi/").text
    ketua.post(f"{PAGES}privasi/hapus/")
    assert "Undang-Undang Nomor 27" in Browser().get("/halaman/privasi/").text


def test_a_page_of_their_own_is_shown_when_it_is_written_and_goes_when_it_is_removed(kopi, ketua):
    address = ketua.post(PAGES, {"title": "Harga grosir"}).url
    assert address == f"{PAGES}harga-grosir/"
    assert ketua.get(address).context["form"]["is_shown"].value() is True  # who writes it wants it read
    ketua.post(address, {"title_id": "Harga grosir", "body_id": "Mulai 10 kg.", "is_shown": "on"})
    assert "Mulai 10 kg." in Browser().get("/halaman/harga-grosir/").text
    ketua.post(address, {"title_id": "Harga grosir", "body_id": "Mulai 10 kg."})
    assert Browser().get("/halaman/harga-grosir/").status_code == 404
    ketua.post(f"{address}hapus/")
    assert Page.objects.count() == 0


@pytest.mark.parametrize("said", [{"title_id": "", "body_id": "x"}, {"title_id": "x", "body_id": ""}])
def test_a_page_without_words_is_refused(kopi, ketua, said):
    assert ketua.post(f"{PAGES}tentang/", said).status_code == 422
    assert Page.objects.count() == 0


def test_pages_that_are_none(kopi, ketua):
    assert ketua.get(f"{PAGES}nirwana/").status_code == 404
    assert ketua.post(f"{PAGES}nirwana/", {"title_id": "x", "body_id": "y"}).status_code == 404
    assert ketua.post(PAGES, {"title": "!!!"}).status_code == 422
    assert Page.objects.count() == 0


def test_nobody_arranges_the_other_shop(kopi, batik, ketua):
    address = add(ketua, "text")
    writing.add(title="Grosir")
    other = Browser(BATIK)
    assert other.post(f"{address}langkah/", {"step": "remove"}).status_code == 302  # to log in
    assert other.get(f"{PAGES}grosir/").status_code == 302
    assert kinds() == [*DEFAULT, "text"]
