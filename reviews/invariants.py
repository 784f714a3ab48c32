"""I14: stars on the shelf are those of shown reviews, and photos of what is not shown are out of reach."""

from collections.abc import Iterator

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from catalog.models import Product
from reviews import photos
from reviews.models import Review, ReviewPhoto


def broken() -> Iterator[str]:
    """One line per broken invariant in the present cooperative."""
    is_shown = Q(reviews__state=Review.State.SHOWN)
    counted = Product.objects.annotate(
        stars=Coalesce(Sum("reviews__stars", filter=is_shown), 0), shown=Count("reviews", filter=is_shown)
    )
    for pk in counted.exclude(rating_sum=F("stars"), rating_count=F("shown")).values_list("pk", flat=True):
        yield f"I14 product {pk}: its stars are not those of its shown reviews"
    rows = ReviewPhoto.objects.values_list("pk", "review__state", "name", "thumb")
    for pk, state, *names in rows.iterator():
        wanted = photos.PUBLIC if state == Review.State.SHOWN else photos.PRIVATE
        if not all(str(name).partition("/")[2].startswith(f"{wanted}/") for name in names):
            yield f"I14 photo {pk}: of a review that is {state}, but not in {wanted}"
