"""The figures of a product that shelves are sorted and narrowed by. They are derived: whoever writes a variant calls
`set_prices`, and the one writer of stock calls `set_stock`; an invariant compares them with their sources."""

from collections.abc import Iterable

from django.db.models import Exists, F, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from catalog.models import Product, Variant


def set_prices(product_ids: Iterable[int]) -> None:
    """`price_from` and `price_to` from the active variants; 0 where there is none."""
    mine = Variant.objects.filter(product=OuterRef("pk"), is_active=True).order_by().values("product")
    Product.objects.filter(pk__in=list(product_ids)).update(
        price_from=Coalesce(Subquery(mine.annotate(least=Min("price")).values("least")), 0),
        price_to=Coalesce(Subquery(mine.annotate(most=Max("price")).values("most")), 0),
    )


def set_stock(product_ids: Iterable[int]) -> None:
    """`in_stock`: true where something of the product can be bought, or it is made to order.

    The rows are locked in primary-key order first: of two orders that each take the last piece of another variant, the
    second then sees what the first did.
    """
    wanted = sorted(set(product_ids))
    list(
        Product.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True)
    )
    products = Product.objects.filter(pk__in=wanted)
    sellable = Variant.objects.filter(is_active=True, stock__on_hand__gt=F("stock__reserved"))
    has = Q(Exists(sellable.filter(product=OuterRef("pk")))) | Q(made_to_order=True)
    products.filter(has, in_stock=False).update(in_stock=True)
    products.filter(~has, in_stock=True).update(in_stock=False)
