"""What a channel should show: catalogue and stock as they are now, beside what it last confirmed."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from catalog.models import Picture, Product, Variant
from inventory import making
from inventory.models import Stock
from marketplaces.channels.base import Content, Offer
from marketplaces.models import CategoryMap, Connection, Listing, ListingVariant

NAMELESS_AXES = ("Pilihan", "Pilihan 2")
NO_OPTION = "-"
DAYS_TOLD = 7  # a marketplace sells what can be ready within a week; our own shop, which says the day, sells further


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One listing as it should be. `content` and `choices` are digests; offers are keyed by variant id."""

    live: bool
    sku: str
    axes: tuple[str, ...]
    offers: dict[int, Offer]
    pictures: tuple[Picture, ...]
    category: CategoryMap | None
    content: str
    choices: str

    @property
    def digest(self) -> str:
        """Everything that a person can change to make a refused listing acceptable."""
        prices = sorted((offer.sku, offer.price) for offer in self.offers.values())
        return _digest([self.content, self.choices, prices])


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What has to be told to the channel. Prices and stock are keyed by variant id."""

    publish: bool = False
    content: bool = False
    choices: bool = False
    prices: dict[int, int]
    stock: dict[int, int]
    live: bool | None = None

    def __bool__(self) -> bool:
        return bool(self.publish or self.content or self.choices or self.prices or self.stock or self.live is not None)

    @property
    def is_quick(self) -> bool:
        """Only figures: one or two short calls."""
        return not (self.publish or self.content or self.choices)


def read(listing_ids: Iterable[int] | None = None, *, now: datetime) -> list[Listing]:
    """Listings of connected shops with everything that `wanted` and `difference` look at, in a constant number of
    queries. Without ids: all of them, the longest untouched first."""
    mine = Listing.objects.filter(connection__state=Connection.State.ACTIVE)
    if listing_ids is not None:
        mine = mine.filter(pk__in=list(listing_ids))
    variants = Variant.objects.filter(is_active=True).select_related("stock").order_by("position", "pk")
    listings: list[Listing] = list(
        mine.select_related("connection", "product__category")
        .prefetch_related(
            Prefetch("product__variants", variants, to_attr="active"),
            Prefetch("product__pictures", Picture.objects.order_by("position", "pk"), to_attr="photos"),
            Prefetch("variants", ListingVariant.objects.order_by("pk"), to_attr="listed"),
            Prefetch("connection__category_maps", CategoryMap.objects.all(), to_attr="maps"),
        )
        .order_by("pushed_at", "pk")
    )
    outlook = making.outlook((listing.product for listing in listings), now=now)
    for listing in listings:
        listing.making = outlook.get(listing.product_id)  # type: ignore[attr-defined]
    return listings


def wanted(listing: Listing) -> Wanted:
    """What `listing` (of `read`) should show."""
    product, shop = listing.product, listing.connection
    active: Sequence[Variant] = product.active  # type: ignore[attr-defined]
    pictures: Sequence[Picture] = product.photos  # type: ignore[attr-defined]
    category = next((row for row in shop.maps if row.category_id == product.category_id), None)  # type: ignore[attr-defined]
    axes = _axes(product, active)
    offers = {variant.pk: _offer(variant, axes, _told(_available(variant, listing), shop)) for variant in active}
    sku = f"P-{product.pk}" if axes or not active else active[0].sku
    heaviest = max((variant.weight_g for variant in active), default=0)
    mapped = [category.external_id, category.attributes] if category else None
    photos = [picture.sha256 for picture in pictures]
    return Wanted(
        live=listing.wanted_live and product.state == Product.State.LIVE and not product.lacks and bool(active),
        sku=sku,
        axes=axes,
        offers=offers,
        pictures=tuple(pictures),
        category=category,
        content=_digest([sku, product.title, product.description, heaviest, mapped, photos]),
        choices=_digest([axes, [(offer.sku, offer.options) for offer in offers.values()]]),
    )


def difference(listing: Listing, want: Wanted) -> Difference:
    """Wanted against pushed. What was refused is not wanted again until a person changes it or asks for it."""
    if not want.live:
        hide = bool(listing.external_id) and listing.pushed_live is not False
        return Difference(prices={}, stock={}, live=False if hide else None)
    stopped = listing.needs_person and listing.refused == want.digest
    if not listing.external_id:
        return Difference(publish=not stopped, content=not stopped, choices=not stopped, prices={}, stock={})
    listed: Sequence[ListingVariant] = [row for row in listing.listed if row.external_id]  # type: ignore[attr-defined]
    offers = [(row, want.offers[row.variant_id]) for row in listed if row.variant_id in want.offers]
    complete = {row.variant_id for row, _ in offers} == set(want.offers)
    return Difference(
        content=not stopped and listing.pushed_content != want.content,
        choices=not stopped and (listing.pushed_choices != want.choices or not complete),
        prices={}
        if stopped
        else {row.variant_id: offer.price for row, offer in offers if row.pushed_price != offer.price},
        stock={row.variant_id: offer.quantity for row, offer in offers if row.pushed_quantity != offer.quantity},
        # nobody should buy it before its variants are there
        live=True if listing.pushed_live is not True and complete else None,
    )


def content(listing: Listing, want: Wanted, *, picture_ids: Sequence[str], courier_ids: Sequence[str]) -> Content:
    """The listing in the words that adapters take; its category is mapped."""
    assert want.category is not None
    return Content(
        sku=want.sku,
        title=listing.product.title,
        description=listing.product.description,
        category_id=want.category.external_id,
        attributes=tuple((str(a), str(b), str(c)) for a, b, c in want.category.attributes),
        picture_ids=tuple(picture_ids),
        courier_ids=tuple(courier_ids),
        axes=want.axes,
        offers=tuple(want.offers.values()),
    )


def _axes(product: Product, active: Sequence[Variant]) -> tuple[str, ...]:
    names = (product.axis1, product.axis2)
    used = (any(variant.option1 for variant in active), any(variant.option2 for variant in active))
    return tuple(
        name or nameless for name, nameless, is_used in zip(names, NAMELESS_AXES, used, strict=True) if is_used
    )


def _offer(variant: Variant, axes: tuple[str, ...], quantity: int) -> Offer:
    options = [option or NO_OPTION for option in (variant.option1, variant.option2)]
    if len(axes) == 1 and not variant.option1 and variant.option2:
        options.reverse()
    return Offer(
        sku=variant.sku,
        options=tuple(options[: len(axes)]),
        price=variant.price,
        quantity=quantity,
        weight_g=variant.weight_g,
    )


def _available(variant: Variant, listing: Listing) -> int:
    """Pieces on the shelf; of what is made to order, those that can be ready within DAYS_TOLD."""
    outlook: making.Outlook | None = listing.making  # type: ignore[attr-defined]
    if outlook is not None:
        return outlook.left_within(DAYS_TOLD)
    try:
        return variant.stock.available
    except Stock.DoesNotExist:
        return 0


def _told(available: int, shop: Connection) -> int:
    """What the channel is told: available less the buffer, never below zero, never above the cap."""
    pieces = max(0, available - shop.buffer)
    return pieces if shop.cap is None else min(pieces, shop.cap)


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
