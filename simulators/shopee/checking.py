"""What the platform checks of a listing, limit by limit. Each function raises Refused and changes nothing."""

from simulators.shopee import taxonomy
from simulators.shopee.asking import field_of, wrong
from simulators.shopee.envelope import Refused
from simulators.shopee.state import State

LIMITS = taxonomy.LIMITS


def title(name: object) -> str:
    if not isinstance(name, str) or len(name) < LIMITS["item_name_length_limit"]["min_limit"]:
        raise Refused("error_name_length_limit", "The item_name is too short.")
    if len(name) > LIMITS["item_name_length_limit"]["max_limit"]:
        raise Refused("error_title_exceeds_max_length", "The item_name exceeds the max length.")
    if not name.isprintable():
        raise Refused("error_title_character_forbidden", "The item_name has characters that are not allowed.")
    return name


def description(text: object) -> str:
    limit = LIMITS["item_description_length_limit"]
    if not isinstance(text, str) or len(text) < limit["min_limit"]:
        raise Refused("error_desc_length_min_limit", "The description is too short.")
    if len(text) > limit["max_limit"]:
        raise wrong("description", f"length must be within {limit['min_limit']} and {limit['max_limit']}")
    return text


def category(category_id: object) -> int:
    if not isinstance(category_id, int) or not taxonomy.is_leaf(category_id):
        raise Refused("error_invalid_category", "The category is not usable.")
    if category_id in taxonomy.FORBIDDEN_CATEGORIES:
        raise Refused("error_forbidden_category", "The category is not open to this shop.")
    return category_id


def attributes(category_id: int, sent: object) -> list[dict]:
    """Known attributes with known values, and every mandatory one."""
    rows = sent if isinstance(sent, list) else []
    known = taxonomy.ATTRIBUTES.get(category_id, {})
    for row in rows:
        _attribute_values(known, row)
    given = {row["attribute_id"] for row in rows}
    missing = [name for number, (mandatory, name, *_) in known.items() if mandatory and number not in given]
    if missing:
        raise Refused("error_less_required_attribute", f"Mandatory attribute missing: {', '.join(missing)}")
    return rows


def brand(category_id: int, sent: object) -> dict:
    brand_id = sent.get("brand_id") if isinstance(sent, dict) else None
    known = taxonomy.BRANDS.get(category_id, {})
    if brand_id == taxonomy.NO_BRAND and isinstance(brand_id, int):
        return {"brand_id": 0, "original_brand_name": "NoBrand"}
    if brand_id not in known:
        raise Refused("error_invalid_brand", "The brand does not exist in this category.")
    return {"brand_id": brand_id, "original_brand_name": known[brand_id]}


def images(state: State, sent: object) -> list[str]:
    ids = sent.get("image_id_list") if isinstance(sent, dict) else None
    limit = LIMITS["item_image_count_limit"]
    if not isinstance(ids, list) or not limit["min_limit"] <= len(ids) <= limit["max_limit"]:
        raise wrong("image_id_list", f"length must be within {limit['min_limit']} and {limit['max_limit']}")
    if not all(isinstance(one, str) and one in state.pictures for one in ids):
        raise Refused("error_image_unavailable", "Image is invalid.")
    return ids


def price(value: object) -> int:
    """Whole rupiah."""
    limit = LIMITS["price_limit"]
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not whole:
        raise wrong("original_price", "value must be a whole number in IDR")
    if value < limit["min_limit"]:
        raise Refused("error_price_exceed_min_limitt", f"The price must be at least {limit['min_limit']}.")
    if value > limit["max_limit"]:
        raise Refused("error_price_exceed_max_limitt", f"The price must be at most {limit['max_limit']}.")
    return int(value)


def spread(prices: list[int]) -> None:
    """Indonesia: the dearest variation costs at most seven times the cheapest."""
    if prices and max(prices) > taxonomy.DEAREST_TO_CHEAPEST * min(prices):
        raise wrong("original_price", "the most expensive variation must be at most 7 times the cheapest variation")


