"""The cart: what a visitor wants, kept in the session as variant id -> quantity and the price that was shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from catalog.models import Picture, Product, Variant
from inventory import stock
from members.models import Member
from orders.placing import MOST_PIECES

KEY = "cart"
MOST_LINES = 50


class CartFull(Exception):
    """The cart holds as many different goods as it can (MOST_LINES)."""


class NoMore(Exception):
    """The cart already holds every piece there is (`available`, which may be none)."""

    def __init__(self, available: int) -> None:
        super().__init__(available)
        self.available = available


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the cart as it stands now. `price_before` is set when the price changed since it was shown."""

    variant: Variant
    quantity: int
    available: int
    price_before: int | None

    @property
    def gross(self) -> int:
        return self.variant.price * self.quantity

    @property
    def is_short(self) -> bool:
        return self.quantity > self.available

    @property
    def less(self) -> int:
        """One piece less, or as many as there are when that is fewer still."""
        return min(self.quantity - 1, max(self.available, 0))

    @property
    def more(self) -> int:
        return self.quantity + 1

    @property
    def photo(self) -> Picture | None:
        return next(iter(self.variant.product.pictures.all()), None)


@dataclass(frozen=True, kw_only=True)
class Cart:
    """The whole cart. `gone` counts lines that can no longer be bought at all and were taken out."""

    lines: Sequence[Line]
    gone: int

    @property
    def goods_total(self) -> int:
        return sum(line.gross for line in self.lines)

    @property
    def weight_g(self) -> int:
        return sum(line.variant.weight_g * line.quantity for line in self.lines)

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def wanted(self) -> dict[int, int]:
        return {line.variant.pk: line.quantity for line in self.lines}

    @property
    def can_be_bought(self) -> bool:
        return bool(self.lines) and not any(line.is_short for line in self.lines)

    @property
    def by_member(self) -> list[tuple[Member, list[Line]]]:
        """Lines grouped by who sends them; the first put in comes first."""
        groups: dict[int, tuple[Member, list[Line]]] = {}
        for line in self.lines:
            member = line.variant.product.member
            groups.setdefault(member.pk, (member, []))[1].append(line)
        return list(groups.values())


def count(session: SessionBase) -> int:
    """How many pieces are in the cart, without asking the database."""
    return sum(quantity for quantity, _ in _entries(session).values())


def add(session: SessionBase, *, variant: Variant, quantity: int) -> int:
    """Put `quantity` more pieces of `variant` into the cart, at the price shown now, but not more than there are.

    Returns how many were put in. Raises CartFull, NoMore; the cart stays as it was then.
    """
    entries = _entries(session)
    if variant.pk not in entries and len(entries) >= MOST_LINES:
        raise CartFull
    before, _ = entries.get(variant.pk, (0, 0))
    available = stock.available([variant.pk]).get(variant.pk, 0)
    after = min(before + quantity, available, MOST_PIECES)
    if after <= before:
        raise NoMore(available)
    entries[variant.pk] = (after, variant.price)
    _write(session, entries)
    return after - before


def change(session: SessionBase, *, variant_id: int, quantity: int) -> None:
    """Set the pieces of a line; 0 takes it out. A line that is not there stays away."""
    entries = _entries(session)
    if variant_id not in entries:
        return
    if quantity <= 0:
        del entries[variant_id]
    else:
        entries[variant_id] = (min(quantity, MOST_PIECES), entries[variant_id][1])
    _write(session, entries)


def look(session: SessionBase) -> Cart:
    """The cart with today's prices and stock. Lines whose goods are gone leave it; the price shown is remembered."""
    entries = _entries(session)
    variants = _for_sale(entries)
    available = stock.available(variants)
    lines = [
        Line(
            variant=variants[pk],
            quantity=quantity,
            available=available.get(pk, 0),
            price_before=shown if shown != variants[pk].price else None,
        )
        for pk, (quantity, shown) in entries.items()
        if pk in variants
    ]
    seen = {line.variant.pk: (line.quantity, line.variant.price) for line in lines}
    if seen != entries:
        _write(session, seen)
    return Cart(lines=lines, gone=len(entries) - len(lines))


def empty(session: SessionBase) -> None:
    session.pop(KEY, None)


def _entries(session: SessionBase) -> dict[int, tuple[int, int]]:
    stored: dict[str, Any] = session.get(KEY, {})
    return {int(pk): (entry[0], entry[1]) for pk, entry in stored.items()}


def _write(session: SessionBase, entries: Mapping[int, tuple[int, int]]) -> None:
    session[KEY] = {str(pk): list(entry) for pk, entry in entries.items()}


def _for_sale(entries: Mapping[int, tuple[int, int]]) -> dict[int, Variant]:
    if not entries:
        return {}
    found = (
        Variant.objects.filter(pk__in=entries, is_active=True, product__state=Product.State.LIVE)
        .select_related("product__member")
        .prefetch_related("product__pictures")
    )
    return {variant.pk: variant for variant in found}
