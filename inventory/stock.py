"""The only writer of stock. `available = on_hand - reserved`.

A checkout or an unpaid marketplace order reserves; payment commits; expiry and cancellation release; a return
gives back. Each happens exactly once per order. Stock rows are changed in primary-key order, one conditional
statement each, so that no two orders wait for each other in a circle.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from catalog import figures
from catalog.models import Variant
from inventory.models import Movement, Reservation, Stock
from tenants import due

LONGEST_REFERENCE = 60


class OutOfStock(Exception):
    """There is less than was asked for. `short` maps variant id -> pieces that are still available."""

    def __init__(self, short: Mapping[int, int]) -> None:
        super().__init__(short)
        self.short = dict(short)


class Stale(Exception):
    """Pieces came or went while somebody counted: there are `on_hand` now."""

    def __init__(self, on_hand: int) -> None:
        super().__init__(on_hand)
        self.on_hand = on_hand


def available(variant_ids: Iterable[int]) -> dict[int, int]:
    """Pieces that can be bought now, by variant id. A variant without a stock row has none."""
    rows = Stock.objects.filter(pk__in=list(variant_ids)).values_list("pk", "on_hand", "reserved")
    return {pk: on_hand - reserved for pk, on_hand, reserved in rows}


@transaction.atomic
def count(*, variant_id: int, on_hand: int, reference: str, now: datetime, shown: int | None = None) -> None:
    """Somebody counted the shelf: `on_hand` is the truth from now on.

    `shown` is what the person saw before counting. Raises Stale when it is not so any more, OutOfStock when more is
    promised to orders than was counted; nothing changes then.
    """
    stock, _ = Stock.objects.select_for_update().get_or_create(pk=variant_id)
    if shown is not None and shown != stock.on_hand:
        raise Stale(stock.on_hand)
    if on_hand < stock.reserved:
        raise OutOfStock({variant_id: stock.available})
    if on_hand == stock.on_hand:
        return
    _move(stock.pk, Movement.Kind.COUNTED, on_hand - stock.on_hand, reference, now)
    show([stock.pk])
    due.note("push", now=now)


@transaction.atomic
def receive(*, variant_id: int, pieces: int, key: str, reference: str, now: datetime) -> bool:
    """So many pieces more are on the shelf. The same `key` again adds nothing. Returns whether it was added now."""
    stock, _ = Stock.objects.select_for_update().get_or_create(pk=variant_id)
    if stock.movements.filter(kind=Movement.Kind.RECEIVED, reference__startswith=f"{key} ").exists():
        return False
    _move(stock.pk, Movement.Kind.RECEIVED, pieces, f"{key} {reference}"[:LONGEST_REFERENCE], now)
    show([stock.pk])
    due.note("push", now=now)
    return True


def show(variant_ids: Iterable[int]) -> None:
    """Bring `Product.in_stock` in line with what there is of these variants. Comes last in a transaction: the lock of
    the product's row stands behind those of stock."""
    products = Variant.objects.filter(pk__in=list(variant_ids)).values_list("product", flat=True)
    figures.set_stock(list(products))


@transaction.atomic
def reserve(*, reference: str, wanted: Mapping[int, int], expires_at: datetime | None, now: datetime) -> None:
    """Promise `wanted` pieces (variant id -> quantity) to `reference`. All or nothing.

    Raises OutOfStock, naming every variant that is short.
    """
    short = [pk for pk, quantity in sorted(wanted.items()) if not _promise(pk, quantity)]
    if short:
        raise OutOfStock({pk: _left(pk) for pk in short})
    Reservation.objects.bulk_create(
        Reservation(stock_id=pk, reference=reference, quantity=quantity, expires_at=expires_at)
        for pk, quantity in sorted(wanted.items())
    )
    gone = [pk for pk, left in available(wanted).items() if left <= 0]
    if gone:
        show(gone)
    due.note("push", now=now)


@transaction.atomic
def commit(*, reference: str, now: datetime) -> None:
    """The order is paid: its promised pieces leave the shelf. Again changes nothing."""
    for row in _living(reference):
        _close(row, Reservation.State.COMMITTED)
        Stock.objects.filter(pk=row.stock_id).update(reserved=F("reserved") - row.quantity)
        _move(row.stock_id, Movement.Kind.SOLD, -row.quantity, reference, now)


@transaction.atomic
def release(*, reference: str, now: datetime) -> None:
    """The order will not be paid: its promised pieces are for sale again. Again changes nothing."""
    rows = _living(reference)
    for row in rows:
        _close(row, Reservation.State.RELEASED)
        Stock.objects.filter(pk=row.stock_id).update(reserved=F("reserved") - row.quantity)
    if rows:
        show(row.stock_id for row in rows)
        due.note("push", now=now)


@transaction.atomic
def give_back(*, reference: str, now: datetime) -> None:
    """A paid order is cancelled before it left: its pieces are on the shelf again. Again changes nothing."""
    sold = Movement.objects.filter(reference=reference, kind=Movement.Kind.SOLD).order_by("stock_id")
    returned = set(
        Movement.objects.filter(reference=reference, kind=Movement.Kind.GIVEN_BACK).values_list("stock_id", flat=True)
    )
    for movement in sold:
        if movement.stock_id not in returned:
            _move(movement.stock_id, Movement.Kind.GIVEN_BACK, -movement.quantity, reference, now)
    show(movement.stock_id for movement in sold)
    due.note("push", now=now)


def _promise(variant_id: int, quantity: int) -> bool:
    # The condition is checked again after waiting for another order's change of the row (READ COMMITTED).
    return bool(
        Stock.objects.filter(pk=variant_id, on_hand__gte=F("reserved") + quantity).update(
            reserved=F("reserved") + quantity
        )
    )


def _left(variant_id: int) -> int:
    return available([variant_id]).get(variant_id, 0)


def _living(reference: str) -> list[Reservation]:
    rows = Reservation.objects.select_for_update().filter(reference=reference, state=Reservation.State.LIVING)
    return list(rows.order_by("stock_id"))


def _close(row: Reservation, state: Reservation.State) -> None:
    Reservation.objects.filter(pk=row.pk).update(state=state)


def _move(variant_id: int, kind: Movement.Kind, quantity: int, reference: str, now: datetime) -> None:
    Stock.objects.filter(pk=variant_id).update(on_hand=F("on_hand") + quantity)
    Movement.objects.create(stock_id=variant_id, kind=kind, quantity=quantity, reference=reference, at=now)
