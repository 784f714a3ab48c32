"""Narrowing a shelf: by category, price, maker, place, marks, stock; and how many products each choice would leave.

For one facet that counts which is chosen in all others: with halal chosen, each maker shows its halal products. Within
a facet choices widen (two makers: either), but marks, which a buyer needs all of.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Case, F, Q, When

from catalog.models import Category, Document, ProductQuerySet, in_language
from lib import regencies
from lib.schema import connection
from members.models import Member

# So many products of a shelf are counted, in the order in which they stand there. On a longer shelf a number is what
# there is at least, and is shown so. It makes the cost of a page the same in a shop of 100,000 products.
MOST_COUNTED = 1_000
MARKS = ("halal", "pirt", "bpom", "sni", "not_halal")
BANDS = (25_000, 50_000, 100_000, 250_000, 500_000)  # whole rupiah: the next band begins with this price
MOST_VALUES = 12  # of makers and of places: those with most products, and those that are chosen


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """What a reader has narrowed a shelf to. Prices in whole rupiah, both included; a product counts by its cheapest
    variant, the price on its card."""

    categories: Sequence[str] = ()  # slugs
    members: Sequence[int] = ()
    origins: Sequence[str] = ()  # codes of kabupaten
    marks: Sequence[str] = ()
    in_stock: bool = False
    price_from: int | None = None
    price_to: int | None = None

    def __bool__(self) -> bool:
        return self != Chosen()


@dataclass(frozen=True, kw_only=True)
class Value:
    value: Any  # a slug, a pk, a code; of a price band the cheapest and dearest price, or None
    label: str  # empty for a price band
    products: int
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class Counts:
    """`total` products fit what is chosen, of `before` without any choice; where `is_more`, at least so many."""

    total: int
    before: int
    is_more: bool
    in_stock: int
    categories: Sequence[Value]
    members: Sequence[Value]
    origins: Sequence[Value]
    marks: Sequence[Value]
    bands: Sequence[Value]


NOTHING = Counts(
    total=0, before=0, is_more=False, in_stock=0, categories=(), members=(), origins=(), marks=(), bands=()
)


def narrow(products: ProductQuerySet, chosen: Chosen) -> ProductQuerySet:
    """Those of `products` that fit."""
    if chosen.categories:
        products = products.filter(category__slug__in=chosen.categories)
    if chosen.members:
        products = products.filter(member__in=chosen.members)
    if chosen.origins:
        products = products.filter(_comes_from(chosen.origins))
    if chosen.marks:
        products = products.filter(marks__contains=list(chosen.marks))
    if chosen.in_stock:
        products = products.filter(in_stock=True)
    if chosen.price_from is not None:
        products = products.filter(price_from__gte=chosen.price_from)
    if chosen.price_to is not None:
        products = products.filter(price_from__lte=chosen.price_to)
    return products


def count(products: ProductQuerySet, chosen: Chosen, *, most: int = MOST_COUNTED) -> Counts:
    """How many of the first `most` of `products`, a shelf in its order and with nothing chosen, each choice would
    leave. One query."""
    shelf = products.values_list("category_id", "member_id", _place(), "marks", "in_stock", "price_from")
    try:
        sql, values = shelf[: most + 1].query.sql_with_params()
    except EmptyResultSet:  # Django knows without asking that there is nothing
        return NOTHING
    known: dict[str, list[tuple[Any, int]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_counting().replace("{shelf}", sql), [*values, *_values(chosen)])
        for facet, key, text, name, name_en, found in cursor.fetchall():
            known.setdefault(facet, []).append(((key, text, name, name_en), found))
    numbers = {facet: found[0][1] for facet, found in known.items() if facet in ("total", "before", "stock")}
    return Counts(
        total=numbers["total"],
        before=min(numbers["before"], most),
        is_more=numbers["before"] > most,
        in_stock=numbers["stock"],
        categories=[
            Value(value=slug, label=in_language(name, name_en), products=found, is_chosen=slug in chosen.categories)
            for (_, slug, name, name_en), found in known.get("category", ())
        ],
        members=[
            Value(value=pk, label=name, products=found, is_chosen=pk in chosen.members)
            for (pk, _, name, _), found in known.get("member", ())
        ],
        origins=[
            Value(value=code, label=regencies.name(code), products=found, is_chosen=code in chosen.origins)
            for (_, code, _, _), found in known.get("place", ())
            if regencies.name(code)
        ],
        marks=_marks({text: found for (_, text, _, _), found in known.get("mark", ())}, chosen),
        bands=_bands({key: found for (key, _, _, _), found in known.get("band", ())}, chosen),
    )


def _marks(found: dict[str, int], chosen: Chosen) -> list[Value]:
    return [
        Value(
            value=mark,
            label=str(Document.Kind(mark).label),
            products=found.get(mark, 0),
            is_chosen=mark in chosen.marks,
        )
        for mark in MARKS
        if mark in found or mark in chosen.marks
    ]


def _bands(found: dict[int, int], chosen: Chosen) -> list[Value]:
    limits = [None, *BANDS, None]
    bands = []
    for number, (least, beyond) in enumerate(pairwise(limits)):
        band = (least, beyond - 1 if beyond else None)
        is_chosen = band == (chosen.price_from, chosen.price_to)
        if number in found or is_chosen:
            bands.append(Value(value=band, label="", products=found.get(number, 0), is_chosen=is_chosen))
    return bands


def _place() -> Case:
    """Where a product comes from: what it says itself, else where its maker lives."""
    return Case(When(origin_code="", then=F("member__origin_code")), default=F("origin_code"))


def _comes_from(codes: Sequence[str]) -> Q:
    return Q(origin_code__in=codes) | Q(origin_code="", member__origin_code__in=codes)


def _values(chosen: Chosen) -> list[Any]:
    """In the order in which `_counting` asks for them."""
    several = [list(chosen.categories), list(chosen.members), list(chosen.origins)]
    wanted = [part for values in several for part in (not values, values)]
    return [
        *wanted,
        list(chosen.marks),
        not chosen.in_stock,
        chosen.price_from or 0,
        chosen.price_to if chosen.price_to is not None else 2**62,
        several[0], several[1], several[2],
        list(BANDS),
    ]  # fmt: skip


@cache
def _counting() -> str:
    """One look at the rows for all facets. Names of tables are ours, all values are parameters."""
    category, member = Category._meta.db_table, Member._meta.db_table
    return f"""
        WITH shelf (category, member, place, marks, in_stock, price) AS MATERIALIZED ({{shelf}}),
        seen AS MATERIALIZED (
            SELECT shelf.*, c.slug, c.name, c.name_en,
                (%s OR c.slug = ANY(%s::varchar[])) AS is_category, (%s OR member = ANY(%s::bigint[])) AS is_member,
                (%s OR place = ANY(%s::varchar[])) AS is_place, marks @> %s::varchar[] AS is_marked,
                (%s OR in_stock) AS is_there, price BETWEEN %s AND %s AS is_priced
            FROM shelf JOIN "{category}" c ON c.id = shelf.category
        )
        (SELECT 'category', NULL::bigint, slug, name, name_en, count(*) FROM seen
            WHERE is_member AND is_place AND is_marked AND is_there AND is_priced
            GROUP BY slug, name, name_en ORDER BY slug = ANY(%s::varchar[]) DESC, 6 DESC, name LIMIT {MOST_VALUES * 2})
        UNION ALL
        (SELECT 'member', m.id, '', m.name, '', found.n FROM (
            SELECT member, count(*) AS n FROM seen
            WHERE is_category AND is_place AND is_marked AND is_there AND is_priced
            GROUP BY member ORDER BY member = ANY(%s::bigint[]) DESC, 2 DESC, member LIMIT {MOST_VALUES}) found
            JOIN "{member}" m ON m.id = found.member ORDER BY found.n DESC, m.name)
        UNION ALL
        (SELECT 'place', NULL, place, '', '', count(*) FROM seen
            WHERE is_category AND is_member AND is_marked AND is_there AND is_priced AND place <> ''
            GROUP BY place ORDER BY place = ANY(%s::varchar[]) DESC, 6 DESC, place LIMIT {MOST_VALUES})
        UNION ALL
        SELECT 'mark', NULL, mark, '', '', count(*) FROM seen, unnest(marks) mark
            WHERE is_category AND is_member AND is_place AND is_marked AND is_there AND is_priced GROUP BY mark
        UNION ALL
        SELECT 'band', width_bucket(price, %s::bigint[]), '', '', '', count(*) FROM seen
            WHERE is_category AND is_member AND is_place AND is_marked AND is_there GROUP BY 2
        UNION ALL
        SELECT 'stock', NULL, '', '', '', count(*) FROM seen
            WHERE is_category AND is_member AND is_place AND is_marked AND in_stock AND is_priced
        UNION ALL
        SELECT 'total', NULL, '', '', '', count(*) FROM seen
            WHERE is_category AND is_member AND is_place AND is_marked AND is_there AND is_priced
        UNION ALL
        SELECT 'before', NULL, '', '', '', count(*) FROM shelf
    """  # noqa: S608
