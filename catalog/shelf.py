"""Products as a shelf of cards needs them, in a constant number of queries."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Coalesce

from catalog.models import Category, Picture, Product, ProductQuerySet, Variant

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
    """Products of a category and of those below it (asked for where they are not given), newest first."""
    below = list(Category.objects.filter(parent=category)) if below is None else below
    mine = Product.objects.on_sale().filter(category__in=[category.pk, *(child.pk for child in below)])
    return for_cards(mine).order_by("-created_at", "-pk")


def top_categories() -> list[Category]:
    """The categories at the top that have something on sale in them or below them, in their order."""
    here = Product.objects.on_sale().filter(category=OuterRef("pk"))
    below = Product.objects.on_sale().filter(category__parent=OuterRef("pk"))
    return list(
        Category.objects.filter(parent=None).filter(Exists(here) | Exists(below)).order_by("position", "name")[:24]
    )


def with_photos(categories: Sequence[Category]) -> Sequence[Category]:
    """Each top category with `photo`, that of its newest product (None where no product has one). One query."""
    wanted = [category.pk for category in categories]
    photos = (
        Picture.objects.filter(product__state=Product.State.LIVE)
        .filter(Q(product__category__in=wanted) | Q(product__category__parent__in=wanted))
        .annotate(top=Coalesce("product__category__parent_id", "product__category_id"))
        .order_by("top", "-product__created_at", "-product__pk", "position", "pk")
        .distinct("top")
    )
    by_category = {photo.top: photo for photo in photos}
    for category in categories:
        category.photo = by_category.get(category.pk)  # type: ignore[attr-defined]
    return categories


def to_buy(product: Product) -> list[Variant]:
    """The choices of a product with their stock and wholesale prices, in order. Two queries."""
    choices = product.variants.filter(is_active=True).select_related("stock").prefetch_related("steps")
    return list(choices.order_by("position", "pk"))
