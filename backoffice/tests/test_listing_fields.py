"""What people type becomes values; what cannot be read stays as it was typed; choices keep what belongs to them."""

from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from backoffice.listing import filling, typed
from backoffice.listing.rows import Row, arranged
from catalog.content import Choice, Content, Shown, Step


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("65000", 65_000),
        ("65.000", 65_000),
        ("Rp65.000", 65_000),
        ("rp. 65.000,-", 65_000),
        ("Rp 65.000,00", 65_000),
        ("12rb", 12_000),
        ("12,5rb", 12_500),
        ("12.5 ribu", 12_500),
        ("1,25jt", 1_250_000),
        ("2 juta", 2_000_000),
        ("65.00", None),
        ("65,5", None),
        ("0,0005rb", None),
        ("-5", None),
        ("murah", None),
        ("٦٥", None),
        ("1.2345.000", None),
    ],
)
def test_rupiah_as_people_write_it(text, amount):
    assert typed.rupiah(text) == amount


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("250", 250),
        ("250 g", 250),
        ("0,25 kg", 250),
        ("1.5kg", 1_500),
        ("1.500", 1_500),
        ("1.500 gram", 1_500),
        ("2 ons", 200),
        ("0,25", None),
        ("0,0001 kg", None),
        ("berat", None),
    ],
)
def test_weights_as_people_write_them(text, grams):
    assert typed.gram(text) == grams


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10 = 60.000", [(10, 60_000)]),
        ("mulai 10 buah: Rp60.000\n50 = 55rb", [(10, 60_000), (50, 55_000)]),
        ("10 60.000\n\n", [(10, 60_000)]),
        ("", []),
        ("10", None),
        ("banyak = murah", None),
    ],
)
def test_wholesale_as_people_write_it(text, found):
    assert typed.steps(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("100 g, 250 g", ["100 g", "250 g"]),
        ("0,5 kg, 1 kg", ["0,5 kg", "1 kg"]),
        ("merah, putih; biru", ["merah, putih", "biru"]),
        ("merah\nbiru", ["merah", "biru"]),
        ("250g, 250 G, ,", ["250g"]),
        ("", []),
    ],
)
def test_the_values_of_an_axis(text, found):
    assert typed.values(text) == found


def names(rows):
    return [(row.option1, row.option2, row.variant) for row in rows]


def test_two_axes_make_every_combination_with_the_price_of_the_first():
    rows = arranged(
        values1=["100 g", "250 g"], values2=["halus", "kasar"], rows=[Row(cells={"price": "9", "sku": "X"})]
    )
    assert names(rows) == [
        ("100 g", "halus", ""),
        ("100 g", "kasar", ""),
        ("250 g", "halus", ""),
        ("250 g", "kasar", ""),
    ]
    assert [row.cells for row in rows] == [{"price": "9", "sku": "X"}, *[{"price": "9"}] * 3]


def test_the_variant_that_is_there_becomes_the_first_choice_with_its_stock():
    assert names(arranged(values1=["100 g", "250 g"], values2=[], rows=[Row(variant="5")])) == [
        ("100 g", "", "5"),
        ("250 g", "", ""),
    ]


def test_a_second_axis_keeps_the_variants_of_the_first():
    rows = [Row(option1="100 g", variant="5"), Row(option1="250 g", variant="6")]
    assert names(arranged(values1=["100 g", "250 g"], values2=["halus", "kasar"], rows=rows)) == [
        ("100 g", "halus", "5"),
        ("100 g", "kasar", ""),
        ("250 g", "halus", "6"),
        ("250 g", "kasar", ""),
    ]


def test_what_was_taken_out_stays_out_and_a_new_value_comes_with_all_its_combinations():
    rows = [Row(option1="S", option2="merah", variant="1"), Row(option1="L", option2="biru", variant="2")]
    assert names(arranged(values1=["S", "L"], values2=["merah", "biru"], rows=rows)) == [
        ("S", "merah", "1"),
        ("L", "biru", "2"),
    ]
    more = arranged(values1=["S", "L", "XL"], values2=["merah", "biru"], rows=rows)
    assert names(more)[2:] == [("XL", "merah", ""), ("XL", "biru", "")]


