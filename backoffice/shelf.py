"""Products as the back office lists them, in a constant number of queries: stock, prices, a photo, and how each one
stands on the channels."""

from collections.abc import Iterable, Sequence

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from backoffice import standing
from catalog.models import Picture, Product, Variant
from marketplaces import wanting
from marketplaces.models import Connection, Listing


def for_list(products: QuerySet[Product]) -> QuerySet[Product]:
    """Each product with its member, `choices` (variants with stock) and `photos`."""
    variants = Variant.objects.filter(is_active=True).select_related("stock").order_by("position", "pk")
    return products.select_related("member").prefetch_related(
        Prefetch("variants", variants, to_attr="choices"),
        Prefetch("pictures", Picture.objects.order_by("position", "pk"), to_attr="photos"),
    )


def sum_up(products: Sequence[Product]) -> None:
    """Give each product of `for_list` its figures: `cheapest`, `dearest`, `on_hand`, `reserved`, and `standings`."""
    found = standings(product.pk for product in products)
    for product in products:
        prices = [variant.price for variant in product.choices]
        stocks = [variant.stock for variant in product.choices if hasattr(variant, "stock")]
        product.cheapest, product.dearest = min(prices, default=0), max(prices, default=0)
        product.on_hand = sum(stock.on_hand for stock in stocks)
        product.reserved = sum(stock.reserved for stock in stocks)
        product.standings = found.get(product.pk, [])


def standings(product_ids: Iterable[int]) -> dict[int, list[standing.Standing]]:
    """How these products stand in the shops that are connected."""
    ids = Listing.objects.filter(product__in=list(product_ids)).values_list("pk", flat=True)
    found: dict[int, list[standing.Standing]] = {}
    for listing in wanting.read(ids, now=timezone.now()):
        found.setdefault(listing.product_id, []).append(standing.of(listing))
    return found


def living_connections() -> QuerySet[Connection]:
    """The shops on marketplaces in which we may act."""
    return Connection.objects.filter(state=Connection.State.ACTIVE).order_by("pk")
