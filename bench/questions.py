"""What is measured. Each function prepares its data and returns the two ways."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django_tenants.postgresql_backend.base import DatabaseWrapper as LibraryWrapper

from catalog import facets, finding, search, shelf
from catalog.models import Category, Product, Variant
from inventory import stock
from inventory.models import Stock
from members.models import Member
from tenants.postgresql.base import DatabaseWrapper

MANY = 5_000
# About as long as a seller's description.
STORY = " ".join(["Ceri merah dipetik tangan, dijemur di atas para-para, disangrai setiap Selasa dan Jumat."] * 8)


def shelf_of_many() -> dict[str, Any]:
    """Does the first page of the shop stay as quick when the catalogue is large?"""
    few = _category_with(100)
    many = _category_with(MANY)
    return {
        "name": f"a page of 24 cards from {MANY} products against one from 100",
        "ours": lambda: list(shelf.in_category(few)[:24]),
        "other": lambda: list(shelf.in_category(many)[:24]),
    }


def search_by_index() -> dict[str, Any]:
    """Is the search index worth its space?"""
    _category_with(MANY)
    return {
        "name": f"search of {MANY} products: ILIKE against the index",
        "ours": lambda: list(search.find("kopi 4321")[:24]),
        "other": lambda: list(Product.objects.filter(description__icontains="kopi 4321")[:24]),
    }


def facets_by_statement() -> dict[str, Any]:
    """What does it save to count all facets where the rows are?"""
    many = _category_with(MANY)
    columns = ("category__slug", "member__name", "origin_code", "marks", "in_stock", "price_from")
    rows = shelf.in_category(many).values_list(*columns)[: facets.MOST_COUNTED]
    return {
        "name": f"facets of a shelf of {MANY}: rows counted in Python against one statement",
        "ours": lambda: facets.count(shelf.in_category(many), facets.Chosen()),
        "other": lambda: [Counter(map(str, column)) for column in zip(*rows.all(), strict=True)],
    }


def words_that_many_have() -> dict[str, Any]:
    """Is a word that every product has as cheap as one that a single product has?"""
    _category_with(MANY)
    nothing = facets.Chosen()
    return {
        "name": f"first page of a search of {MANY}: a word that one has against one that all have",
        "ours": lambda: list(finding.look_for("produk 4321", nothing).best_first(nothing)[:24]),
        "other": lambda: list(finding.look_for("produk", nothing).best_first(nothing)[:24]),
    }


def reserve_by_condition() -> dict[str, Any]:
    """What does one conditional statement save against lock, read, write?"""
    variant = _category_with(1).products.get().variants.get()
    return {
        "name": "reserve: SELECT FOR UPDATE and UPDATE against one conditional UPDATE",
        "ours": _times(50, lambda: _rolled_back(lambda: stock._promise(variant.pk, 1))),
        "other": _times(50, lambda: _rolled_back(lambda: _lock_read_write(variant.pk))),
    }


def search_path_by_report() -> dict[str, Any]:
    """What does it save to set the search_path only when the server reports another one?"""
    ours = DatabaseWrapper._handle_search_path

    def always(work: Callable[[], object]) -> object:
        DatabaseWrapper._handle_search_path = LibraryWrapper._handle_search_path  # type: ignore[method-assign]
        try:
            return work()
        finally:
            DatabaseWrapper._handle_search_path = ours  # type: ignore[method-assign]

    ten = _times(100, lambda: Category.objects.filter(pk=0).exists())
    return {
        "name": "100 small queries: search_path set each time against by report",
        "ours": ten,
        "other": lambda: always(ten),
    }


ALL = [
    shelf_of_many,
    search_by_index,
    words_that_many_have,
    facets_by_statement,
    reserve_by_condition,
    search_path_by_report,
]


def _category_with(number: int) -> Category:
    category, is_new = Category.objects.get_or_create(name=f"Rak {number}", slug=f"rak-{number}")
    if is_new:
        member, _ = Member.objects.get_or_create(
            number="U-1", defaults={"name": "Ukur", "joined_date": timezone.localdate()}
        )
        rows = [
            Product(
                title=f"Produk {number} {n}", slug=f"produk-{number}-{n}", member=member, category=category,
                description=f"Kopi {n} dari kebun anggota. {STORY}", state=Product.State.LIVE,
                price_from=10_000 + n, price_to=10_000 + n,
            )
            for n in range(number)
        ]  # fmt: skip
        Product.objects.bulk_create(rows, batch_size=1000)
        variants = [
            Variant(product=product, sku=f"U-{number}-{n}", price=10_000 + n, weight_g=100)
            for n, product in enumerate(rows)
        ]
        Variant.objects.bulk_create(variants, batch_size=1000)
        Stock.objects.bulk_create([Stock(variant=v, on_hand=1_000_000) for v in variants], batch_size=1000)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return category


def _times(number: int, work: Callable[[], object]) -> Callable[[], object]:
    def repeat() -> None:
        for _ in range(number):
            work()

    return repeat


def _rolled_back(work: Callable[[], object]) -> None:
    with transaction.atomic():
        work()
        transaction.set_rollback(True)


def _lock_read_write(variant_id: int) -> None:
    row = Stock.objects.select_for_update().get(pk=variant_id)
    if row.available >= 1:
        row.reserved += 1
        row.save(update_fields=["reserved"])
