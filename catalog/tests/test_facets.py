"""A shelf is narrowed, and each choice says how many products it would leave."""

import pytest

from catalog import facets, shelf
from catalog.facets import Chosen
from catalog.models import Product
from members.models import Member
from tests import make


def counted(chosen: Chosen = Chosen()) -> facets.Counts:  # noqa: B008 - it is frozen
    return facets.count(shelf.newest(), chosen)


def values(found) -> dict[object, int]:
    return {value.value: value.products for value in found}


def titles(chosen: Chosen) -> set[str]:
    return {product.title for product in facets.narrow(shelf.newest(), chosen)}


@pytest.fixture
def goods(kopi) -> dict[str, Member]:
    """Six products of two members in two categories."""
    ana, ben = make.member(name="Ana"), make.member(name="Ben")
    Member.objects.filter(pk=ben.pk).update(origin_code="33.17")
    coffee, cloth = make.category("Kopi"), make.category("Kain")
    rows = [
        ("Satu", 20_000, 5, ana, coffee, {"marks": ["halal"], "origin_code": "11.04"}),
        ("Dua", 25_000, 0, ana, coffee, {"marks": ["halal", "pirt"], "origin_code": "11.04"}),
        ("Tiga", 60_000, 5, ana, cloth, {}),
        ("Empat", 99_999, 5, ben, cloth, {}),
        ("Lima", 300_000, 5, ben, cloth, {"marks": ["sni"]}),
        ("Enam", 900_000, 5, ben, cloth, {"origin_code": "11.04"}),
    ]
    for title, price, on_hand, seller, category, about in rows:
        make.product(title=title, price=price, on_hand=on_hand, seller=seller, in_category=category, **about)
    make.product(title="Rahasia", state=Product.State.PAUSED, seller=ana, in_category=coffee)
    return {"ana": ana, "ben": ben}


def test_everything_is_counted_once(goods):
    counts = counted()
    assert (counts.total, counts.before, counts.is_more, counts.in_stock) == (6, 6, False, 5)
    assert values(counts.categories) == {"kain": 4, "kopi": 2}
    assert [value.label for value in counts.categories] == ["Kain", "Kopi"]
    assert values(counts.members) == {goods["ana"].pk: 3, goods["ben"].pk: 3}
    assert values(counts.origins) == {"11.04": 3, "33.17": 2}
    assert [value.label for value in counts.origins] == ["Kab. Aceh Tengah", "Kab. Rembang"]
    assert values(counts.marks) == {"halal": 2, "pirt": 1, "sni": 1}
    assert values(counts.bands) == {
        (None, 24_999): 1,
        (25_000, 49_999): 1,
        (50_000, 99_999): 2,
        (250_000, 499_999): 1,
        (500_000, None): 1,
    }


def test_each_facet_counts_what_is_chosen_in_the_others(goods):
    counts = counted(Chosen(categories=("kain",), price_to=300_000))
    assert counts.total == 3
    assert values(counts.categories) == {"kain": 3, "kopi": 2}  # not narrowed by itself
    assert values(counts.members) == {goods["ben"].pk: 2, goods["ana"].pk: 1}
    assert values(counts.bands) == {(50_000, 99_999): 2, (250_000, 499_999): 1, (500_000, None): 1}
    assert [value.value for value in counts.categories if value.is_chosen] == ["kain"]


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        (Chosen(categories=("kopi",)), {"Satu", "Dua"}),
        (Chosen(categories=("kopi", "kain")), {"Satu", "Dua", "Tiga", "Empat", "Lima", "Enam"}),
        (Chosen(origins=("33.17",)), {"Empat", "Lima"}),  # where the maker lives, for what says nothing itself
        (Chosen(marks=("halal", "pirt")), {"Dua"}),
        (Chosen(in_stock=True, price_to=60_000), {"Satu", "Tiga"}),
        (Chosen(price_from=25_000, price_to=99_999), {"Dua", "Tiga", "Empat"}),
        (Chosen(price_from=0, price_to=0), set()),
        (Chosen(categories=("tidak-ada",)), set()),
    ],
)
def test_what_is_left_is_what_was_counted(goods, chosen, left):
    assert titles(chosen) == left
    assert counted(chosen).total == len(left)


def test_members_widen_and_are_narrowed_by_the_rest(goods):
    both = Chosen(members=(goods["ana"].pk, goods["ben"].pk), marks=("sni",))
    assert titles(both) == {"Lima"}
    assert values(counted(both).members) == {goods["ben"].pk: 1}


def test_a_long_shelf_is_counted_to_a_limit_and_says_so(goods):
    counts = facets.count(shelf.newest(), Chosen(), most=4)
    assert (counts.before, counts.is_more) == (4, True)
    assert counts.total == 5  # and no further
    assert facets.count(shelf.newest(), Chosen(), most=6).is_more is False


def test_a_chosen_maker_is_named_though_others_have_more(kopi, monkeypatch):
    monkeypatch.setattr(facets, "MOST_VALUES", 2)
    facets._counting.cache_clear()
    sellers = [make.member(name=f"Anggota {number}") for number in range(4)]
    for number, seller in enumerate(sellers):
        for copy in range(4 - number):
            make.product(title=f"Barang {number} {copy}", seller=seller)
    try:
        assert [value.label for value in counted().members] == ["Anggota 0", "Anggota 1"]
        last = Chosen(members=(sellers[3].pk,))
        assert [(value.label, value.is_chosen) for value in counted(last).members] == [
            ("Anggota 0", False),
            ("Anggota 3", True),
        ]
    finally:
        facets._counting.cache_clear()


def test_nothing_of_what_is_chosen_is_read_as_sql(goods):
    chosen = Chosen(categories=("'; DROP TABLE catalog_product; --", "100%s"), origins=("%(x)s",), marks=("'",))
    assert counted(chosen).total == 0
    assert Product.objects.count() == 7


def test_counting_is_one_query(goods, django_assert_num_queries):
    with django_assert_num_queries(1):
        counted(Chosen(categories=("kain",), marks=("halal",), in_stock=True))
