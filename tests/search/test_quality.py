"""What people type, and what they find."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from catalog import facets, figures, finding, search, vocabulary
from catalog.models import Product, Variant
from members.models import Member
from tests import make

HERE = Path(__file__).parent
FIRST = 5
ENOUGH = 0.95


def rows(name: str) -> Iterator[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@pytest.fixture
def shop(kopi):
    """Every product of the list, on sale."""
    sellers: dict[str, Member] = {}
    made: list[Product] = []
    for number, row in enumerate(rows("products.csv")):
        if row["member"] not in sellers:
            sellers[row["member"]] = make.member(name=row["member"])
            Member.objects.filter(name=row["member"]).update(village=row["village"])
        above, _, category = row["category"].partition(" > ")
        product = Product(
            state=Product.State.LIVE,
            slug=f"produk-{number}",
            member=sellers[row["member"]],
            category=make.category(category, parent=make.category(above)),
            origin_code=row["origin"],
            sold=int(row["sold"]),
        )
        product.title, product.title_en, product.description = row["title"], row["title_en"], row["description"]
        made.append(product)
    Product.objects.bulk_create(made)
    Variant.objects.bulk_create(
        Variant(product=product, sku=f"P-{number:03d}", price=10_000, weight_g=250)
        for number, product in enumerate(made, start=1)
    )
    figures.set_prices([product.pk for product in made])
    search.set_extra(product.pk for product in made)
    vocabulary.count_words()


def found(query: str) -> list[str]:
    nothing = facets.Chosen()
    return [product.title for product in finding.look_for(query, nothing).best_first(nothing)[:FIRST]]


def test_what_is_looked_for_stands_among_the_first_five(shop):
    missed, asked = {}, list(rows("queries.csv"))
    for row in asked:
        missing = set(row["expected"].split("|")) - set(first := found(row["query"]))
        if missing:
            missed[row["query"]] = (sorted(missing), first)
    assert len(asked) >= 60
    assert 1 - len(missed) / len(asked) >= ENOUGH, missed


def test_the_lists_fit_together():
    titles = [row["title"] for row in rows("products.csv")]
    assert len(titles) == len(set(titles))
    assert {title for row in rows("queries.csv") for title in row["expected"].split("|")} <= set(titles)
    queries = [row["query"] for row in rows("queries.csv")]
    assert len(queries) == len(set(queries))
