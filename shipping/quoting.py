"""What it costs to send goods to a province."""

from dataclasses import dataclass

from shipping.models import Rate


class NoRate(Exception):
    """The cooperative has no rate for this province."""


@dataclass(frozen=True, kw_only=True)
class Quote:
    cost: int  # whole rupiah
    days_from: int
    days_to: int


def quote(*, province: str, weight_g: int) -> Quote:
    """The price of one parcel of `weight_g` grams; every started kilogram counts. Raises NoRate."""
    rates = {rate.province: rate for rate in Rate.objects.filter(province__in=[province, ""])}
    rate = rates.get(province) or rates.get("")
    if rate is None:
        raise NoRate(province)
    return _priced(rate, weight_g)


def span(*, weight_g: int) -> tuple[Quote, Quote] | None:
    """The cheapest and the dearest place to send `weight_g` grams to. None where there are no rates. One query."""
    rates = sorted(Rate.objects.all(), key=lambda rate: (rate.per_kg, rate.days_from, rate.days_to))
    if not rates:
        return None
    return _priced(rates[0], weight_g), _priced(rates[-1], weight_g)


def _priced(rate: Rate, weight_g: int) -> Quote:
    kilograms = max(1, -(-weight_g // 1000))
    return Quote(cost=rate.per_kg * kilograms, days_from=rate.days_from, days_to=rate.days_to)
