"""What a seller reads before listing: categories, attributes, brands, limits, couriers, the shop itself."""

from simulators.shopee import taxonomy
from simulators.shopee.asking import wrong
from simulators.shopee.envelope import Refused, TopLevel
from simulators.shopee.gate import Call, shop_call


@shop_call("GET", "product/get_category")
def categories(call: Call) -> dict:
    language = call.query.get("language", "en")
    if language not in ("en", "id"):
        raise wrong("language", "value must be one of id, en")
    rows = [
        {
            "category_id": category_id,
            "parent_category_id": parent,
            "original_category_name": english,
            "display_category_name": indonesian if language == "id" else english,
            "has_children": taxonomy.has_children(category_id),
        }
        for category_id, (parent, english, indonesian) in taxonomy.CATEGORIES.items()
    ]
    return {"category_list": rows}


@shop_call("GET", "product/get_attribute_tree")
def attribute_tree(call: Call) -> dict:
    asked = call.comma_numbers("category_id_list", most=20)
    return {
        "list": [
            {"category_id": category_id, "attribute_tree": _attributes(_usable(category_id))} for category_id in asked
        ]
    }


@shop_call("GET", "product/get_brand_list")
def brands(call: Call) -> dict:
    category_id = _usable(call.number("category_id", low=1, high=2**53))
    offset = call.number("offset", low=0, high=2**31)
    size = call.number("page_size", low=1, high=100)
    call.number("status", low=1, high=2)
    known = sorted(taxonomy.BRANDS.get(category_id, {}).items())
    page = known[offset : offset + size]
    more = len(known) > offset + size
    return {
        "brand_list": [
            {"brand_id": brand_id, "original_brand_name": name, "display_brand_name": name} for brand_id, name in page
        ],
        "has_next_page": more,
        "next_offset": offset + len(page) if more else 0,
        "is_mandatory": False,
        "input_type": "DROP_DOWN",
    }


@shop_call("GET", "product/get_item_limit")
def item_limit(call: Call) -> dict:
    if "category_id" in call.query:
        _usable(call.number("category_id", low=1, high=2**53))
    return taxonomy.LIMITS


@shop_call("GET", "logistics/get_channel_list")
def channels(call: Call) -> dict:
    rows = [
        {
            "logistics_channel_id": channel_id,
            "logistics_channel_name": name,
            "enabled": channel_id not in taxonomy.DISABLED_CHANNELS,
            "fee_type": "SIZE_INPUT",
            "size_list": [],
            "weight_limit": {"item_max_weight": taxonomy.HEAVIEST_KG, "item_min_weight": 0.01},
            "item_max_dimension": {"height": 100, "width": 100, "length": 100, "unit": "cm"},
            "mask_channel_id": 0,
            "preprint": False,
        }
        for channel_id, name in taxonomy.CHANNELS.items()
    ]
    return {"logistics_channel_list": rows}


@shop_call("GET", "shop/get_shop_info")
def shop_info(call: Call) -> dict:
    grant = call.state.grants[call.shop_id]
    return TopLevel(shop_name=call.state.shops[call.shop_id], region="ID", status="NORMAL", **grant)


@shop_call("GET", "shop/get_warehouse_detail")
def warehouses(call: Call) -> dict:
    raise Refused("warehouse.error_not_in_whitelist", "The shop is not in the multi-warehouse whitelist.")


def _usable(category_id: int) -> int:
    if not taxonomy.is_leaf(category_id):
        raise Refused("error_invalid_category", "The category is not usable.")
    return category_id


def _attributes(category_id: int) -> list[dict]:
    return [
        {
            "attribute_id": attribute_id,
            "mandatory": mandatory,
            "name": name,
            "attribute_value_list": [
                {"value_id": value_id, "name": value, "value_unit": "", "child_attribute_list": []}
                for value_id, value in values.items()
            ],
            "attribute_info": {
                "input_type": input_type,
                "input_validation_type": 0,
                "format_type": 1,
                "date_format_type": 0,
                "attribute_unit_list": [],
                "max_value_count": 1,
            },
        }
        for attribute_id, (mandatory, name, input_type, values) in taxonomy.ATTRIBUTES.get(category_id, {}).items()
    ]
