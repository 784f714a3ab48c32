"""Cards of products. A card shows nothing but its product, the maker and the first photo, in one language, so what was
drawn for these once is right for as long as a process lives. Twenty-four of them are half of the work of a shelf."""

from typing import Any

from django import template
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from catalog.models import Product
from lib.schema import connection

register = template.Library()

SIZES = "(min-width: 64rem) 17rem, (min-width: 40rem) 30vw, 46vw"
MOST_CARDS = 4_000  # about 8 MB in a process
_drawn: dict[tuple[Any, ...], SafeString] = {}


@register.simple_tag(takes_context=True)
def card(context: Context, product: Product) -> SafeString:
    """A product on the shelf (catalog.shelf.for_cards); the whole card is one link."""
    saves_data = bool(context.get("saves_data"))
    on_it: dict[Any, SafeString] = product.__dict__.setdefault("_cards", {})  # the rows of a shelf are remembered too
    looks = (get_language(), saves_data)
    if looks in on_it:
        return on_it[looks]
    photos = product.photos  # type: ignore[attr-defined]
    shown = (product, product.member, *photos[:1])
    key = (connection.schema_name, *looks, *map(_facts, shown))
    drawn = _drawn.get(key)
    if drawn is None:
        if len(_drawn) >= MOST_CARDS:
            _drawn.clear()
        drawn = _drawn[key] = _draw(product, saves_data=saves_data)
    on_it[looks] = drawn
    return drawn


def _draw(product: Product, *, saves_data: bool) -> SafeString:
    """Of nothing else, so that nothing else can be in it."""
    told = {"product": product, "sizes": SIZES, "saves_data": saves_data}
    # a `Template` of Django's own engine, which takes a bare Context: no visitor, no request
    return get_template("storefront/_card.html").template.render(Context(told))  # type: ignore[attr-defined,no-any-return]


def _facts(row: Any) -> tuple[Any, ...]:
    """Everything that was read of a row, whatever the template makes of it."""
    return tuple(
        (name, tuple(value) if isinstance(value, list) else value)
        for name, value in row.__dict__.items()
        if not name.startswith("_") and name != "photos"
    )
