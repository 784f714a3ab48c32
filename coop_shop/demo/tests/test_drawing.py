import csv
from pathlib import Path

import pytest
from PIL import ImageChops

from coop_shop.demo.drawing import crafts, draw_cooperative_cover, draw_logo, draw_product
from coop_shop.demo.drawing.choosing import GOODS, good_for

DATA = Path(__file__).parents[1] / "data"
COFFEE = {"title": "Kopi Arabika Gayo Natural", "category": "Kopi > Biji Sangrai"}


def test_the_same_key_gives_the_same_bytes():
    assert draw_product(**COFFEE, key="a").tobytes() == draw_product(**COFFEE, key="a").tobytes()


def test_two_keys_give_two_pictures_of_the_same_kind_of_thing():
    one, other = draw_product(**COFFEE, key="a"), draw_product(**COFFEE, key="b")
    assert ImageChops.difference(one, other).getbbox() is not None


@pytest.mark.parametrize("size", [720, 360, 96])
def test_a_picture_is_as_large_as_asked_for(size):
    picture = draw_product(**COFFEE, key="a", size=size)
    assert (picture.size, picture.mode) == ((size, size), "RGB")


def test_every_product_of_the_demo_is_drawn_differently_and_fills_the_picture():
    thumbnails = {}
    for slug, row in demo_products():
        picture = draw_product(title=row["title"], category=row["category"], key=row["picture"], size=96)
        thumbnails[slug, row["title"]] = picture.tobytes()
        assert len(picture.getcolors(96 * 96)) > 60
    assert len(thumbnails) == 135
    assert len(set(thumbnails.values())) == 135


def test_every_product_of_the_demo_is_shown_as_what_it_is():
    drawn = {row["title"]: good_for(title=row["title"], category=row["category"]) for _, row in demo_products()}
    assert [title for title, good in drawn.items() if good is crafts.wrapped_gift] == []
    assert len(set(drawn.values())) >= 50


def test_no_drawing_is_listed_that_no_product_of_the_demo_uses():
    used = {good_for(title=row["title"], category=row["category"]) for _, row in demo_products()}
    assert {draw.__name__ for _, draw in GOODS} - {draw.__name__ for draw in used} == set()


@pytest.mark.parametrize(
    ("title", "drawing"),
    [
        ("Canting Tembaga Gagang Kayu", "canting"),
        ("Anting Kayu Motif Batik", "earrings"),
        ("Keripik Singkong Gula Aren Wijen 200 g", "snack_pillow"),
        ("Kopi Bubuk Gayo Gula Aren Sachet isi 10", "sachets"),
        ("Dompet Koin Kerawang", "coin_purse"),
        ("Sarung Bantal Sofa Batik isi 2", "cushions"),
        ("Madu Bunga Kopi 250 ml", "honey_jar"),
    ],
)
def test_a_title_with_two_readings_is_read_as_a_person_would(title, drawing):
    assert good_for(title=title, category="").__name__ == drawing


def test_a_product_that_nobody_foresaw_is_a_wrapped_parcel():
    assert good_for(title="Sepeda lipat", category="Kendaraan") is crafts.wrapped_gift
    assert draw_product(title="Sepeda lipat", category="Kendaraan", key="x").size == (720, 720)


def test_each_cooperative_has_a_cover_and_a_mark_of_its_own():
    covers = [draw_cooperative_cover(theme=theme) for theme in ("kopi", "batik", "garut")]
    marks = [draw_logo(theme=theme) for theme in ("kopi", "batik", "garut")]
    assert {cover.size for cover in covers} == {(1200, 400)}
    assert {mark.size for mark in marks} == {(256, 256)}
    assert len({image.tobytes() for image in covers + marks}) == 6
    assert draw_cooperative_cover(theme="kopi").tobytes() == covers[0].tobytes()


def demo_products():
    for path in sorted(DATA.glob("*/catalog.csv")):
        with open(path, newline="", encoding="utf-8") as file:
            yield from ((path.parent.name, row) for row in csv.DictReader(file) if row["picture"])
