"""A shop of 100,000 products: as many queries as one of ten, and nothing that reads all of them."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog import vocabulary
from catalog.models import Category, Product, Variant
from members.models import Member
from tenants import middleware
from tests import make
from tests.browsing import Browser

MANY = 100_000
PAGES = {  # address: how many queries
    "/kategori/semua/": 5,
    "/kategori/semua/?urut=termurah": 5,
    "/kategori/semua/?urut=terlaris": 5,
    "/kategori/semua/?izin=halal&maks=60000&stok=ada": 5,
    "/kategori/semua/?penjual={member}": 5,
    "/kategori/bagian/": 5,
    "/cari/": 3,
    "/cari/?q=barang": 3,  # a word that all have
    "/cari/?q=kopi": 3,
    "/cari/?q=teh+gayo+pilihan": 3,
    "/cari/?q=ba": 3,  # the beginning of one
    "/cari/?q=7": 3,  # a word that one has
    "/cari/?q=madu&asal=11.04&urut=termurah": 3,
    "/cari/?q=kpoi": 5,  # a typing error
    "/cari/?q=kopi+xylofon": 5,  # one of the words
    "/cari/?q=xylofon+qwertz": 4,  # nothing
}
DEEP = "/kategori/semua/?page=100"
# Rows of goods that one statement looks at: of 100,000, those that are counted, or counted off to page 100, or passed
# over on the way to 600 that fit
MOST_READ = 12_000
TABLES = {model._meta.db_table for model in (Product, Variant)}


def fill(count: int) -> None:
    """`count` products in SQL: a second for ten thousand of them where the ORM takes a minute."""
    everything = Category.objects.create(name="Semua", slug="semua")
    part = Category.objects.create(name="Bagian", slug="bagian")
    members = [make.member(name=f"Anggota {number}") for number in range(20)]
    kinds = ["Kopi", "Teh", "Batik", "Keripik", "Madu", "Sambal", "Tas", "Tenun", "Gula", "Kue"]
    places = ["Gayo", "Lasem", "Bali", "Garut", "Solo", "Toraja", "Sumba", "Ngawi", "Tasik", "Padang"]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO catalog_product (member_id, category_id, title, slug, description, axis1, axis2, state, marks,
                origin_code, price_from, price_to, made_to_order, in_stock, sold, created_at, updated_at)
            SELECT (%(members)s::bigint[])[1 + n %% 20],
                CASE WHEN n %% 10 = 0 THEN %(part)s ELSE %(whole)s END,
                (%(kinds)s::text[])[1 + n %% 10] || ' ' || (%(places)s::text[])[1 + n / 10 %% 10]
                   || ' barang r' || md5((n %% 400)::text) || ' ' || n,
                'barang-' || n, 'Pilihan dari kebun anggota', '', '', 'live',
                CASE WHEN n %% 3 = 0 THEN '{halal}'::varchar[] ELSE '{}' END,
                CASE WHEN n %% 4 = 0 THEN '11.04' ELSE '' END,
                5000 + n * 7919 %% 300000, 5000 + n * 7919 %% 300000, n %% 5 > 0, n %% 5 > 0, n * 31 %% 500,
                timestamptz '2026-01-01' + n * interval '1 minute', now()
            FROM generate_series(1, %(count)s) n
            """,
            {
                "members": [member.pk for member in members],
                "part": part.pk,
                "whole": everything.pk,
                "kinds": kinds,
                "places": places,
                "count": count,
            },
        )
        cursor.execute(
            """
            INSERT INTO catalog_variant (product_id, sku, option1, option2, price, weight_g)
            SELECT id, slug, '', '', price_from, 100 FROM catalog_product
            """
        )
        for table in TABLES:
            cursor.execute(f'ANALYZE "{table}"')
    vocabulary.count_words()


@pytest.fixture(autouse=True)
def known_host(settings, monkeypatch):
    monkeypatch.setattr(middleware, "_known", {})
    settings.HOSTS_KNOWN_SECONDS = 60


@pytest.fixture
def shop(kopi, request) -> Iterator[int]:
    fill(request.param)
    yield request.param


def asked(browser: Browser, address: str) -> list[str]:
    address = address.format(member=Member.objects.order_by("pk")[1].pk)
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(address)
    assert answer.status_code == 200
    return [query["sql"] for query in captured if not query["sql"].startswith("SET ")]


def rows_read(sql: str) -> int:
    """Of the tables of goods, what this statement looks at: shown, or looked at and thrown away."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql)
        (plan,) = cursor.fetchone()
    waiting, read = [plan[0]["Plan"]], 0
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", ())
        if node.get("Relation Name") in TABLES:
            thrown_away = sum(node.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Index Recheck"))
            read += round((node["Actual Rows"] + thrown_away) * node["Actual Loops"])
    return read


@pytest.mark.parametrize("shop", [10, MANY], indirect=True)
def test_pages_ask_as_often_and_read_no_more_than_a_part(shop, visitor):
    pages = dict(PAGES) if shop == 10 else {**PAGES, DEEP: 5}
    counted, read = {}, {}
    for address in pages:
        asked(visitor, address)  # what is read once per process does not count
        queries = asked(visitor, address)
        counted[address] = len(queries)
        read[address] = max(rows_read(sql) for sql in queries)
    assert counted == pages
    assert [address for address, rows in read.items() if rows > MOST_READ] == []
