"""What a cart costs. Pure: no database, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lib import rupiah

USUAL, STEP, MEMBER = "", "step", "member"  # OrderLine.price_kind
# Unit prices are per so much of Product.content_unit: 100 g, 100 ml, 100 cm, one piece.
UNIT_BASE = {"g": 100, "ml": 100, "cm": 100, "pc": 1}


@dataclass(frozen=True, kw_only=True)
class PriceTag:
    """What one variant may cost per piece, in whole rupiah; `steps` are wholesale prices as (from so many, price)."""

    price: int
    member_price: int | None = None
    steps: Sequence[tuple[int, int]] = ()


@dataclass(frozen=True, kw_only=True)
class PiecePrice:
    """What one piece costs a particular buyer, and why not the usual price (`kind`)."""

    amount: int
    kind: str = USUAL


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One line of a cart."""

    product_id: int
    quantity: int
    tag: PriceTag


def price_piece(tag: PriceTag, *, pieces: int, is_member: bool) -> PiecePrice:
    """The lowest of the usual price, the steps that `pieces` reach, and the member price of a member. Where two are
    equal, the one that more people get gives the name."""
    best = PiecePrice(amount=tag.price)
    for from_quantity, price in tag.steps:
        if pieces >= from_quantity and price < best.amount:
            best = PiecePrice(amount=price, kind=STEP)
    if is_member and tag.member_price is not None and tag.member_price < best.amount:
        best = PiecePrice(amount=tag.member_price, kind=MEMBER)
    return best


def price_pieces(lines: Sequence[Wanted], *, is_member: bool) -> list[PiecePrice]:
    """The price of a piece on each line. Wholesale counts the pieces of a product over all its variants."""
    pieces = pieces_of_product((line.product_id, line.quantity) for line in lines)
    return [price_piece(line.tag, pieces=pieces[line.product_id], is_member=is_member) for line in lines]


def pieces_of_product(lines: Iterable[tuple[int, int]]) -> dict[int, int]:
    """Pieces by product id, over (product id, quantity) pairs."""
    found: dict[int, int] = {}
    for product_id, quantity in lines:
        found[product_id] = found.get(product_id, 0) + quantity
    return found


def next_step(tag: PriceTag, *, pieces: int, amount: int) -> tuple[int, int] | None:
    """The nearest wholesale step that would be cheaper than `amount`, as (from so many, price)."""
    ahead = [step for step in sorted(tag.steps) if step[0] > pieces and step[1] < amount]
    return ahead[0] if ahead else None


def unit_price(amount: int, *, content_amount: int | None, unit: str) -> int | None:
    """What 100 g, 100 ml, 1 m or one piece costs, rounded half up to whole rupiah. None where the content is not said,
    or where it would only say the price again."""
    base = UNIT_BASE.get(unit)
    if not base or not content_amount or content_amount == base:
        return None
    return (2 * amount * base + content_amount) // (2 * content_amount)


@dataclass(frozen=True, kw_only=True)
class Fees:
    """The rule in force, in 1/100 of a percent of the line's gross."""

    name: str
    cooperative_bp: int
    channel_bp: int = 0


@dataclass(frozen=True, kw_only=True)
class Shares:
    """Who gets what of one line, in whole rupiah; the parts sum to the gross."""

    gross: int
    member_share: int
    cooperative_fee: int
    channel_fee: int


def share_line(*, price: int, quantity: int, fees: Fees) -> Shares:
    """Freeze the shares of one line. The member takes what rounding leaves."""
    gross = price * quantity
    cooperative_fee = rupiah.share(gross, fees.cooperative_bp)
    channel_fee = rupiah.share(gross, fees.channel_bp)
    return Shares(
        gross=gross,
        member_share=gross - cooperative_fee - channel_fee,
        cooperative_fee=cooperative_fee,
        channel_fee=channel_fee,
    )


def goods_total(lines: Iterable[tuple[int, int]]) -> int:
    """The sum over (price, quantity) pairs, in whole rupiah."""
    return sum(price * quantity for price, quantity in lines)


def total_weight(lines: Iterable[tuple[int, int]]) -> int:
    """The sum over (weight in gram, quantity) pairs, in gram."""
    return sum(weight_g * quantity for weight_g, quantity in lines)
