"""What every marketplace can be asked, in our words. Ids are text, money is whole rupiah, weights are gram, moments
are aware. Each method is one or a few HTTP calls and raises the errors of `channels/errors.py`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from marketplaces.channels.errors import Problem


@dataclass(frozen=True, kw_only=True)
class Access:
    """What a call needs to act for a shop."""

    shop_id: str
    token: str


@dataclass(frozen=True, kw_only=True)
class Grant:
    """The right to act for a shop: two tokens that are always saved together."""

    shop_id: str
    access_token: str
    refresh_token: str
    access_seconds: int
    refresh_seconds: int


@dataclass(frozen=True, kw_only=True)
class Category:
    """A category of the channel that can be listed in; `path` as people read it, root first."""

    id: str
    name: str
    path: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AttributeRule:
    """What the channel wants to know about a product of a category. Without `choices` it is free text."""

    id: str
    name: str
    mandatory: bool
    choices: Mapping[str, str]  # value id -> name


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The bounds of a listing, as the channel tells them at run time; both ends are allowed."""

    title: tuple[int, int]
    description: tuple[int, int]
    pictures: tuple[int, int]
    price: tuple[int, int]
    axis_name: int
    option_name: int
    variants: int
    dearest_to_cheapest: int


@dataclass(frozen=True, kw_only=True)
class Courier:
    id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Offer:
    """One variant as it is to be shown; `options` has one text per axis."""

    sku: str
    options: tuple[str, ...]
    price: int
    quantity: int
    weight_g: int


@dataclass(frozen=True, kw_only=True)
class Content:
    """A product as it is to be shown. `attributes` are (attribute id, value id or "", text)."""

    sku: str
    title: str
    description: str
    category_id: str
    attributes: tuple[tuple[str, str, str], ...]
    picture_ids: tuple[str, ...]
    courier_ids: tuple[str, ...]
    axes: tuple[str, ...]
    offers: tuple[Offer, ...]


@dataclass(frozen=True, kw_only=True)
class RemoteVariant:
    """A variant as the channel shows it."""

    id: str
    sku: str
    price: int
    quantity: int


@dataclass(frozen=True, kw_only=True)
class RemoteListing:
    """A listing as the channel shows it."""

    id: str
    live: bool
    variants: tuple[RemoteVariant, ...]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one variant of a call for several: done, or a problem."""

    variant_id: str
    problem: Problem | None = None


@dataclass(frozen=True, kw_only=True)
class OrderHead:
    """A line of the list of changed orders; `state` is the channel's own word."""

    id: str
    state: str


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of changed orders; no `cursor` on the last one."""

    heads: tuple[OrderHead, ...]
    cursor: str = ""


@dataclass(frozen=True, kw_only=True)
class RemoteLine:
    listing_id: str
    variant_id: str
    sku: str
    title: str
    price: int
    quantity: int


@dataclass(frozen=True, kw_only=True)
class RemoteOrder:
    """An order as the channel tells it. `stage` is one of STAGES; texts that the channel masks are empty."""

    id: str
    state: str
    stage: str
    updated_at: datetime
    placed_at: datetime
    buyer_name: str
    buyer_phone: str
    address: str
    district: str
    regency: str
    province: str
    postcode: str
    note: str
    courier: str
    lines: tuple[RemoteLine, ...]


STAGES = ("unpaid", "to_ship", "arranged", "on_the_way", "arrived", "done", "cancel_asked", "cancelled", "returning")


@dataclass(frozen=True, kw_only=True)
class Push:
    """What a push says; a hint to go and look. `key` is equal for repeats. `kind`: order, deauthorised, other."""

    key: str
    kind: str
    shop_id: str
    external_id: str
    body: Mapping[str, object]


class NotAPush(ValueError):
    """The body of a push cannot be read."""


class Channel(Protocol):
    """A marketplace. Writes of price, stock and live say what is true (absolute), so they may be repeated;
    `publish_listing` may not: look with `find_by_sku` first when an earlier outcome is unknown."""

    key: str
    name: str
    app: str  # our identity there; rate limits count per app and shop
    rate: float  # calls per second and shop

    def connect_url(self, *, back: str) -> str: ...
    def finish_connect(self, params: Mapping[str, str]) -> Grant: ...
    def renew_token(self, *, shop_id: str, refresh_token: str) -> Grant: ...

    def shop_name(self, access: Access) -> str: ...
    def categories(self, access: Access) -> Sequence[Category]: ...
    def attributes(self, access: Access, category_id: str) -> Sequence[AttributeRule]: ...
    def limits(self, access: Access, category_id: str) -> Limits: ...
    def logistics(self, access: Access) -> Sequence[Courier]: ...
    def upload_image(self, access: Access, jpeg: bytes) -> str: ...

    def publish_listing(self, access: Access, content: Content) -> str: ...
    def revise_listing(self, access: Access, listing_id: str, content: Content) -> None: ...
    def set_variants(self, access: Access, listing_id: str, content: Content) -> Sequence[RemoteVariant]: ...
    def set_prices(self, access: Access, listing_id: str, prices: Mapping[str, int]) -> Sequence[Outcome]: ...
    def set_stock(self, access: Access, listing_id: str, stock: Mapping[str, int]) -> Sequence[Outcome]: ...
    def set_live(self, access: Access, listing_id: str, live: bool) -> None: ...
    def find_by_sku(self, access: Access, sku: str) -> str: ...
    def read_listing(self, access: Access, listing_id: str) -> RemoteListing: ...

    def pull_orders(self, access: Access, *, since: datetime, until: datetime, cursor: str) -> Page: ...
    def read_orders(self, access: Access, order_ids: Iterable[str]) -> Sequence[RemoteOrder]: ...

    def verify_push(self, *, authorization: str, raw_body: bytes) -> bool: ...
    def read_push(self, raw_body: bytes) -> Push: ...
