"""What a visitor wants to know before they pay a stranger."""

from collections.abc import Sequence
from dataclasses import dataclass

from payments.models import Gateway

MARKS = {"transfer": "landmark", "stripe": "credit-card"}


@dataclass(frozen=True, kw_only=True)
class WayToPay:
    """One that the cooperative offers now, with the sign of its kind."""

    label: str
    icon: str


def ways_to_pay() -> Sequence[WayToPay]:
    """What can be paid with here, nothing that cannot. One query."""
    active = Gateway.objects.filter(is_active=True).order_by("pk").values_list("provider", "label")
    return [WayToPay(label=label, icon=MARKS.get(provider, "wallet")) for provider, label in active]
