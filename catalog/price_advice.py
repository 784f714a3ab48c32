"""What to ask for a product, and who gets what of it. Pure: no database, no clock.

cost + what the member earns + the cooperative's part + the channel's part = price, exactly.
"""

from dataclasses import dataclass

from lib import rupiah

WHOLE = 10_000  # basis points: 1/100 of a percent
NICE = 500  # prices end in 000 or 500


class NothingLeft(ValueError):
    """The cooperative and the channel take all of it: no price gives the member anything."""


@dataclass(frozen=True, kw_only=True)
class Split:
    """Where one price goes, in whole rupiah; `member` + `cooperative` + `channel` = `price`."""

    price: int
    member: int
    cooperative: int
    channel: int


@dataclass(frozen=True, kw_only=True)
class Advice:
    """A price with its parts, in whole rupiah; `cost` + `earned` + `cooperative` + `channel` = `price`."""

    price: int
    cost: int
    earned: int
    cooperative: int
    channel: int


def split(*, price: int, cooperative_bp: int, channel_bp: int) -> Split:
    """As an order line is shared when it is placed (orders/pricing.py): the member takes what rounding leaves."""
    cooperative = rupiah.share(price, cooperative_bp)
    channel = rupiah.share(price, channel_bp)
    return Split(price=price, member=price - cooperative - channel, cooperative=cooperative, channel=channel)


def advise(*, cost: int, margin_percent: int, cooperative_bp: int, channel_bp: int) -> Advice:
    """The least nice price (a multiple of Rp500) at which the member gets back `cost` and earns at least
    `margin_percent` of it. Raises NothingLeft."""
    wanted = cost + -(-cost * margin_percent // 100)
    price = _price_for(wanted, cooperative_bp, channel_bp)
    parts = split(price=price, cooperative_bp=cooperative_bp, channel_bp=channel_bp)
    return Advice(
        price=price, cost=cost, earned=parts.member - cost, cooperative=parts.cooperative, channel=parts.channel
    )


def _price_for(wanted: int, cooperative_bp: int, channel_bp: int) -> int:
    left = WHOLE - cooperative_bp - channel_bp
    if left <= 0:
        raise NothingLeft
    price = -(-wanted * WHOLE // (left * NICE)) * NICE
    # Each part is rounded by itself, so the member may get a rupiah less or more than the quotient says.
    while split(price=price, cooperative_bp=cooperative_bp, channel_bp=channel_bp).member < wanted or price == 0:
        price += NICE
    lower = price - NICE
    if lower > 0 and split(price=lower, cooperative_bp=cooperative_bp, channel_bp=channel_bp).member >= wanted:
        return lower
    return price
