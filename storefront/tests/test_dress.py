"""Colours, icons, manifest, service worker: what browsers fetch to dress the shop and keep it at hand."""

import io
import json
import re

import pytest
from PIL import Image

from lib.colours import WRITTEN, contrast
from pages import icons, palette
from storefront import face
from tenants.models import Cooperative
from tests import make
from tests.browsing import BATIK, PLATFORM, Browser

pytestmark = pytest.mark.django_db
WHERE = re.compile(r'href="(/theme-[0-9a-f]{16}\.css)"')


@pytest.fixture
def yellow(kopi):
    Cooperative.objects.filter(pk=kopi.pk).update(colour="#ffd400", revision=1)
    kopi.refresh_from_db()
    return kopi


def png(answer):
    return Image.open(io.BytesIO(b"".join(answer.streaming_content) if answer.streaming else answer.content))


def test_the_stylesheet_of_a_colour_is_for_ever_and_says_only_colours(yellow, visitor):
    where = WHERE.search(visitor.get("/").text).group(1)
    answer = visitor.get(where)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.text == palette.stylesheet("#ffd400")
    assert "Set-Cookie" not in answer


def test_the_address_of_another_release_gives_the_colours_of_this_one_for_a_while(kopi, visitor):
    answer = visitor.get("/theme-ffd4000000000000.css")
    assert answer.text == palette.stylesheet("#ffd400")
    assert answer["Cache-Control"] == "public, max-age=300"


@pytest.mark.parametrize("name", ["x", "red", "FFD400", "gggggg0000000000", "ffd40", "-", "ffd4_0aaaaaaaaaa"])
def test_what_is_no_colour_is_no_stylesheet(kopi, visitor, name):
    assert visitor.get(f"/theme-{name}.css").status_code == 404


@pytest.mark.parametrize("colour", ["red;}", "#ffd4", "#FFD400", "javascript:", "</style>"])
def test_a_colour_that_no_form_of_ours_wrote_changes_nothing(kopi, visitor, colour):
    Cooperative.objects.filter(pk=kopi.pk).update(colour=colour[:7])
    page = visitor.get("/")
    assert page.status_code == 200
    assert not WHERE.search(page.text)
    assert f'content="{palette.OF_THEMES["kopi"]}"' in page.text


def test_signs_of_a_shop_that_is_not_open_wear_its_colours(yellow, visitor):
    for state, status in (("preparing", 503), ("suspended", 503), ("closed", 410)):
        Cooperative.objects.filter(pk=yellow.pk).update(state=state)
        sign = visitor.get("/")
        assert sign.status_code == status
        assert visitor.get(WHERE.search(sign.text).group(1)).status_code == 200
        assert visitor.get(re.search(r'rel="icon" href="([^"]+)"', sign.text).group(1)).status_code == 200
        assert visitor.get("/manifest.webmanifest").status_code == status


def test_the_manifest_is_this_shops_in_the_language_of_its_address(yellow, visitor):
    answer = visitor.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    told = json.loads(answer.text)
    assert (told["name"], told["short_name"], told["lang"]) == ("Koperasi Kopi Gayo", "Kopi Gayo", "id")
    assert (told["start_url"], told["scope"], told["display"], told["id"]) == ("/", "/", "standalone", "/")
    assert told["theme_color"] == palette.palette("#ffd400")["primary"]
    assert contrast(told["theme_color"], "#ffffff") >= 4.5
    english = json.loads(visitor.get("/en/manifest.webmanifest").text)
    assert (english["lang"], english["start_url"], english["id"]) == ("en", "/en/", "/")
    other = json.loads(Browser(BATIK).get("/manifest.webmanifest").text)
    assert (other["name"], other["theme_color"]) == ("Koperasi Batik Lasem", palette.OF_THEMES["kopi"])
    for shortcut in told["shortcuts"]:
        assert visitor.get(shortcut["url"]).status_code == 200


def test_its_icons_are_there_in_their_sizes(kopi, visitor):
    told = json.loads(visitor.get("/manifest.webmanifest").text)["icons"]
    assert [(icon["sizes"], icon["purpose"]) for icon in told] == [
        ("192x192", "any"), ("512x512", "any"), ("512x512", "maskable"),
    ]  # fmt: skip
    for icon in told:
        answer = visitor.get(icon["src"])
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        with png(answer) as image:
            assert f"{image.width}x{image.height}" == icon["sizes"]
            assert (image.format, image.mode) == ("PNG", "P")
            assert "transparency" not in image.info


def test_without_a_logo_an_icon_is_the_first_letter_on_the_shops_colour(yellow, visitor):
    with png(visitor.get(face.icon_path("192", yellow))) as image:
        image = image.convert("RGB")
        corner = "#{:02x}{:02x}{:02x}".format(*image.getpixel((2, 2)))
        assert corner == palette.palette("#ffd400")["primary"]
        assert (255, 255, 255) in {image.getpixel((x, 96)) for x in range(192)}


