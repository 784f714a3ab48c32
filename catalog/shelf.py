"""Products as a shelf of cards needs them, in a constant number of queries."""

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce

from catalog.models import Category, Picture, Product, ProductQuerySet, Variant

MOST_CATEGORIES = 24
LOOKED_AT_FOR_PHOTO = 12  # of a category's newest products
# Long, and on no card: half of the bytes that the database would send
NOT_ON_CARDS = (
    "search", "words", "search_extra", "description", "description_en", "member__story", "member__story_en",
)  # fmt: skip


def for_cards(products: ProductQuerySet) -> ProductQuerySet:
    """Each product with its member and first picture, without its long texts.

    Two queries, however many products: one for the rows, one for the pictures.
    """
    first = Picture.objects.order_by("product", "position", "pk").distinct("product")
    return (
        with_price(products)
        .select_related("member")
        .prefetch_related(Prefetch("pictures", first, to_attr="photos"))
        .defer(*NOT_ON_CARDS)
    )


def with_price(products: ProductQuerySet) -> ProductQuerySet:
    """Only what has a price: a product whose last choice was taken away is no use to a visitor."""
    return products.filter(price_from__gt=0)


def newest() -> ProductQuerySet:
    return for_cards(Product.objects.on_sale()).order_by("-created_at", "-pk")


def best_sellers() -> ProductQuerySet:
    return for_cards(Product.objects.on_sale().filter(sold__gt=0)).order_by("-sold", "-created_at", "-pk")


def in_category(category: Category, below: Sequence[Category] | None = None) -> ProductQuerySet:
    """Products of a category and of all `below` it (asked for where they are not given), newest first."""
    below = all_below(category) if below is None else below
    mine = Product.objects.on_sale().filter(category__in=[category.pk, *(child.pk for child in below)])
    return for_cards(mine).order_by("-created_at", "-pk")


def all_below(category: Category) -> list[Category]:
    """The parts of a category and their parts, in their order. One query."""
    below = Category.objects.filter(Q(parent=category) | Q(parent__parent=category))
    return list(below.order_by("position", "name"))


def top_categories() -> list[Category]:
    """The categories at the top that have something on sale in them or below them, in their order. One query, which
    asks the index once per category."""
    here = Product.objects.on_sale().filter(category=OuterRef("pk")).order_by("-created_at", "-pk")
    lately = Product.objects.on_sale().filter(category=OuterRef(OuterRef("pk"))).order_by("-created_at", "-pk")
    photos = Picture.objects.filter(product__in=lately.values("pk")[:LOOKED_AT_FOR_PHOTO])
    photo = photos.order_by("-product__created_at", "-product", "position", "pk")
    rows: list[Any] = list(
        Category.objects.annotate(
            root=Coalesce("parent__parent", "parent", "pk"),
            newest_at=Subquery(here.values("created_at")[:1]),
            photo_pk=Subquery(photo.values("pk")[:1]),
        ).order_by("position", "name")
    )
    parts: dict[int, list[Any]] = {}
    for row in rows:
        if row.newest_at:
            parts.setdefault(row.root, []).append(row)
    top = [row for row in rows if row.pk in parts and row.parent_id is None][:MOST_CATEGORIES]
    for row in top:
        newest_first = sorted(parts[row.pk], key=lambda part: part.newest_at, reverse=True)
        row.photo_pk = next((part.photo_pk for part in newest_first if part.photo_pk), None)
    return top


def with_photos(categories: Sequence[Category]) -> Sequence[Category]:
    """Each of `top_categories()` with `photo`, that of its newest product that has one (or None). One query."""
    photos = Picture.objects.in_bulk([category.photo_pk for category in categories if category.photo_pk])  # type: ignore[attr-defined]
    for category in categories:
        category.photo = photos.get(category.photo_pk)  # type: ignore[attr-defined]
    return categories


def to_buy(product: Product) -> list[Variant]:
    """The choices of a product with their stock and wholesale prices, in order. Two queries."""
    choices = product.variants.filter(is_active=True).select_related("stock").prefetch_related("steps")
    return list(choices.order_by("position", "pk"))
