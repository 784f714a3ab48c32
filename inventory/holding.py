"""What an order takes, wherever it comes from: pieces off the shelf (stock.py) or days of the maker (making.py)."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.db import transaction

from catalog.models import Variant
from inventory import making, stock


def available(variants: Iterable[Variant], *, now: datetime) -> dict[int, int]:
    """Pieces that can be bought now, by variant id; `variants` with their product. Variants of what is made to order
    share what their maker can make. At most two queries."""
    found = list(variants)
    outlook = making.outlook((variant.product for variant in found), now=now)
    made = {variant.pk: outlook[variant.product_id].left for variant in found if variant.product_id in outlook}
    shelf = [variant.pk for variant in found if variant.pk not in made]
    return {**dict.fromkeys(shelf, 0), **(stock.available(shelf) if shelf else {}), **made}


@transaction.atomic
def hold(*, reference: str, wanted: Mapping[int, int], expires_at: datetime | None, now: datetime) -> dict[int, date]:
    """Promise `wanted` pieces (variant id -> quantity) to `reference`. All or nothing.

    Returns for each variant that is made to order the day on which it is ready. Raises stock.OutOfStock, naming every
    variant that is short; for what is made to order, with what can still be made.
    """
    variants = Variant.objects.filter(pk__in=wanted, product__made_to_order=True).select_related("product")
    made: dict[int, list[Variant]] = {}
    for variant in variants.order_by("product", "pk"):
        made.setdefault(variant.product_id, []).append(variant)
    ready: dict[int, date] = {}
    short: dict[int, int] = {}
    for siblings in made.values():
        pieces = sum(wanted[variant.pk] for variant in siblings)
        pks = [variant.pk for variant in siblings]
        try:
            day = making.promise(reference=reference, product=siblings[0].product, pieces=pieces, now=now)
            ready.update(dict.fromkeys(pks, day))
        except making.FullyBooked as full:
            short.update(dict.fromkeys(pks, full.left))
    shelf = {pk: quantity for pk, quantity in wanted.items() if pk not in ready and pk not in short}
    try:
        # After the days: stock.show, which comes last in there, locks rows of products (and stands last everywhere).
        if shelf:
            stock.reserve(reference=reference, wanted=shelf, expires_at=expires_at, now=now)
    except stock.OutOfStock as refused:
        short.update(refused.short)
    if short:
        raise stock.OutOfStock(short)
    return ready


@transaction.atomic
def let_go(*, reference: str, now: datetime) -> None:
    """The order will not be: what was promised to it can be bought again. Again changes nothing."""
    making.release(reference=reference, now=now)
    stock.release(reference=reference, now=now)
