"""One product as it is offered now: its choices, what each costs, how many there are, and who gets the money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.models import Product, Variant
from orders import pricing

FEW = 5
JSON_ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One variant as a visitor may choose it."""

    variant: Variant
    available: int
    is_chosen: bool

    @property
    def is_sold_out(self) -> bool:
        return self.available <= 0

    @property
    def is_few(self) -> bool:
        return 0 < self.available <= FEW


@dataclass(frozen=True, kw_only=True)
class Offer:
    choices: Sequence[Choice]
    chosen: Variant
    available: int
    shares: pricing.Shares  # of one piece of the chosen variant

    @property
    def is_sold_out(self) -> bool:
        return self.available <= 0

    @property
    def is_few(self) -> bool:
        return 0 < self.available <= FEW


def offer(*, variants: Sequence[Variant], chosen: str, fees: pricing.Fees) -> Offer | None:
    """`chosen` is the id of a variant as text; without a usable one it is the first that is not sold out.

    None when there is nothing to choose from.
    """
    if not variants:
        return None
    left = {variant.pk: _available(variant) for variant in variants}
    picked = next((variant for variant in variants if str(variant.pk) == chosen), None)
    picked = picked or next((variant for variant in variants if left[variant.pk] > 0), variants[0])
    return Offer(
        choices=[
            Choice(variant=variant, available=left[variant.pk], is_chosen=variant.pk == picked.pk)
            for variant in variants
        ],
        chosen=picked,
        available=left[picked.pk],
        shares=pricing.share_line(price=picked.price, quantity=1, fees=fees),
    )


def structured(product: Product, offered: Offer, *, address: str, origin: str, shop: str) -> Mapping[str, Any]:
    """The product as search engines read it (schema.org Product with one Offer per variant)."""
    return {
        "@context": "https://schema.org",
        "@type": "Product",
        "name": product.title,
        "description": product.description,
        "url": address,
        "image": [origin + photo.image.url for photo in product.photos],  # type: ignore[attr-defined]
        "brand": {"@type": "Brand", "name": shop},
        "offers": [
            {
                "@type": "Offer",
                "sku": choice.variant.sku,
                "name": f"{product.title} {choice.variant.name}".strip(),
                "url": f"{address}?v={choice.variant.pk}",
                "price": str(choice.variant.price),
                "priceCurrency": "IDR",
                "availability": "https://schema.org/" + ("OutOfStock" if choice.is_sold_out else "InStock"),
                "seller": {"@type": "Organization", "name": shop},
            }
            for choice in offered.choices
        ],
    }


def _available(variant: Variant) -> int:
    row = getattr(variant, "stock", None)
    return row.available if row else 0
