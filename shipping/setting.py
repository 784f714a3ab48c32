"""What parcels cost is set by hand, province by province."""

from shipping.models import Rate


def set_rate(*, province: str, per_kg: int, days_from: int, days_to: int) -> Rate:
    """The rate of `province` from now on; an empty one is for every province without its own. Orders keep theirs."""
    terms = {"per_kg": per_kg, "days_from": days_from, "days_to": days_to}
    rate, _ = Rate.objects.update_or_create(province=province, defaults=terms)
    return rate


def remove_rate(*, rate_id: int) -> None:
    """Nothing is sent there any more, unless there is a rate for all other provinces."""
    Rate.objects.filter(pk=rate_id).delete()
