"""The checklist beside a listing."""

from dataclasses import replace

import pytest

from catalog import checklist
from catalog.content import Choice, Content, Shown

GOOD = Content(
    title="Kopi Arabika Gayo 250 g",
    category=1,
    description="Kopi dari kebun sendiri di tepi Danau Laut Tawar. " * 3,
    origin_code="11.04",
    content_unit="g",
    choices=(Choice(price=65_000, weight_g=280, content_amount=250),),
    pictures=(Shown(picture=1, alt="Depan"), Shown(picture=2, alt="Label"), Shown(picture=3, alt="Biji")),
)
SIZES = {1: (1600, 1200), 2: (800, 800), 3: (1200, 900)}


def open_points(content, sizes=SIZES):
    return {one.key for one in checklist.checks(content, sizes=sizes) if not one.is_done}


def test_a_good_listing_has_no_open_point():
    assert open_points(GOOD) == set()


@pytest.mark.parametrize(
    ("changes", "open_keys"),
    [
        ({"title": "Kopi"}, {"title"}),
        ({"title": "KOPI ARABIKA GAYO"}, {"title"}),
        ({"description": "Enak. " + " " * 200}, {"text"}),
        ({"origin_code": ""}, {"origin"}),
        ({"content_unit": ""}, {"amount"}),
        ({"choices": (Choice(price=1, weight_g=1, content_amount=1), Choice(price=1, weight_g=1))}, {"amount"}),
        ({"choices": ()}, {"amount"}),
        ({"pictures": GOOD.pictures[:2]}, {"photos"}),
        ({"pictures": None}, {"photo", "photos", "sharp", "alt"}),
        ({"pictures": (*GOOD.pictures[:2], Shown(picture=3, alt=" "))}, {"alt"}),
        ({"pictures": (*GOOD.pictures[:2], Shown(picture=3, alt=GOOD.title))}, {"alt"}),
    ],
)
def test_each_point_is_open_by_itself(changes, open_keys):
    assert open_points(replace(GOOD, **changes)) == open_keys


def test_a_small_photo_is_said():
    assert open_points(GOOD, {**SIZES, 2: (799, 2000)}) == {"sharp"}


def test_a_photo_that_is_gone_does_not_count():
    assert open_points(GOOD, {1: (1600, 1200), 2: (800, 800)}) == {"photos"}
