"""The shelves of many new variants are filled at once."""

from collections.abc import Mapping
from datetime import datetime

from catalog import figures
from catalog.models import Variant
from inventory.models import Movement, Stock


def fill(*, pieces: Mapping[int, int], reference: str, now: datetime) -> None:
    """Put `pieces` (variant pk -> how many) on shelves that nobody has counted yet. Stands in the transaction that
    makes the variants: nobody else knows of them."""
    keys = sorted(pieces)
    Stock.objects.bulk_create(Stock(pk=pk, on_hand=pieces[pk]) for pk in keys)
    Movement.objects.bulk_create(
        Movement(stock_id=pk, kind=Movement.Kind.COUNTED, quantity=pieces[pk], reference=reference, at=now)
        for pk in keys
        if pieces[pk]
    )
    products = Variant.objects.filter(pk__in=keys).values_list("product", flat=True)
    figures.set_stock(list(products.distinct()))
