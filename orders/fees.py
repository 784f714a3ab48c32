"""Which fee rule is in force, and the next one."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from orders.models import FeeRule
from orders.pricing import Fees
from tenants.context import current_cooperative


def in_force(*, channel: str, now: datetime) -> Fees:
    """The newest rule of `channel` that has begun by the date on the cooperative's wall; without one the cooperative
    keeps nothing."""
    today = now.astimezone(ZoneInfo(current_cooperative().zone)).date()
    rule = FeeRule.objects.filter(channel=channel, from_date__lte=today).order_by("-from_date").first()
    if rule is None:
        return Fees(name="none", cooperative_bp=0)
    return Fees(
        name=f"{rule.channel}:{rule.from_date}",
        cooperative_bp=rule.cooperative_bp,
        channel_bp=rule.channel_bp,
    )


class DateTaken(Exception):
    """A rule of this channel begins on this day already, and rules are never edited."""


def decide(*, channel: str, cooperative_bp: int, channel_bp: int = 0, from_date: date) -> FeeRule:
    """From `from_date` on the cooperative keeps this of a sale (1/100 of a percent), and the channel takes that. Orders
    placed before keep their rule. Raises DateTaken."""
    fees = {"cooperative_bp": cooperative_bp, "channel_bp": channel_bp}
    rule, is_new = FeeRule.objects.get_or_create(channel=channel, from_date=from_date, defaults=fees)
    if not is_new and (rule.cooperative_bp, rule.channel_bp) != (cooperative_bp, channel_bp):
        raise DateTaken(from_date)
    return rule
