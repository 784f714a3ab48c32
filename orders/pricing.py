"""What a cart costs. Pure: no database, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass

from lib import rupiah


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
