import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest

DATA = Path(__file__).parents[1] / "data"
SLUGS = ["kopi-gayo", "batik-lasem", "garut-rasa"]
COLUMNS = [
    "title", "description", "category", "price", "stock", "sku", "axis1_name", "axis1_value", "axis2_name",
    "axis2_value", "weight_g", "seller", "picture",
]  # fmt: skip
STATES = {"awaiting_payment", "paid", "packed", "shipped", "delivered", "completed", "cancelled", "expired"}
# What Indonesian mobile numbers look like after +62 or 0, as libphonenumber has it.
MOBILE = re.compile(r"8[1-35-9]\d{7,10}")

pytestmark = pytest.mark.parametrize("slug", SLUGS)


def test_there_are_45_products_of_which_at_least_18_come_in_variants(slug):
    rows = catalog(slug)
    assert len({row["title"] for row in rows}) == 45
    assert len({row["title"] for row in rows if row["axis1_name"]}) >= 18


def test_every_row_has_a_whole_price_a_stock_a_weight_and_its_own_sku(slug):
    rows = catalog(slug)
    assert all(list(row) == COLUMNS for row in rows)
    assert all(15_000 <= int(row["price"]) <= 3_000_000 for row in rows)
    assert all(0 <= int(row["stock"]) <= 200 for row in rows)
    assert all(10 <= int(row["weight_g"]) <= 6_000 for row in rows)
    assert [sku for sku, times in Counter(row["sku"] for row in rows).items() if times > 1] == []


def test_two_rows_are_sold_out_and_some_are_down_to_the_last_three(slug):
    stocks = [int(row["stock"]) for row in catalog(slug)]
    assert stocks.count(0) == 2
    assert sum(1 <= stock <= 3 for stock in stocks) >= 4


def test_the_first_row_of_a_product_carries_what_all_its_variants_share(slug):
    for first in first_rows(slug):
        assert 40 <= len(first["description"].split()) <= 120
        assert re.fullmatch(r"[^>]+ > [^>]+", first["category"])
        assert first["picture"] == f"pictures/{slugified(first['title'])}.webp"
        assert 5 <= len(first["title"]) <= 70  # Tokopedia takes 70 characters, Shopee 255


def test_no_description_is_used_twice(slug):
    texts = [first["description"] for every in SLUGS for first in first_rows(every)]
    assert len(set(texts)) == len(texts)


def test_variants_of_a_product_differ_and_fit_the_marketplaces(slug):
    rows = catalog(slug)
    options = Counter((row["title"], row["axis1_value"], row["axis2_value"]) for row in rows)
    assert max(options.values()) == 1
    for row in rows:
        for axis in ("axis1", "axis2"):
            assert bool(row[f"{axis}_name"]) == bool(row[f"{axis}_value"])
            assert len(row[f"{axis}_name"]) <= 14
            assert len(row[f"{axis}_value"]) <= 20
        assert row["axis1_name"] or not row["axis2_name"]


def test_every_seller_is_a_member_and_every_member_sells(slug):
    assert {row["seller"] for row in catalog(slug)} == {member["number"] for member in members(slug)}


def test_members_can_be_reached_and_paid(slug):
    for member in members(slug):
        assert MOBILE.fullmatch(member["phone"].removeprefix("+62"))
        assert all(member.values())
        assert 2010 <= int(member["since_year"]) <= 2024
    assert 8 <= len(members(slug)) <= 14


def test_the_cooperative_says_who_it_is_in_both_languages(slug):
    cooperative = load(slug, "cooperative.json")
    assert cooperative["slug"] == slug
    assert set(cooperative["story"]) == set(cooperative["tagline"]) == {"id", "en"}
    assert re.fullmatch(r"\d{13}", cooperative["nib"])
    assert re.fullmatch(r"\d{5}", cooperative["postcode"])
    assert [officer["role"] for officer in cooperative["officers"]] == ["pengurus", "bendahara", "petugas", "pengawas"]
    assert all(officer["email"] == f"{officer['role']}@{slug}.example" for officer in cooperative["officers"])


def test_shipping_names_each_of_the_38_provinces_once_and_nearer_is_cheaper(slug):
    zones = load(slug, "cooperative.json")["shipping"]
    provinces = [province for zone in zones for province in zone["provinces"]]
    assert len(provinces) == len(set(provinces)) == 38
    rates = {zone["zone"]: zone["rupiah_per_kg"] for zone in zones}
    assert rates["own_province"] == min(rates.values())
    assert rates["others"] == max(rates.values())


def test_orders_are_in_every_state_and_ask_for_no_more_than_there_is(slug):
    orders = load(slug, "orders.json")
    assert len(orders) == 21
    assert {order["state"] for order in orders} == STATES
    wanted = Counter()
    for order in orders:
        for line in order["lines"]:
            wanted[line["sku"]] += line["quantity"]
    stock = {row["sku"]: int(row["stock"]) for row in catalog(slug)}
    assert {sku: n for sku, n in wanted.items() if n > stock.get(sku, 0)} == {}


def test_orders_of_the_shop_have_a_buyer_and_orders_of_shopee_only_a_region(slug):
    provinces = {p for zone in load(slug, "cooperative.json")["shipping"] for p in zone["provinces"]}
    for order in load(slug, "orders.json"):
        buyer, address = order["buyer"], order["address"]
        assert address["province"] in provinces
        assert re.fullmatch(r"\d{5}", address["postcode"])
        if order["channel"] == "shop":
            assert order["method"] in {"transfer", "stripe"}
            assert MOBILE.fullmatch(buyer["phone"].removeprefix("0"))
            assert all(address.values())
        else:
            assert order["channel"] == "shopee"
            assert order["method"] is None
            assert "*****" in buyer["name"]
            assert (buyer["phone"], buyer["email"], address["street"]) == ("", "", "")


def catalog(slug):
    with open(DATA / slug / "catalog.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


def first_rows(slug):
    seen = {}
    for row in catalog(slug):
        seen.setdefault((row["title"], row["seller"]), row)
    return list(seen.values())


def members(slug):
    with open(DATA / slug / "members.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


def load(slug, name):
    return json.loads((DATA / slug / name).read_text(encoding="utf-8"))


def slugified(title):
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
