"""The sum and the number of stars that a product shows: derived from its shown reviews, held against them by I14."""

from collections.abc import Iterable

from django.db.models import Count, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from catalog.models import Product
from reviews.models import Review


def set_ratings(product_ids: Iterable[int]) -> None:
    """`rating_sum` and `rating_count` of these products. In a transaction, behind everything else: the rows of products
    are locked, in primary-key order, so that of two officers the second counts what the first has shown."""
    wanted = sorted(set(product_ids))
    products = Product.objects.filter(pk__in=wanted)
    list(products.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    shown = Review.objects.filter(product=OuterRef("pk"), state=Review.State.SHOWN).order_by().values("product")
    products.update(
        rating_sum=Coalesce(Subquery(shown.annotate(stars_sum=Sum("stars")).values("stars_sum")), 0),
        rating_count=Coalesce(Subquery(shown.annotate(stars_count=Count("pk")).values("stars_count")), 0),
    )
