"""Officers dress the shop: colours, logo, cover, hours, holidays."""

import io
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from pages import palette
from tenants.models import Cooperative
from tests import make
from tests.browsing import Browser

LOOK, HOURS = "/kelola/toko/tampilan/", "/kelola/toko/jam/"
WEEK = {"opens_0": "08:00", "closes_0": "16:00", "opens_4": "08:00", "closes_4": "11:30"}


@pytest.fixture
def ketua(kopi):
    return Browser(user=make.officer())


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def row(cooperative):
    return Cooperative.objects.filter(pk=cooperative.pk).values().get()


def picture(colour="#8a1f5a", *, size=(400, 300), name="logo.png", kind="PNG"):
    data = io.BytesIO()
    Image.new("RGB", size, colour).save(data, kind)
    return SimpleUploadedFile(name, data.getvalue(), "image/png")


def files(settings):
    return sorted(path.name[32:] for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file())


def test_a_colour_of_their_own_dresses_every_page_at_once(kopi, ketua):
    answer = ketua.post(LOOK, {"part": "colour", "own": "1", "colour": "#FFD400", "theme": "garut"})
    assert (answer.status_code, answer.url) == (302, LOOK)
    assert (row(kopi)["colour"], row(kopi)["theme"]) == ("#ffd400", "garut")
    where = f"/theme-ffd400{palette.digest('#ffd400')}.css"
    for page in (Browser().get("/"), Browser().get("/keranjang/"), ketua.get("/kelola/")):
        assert f'<link rel="stylesheet" href="{where}">' in page.text
        assert 'data-theme="garut"' in page.text
    assert "tidak bisa dibaca sebagai tulisan" in ketua.get(LOOK).text


def test_without_a_colour_of_their_own_the_motif_has_its(kopi, ketua):
    Cooperative.objects.filter(pk=kopi.pk).update(colour="#ffd400")
    ketua.post(LOOK, {"part": "colour", "own": "", "colour": "#ffd400", "theme": "batik"})
    assert row(kopi)["colour"] == ""
    assert "/theme-" not in Browser().get("/").text


