"""How many pieces of a product have been sold: counted when they are paid for, taken back when they come back."""

from collections.abc import Mapping

from django.db.models import F
from django.db.models.functions import Greatest

from catalog.models import Product


def count_sold(pieces: Mapping[int, int]) -> None:
    """Add these (product id -> pieces, below zero for what came back) to `Product.sold`. In a transaction, behind
    stock; the rows are locked in primary-key order."""
    products = Product.objects.filter(pk__in=list(pieces))
    for pk in products.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True):
        # never below zero: what was sold before sales were counted may come back too
        Product.objects.filter(pk=pk).update(sold=Greatest(F("sold") + pieces[pk], 0))
