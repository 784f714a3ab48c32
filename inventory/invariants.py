"""I2 to I4, I12 and I13: what must always be true of stock, of making days, and of what shelves say about them."""

from collections.abc import Iterator

from django.db.models import Exists, F, Max, Min, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from catalog.models import Product, Variant
from inventory.models import MakingDay, Reservation, Stock


def broken() -> Iterator[str]:
    """One line per broken invariant in the present cooperative."""
    is_living = Q(reservations__state=Reservation.State.LIVING)
    promised = Stock.objects.annotate(living=Coalesce(Sum("reservations__quantity", filter=is_living), 0))
    for pk, reserved, living in promised.exclude(reserved=F("living")).values_list("pk", "reserved", "living"):
        yield f"I2 stock {pk}: reserved {reserved}, living reservations {living}"
    moved = Stock.objects.annotate(moved=Coalesce(Sum("movements__quantity"), 0))
    for pk, on_hand, sum_of_moves in moved.exclude(on_hand=F("moved")).values_list("pk", "on_hand", "moved"):
        yield f"I3 stock {pk}: on hand {on_hand}, movements {sum_of_moves}"
    for row in Stock.objects.filter(Q(on_hand__lt=0) | Q(reserved__lt=0) | Q(reserved__gt=F("on_hand"))):
        yield f"I4 stock {row.pk}: on hand {row.on_hand}, reserved {row.reserved}"
    promised_days = MakingDay.objects.annotate(
        living=Coalesce(Sum("promises__quantity", filter=Q(promises__released_at=None)), 0)
    )
    for pk, taken, living in promised_days.exclude(taken=F("living")).values_list("pk", "taken", "living"):
        yield f"I13 making day {pk}: taken {taken}, living promises {living}"
    yield from _shelf()


def _shelf() -> Iterator[str]:
    active = Variant.objects.filter(product=OuterRef("pk"), is_active=True)
    sellable = active.filter(stock__on_hand__gt=F("stock__reserved"))
    is_there = Q(Exists(sellable)) | Q(made_to_order=True)
    for pk in Product.objects.filter(is_there ^ Q(in_stock=True)).values_list("pk", flat=True):
        yield f"I12 product {pk}: in_stock is not what its stock says"
    prices = Product.objects.annotate(
        least=Coalesce(Min("variants__price", filter=Q(variants__is_active=True)), 0),
        most=Coalesce(Max("variants__price", filter=Q(variants__is_active=True)), 0),
    )
    for pk in prices.exclude(price_from=F("least"), price_to=F("most")).values_list("pk", flat=True):
        yield f"I12 product {pk}: price_from or price_to is not what its variants say"
