"""Problems that we can see before the channel does, with its limits read at run time."""

from marketplaces.channels.base import Content, Limits, Offer
from marketplaces.channels.errors import Problem


def problems(content: Content, limits: Limits) -> list[Problem]:
    """What the channel would refuse of `content`; empty when it looks fine."""
    return [
        *_texts(content, limits),
        *_pictures(content, limits),
        *_choices(content, limits),
        *_prices(content, limits),
    ]


def _texts(content: Content, limits: Limits) -> list[Problem]:
    found = []
    shortest, longest = limits.title
    if len(content.title) < shortest:
        found.append(Problem(code="title_too_short", detail=str(shortest)))
    if len(content.title) > longest:
        found.append(Problem(code="title_too_long", detail=str(longest)))
    shortest, longest = limits.description
    if not shortest <= len(content.description) <= longest:
        found.append(Problem(code="description_length", detail=f"{shortest}–{longest}"))
    return found


def _pictures(content: Content, limits: Limits) -> list[Problem]:
    found = []
    if len(content.picture_ids) < limits.pictures[0]:
        found.append(Problem(code="picture_missing"))
    if not content.courier_ids:
        found.append(Problem(code="courier_missing"))
    return found


def _choices(content: Content, limits: Limits) -> list[Problem]:
    names = [Problem(code="axis_too_long", detail=name) for name in content.axes if len(name) > limits.axis_name]
    options = sorted({option for offer in content.offers for option in offer.options})
    names += [Problem(code="option_too_long", detail=text) for text in options if len(text) > limits.option_name]
    if len(content.offers) > limits.variants:
        names.append(Problem(code="too_many_variants", detail=str(limits.variants)))
    return names


def _prices(content: Content, limits: Limits) -> list[Problem]:
    lowest, highest = limits.price
    outside = [offer for offer in content.offers if not lowest <= offer.price <= highest]
    if outside:
        return [Problem(code="price_out_of_bounds", detail=f"{_cheapest(outside)}")]
    prices = [offer.price for offer in content.offers]
    if max(prices) > limits.dearest_to_cheapest * min(prices):
        return [Problem(code="price_spread")]
    return []


def _cheapest(offers: list[Offer]) -> int:
    return min(offer.price for offer in offers)