def test_another_value_is_another_thing_and_does_not_inherit_the_stock_of_the_old_one():
    rows = [Row(option1="1 kg", variant="5"), Row(option1="500 g", variant="6")]
    assert names(arranged(values1=["2 kg", "500g"], values2=[], rows=rows)) == [("2 kg", "", ""), ("500g", "", "6")]


def sent(**fields):
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name, value if isinstance(value, list) else [str(value)])
    return data


def test_what_cannot_be_read_stays_in_its_field_through_a_draft():
    data = sent(title="Madu", origin="Atlantis", max_per_order="dua", **{"c0-price": "mahal", "c0-steps": "x"})
    filled = filling.posted(data, pictures=[])
    assert filled.unread == {"max_per_order": "dua", "c0-price": "mahal", "c0-steps": "x", "origin": "Atlantis"}
    draft = filled.draft()
    again = filling.of(filling.contents.from_json(draft), draft["typed"])
    assert (again.fields["origin"], again.fields["max_per_order"]) == ("Atlantis", "dua")
    assert (again.rows[0].cells["price"], again.rows[0].cells["steps"]) == ("mahal", "x")
    said = dict(filled.problems())
    assert said["c0-price"] == "Tulis rupiah tanpa sen, misalnya 65.000."
    assert said["origin"] == "Tulis nama kabupaten atau kota, misalnya Kab. Aceh Tengah."


def test_pictures_are_those_of_the_listing_in_the_order_of_the_form():
    data = sent(picture=["3", "99", "1"], main="1", drop=["3"], **{"alt-1": "Depan", "alt-2": ""})
    shown = filling.posted(data, pictures=[1, 2, 3]).content.pictures
    assert shown == (Shown(picture=1, alt="Depan"), Shown(picture=2, alt=""))


LETTERS = st.text(st.characters(whitelist_categories=["L", "N"], max_codepoint=0x17F), min_size=1, max_size=10)
PRICES = st.integers(1, 10**9)
CHOICES = st.builds(
    Choice,
    price=PRICES,
    weight_g=st.integers(1, 100_000),
    sku=st.sampled_from(["", "A-1"]),
    member_price=st.none() | PRICES,
    content_amount=st.none() | st.integers(1, 999_999),
    pieces=st.none() | st.integers(0, 999_999),
    steps=st.lists(st.builds(Step, from_quantity=st.integers(2, 999), price=PRICES), max_size=3).map(tuple),
)


@given(choice=CHOICES, values=st.lists(LETTERS, max_size=4, unique_by=typed.same), axis=LETTERS, made=st.booleans())
def test_a_content_that_goes_through_the_page_comes_back_the_same(choice, values, axis, made):
    choices = [Choice(**{**vars(choice), "option1": value, "sku": ""}) for value in values] or [choice]
    content = Content(
        title="Kopi", category=7, choices=tuple(choices), axis1=axis if values else "", origin_code="11.04",
        content_unit="g", min_per_order=2, max_per_order=9, made_to_order=made, lead_days=3, daily_capacity=4,
        preorder_date=date(2026, 12, 1), description="a\nb", pictures=(Shown(picture=1, alt="x"),),
    )  # fmt: skip
    shown = filling.of(content)
    data = sent(rows=len(shown.rows), picture=["1"], **{"alt-1": "x"}, **shown.fields)
    for number, row in enumerate(shown.rows):
        for name, text in {**row.cells, "option1": row.option1, "option2": row.option2, "variant": row.variant}.items():
            data[f"c{number}-{name}"] = text
    back = filling.posted(data, pictures=[1])
    assert (back.content, back.unread) == (content, {})