@pytest.mark.parametrize("wrong", ["", "red", "#fff", "#12345g", "red;}", "#1234567"])
def test_what_is_no_colour_is_refused_and_nothing_changes(kopi, ketua, wrong):
    before = row(kopi)
    answer = ketua.post(LOOK, {"part": "colour", "own": "1", "colour": wrong, "theme": "kopi"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["colour"])
    assert row(kopi) == before


def test_a_colour_is_tried_on_before_it_is_saved(kopi, ketua):
    before = row(kopi)
    page = ketua.get(LOOK, {"own": "1", "colour": "#7a1f5a", "part": "colour", "theme": "kopi"})
    assert f"/theme-7a1f5a{palette.digest('#7a1f5a')}.css" in page.text
    assert "Belum disimpan" in page.text
    assert 'value="#7a1f5a"' in page.text
    assert row(kopi) == before
    assert "/theme-" not in ketua.get(LOOK, {"own": "1", "colour": "red;}"}).text


def test_a_logo_comes_in_two_sizes_and_offers_its_colours(kopi, ketua, settings):
    ketua.post(LOOK, {"part": "logo", "file": picture()})
    name = row(kopi)["logo"]
    assert name.startswith(f"{kopi.uid.hex}/face/")
    assert files(settings) == ["-192.webp", "-512.webp"]
    with Image.open(Path(settings.MEDIA_ROOT) / name) as logo:
        assert logo.size == (192, 192)
    assert f'src="/media/{name}"' in Browser().get("/").text
    colours = ketua.get(LOOK).context["from_logo"]
    assert len(colours) == 1
    assert max(abs(int(colours[0][at : at + 2], 16) - wanted) for at, wanted in ((1, 0x8A), (3, 0x1F), (5, 0x5A))) < 8


def test_a_cover_comes_in_two_sizes_and_replaces_the_one_before(
    kopi, ketua, settings, django_capture_on_commit_callbacks
):
    for colour in ("#8a1f5a", "#1f5c46"):
        with django_capture_on_commit_callbacks(execute=True):
            ketua.post(LOOK, {"part": "cover", "file": picture(colour, size=(2000, 1000), name="kebun.png")})
        assert files(settings) == ["-1280.webp", "-640.webp"]
    page = Browser().get("/").text
    name = row(kopi)["cover"]
    assert name.endswith("-1280.webp")
    assert f"{name.replace('-1280', '-640')} 640w, /media/{name} 1280w" in page


def test_a_picture_is_taken_away(kopi, ketua, settings, django_capture_on_commit_callbacks):
    ketua.post(LOOK, {"part": "logo", "file": picture()})
    with django_capture_on_commit_callbacks(execute=True):
        ketua.post(LOOK, {"part": "logo", "remove": "1"})
    assert row(kopi)["logo"] == ""
    assert files(settings) == []


HOSTILE = {
    "text": SimpleUploadedFile("logo.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/png"),
    "wrong ending": SimpleUploadedFile("logo.svg", picture().read(), "image/svg+xml"),
    "cut off": SimpleUploadedFile("logo.png", picture().read()[:-20], "image/png"),
    "a script behind it": SimpleUploadedFile("logo.png", picture().read() + b"<script>alert(1)</script>", "image/png"),
    "too small": picture(size=(40, 40)),
}


@pytest.mark.parametrize("file", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("part", ["logo", "cover"])
def test_what_is_no_picture_is_refused_and_nothing_is_stored(kopi, ketua, settings, part, file):
    if part == "cover" and file is HOSTILE["too small"]:
        pytest.skip("a small cover is ugly, and no more than that")
    before = row(kopi)
    file.seek(0)
    assert ketua.post(LOOK, {"part": part, "file": file}).status_code == 302
    assert row(kopi) == before
    assert files(settings) == []
    assert "alert-error" in ketua.get(LOOK).text


def test_no_file_and_an_unknown_part_change_nothing(kopi, ketua):
    before = row(kopi)
    ketua.post(LOOK, {"part": "logo"})
    ketua.post(LOOK, {"part": "slug", "file": picture()})
    assert row(kopi) == before


def test_the_week_and_the_holiday_are_written(kopi, ketua):
    said = {**WEEK, "hours": "istirahat 12.00–13.00", "holiday_from": "2026-12-24", "holiday_until": "2027-01-02",
            "holiday_stops_orders": "1", "holiday_note": "Panen raya"}  # fmt: skip
    assert ketua.post(HOURS, said).status_code == 302
    now = row(kopi)
    assert now["week"] == {"0": ["08:00", "16:00"], "4": ["08:00", "11:30"]}
    assert (now["holiday_from"], now["holiday_until"]) == (date(2026, 12, 24), date(2027, 1, 2))
    assert (now["holiday_stops_orders"], now["holiday_note"]) == (True, "Panen raya")
    form = ketua.get(HOURS).text
    assert 'value="08:00"' in form
    assert 'value="2026-12-24"' in form


def test_an_empty_form_ends_the_holiday_and_forgets_the_hours(kopi, ketua):
    Cooperative.objects.filter(pk=kopi.pk).update(
        week={"0": ["08:00", "16:00"]}, holiday_from=date(2026, 11, 1), holiday_stops_orders=True
    )
    assert ketua.post(HOURS, {}).status_code == 302
    now = row(kopi)
    assert (now["week"], now["holiday_from"], now["holiday_stops_orders"]) == (None, None, False)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"opens_0": "08:00"}, "closes_0"),
        ({"closes_3": "08:00"}, "opens_3"),
        ({"opens_0": "16:00", "closes_0": "08:00"}, "closes_0"),
        ({"opens_0": "8 pagi", "closes_0": "16:00"}, "opens_0"),
        ({"holiday_from": "2026-12-24", "holiday_until": "2026-12-23"}, "holiday_until"),
        ({"holiday_until": "2026-12-23"}, "holiday_from"),
        ({"holiday_from": "besok"}, "holiday_from"),
        ({"holiday_note": "x" * 201}, "holiday_note"),
        ({"holiday_stops_orders": "2"}, "holiday_stops_orders"),
    ],
)
def test_a_mistake_in_the_hours_is_named_and_nothing_changes(kopi, ketua, said, field):
    before = row(kopi)
    answer = ketua.post(HOURS, said)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert row(kopi) == before


@pytest.mark.parametrize("path", [LOOK, HOURS, "/kelola/toko/beranda/", "/kelola/toko/halaman/"])
@pytest.mark.parametrize("role", ["bendahara", "petugas", "pengawas"])
def test_only_who_runs_the_shop_dresses_it(kopi, path, role):
    before = row(kopi)
    browser = Browser(user=make.officer(role=role))
    assert browser.get(path).status_code == 404
    assert browser.post(path, {"part": "colour", "own": "1", "colour": "#ffd400", "theme": "kopi"}).status_code == 404
    assert row(kopi) == before
