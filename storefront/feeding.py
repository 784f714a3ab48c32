"""The whole shelf for shopping services, one item per choice, in their words and within their limits.

Google Merchant Center and Meta Catalog both read RSS with Google's names for the fields; they differ in limits and in
how they write a price and whether something is there (`Dialect`). What a service would refuse, because it has no photo
of the size that both ask for, is left out. The file is the full set: what is missing is taken off there.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from django.db.models import Prefetch
from django.utils.text import Truncator

from catalog.models import Picture, Product, Variant
from inventory import holding, making
from lib import gtin
from orders import placing, pricing
from tenants.addresses import absolute
from tenants.context import in_tenant
from tenants.models import Cooperative

BATCH = 250  # products at a time: what is in memory
SMALLEST_PHOTO = 500  # pixels, each side: Meta's limit, and Google's from 31 January 2027
LONGEST_LINK = 2_000
IN_STOCK, OUT_OF_STOCK, PREORDER, MADE = "in_stock", "out_of_stock", "preorder", "made"
# What services ask for by a name of their own, and how an axis may be called here
AXES = {
    "color": ("warna", "color", "colour"),
    "size": ("ukuran", "size", "isi", "berat"),
    "material": ("bahan", "material"),
    "pattern": ("motif", "corak", "pattern"),
}
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """Limits in characters; `availability` in the service's words."""

    name: str
    title: int
    description: int
    more_photos: int
    price: str  # a format for whole rupiah
    availability: Mapping[str, str]
    tells_quantity: bool
    tells_identity: bool  # `identifier_exists`


GOOGLE = Dialect(
    name="google",
    title=150,
    description=5_000,
    more_photos=10,
    price="{}.00 IDR",
    availability={
        IN_STOCK: "in_stock", OUT_OF_STOCK: "out_of_stock", PREORDER: "preorder", MADE: "backorder",
    },
    tells_quantity=False,
    tells_identity=True,
)  # fmt: skip
META = Dialect(
    name="meta",
    title=200,
    description=9_999,
    more_photos=20,
    price="{} IDR",
    availability={
        IN_STOCK: "in stock", OUT_OF_STOCK: "out of stock", PREORDER: "preorder", MADE: "available for order",
    },
    tells_quantity=True,
    tells_identity=False,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Item:
    """One choice of a product as a service reads it: names of fields and what they say, in order."""

    fields: Sequence[tuple[str, str]] = field(default_factory=list)


def feed(dialect: Dialect, *, cooperative: Cooperative, now: datetime) -> Iterator[str]:
    """RSS 2.0 in pieces, in the language that is active for each piece. However many products there are, no more than
    a batch of them is in memory, and between two pieces this thread stands where it stood before."""
    with in_tenant(cooperative):
        link = absolute("/")
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:g="http://base.google.com/ns/1.0">\n<channel>\n'
        f"<title>{_text(cooperative.name)}</title>\n<link>{_text(link)}</link>\n"
        f"<description>{_text(cooperative.name)}</description>\n"
    )
    last = 0
    while True:
        with in_tenant(cooperative):
            products = _batch(last)
            piece = "".join(_xml(item) for item in _items(products, dialect, cooperative, now))
        if not products:
            break
        last = products[-1].pk
        yield piece
    yield "</channel>\n</rss>\n"


def _batch(last: int) -> list[Product]:
    choices = Variant.objects.filter(is_active=True).prefetch_related("steps").order_by("position", "pk")
    return list(
        Product.objects.on_sale()
        .filter(pk__gt=last, price_from__gt=0)
        .select_related("category__parent")
        .defer("search", "words", "search_extra")
        .prefetch_related(
            Prefetch("variants", choices, to_attr="choices"),
            Prefetch("pictures", Picture.objects.filter(is_broken=False).order_by("position", "pk"), to_attr="photos"),
        )
        .order_by("pk")[:BATCH]
    )


