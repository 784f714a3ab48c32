"""One product as it is offered now: its choices, what each costs this buyer, how many there are, and who gets the
money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import zip_longest

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as lazily

from catalog.models import Product, Variant
from inventory import making
from orders import placing, pricing

FEW = 5
OPTION1, OPTION2 = "pilihan1", "pilihan2"  # names of the fields where there are two axes
UNITS = {"g": "100 g", "ml": "100 ml", "cm": "1 m", "pc": lazily("buah")}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One variant as a visitor may choose it."""

    variant: Variant
    piece: pricing.PiecePrice
    available: int
    is_sold_out: bool
    is_chosen: bool

    @property
    def is_few(self) -> bool:
        return not self.is_sold_out and self.available <= FEW and not self.variant.product.made_to_order


@dataclass(frozen=True, kw_only=True)
class Option:
    """One word on an axis, beside what is chosen on the other one."""

    text: str
    is_chosen: bool
    is_missing: bool = False  # there is no such variant
    is_sold_out: bool
    is_dead: bool  # nothing that can be bought has this word, whatever is chosen on the other axis


@dataclass(frozen=True, kw_only=True)
class Axis:
    name: str
    field: str
    options: Sequence[Option]


@dataclass(frozen=True, kw_only=True)
class Step:
    """A wholesale price: from so many pieces on, up to (None: without end) so many."""

    from_quantity: int
    to_quantity: int | None
    price: int


@dataclass(frozen=True, kw_only=True)
class Offer:
    choices: Sequence[Choice]
    axes: Sequence[Axis]  # two, or none
    chosen: Variant
    piece: pricing.PiecePrice  # of the chosen variant, bought in the smallest number
    available: int
    is_sold_out: bool
    least: int  # pieces in one order
    most: int
    steps: Sequence[Step]
    member_price: int | None  # where it is lower than the price, for a buyer who does not get it
    unit_price: int | None  # of `unit`, in whole rupiah
    unit: str
    is_made: bool
    ready: date | None  # when the smallest number can be sent, for what does not lie on the shelf
    shares: pricing.Shares  # of one piece at that price

    @property
    def is_few(self) -> bool:
        return not self.is_sold_out and self.available <= FEW and not self.is_made

    @property
    def has_own_photos(self) -> bool:
        """Whether another choice may show another photo."""
        return any(choice.variant.picture_id for choice in self.choices)

    @property
    def usual(self) -> int | None:
        """The usual price, where this buyer pays less."""
        return self.chosen.price if self.piece.amount < self.chosen.price else None


def offer(
    *, variants: Sequence[Variant], chosen: Mapping[str, str], is_member: bool, fees: pricing.Fees, now: datetime
) -> Offer | None:
    """Of `variants` (of one product, with stock and steps) the one that `chosen` names: `v` is an id as text, or there
    is a word for each of two axes. Without a usable one it is the first that is not sold out.

    None when there is nothing to choose from.
    """
    if not variants:
        return None
    product = variants[0].product
    outlook = making.outlook([product], now=now).get(product.pk)
    left = {variant.pk: outlook.left if outlook else _on_shelf(variant) for variant in variants}
    least = max(1, product.min_per_order)
    sold_out = {pk for pk, pieces in left.items() if pieces < least}
    picked = choose(variants, chosen)
    picked = picked or next((variant for variant in variants if variant.pk not in sold_out), variants[0])
    tag = placing.price_tag(picked)
    piece = pricing.price_piece(tag, pieces=least, is_member=is_member)
    member_price = tag.member_price if tag.member_price is not None and tag.member_price < piece.amount else None
    return Offer(
        choices=[
            Choice(
                variant=variant,
                piece=pricing.price_piece(placing.price_tag(variant), pieces=least, is_member=is_member),
                available=left[variant.pk],
                is_sold_out=variant.pk in sold_out,
                is_chosen=variant.pk == picked.pk,
            )
            for variant in variants
        ],
        axes=_axes(product, variants, picked, sold_out),
        chosen=picked,
        piece=piece,
        available=left[picked.pk],
        is_sold_out=picked.pk in sold_out,
        least=least,
        most=min(left[picked.pk], product.max_per_order or placing.MOST_PIECES, placing.MOST_PIECES),
        steps=_steps(tag, piece, least),
        member_price=member_price,
        unit_price=pricing.unit_price(piece.amount, content_amount=picked.content_amount, unit=product.content_unit),
        unit=str(UNITS.get(product.content_unit, "")),
        is_made=outlook is not None,
        ready=outlook.ready(least) if outlook else making.first_day(product, now=now),
        shares=pricing.share_line(price=piece.amount, quantity=1, fees=fees),
    )


