"""Products as a shelf of cards needs them, in a constant number of queries."""

from django.db.models import Exists, F, Min, OuterRef, Prefetch, Sum

from catalog.models import Category, Picture, Product, ProductQuerySet, Variant


def for_cards(products: ProductQuerySet) -> ProductQuerySet:
    """Each product with `price_from` (cheapest variant), `pieces` (what can be bought), its member and first picture.

    Two queries, however many products: one for the rows, one for the pictures.
    """
    buyable = F("variants__stock__on_hand") - F("variants__stock__reserved")
    return (
        products.annotate(price_from=Min("variants__price"), pieces=Sum(buyable, default=0))
        .filter(price_from__isnull=False)
        .select_related("member")
        .prefetch_related(Prefetch("pictures", Picture.objects.order_by("position", "pk"), to_attr="photos"))
    )


def newest() -> ProductQuerySet:
    return for_cards(Product.objects.on_sale()).order_by("-created_at", "-pk")


def in_category(category: Category) -> ProductQuerySet:
    """Products of a category and of those below it, newest first."""
    below = Category.objects.filter(parent=category).values("pk")
    mine = Product.objects.on_sale().filter(category=category) | Product.objects.on_sale().filter(category__in=below)
    return for_cards(mine).order_by("-created_at", "-pk")


def top_categories() -> list[Category]:
    """The categories at the top that have something on sale in them or below them, in their order."""
    here = Product.objects.on_sale().filter(category=OuterRef("pk"))
    below = Product.objects.on_sale().filter(category__parent=OuterRef("pk"))
    return list(
        Category.objects.filter(parent=None).filter(Exists(here) | Exists(below)).order_by("position", "name")[:24]
    )


def to_buy(product: Product) -> list[Variant]:
    """The choices of a product with their stock, in order. One query."""
    return list(product.variants.filter(is_active=True).select_related("stock").order_by("position", "pk"))
