"""What is made when it is ordered: how many pieces are promised for which day, and when more can be ready.

No more than `Product.daily_capacity` pieces are ready on one day, whoever orders them and in whatever variants. A
promise takes the earliest days that have room, from `lead_days` after today on. Day rows are locked in the order of
product and date, so that no two orders wait for each other in a circle.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from catalog.models import Product
from inventory.models import MakingDay, MakingPromise
from tenants import due
from tenants.context import current_cooperative

HORIZON_DAYS = 60  # nothing is promised for later: who would wait, and who knows what there will be
WITHOUT_LIMIT = 999  # pieces on a day, where the maker knows no limit


class FullyBooked(Exception):
    """Only `left` pieces can be made within HORIZON_DAYS."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """Days with room, in their order, as (day, pieces that can still be ready on it)."""

    free: Sequence[tuple[date, int]]

    @property
    def left(self) -> int:
        """Pieces that can be promised at all."""
        return sum(pieces for _day, pieces in self.free)

    def left_within(self, days: int) -> int:
        """Pieces that can be ready within so many days, from the first one on that has room."""
        return sum(pieces for day, pieces in self.free if day < self.free[0][0] + timedelta(days=days))

    def ready(self, pieces: int) -> date | None:
        """The day on which so many would be ready if they were ordered now; None where so many cannot be made."""
        return _last_day(self.free, pieces)


def outlook(products: Iterable[Product], *, now: datetime) -> dict[int, Outlook]:
    """By product id, for those that are made to order. One query for all of them, none for none."""
    made = {product.pk: product for product in products if product.made_to_order}
    taken = _taken(made, now) if made else {}
    return {
        pk: Outlook(
            free=[(day, room) for day in _days(product, now) if (room := _room(product, taken.get((pk, day), 0)))]
        )
        for pk, product in made.items()
    }


def first_day(product: Product, *, now: datetime) -> date | None:
    """The first day on which it can be sent: after it was made, and not before the day of a pre-order. None for what
    lies on the shelf."""
    today = _today(now)
    days = [today + timedelta(days=product.lead_days)] if product.made_to_order else []
    if product.preorder_date and product.preorder_date > today:
        days.append(product.preorder_date)
    return max(days, default=None)


@transaction.atomic
def promise(*, reference: str, product: Product, pieces: int, now: datetime) -> date:
    """Promise `pieces` of what is made to order to `reference`. Returns the day on which the last of them is ready.

    Raises FullyBooked; nothing is promised then.
    """
    free = outlook([product], now=now)[product.pk].free
    missing, last = pieces, None
    for day, _room_seen in free:
        took = _take(reference, product, day, missing)
        if took:
            missing, last = missing - took, day
        if not missing:
            break
    if missing or last is None:
        raise FullyBooked(pieces - missing)
    due.note("push", now=now)
    return last


@transaction.atomic
def release(*, reference: str, now: datetime) -> None:
    """The order is off: its days have room again. Again changes nothing."""
    living = MakingPromise.objects.select_for_update(of=("self",)).filter(reference=reference, released_at=None)
    rows = list(living.order_by("day__product", "day__date"))
    for row in rows:
        MakingPromise.objects.filter(pk=row.pk).update(released_at=now)
        MakingDay.objects.filter(pk=row.day_id).update(taken=F("taken") - row.quantity)
    if rows:
        due.note("push", now=now)


def _take(reference: str, product: Product, day: date, wanted: int) -> int:
    """As many of `wanted` as that day still has room for."""
    row = _lock(MakingDay.objects.get_or_create(product=product, date=day)[0].pk)
    took = min(wanted, _room(product, row.taken))
    if took:
        MakingDay.objects.filter(pk=row.pk).update(taken=F("taken") + took)
        mine = MakingPromise.objects.filter(day=row, reference=reference, released_at=None)
        if not mine.update(quantity=F("quantity") + took):
            MakingPromise.objects.create(day=row, reference=reference, quantity=took)
    return took


def _lock(day_pk: int) -> MakingDay:
    return MakingDay.objects.select_for_update(no_key=True).get(pk=day_pk)


def _room(product: Product, taken: int) -> int:
    capacity = WITHOUT_LIMIT if product.daily_capacity is None else product.daily_capacity
    return max(0, capacity - taken)


def _days(product: Product, now: datetime) -> Iterator[date]:
    first = first_day(product, now=now) or _today(now)
    return (first + timedelta(days=number) for number in range(HORIZON_DAYS))


def _taken(products: Mapping[int, Product], now: datetime) -> dict[tuple[int, date], int]:
    ahead = MakingDay.objects.filter(product__in=products, date__gte=_today(now), taken__gt=0)
    return {(row.product_id, row.date): row.taken for row in ahead}


def _last_day(free: Sequence[tuple[date, int]], pieces: int) -> date | None:
    for day, room in free:
        pieces -= room
        if pieces <= 0:
            return day
    return None


def _today(now: datetime) -> date:
    return now.astimezone(ZoneInfo(current_cooperative().zone)).date()
