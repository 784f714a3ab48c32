"""Our listings in Shopee's words, and back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from marketplaces.channels.base import AttributeRule, Category, Content, Limits, RemoteVariant

NO_BRAND = {"brand_id": 0, "original_brand_name": "NoBrand"}
SINGLE_ITEM = "0"  # the model id of an item without variations
MOST_MODELS = 50
DEAREST_TO_CHEAPEST = 7  # Indonesia


def item(content: Content) -> dict[str, Any]:
    """The fields that add_item and update_item share. Shopee weighs in kilograms."""
    return {
        "item_name": content.title,
        "description": content.description,
        "category_id": int(content.category_id),
        "attribute_list": [_attribute(*attribute) for attribute in content.attributes],
        "brand": NO_BRAND,
        "image": {"image_id_list": list(content.picture_ids)},
        "weight": max(offer.weight_g for offer in content.offers) / 1000,
        "logistic_info": [{"logistic_id": int(one), "enabled": True} for one in content.courier_ids],
        "condition": "NEW",
        "item_sku": content.sku,
    }


def tiers(content: Content) -> list[dict[str, Any]]:
    """Shopee's tier_variation: per axis its name and the options in the order of the offers."""
    return [
        {"name": name, "option_list": [{"option": option} for option in _options(content, place)]}
        for place, name in enumerate(content.axes)
    ]


def tier_index(content: Content, options: Sequence[str]) -> list[int]:
    return [_options(content, place).index(option) for place, option in enumerate(options)]


def models(content: Content, *, without: Iterable[str] = ()) -> list[dict[str, Any]]:
    """The offers as new models, but those whose SKU is among `without`."""
    known = set(without)
    return [
        {
            "tier_index": tier_index(content, offer.options),
            "original_price": offer.price,
            "model_sku": offer.sku,
            "seller_stock": [{"stock": offer.quantity}],
        }
        for offer in content.offers
        if offer.sku not in known
    ]


def read_model(row: Mapping[str, Any]) -> RemoteVariant:
    """A model of get_model_list, or an item without models from get_item_base_info."""
    stock = row["stock_info_v2"]["seller_stock"]
    return RemoteVariant(
        id=str(row.get("model_id", SINGLE_ITEM)),
        sku=str(row.get("model_sku", row.get("item_sku", ""))),
        price=int(row["price_info"][0]["original_price"]),
        quantity=sum(int(place["stock"]) for place in stock),
    )


def leaves(rows: Sequence[Mapping[str, Any]]) -> list[Category]:
    """Only categories without children can be listed in."""
    by_id = {row["category_id"]: row for row in rows}
    return [
        Category(id=str(row["category_id"]), name=row["display_category_name"], path=_path(row, by_id))
        for row in rows
        if not row["has_children"]
    ]


def rule(row: Mapping[str, Any]) -> AttributeRule:
    choices = {str(value["value_id"]): value["name"] for value in row.get("attribute_value_list", [])}
    return AttributeRule(
        id=str(row["attribute_id"]), name=row["name"], mandatory=bool(row["mandatory"]), choices=choices
    )


def limits(row: Mapping[str, Any]) -> Limits:
    return Limits(
        title=_bounds(row["item_name_length_limit"]),
        description=_bounds(row["item_description_length_limit"]),
        pictures=_bounds(row["item_image_count_limit"]),
        price=_bounds(row["price_limit"]),
        axis_name=row["tier_variation_name_length_limit"]["max_limit"],
        option_name=row["tier_variation_option_length_limit"]["max_limit"],
        variants=MOST_MODELS,
        dearest_to_cheapest=DEAREST_TO_CHEAPEST,
    )


def _attribute(attribute_id: str, value_id: str, text: str) -> dict[str, Any]:
    value = {"value_id": int(value_id)} if value_id else {"value_id": 0, "original_value_name": text}
    return {"attribute_id": int(attribute_id), "attribute_value_list": [value]}


def _options(content: Content, place: int) -> list[str]:
    return list(dict.fromkeys(offer.options[place] for offer in content.offers))


def _path(row: Mapping[str, Any], by_id: Mapping[int, Mapping[str, Any]]) -> tuple[str, ...]:
    names: list[str] = []
    at: Mapping[str, Any] | None = row
    while at is not None and len(names) < 10:
        names.insert(0, at["display_category_name"])
        at = by_id.get(at["parent_category_id"])
    return tuple(names)


def _bounds(limit: Mapping[str, int]) -> tuple[int, int]:
    return limit["min_limit"], limit["max_limit"]
