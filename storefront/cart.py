"""The cart: what a visitor wants, kept in the session as variant id -> quantity and the price that was shown. Beside it
lies what the visitor keeps for later: variant id -> quantity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Prefetch, prefetch_related_objects

from catalog.models import Picture, Variant
from inventory import holding, making
from members.models import Member
from orders import placing, pricing
from orders.placing import MOST_PIECES

KEY, LATER = "cart", "cart_later"
MOST_LINES = 50


class CartFull(Exception):
    """The cart holds as many different goods as it can (MOST_LINES)."""


class NoMore(Exception):
    """The cart already holds every piece there is (`available`, which may be none), or that one order may have
    (`most`)."""

    def __init__(self, available: int, most: int | None = None) -> None:
        super().__init__(available, most)
        self.available = available
        self.most = most


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of the cart as it stands now."""

    variant: Variant
    quantity: int
    piece: pricing.PiecePrice  # what one costs this buyer
    available: int  # for this line: of what is made to order, less what other lines take of the same maker's days
    of_product: int  # pieces of the product in the cart, all its variants together
    price_before: int | None  # the usual price that was shown, where it changed since
    next_step: tuple[int, int] | None  # (so many pieces more, price): the next wholesale price
    ready: date | None  # when it can be sent, for what does not lie on the shelf

    @property
    def gross(self) -> int:
        return self.piece.amount * self.quantity

    @property
    def is_short(self) -> bool:
        return self.quantity > self.available

    @property
    def too_few(self) -> int | None:
        """So many of the product must be ordered at least, and there are less."""
        least = self.variant.product.min_per_order
        return least if self.of_product < least else None

    @property
    def too_many(self) -> int | None:
        """So many of the product may be ordered at most, and there are more."""
        most = self.variant.product.max_per_order
        return most if most is not None and self.of_product > most else None

    @property
    def is_fine(self) -> bool:
        return not self.is_short and self.too_few is None and self.too_many is None

    @property
    def less(self) -> int:
        """One piece less, or as many as there are when that is fewer still."""
        return min(self.quantity - 1, max(self.available, 0))

    @property
    def can_be_less(self) -> bool:
        """Whether one piece less is still an order; to take the line out there is another button."""
        return not self.is_fine or self.of_product > max(self.variant.product.min_per_order, 1)

    @property
    def more(self) -> int:
        return self.quantity + 1

    @property
    def can_be_more(self) -> bool:
        most = self.variant.product.max_per_order
        room = MOST_PIECES if most is None else most
        return self.quantity < min(self.available, MOST_PIECES) and self.of_product < room

    @property
    def photo(self) -> Picture | None:
        return photo_of(self.variant)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """Something that is kept for later."""

    variant: Variant
    quantity: int
    available: int

    @property
    def photo(self) -> Picture | None:
        return photo_of(self.variant)


@dataclass(frozen=True, kw_only=True)
class Cart:
    """The whole cart. `gone` counts lines that can no longer be bought at all and were taken out."""

    lines: Sequence[Line]
    later: Sequence[Kept]
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
        return bool(self.lines) and all(line.is_fine for line in self.lines)

    @property
    def ready(self) -> date | None:
        """When the last of it can be sent; None where all of it lies on the shelf."""
        return max((line.ready for line in self.lines if line.ready), default=None)

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


def add(session: SessionBase, *, variant: Variant, quantity: int | None = None, now: datetime) -> int:
    """Put `quantity` more pieces of `variant` (with its product) into the cart, at the price shown now, but not more
    than there are or one order may have. Without a quantity: one, or as many as an order needs at least.

    Returns how many were put in. Raises CartFull, NoMore; the cart stays as it was then.
    """
    entries = _entries(session)
    if variant.pk not in entries and len(entries) >= MOST_LINES:
        raise CartFull
    product = variant.product
    siblings = sum(entries[pk][0] for pk in _siblings(variant, entries))
    before, _ = entries.get(variant.pk, (0, 0))
    asked = quantity or max(1, product.min_per_order - siblings - before)
    available = holding.available([variant], now=now)[variant.pk] - (siblings if product.made_to_order else 0)
    most = MOST_PIECES if product.max_per_order is None else product.max_per_order - siblings
    after = min(before + asked, available, most, MOST_PIECES)
    if after <= before:
        raise NoMore(available, product.max_per_order if most <= before and available > before else None)
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


def put_aside(session: SessionBase, *, variant_id: int) -> None:
    """Keep a line for later. What was kept longest makes room when there are more than MOST_LINES."""
    entries, later = _entries(session), _later(session)
    if variant_id not in entries:
        return
    quantity, _price = entries.pop(variant_id)
    later.pop(variant_id, None)
    _write(session, entries)
    _write_later(session, {**later, variant_id: quantity})


