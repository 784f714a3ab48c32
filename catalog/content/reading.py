"""From a product to its content, and through JSON."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from django.db.models import Prefetch

from catalog.content.shape import Choice, Content, Shown, Step
from catalog.models import Picture, PriceStep, Product, Variant

FLAT = tuple(
    field.name for field in fields(Content) if field.name not in ("choices", "pictures", "category", "preorder_date")
)
NUMBERS = {"min_per_order", "max_per_order", "lead_days", "daily_capacity"}
LARGEST = 10**12  # of any number that is typed


def of(product: Product) -> Content:
    """What `product` says now: its active variants, its pictures in their order. Three queries."""
    steps = Prefetch("steps", PriceStep.objects.order_by("from_quantity"))
    variants = product.variants.filter(is_active=True).order_by("position", "pk").prefetch_related(steps)
    pictures = product.pictures.order_by("position", "pk")
    return content_of(product, variants, pictures)


def content_of(product: Product, variants: Any, pictures: Any) -> Content:
    """As `of`, from rows that were read already: active variants with `steps`, pictures in order."""
    flat = {name: getattr(product, name) for name in FLAT}
    return Content(
        **flat,
        category=product.category_id,
        preorder_date=product.preorder_date,
        choices=tuple(_choice(variant) for variant in variants),
        pictures=tuple(_shown(picture) for picture in pictures),
    )


def as_json(content: Content) -> dict[str, Any]:
    """Plain values for a JSON column."""
    made = asdict(content)
    made["preorder_date"] = content.preorder_date.isoformat() if content.preorder_date else None
    return made


def from_json(data: Mapping[str, Any]) -> Content:
    """The content that `data` holds. A draft may be incomplete or wrong: what cannot be read is left as if nobody had
    written it, and `problems` then asks for it."""
    flat = {name: _flat(name, data.get(name)) for name in FLAT if name in data}
    pictures = data.get("pictures")
    return Content(
        **{"title": "", **{name: value for name, value in flat.items() if value is not None or name in NUMBERS}},
        category=_number(data.get("category")),
        preorder_date=_date(data.get("preorder_date")),
        choices=tuple(_choice_from(each) for each in _items(data.get("choices"))),
        pictures=None if pictures is None else tuple(_shown_from(_items(pictures))),
    )


def _choice(variant: Variant) -> Choice:
    return Choice(
        variant=variant.pk,
        sku=variant.sku,
        option1=variant.option1,
        option2=variant.option2,
        price=variant.price,
        member_price=variant.member_price,
        weight_g=variant.weight_g,
        barcode=variant.barcode,
        content_amount=variant.content_amount,
        picture=variant.picture_id,
        steps=tuple(Step(from_quantity=step.from_quantity, price=step.price) for step in variant.steps.all()),
    )


def _shown(picture: Picture) -> Shown:
    return Shown(picture=picture.pk, alt=picture.alt)


def _flat(name: str, value: Any) -> Any:
    if name in NUMBERS:
        number = _number(value)
        return number if number is not None or name not in ("min_per_order", "lead_days") else _least(name)
    if name == "made_to_order":
        return value is True or str(value).lower() in ("true", "on", "1")
    return _text(value)


def _least(name: str) -> int:
    return 1 if name == "min_per_order" else 0


def _choice_from(data: Mapping[str, Any]) -> Choice:
    return Choice(
        variant=_number(data.get("variant")),
        sku=_text(data.get("sku")).strip(),
        option1=_text(data.get("option1")).strip(),
        option2=_text(data.get("option2")).strip(),
        price=_number(data.get("price")) or 0,
        member_price=_number(data.get("member_price")),
        weight_g=_number(data.get("weight_g")) or 0,
        barcode=_text(data.get("barcode")).strip(),
        content_amount=_number(data.get("content_amount")),
        picture=_number(data.get("picture")),
        steps=tuple(
            Step(from_quantity=_number(step.get("from_quantity")) or 0, price=_number(step.get("price")) or 0)
            for step in _items(data.get("steps"))
        ),
        pieces=_number(data.get("pieces")),
    )


def _shown_from(items: list[Mapping[str, Any]]) -> list[Shown]:
    found = [(_number(item.get("picture")), _text(item.get("alt"))) for item in items]
    return [Shown(picture=picture, alt=alt) for picture, alt in found if picture is not None]


def _items(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list | tuple) else []


def _text(value: Any) -> str:
    return value.replace("\x00", "") if isinstance(value, str) else ""


def _number(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit() and len(value) < 15:
        value = int(value)
    return value if isinstance(value, int) and 0 <= value <= LARGEST else None


def _date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