def stock(rows: object) -> int:
    """`seller_stock` of an ordinary shop: one row, no location."""
    if not isinstance(rows, list) or len(rows) != 1 or not isinstance(rows[0], dict):
        raise wrong("seller_stock", "length must be 1")
    if rows[0].get("location_id", "") not in ("", "-"):
        raise wrong("location_id", "value must be empty, the shop has no warehouses")
    value, limit = rows[0].get("stock"), LIMITS["stock_limit"]
    if isinstance(value, bool) or not isinstance(value, int):
        raise wrong("stock", "value must be a whole number")
    if not limit["min_limit"] <= value <= limit["max_limit"]:
        raise wrong("stock", f"value must be within {limit['min_limit']} and {limit['max_limit']}")
    return value


def couriers(rows: object) -> list[dict]:
    """At least one courier is on, and only couriers that the shop has."""
    if not isinstance(rows, list) or not any(isinstance(row, dict) and row.get("enabled") for row in rows):
        raise wrong("logistic_info", "at least one logistics channel must be enabled")
    for row in rows:
        channel_id = row.get("logistic_id")
        off = channel_id in taxonomy.DISABLED_CHANNELS and row.get("enabled")
        if channel_id not in taxonomy.CHANNELS or off:
            raise wrong("logistic_id", "the logistics channel is not enabled for this shop")
    return [{"logistic_id": row["logistic_id"], "enabled": bool(row.get("enabled"))} for row in rows]


def weight(value: object) -> float:
    """Kilograms."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= taxonomy.HEAVIEST_KG:
        raise wrong("weight", f"value must be within 0 and {taxonomy.HEAVIEST_KG} kg")
    return float(value)


def dimension(sent: object) -> dict | None:
    """Centimetres, whole numbers, all three or none."""
    if sent is None:
        return None
    names = ("package_length", "package_width", "package_height")
    if not isinstance(sent, dict) or any(field_of(sent, name, int) <= 0 for name in names):
        raise wrong("dimension", "value must be greater than 0")
    return {name: sent[name] for name in names}


def sku(value: object) -> str:
    if not isinstance(value, str) or len(value) > 100:
        raise wrong("sku", "length must be within 0 and 100")
    return value


def condition(value: object) -> str:
    return _one_of("condition", value, ("NEW", "USED"))


def status_at_start(value: object) -> str:
    return _one_of("item_status", value, ("NORMAL", "UNLIST"))


def pre_order(sent: object) -> dict:
    limits = LIMITS["dts_limit"]
    usual = {"is_pre_order": False, "days_to_ship": limits["non_pre_order_days_to_ship"]}
    if not isinstance(sent, dict) or not sent.get("is_pre_order"):
        return usual
    days, within = sent.get("days_to_ship"), limits["days_to_ship_limit"]
    if not isinstance(days, int) or not within["min_limit"] <= days <= within["max_limit"]:
        raise wrong("days_to_ship", f"value must be within {within['min_limit']} and {within['max_limit']}")
    return {"is_pre_order": True, "days_to_ship": days}


def _attribute_values(known: dict, row: object) -> None:
    invalid = Refused("error_invalid_attribute_value", "The attribute or its value is invalid.")
    number = row.get("attribute_id") if isinstance(row, dict) else None
    values = row.get("attribute_value_list") if isinstance(row, dict) else None
    if number not in known or not isinstance(values, list) or len(values) != 1:
        raise invalid
    _, _, input_type, allowed = known[number]
    value = values[0] if isinstance(values[0], dict) else {}
    chosen = input_type == taxonomy.SINGLE_DROP_DOWN and value.get("value_id") in allowed
    written = input_type == taxonomy.FREE_TEXT and value.get("value_id") == 0 and value.get("original_value_name")
    if not (chosen or written):
        raise invalid


def _one_of(name: str, value: object, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise wrong(name, f"value must be one of {', '.join(allowed)}")
    return value