def take_back(session: SessionBase, *, variant: Variant, now: datetime) -> int:
    """Put what was kept for later (a variant with its product) into the cart. Returns how many pieces; none where it
    was not kept. Raises CartFull, NoMore: it stays kept then."""
    later = _later(session)
    if variant.pk not in later:
        return 0
    added = add(session, variant=variant, quantity=later.pop(variant.pk), now=now)
    _write_later(session, later)
    return added


def forget(session: SessionBase, *, variant_id: int) -> None:
    """Keep it no longer."""
    later = _later(session)
    if later.pop(variant_id, None) is not None:
        _write_later(session, later)


def look(session: SessionBase, *, is_member: bool, now: datetime) -> Cart:
    """The cart with today's prices and stock, for a buyer who is a member or not. Lines whose goods are gone leave it;
    the price shown is remembered."""
    entries, later = _entries(session), _later(session)
    variants = _for_sale({*entries, *later})
    available = holding.available(variants.values(), now=now)
    wanted = [(variants[pk], quantity) for pk, (quantity, _) in entries.items() if pk in variants]
    lines = _lines(wanted, entries, available, is_member=is_member, now=now)
    seen = {line.variant.pk: (line.quantity, line.variant.price) for line in lines}
    if seen != entries:
        _write(session, seen)
    kept = [
        Kept(variant=variants[pk], quantity=quantity, available=available[pk])
        for pk, quantity in later.items()
        if pk in variants
    ]
    if len(kept) != len(later):
        _write_later(session, {line.variant.pk: line.quantity for line in kept})
    return Cart(lines=lines, later=kept, gone=len(entries) - len(lines))


def empty(session: SessionBase) -> None:
    """Nothing is wanted any more; what is kept for later stays."""
    session.pop(KEY, None)


def photo_of(variant: Variant) -> Picture | None:
    """The variant's own picture, or the first of its product."""
    photos: Sequence[Picture] = variant.product.photos  # type: ignore[attr-defined]
    return next((photo for photo in photos if photo.pk == variant.picture_id), next(iter(photos), None))


def _lines(
    wanted: Sequence[tuple[Variant, int]],
    entries: Mapping[int, tuple[int, int]],
    available: Mapping[int, int],
    *,
    is_member: bool,
    now: datetime,
) -> list[Line]:
    pieces = pricing.pieces_of_product((variant.product_id, quantity) for variant, quantity in wanted)
    outlook = making.outlook((variant.product for variant, _ in wanted), now=now)
    lines = []
    for priced in placing.price_lines(wanted, is_member=is_member):
        variant, product, quantity = priced.variant, priced.variant.product, priced.quantity
        of_product, shown = pieces[product.pk], entries[variant.pk][1]
        shared = of_product - quantity if product.made_to_order else 0
        step = pricing.next_step(placing.price_tag(variant), pieces=of_product, amount=priced.piece.amount)
        ready = outlook[product.pk].ready(of_product) if product.pk in outlook else making.first_day(product, now=now)
        lines.append(
            Line(
                variant=variant,
                quantity=quantity,
                piece=priced.piece,
                available=available[variant.pk] - shared,
                of_product=of_product,
                price_before=shown if shown != variant.price and priced.piece.kind == pricing.USUAL else None,
                next_step=(step[0] - of_product, step[1]) if step else None,
                ready=ready,
            )
        )
    return lines


def _siblings(variant: Variant, entries: Mapping[int, tuple[int, int]]) -> list[int]:
    """Other variants of the same product in the cart."""
    others = [pk for pk in entries if pk != variant.pk]
    product = variant.product
    matters = product.made_to_order or product.max_per_order is not None or product.min_per_order > 1
    if not others or not matters:
        return []
    return list(Variant.objects.filter(product=product, pk__in=others).values_list("pk", flat=True))


def _entries(session: SessionBase) -> dict[int, tuple[int, int]]:
    stored: dict[str, Any] = session.get(KEY, {})
    return {int(pk): (entry[0], entry[1]) for pk, entry in stored.items()}


def _write(session: SessionBase, entries: Mapping[int, tuple[int, int]]) -> None:
    session[KEY] = {str(pk): list(entry) for pk, entry in entries.items()}


def _later(session: SessionBase) -> dict[int, int]:
    stored: dict[str, int] = session.get(LATER, {})
    return {int(pk): quantity for pk, quantity in stored.items()}


def _write_later(session: SessionBase, later: Mapping[int, int]) -> None:
    session[LATER] = {str(pk): quantity for pk, quantity in list(later.items())[-MOST_LINES:]}


def _for_sale(variant_ids: set[int]) -> dict[int, Variant]:
    if not variant_ids:
        return {}
    found = placing.for_sale(variant_ids)
    photos = Prefetch("pictures", Picture.objects.order_by("position", "pk"), to_attr="photos")
    prefetch_related_objects([variant.product for variant in found], photos)
    return {variant.pk: variant for variant in found}
