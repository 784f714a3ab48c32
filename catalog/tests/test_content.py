"""What a listing says: through JSON and back, checked, compared, merged."""

from dataclasses import replace
from datetime import date

import pytest

from catalog import content as contents
from catalog.content import Choice, Content, Shown, Step
from catalog.content.checking import is_gtin
from tests import make


def listing(**fields):
    made = Content(
        title="Keripik Tempe",
        category=make.category("Camilan").pk,
        choices=(Choice(price=15_000, weight_g=250),),
    )
    return replace(made, **fields)


def sizes(*prices):
    return tuple(Choice(price=price, weight_g=250, option1=f"{price // 1000} g") for price in prices)


def found(content):
    return [problem.field for problem in contents.problems(content)]


def test_a_whole_listing_goes_through_json_unchanged(kopi):
    content = listing(
        title_en="Tempeh crisps",
        axis1="Ukuran",
        axis2="Rasa",
        choices=(
            Choice(
                price=15_000, weight_g=250, sku="KT-1", option1="250 g", option2="Pedas", member_price=14_000,
                barcode="4006381333931", content_amount=250, picture=7, steps=(Step(from_quantity=5, price=13_000),),
                pieces=4, variant=9,
            ),
        ),
        preorder_date=date(2026, 12, 1),
        pictures=(Shown(picture=7, alt="Sebungkus keripik"),),
        max_per_order=20,
    )  # fmt: skip
    assert contents.from_json(contents.as_json(content)) == content
    assert contents.problems(content) == []


@pytest.mark.parametrize(
    "damaged",
    [
        {"title": 7, "choices": "x", "category": "abc", "pictures": [1, None, {"picture": "x"}]},
        {"choices": [{"price": -1, "weight_g": 10**20, "steps": [None, {"price": []}]}], "made_to_order": "later"},
        {"min_per_order": "1.5", "max_per_order": True, "preorder_date": "31-12-2026", "lead_days": None},
        {},
    ],
)
def test_a_draft_that_makes_no_sense_is_read_as_far_as_it_does_and_asked_about(kopi, damaged):
    content = contents.from_json(damaged)
    assert "title" in found(content)
    assert "category" in found(content)


@pytest.mark.parametrize(
    ("fields", "problems"),
    [
        ({"title": " ab "}, ["title"]),
        ({"title": "x" * 121}, ["title"]),
        ({"title_en": "x"}, ["title_en"]),
        ({"description": "x" * 5001}, ["description"]),
        ({"category": 999_999}, ["category"]),
        ({"condition": "old"}, ["condition"]),
        ({"origin_code": "99.99"}, ["origin_code"]),
        ({"content_unit": "kg"}, ["content_unit"]),
        ({"min_per_order": 0}, ["min_per_order"]),
        ({"min_per_order": 5, "max_per_order": 4}, ["max_per_order"]),
        ({"made_to_order": True}, ["lead_days", "daily_capacity"]),
        ({"made_to_order": True, "lead_days": 3, "daily_capacity": 4}, []),
        (
            {"made_to_order": True, "lead_days": 3, "daily_capacity": 4, "preorder_date": date(2026, 12, 1)},
            ["preorder_date"],
        ),
        ({"choices": ()}, ["choices"]),
        ({"choices": sizes(1000, 2000)}, ["axis1", "choices.0.option1", "choices.1.option1"]),
        ({"axis1": "Ukuran", "choices": sizes(1000, 2000)}, []),
        ({"axis1": "Ukuran", "choices": sizes(1000, 1000)}, ["choices.1.option1"]),
        ({"axis2": "Rasa"}, ["axis1", "choices.0.option2"]),
        ({"choices": (Choice(price=0, weight_g=0),)}, ["choices.0.price", "choices.0.weight_g"]),
        ({"choices": (Choice(price=1000, weight_g=1, member_price=1001),)}, ["choices.0.member_price"]),
        ({"choices": (Choice(price=1000, weight_g=1, sku="A B"),)}, ["choices.0.sku"]),
        ({"choices": (Choice(price=1000, weight_g=1, barcode="4006381333930"),)}, ["choices.0.barcode"]),
        (
            {"choices": (Choice(price=1000, weight_g=1, steps=(Step(from_quantity=1, price=900),)),)},
            ["choices.0.steps"],
        ),
        (
            {"choices": (Choice(price=1000, weight_g=1, steps=(Step(from_quantity=2, price=1000),)),)},
            ["choices.0.steps"],
        ),
        ({"pictures": tuple(Shown(picture=n) for n in range(13))}, ["pictures"]),
    ],
)
def test_what_cannot_be_sold_is_named_by_its_field(kopi, fields, problems):
    assert found(listing(**fields)) == problems


@pytest.mark.parametrize(
    ("text", "is_one"),
    [("4006381333931", True), ("96385074", True), ("036000291452", True), ("4006381333930", False), ("123", False)],
)
def test_a_barcode_checks_itself(text, is_one):
    assert is_gtin(text) is is_one


def test_differences_name_the_field_the_kind_and_the_choice(kopi):
    before = listing(
        axis1="Ukuran", choices=(replace(sizes(10_000)[0], variant=1), replace(sizes(20_000)[0], variant=2))
    )
    after = replace(
        before,
        title="Keripik Tempe Super",
        pictures=(Shown(picture=1),),
        choices=(replace(before.choices[0], price=11_000), Choice(price=5_000, weight_g=100, option1="mini")),
    )
    before = replace(before, pictures=())
    told = [(d.field, d.kind, d.choice) for d in contents.differences(before, after)]
    assert told == [
        ("title", "text", ""),
        ("pictures", "picture", ""),
        ("price", "price", "10 g"),
        ("choices", "price", "mini"),
        ("choices", "text", "20 g"),
    ]
    assert contents.differences(before, before) == []


def test_a_proposal_keeps_what_others_changed_meanwhile(kopi):
    base = listing(axis1="Ukuran", choices=(replace(sizes(10_000)[0], variant=1), replace(sizes(20_000)[0], variant=2)))
    wanted = replace(base, title="Nama baru", choices=(replace(base.choices[0], price=12_000), base.choices[1]))
    officers = Choice(price=7_000, weight_g=90, option1="baru", variant=3)
    now = replace(
        base,
        description="Ditulis pengurus.",
        choices=(replace(base.choices[0], weight_g=300), replace(base.choices[1], price=21_000), officers),
    )
    both = contents.merged(base=base, wanted=wanted, now=now)
    assert (both.title, both.description) == ("Nama baru", "Ditulis pengurus.")
    assert [(c.price, c.weight_g) for c in both.choices] == [(12_000, 300), (21_000, 250), (7_000, 90)]


def test_a_choice_that_a_proposal_takes_out_or_that_is_gone_meanwhile_stays_out(kopi):
    base = listing(axis1="Ukuran", choices=(replace(sizes(10_000)[0], variant=1), replace(sizes(20_000)[0], variant=2)))
    wanted = replace(base, choices=base.choices[1:])
    now = replace(base, choices=base.choices[:1])
    assert contents.merged(base=base, wanted=wanted, now=now).choices == ()
