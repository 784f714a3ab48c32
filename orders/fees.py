"""Which fee rule is in force."""

from datetime import datetime
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