def test_a_maskable_icon_keeps_its_sign_within_what_every_launcher_shows(kopi, visitor, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    photo = io.BytesIO()
    Image.new("RGB", (300, 300), "#8a1f5a").save(photo, "PNG")
    photo.seek(0)
    photo.name = "logo.png"
    Browser(user=make.officer()).post("/kelola/toko/tampilan/", {"part": "logo", "file": photo})
    kopi.refresh_from_db()
    with png(visitor.get(face.icon_path("512m", kopi))) as image:
        image = image.convert("RGB")
        seen = [(x, y) for x in range(0, 512, 4) for y in range(0, 512, 4) if image.getpixel((x, y)) != (255, 255, 255)]
        farthest = max(((x - 256) ** 2 + (y - 256) ** 2) ** 0.5 for x, y in seen)
    assert 180 < farthest <= 0.4 * 512  # the safe circle of the manifest's standard


def test_an_icon_has_another_address_when_it_looks_otherwise(yellow):
    before = icons.digest(yellow)
    for change in ({"colour": "#2c3e82"}, {"logo": "x"}, {"name": "Koperasi Zaitun"}):
        changed = Cooperative.objects.get(pk=yellow.pk)
        for name, value in change.items():
            setattr(changed, name, value)
        assert icons.digest(changed) != before


@pytest.mark.parametrize("name", ["Koperasi", "  ", "📦📦", "<script>", "ß", "Koperasi 3 Roda", "ابن"])
def test_every_name_has_an_icon(kopi, name):
    kopi.name = name
    assert icons.draw("48", kopi).startswith(b"\x89PNG")


def test_a_logo_that_is_gone_is_no_error(kopi, visitor):
    Cooperative.objects.filter(pk=kopi.pk).update(logo=f"{kopi.uid.hex}/face/{'0' * 32}-192.webp")
    kopi.refresh_from_db()
    assert visitor.get(face.icon_path("192", kopi)).status_code == 200


def test_other_sizes_are_not_drawn(kopi, visitor):
    for kind in ("4096", "0", "512mm", "x"):
        assert visitor.get(f"/ikon-{kind}-0000000000.png").status_code == 404


def worker(visitor):
    text = visitor.get("/pekerja.js").text
    return json.loads(text.partition("\n")[0].removeprefix("const SAID = ").removesuffix(";"))


def test_the_service_worker_keeps_statics_and_the_offline_page_and_no_page_of_the_shop(yellow, visitor):
    answer = visitor.get("/pekerja.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    said = worker(visitor)
    assert said["offline"] == {"id": "/luring/", "en": "/en/luring/"}
    assert [path for path in said["statics"] if not path.startswith(("/static/", "/theme-ffd400"))] == []
    for path in [*said["offline"].values(), *(path for path in said["statics"] if path.startswith("/theme"))]:
        assert visitor.get(path).status_code == 200
    assert 'data-pekerja="/pekerja.js"' in visitor.get("/").text


def test_it_is_another_one_as_soon_as_the_shop_looks_otherwise(yellow, visitor):
    before = visitor.get("/pekerja.js").text
    Browser(user=make.officer()).post("/kelola/toko/jam/", {"hours": "pagi"})
    assert visitor.get("/pekerja.js").text != before


def test_the_offline_page_is_nobodys(kopi, visitor):
    Cooperative.objects.filter(pk=kopi.pk).update(phone="+62811")
    visitor.post("/keranjang/tambah/", {"v": make.variant().pk, "quantity": 3})
    page = visitor.get("/luring/")
    assert "Tidak ada sambungan internet" in page.text
    assert 'href="tel:+62811"' in page.text
    assert "3 barang" not in page.text
    assert page["Cache-Control"] == "no-cache"


def test_the_platform_has_no_face_of_a_shop(kopi):
    page = Browser(PLATFORM).get("/").text
    for said in ("manifest", "pekerja", "/theme-", "/ikon-"):
        assert said not in page
    for path in ("/manifest.webmanifest", "/pekerja.js", "/luring/"):
        assert Browser(PLATFORM).get(path).status_code == 404


def test_colours_stay_at_the_host_that_asks_for_them(yellow, visitor):
    Cooperative.objects.filter(pk=yellow.pk).update(state="open")
    for path in ("/theme-ffd4000000000000.css", "/ikon-48-0000000000.png", "/pekerja.js"):
        assert visitor.get(path).status_code == 200


@pytest.mark.parametrize(("header", "saves"), [("on", True), ("ON", True), ("off", False), ("", False), ("1", False)])
def test_who_saves_data_gets_the_small_cover_only(kopi, header, saves):
    name = f"{kopi.uid.hex}/face/{'a' * 32}-1280.webp"
    Cooperative.objects.filter(pk=kopi.pk).update(cover=name)
    page = Browser(HTTP_SAVE_DATA=header).get("/").text
    cover = re.search(r'<img class="hero-cover"[^>]*>', page).group()
    assert ("srcset" not in cover) is saves
    assert f'src="/media/{name.replace("-1280", "-640")}"' in cover


def test_theme_colours_are_colours():
    for colour in palette.OF_THEMES.values():
        assert WRITTEN.fullmatch(colour)
