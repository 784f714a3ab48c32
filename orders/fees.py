"""Which fee rule is in force."""

from datetime import date

from orders.models import FeeRule
from orders.pricing import Fees


def in_force(*, channel: str, on: date) -> Fees:
    """The newest rule of `channel` that has begun by `on`; without one the cooperative keeps nothing."""
    rule = FeeRule.objects.filter(channel=channel, from_date__lte=on).order_by("-from_date").first()
    if rule is None:
        return Fees(name="none", cooperative_bp=0)
    return Fees(
        name=f"{rule.channel}:{rule.from_date}",
        cooperative_bp=rule.cooperative_bp,
        channel_bp=rule.channel_bp,
    )