def _items(products: Sequence[Product], dialect: Dialect, cooperative: Cooperative, now: datetime) -> Iterator[Item]:
    for product in products:
        for choice in product.choices:  # type: ignore[attr-defined]
            choice.product = product  # asked for once already
    available = holding.available((c for p in products for c in p.choices), now=now)  # type: ignore[attr-defined]
    outlook = making.outlook(products, now=now)
    origin, zone = absolute(""), ZoneInfo(cooperative.zone)
    for product in products:
        photos = [photo for photo in product.photos if min(photo.width, photo.height) >= SMALLEST_PHOTO]  # type: ignore[attr-defined]
        least = max(1, product.min_per_order)
        ready = outlook[product.pk].ready(least) if product.pk in outlook else None
        if not photos:
            continue
        for choice in product.choices:  # type: ignore[attr-defined]
            stands, starts = _standing(product, available[choice.pk] >= least, ready, now.astimezone(zone).date())
            yield Item(
                fields=[
                    *_about(product, choice, photos, dialect, origin, cooperative.name),
                    ("availability", dialect.availability[stands]),
                    *([("availability_date", _moment(starts, zone))] if starts else []),
                    ("price", dialect.price.format(_price(choice, least))),
                    *([("quantity_to_sell_on_facebook", str(max(0, available[choice.pk])))]
                      if dialect.tells_quantity else []),
                ]
            )  # fmt: skip


def _about(
    product: Product, choice: Variant, photos: Sequence[Picture], dialect: Dialect, origin: str, shop: str
) -> Iterator[tuple[str, str]]:
    several = len(product.choices) > 1  # type: ignore[attr-defined]
    own = [photo for photo in photos if photo.pk == choice.picture_id]
    links = [origin + photo.image.url for photo in dict.fromkeys([*own, *photos])]
    title = Truncator(f"{product.label} {choice.name}".strip()).chars(dialect.title)
    yield "id", f"v{choice.pk}"
    yield "title", title
    yield "description", Truncator(product.text.strip() or title).chars(dialect.description)
    yield "link", origin + product.get_absolute_url() + (f"?v={choice.pk}" if several else "")
    yield "image_link", links[0]
    for link in links[1 : dialect.more_photos + 1]:
        yield "additional_image_link", link
    yield "condition", product.condition
    yield "brand", shop[:70]
    if gtin.is_valid(choice.barcode):
        yield "gtin", choice.barcode
    elif dialect.tells_identity:
        yield "identifier_exists", "no"  # made by hand: no maker gave it a number
    if several:
        yield "item_group_id", f"p{product.pk}"
        yield from _axes(product, choice)
    above = [product.category.parent.label] if product.category.parent else []
    yield "product_type", " > ".join([*above, product.category.label])
    yield "shipping_weight", f"{choice.weight_g} g"


def _axes(product: Product, choice: Variant) -> Iterator[tuple[str, str]]:
    for axis, word in ((product.axis1, choice.option1), (product.axis2, choice.option2)):
        name = next((name for name, words in AXES.items() if axis.strip().lower() in words), None)
        if name and word:
            yield name, word


def _standing(product: Product, is_there: bool, ready: date | None, today: date) -> tuple[str, date | None]:
    """In our words, and from when on where that is not now."""
    if not is_there:
        return OUT_OF_STOCK, None
    if product.preorder_date and product.preorder_date > today:
        return PREORDER, product.preorder_date
    if product.made_to_order:
        return MADE, ready
    return IN_STOCK, None


def _price(choice: Variant, least: int) -> int:
    """A piece as the product's page shows it to everybody."""
    return pricing.price_piece(placing.price_tag(choice), pieces=least, is_member=False).amount


def _moment(day: date, zone: ZoneInfo) -> str:
    return datetime.combine(day, time(), tzinfo=zone).isoformat(timespec="minutes")


def _xml(item: Item) -> str:
    lines = "".join(f"<g:{name}>{_text(value)}</g:{name}>\n" for name, value in item.fields)
    return f"<item>\n{lines}</item>\n"


def _text(value: str) -> str:
    """Without what XML cannot carry, and each paragraph on one line."""
    return escape(_NOT_IN_XML.sub("", value))
