"""The demo's depth speaks of goods, members and categories that its catalogue has."""

import pytest

from catalog.models import Document
from catalog.passport import numbers
from coop_shop.demo.seeding.data import SLUGS, Data
from lib import regencies

pytestmark = pytest.mark.parametrize("data", [Data(slug) for slug in SLUGS], ids=SLUGS)


def test_it_names_what_the_catalogue_has(data):
    titles = {row["title"] for row in data.goods}
    members = {row["number"] for row in data.members}
    parts = {part for row in data.goods if row["category"] for part in row["category"].split(" > ")}
    depth = data.depth
    assert set(depth["products"]) - titles == set()
    assert {row["product"] for row in depth["documents"] if "product" in row} - titles == set()
    assert {row["member"] for row in depth["documents"] if "member" in row} - members == set()
    assert set(depth["categories"]) == parts
    assert regencies.name(depth["origin"])
    assert depth["proposals"]["change"]["title"] in titles
    assert depth["proposals"]["new"]["title"] not in titles
    assert {depth["proposals"][kind]["member"] for kind in ("change", "new")} - members == set()


def test_its_documents_have_numbers_of_their_kind(data):
    for row in data.depth["documents"]:
        number = row["number"] + ("-28" if row["kind"] == Document.Kind.PIRT else "")
        assert numbers.clean(row["kind"], number)