def choose(variants: Sequence[Variant], chosen: Mapping[str, str]) -> Variant | None:
    """The variant that `chosen` names. Where there is none with both words, the word that is new decides: it is the one
    that `v`, which was shown before, does not have."""
    shown = next((variant for variant in variants if str(variant.pk) == chosen.get("v")), None)
    words = (chosen.get(OPTION1), chosen.get(OPTION2))
    if words == (None, None):
        return shown
    exact = named(variants, words)
    if exact:
        return exact
    if shown and shown.option1 != words[0]:
        return next((variant for variant in variants if variant.option1 == words[0]), shown)
    return next((variant for variant in variants if variant.option2 == words[1]), shown)


def named(variants: Sequence[Variant], words: tuple[str | None, str | None]) -> Variant | None:
    """The variant with exactly these words on its axes."""
    return next((variant for variant in variants if (variant.option1, variant.option2) == words), None)


def has_two_axes(variants: Sequence[Variant]) -> bool:
    return any(variant.option1 for variant in variants) and any(variant.option2 for variant in variants)


def _on_shelf(variant: Variant) -> int:
    row = getattr(variant, "stock", None)
    return row.available if row else 0


def _axes(product: Product, variants: Sequence[Variant], picked: Variant, sold_out: set[int]) -> list[Axis]:
    if not has_two_axes(variants):
        return []
    ids = {(variant.option1, variant.option2): variant.pk for variant in variants}
    first = dict.fromkeys(variant.option1 for variant in variants)
    second = dict.fromkeys(variant.option2 for variant in variants)
    sellable = [words for words, pk in ids.items() if pk not in sold_out]
    alive = ({word for word, _ in sellable}, {word for _, word in sellable})
    return [
        Axis(
            name=product.axis1 or gettext("Pilihan"),
            field=OPTION1,
            options=[
                # the first axis leads: whatever it says, something on the second goes with it
                Option(text=text, is_chosen=text == picked.option1, is_sold_out=dead, is_dead=dead)
                for text, dead in ((text, text not in alive[0]) for text in first)
            ],
        ),
        Axis(
            name=product.axis2 or gettext("Pilihan 2"),
            field=OPTION2,
            options=[
                Option(
                    text=text,
                    is_chosen=text == picked.option2,
                    is_missing=(picked.option1, text) not in ids,
                    is_sold_out=ids.get((picked.option1, text)) in sold_out,
                    is_dead=text not in alive[1],
                )
                for text in second
            ],
        ),
    ]


def _steps(tag: pricing.PriceTag, piece: pricing.PiecePrice, least: int) -> list[Step]:
    """Those that are cheaper than what this buyer pays anyway."""
    useful: list[tuple[int, int]] = []
    for from_quantity, price in tag.steps:
        if from_quantity > least and price < min([piece.amount, *(cheaper for _, cheaper in useful)]):
            useful.append((from_quantity, price))
    ends = [from_quantity - 1 for from_quantity, _ in useful[1:]]
    return [
        Step(from_quantity=from_quantity, to_quantity=end, price=price)
        for (from_quantity, price), end in zip_longest(useful, ends)
    ]
