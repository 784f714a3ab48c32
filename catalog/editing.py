"""A product changes by hand: what it says, what it costs, whether it is for sale."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from catalog import figures
from catalog.models import Product, Variant
from tenants import due


class TitleTaken(Exception):
    """The member already sells another product of this title."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Price in whole rupiah and weight in gram of one variant."""

    price: int
    weight_g: int


@transaction.atomic
def edit_product(
    *, product_id: int, title: str, description: str, state: str, terms: Mapping[int, Terms], now: datetime
) -> Product:
    """Write all of it at once; `terms` by variant id, variants of other products are left alone.

    Channels hear of it. Orders keep what they froze. Raises TitleTaken; nothing changes then.
    """
    product = Product.objects.select_for_update().get(pk=product_id)
    same = Product.objects.filter(member=product.member_id, title__iexact=title)
    if same.exclude(pk=product.pk).exists():
        raise TitleTaken(title)
    product.title, product.description, product.state = title, description, state
    product.save(update_fields=["title", "description", "state", "updated_at"])
    for variant in Variant.objects.filter(product=product, pk__in=terms).order_by("pk"):
        variant.price, variant.weight_g = terms[variant.pk].price, terms[variant.pk].weight_g
        variant.save(update_fields=["price", "weight_g"])
    figures.set_prices([product.pk])
    due.note("push", now=now)
    return product
