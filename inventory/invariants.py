"""I2 to I4: what must always be true of stock."""

from collections.abc import Iterator

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from inventory.models import Reservation, Stock


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
