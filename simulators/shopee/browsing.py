"""Reading listings back: lists with offsets, details, models, search by SKU."""

from simulators.shopee import pictures
from simulators.shopee.asking import wrong
from simulators.shopee.gate import Call, shop_call
from simulators.shopee.items import ALIVE, find

STATUSES = (*ALIVE, "SELLER_DELETE", "SHOPEE_DELETE")


@shop_call("GET", "product/get_item_list")
def item_list(call: Call) -> dict:
    """`item_status` is required and repeats as a key; a page has at most 100."""
    wanted = call.query.getlist("item_status")
    if not wanted or not set(wanted) <= set(STATUSES):
        raise wrong("item_status", f"value must be among {', '.join(STATUSES)}")
    since = call.number("update_time_from", low=0, high=2**40, default=0)
    until = call.number("update_time_to", low=0, high=2**40, default=2**40)
    matching = [item for item in _own(call) if item["item_status"] in wanted and since <= item["update_time"] <= until]
    page, paging = _page(call, matching)
    rows = [{name: item[name] for name in ("item_id", "item_status", "update_time")} for item in page]
    return {"item": rows} | paging


@shop_call("GET", "product/get_item_base_info")
def item_base_info(call: Call) -> dict:
    asked = call.comma_numbers("item_id_list", most=50)
    found = [item for item in _own(call) if item["item_id"] in asked]
    return {"item_list": [_base_info(item) for item in found]}


@shop_call("GET", "product/get_model_list")
def model_list(call: Call) -> dict:
    item = find(call, call.number("item_id", low=1, high=2**63))
    if not item["tier_variation"]:
        return {"tier_variation": [], "model": []}
    rows = [
        {name: model[name] for name in ("model_id", "model_sku", "tier_index")}
        | {"model_status": "NORMAL", "price_info": [_price(model)], "stock_info_v2": _stock([model])}
        for model in item["models"]
    ]
    return {"tier_variation": item["tier_variation"], "model": rows}


@shop_call("GET", "product/search_item")
def search_item(call: Call) -> dict:
    """By the SKU of the item, not of its models."""
    sku = call.text("item_sku")
    found = [item for item in _own(call) if item["item_sku"] == sku and item["item_status"] in ALIVE]
    page, paging = _page(call, found)
    return {"item_id_list": [item["item_id"] for item in page]} | paging


def _own(call: Call) -> list[dict]:
    return [item for item in call.state.items.values() if item["shop_id"] == call.shop_id]


def _page(call: Call, items: list[dict]) -> tuple[list[dict], dict]:
    offset = call.number("offset", low=0, high=2**31, default=0)
    size = call.number("page_size", low=1, high=100)
    page = items[offset : offset + size]
    more = len(items) > offset + size
    paging = {
        "total_count": len(items),
        "has_next_page": more,
        "next_offset": offset + len(page) if more else 0,
    }
    if call.state.faults.strikes("loop_cursor", call.path):
        paging |= {"has_next_page": True, "next_offset": 0}
    return page, paging


def _base_info(item: dict) -> dict:
    names = ("item_id", "category_id", "item_name", "description", "item_sku", "create_time", "update_time")
    more = ("attribute_list", "weight", "dimension", "logistic_info", "pre_order", "item_status", "brand")
    ids = item["image"]["image_id_list"]
    info = {name: item[name] for name in (*names, *more, "condition")}
    info["image"] = {"image_id_list": ids, "image_url_list": [pictures.url_of(one) for one in ids]}
    info["has_model"] = bool(item["tier_variation"])
    if not info["has_model"]:
        info |= {"price_info": [_price(item["models"][0])], "stock_info_v2": _stock(item["models"])}
    return info


def _price(model: dict) -> dict:
    return {"currency": "IDR", "current_price": model["price"], "original_price": model["price"]}


def _stock(models: list[dict]) -> dict:
    total = sum(model["stock"] for model in models)
    reserved = sum(model["reserved"] for model in models)
    return {
        "summary_info": {"total_reserved_stock": reserved, "total_available_stock": total},
        "seller_stock": [{"location_id": "-", "stock": total, "if_saleable": True}],
    }
