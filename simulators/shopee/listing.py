"""Listings: put up, changed, taken down and up again, deleted."""

from simulators.shopee import checking, items, pictures, stock
from simulators.shopee.asking import wrong
from simulators.shopee.envelope import Refused
from simulators.shopee.gate import Call, shop_call
from simulators.shopee.state import FIRST_ITEM_ID, State
from simulators.shopee.taxonomy import LIMITS


@shop_call("POST", "product/add_item")
def add_item(call: Call) -> dict:
    """A listing without variations; they are a second call."""
    body = call.body
    fields = _checked(call.state, body, {**_DEFAULTS, **body}, tuple(_CHECKS))
    price, amount = checking.price(body.get("original_price")), checking.stock(body.get("seller_stock"))
    status = checking.status_at_start(body.get("item_status", "NORMAL"))
    _room_for(call, fields["item_sku"])
    item_id = call.state.next_id("item", FIRST_ITEM_ID)
    item = fields | {
        "item_id": item_id,
        "shop_id": call.shop_id,
        "item_status": status,
        "create_time": call.now,
        "update_time": call.now,
        "tier_variation": [],
        "models": [items.new_model(0, [], price=price, stock=amount)],
        "stock_history": [],
    }
    stock.note(item, item["models"][0], "add_item")
    call.state.items.put(item_id, item)
    return _as_added(item)


@shop_call("POST", "product/update_item")
def update_item(call: Call) -> dict:
    """Everything but price and stock; only what is sent changes."""
    item = items.find_to_edit(call, call.sent("item_id", int))
    body = call.body
    for name in ("original_price", "seller_stock", "normal_stock"):
        if name in body:
            raise wrong(name, "cannot be changed here")
    names = tuple(name for name in _CHECKS if name in body)
    if "category_id" in names:  # attributes and brand belong to the category
        names = tuple(dict.fromkeys((*names, "attribute_list", "brand")))
    fields = _checked(call.state, body, {**_DEFAULTS, **item, **body}, names)
    if fields.get("item_sku", item["item_sku"]) != item["item_sku"]:
        _no_twin(call, fields["item_sku"])
    item |= fields
    items.touch(call.state, item)
    return _as_added(item)


@shop_call("POST", "product/unlist_item")
def unlist_item(call: Call) -> dict:
    """Takes down (`unlist` true) or puts up again; each item succeeds or fails alone."""
    done, failed = [], []
    for row in call.sent_list("item_list", most=50):
        try:
            item = items.find_to_edit(call, row.get("item_id"))
            if not isinstance(row.get("unlist"), bool):
                raise wrong("unlist", "value must Not Null")
        except Refused as refusal:
            failed.append({"item_id": row.get("item_id"), "failed_reason": refusal.message})
            continue
        item["item_status"] = "UNLIST" if row["unlist"] else "NORMAL"
        items.touch(call.state, item)
        done.append({"item_id": item["item_id"], "unlist": row["unlist"]})
    return {"failure_list": failed, "success_list": done}


@shop_call("POST", "product/delete_item")
def delete_item(call: Call) -> dict:
    item = items.find_to_edit(call, call.sent("item_id", int))
    item["item_status"] = "SELLER_DELETE"
    items.touch(call.state, item)
    return {}


_CHECKS = {
    "item_name": lambda state, wanted: checking.title(wanted.get("item_name")),
    "description": lambda state, wanted: checking.description(wanted.get("description")),
    "category_id": lambda state, wanted: checking.category(wanted.get("category_id")),
    "attribute_list": lambda state, wanted: checking.attributes(wanted["category_id"], wanted.get("attribute_list")),
    "brand": lambda state, wanted: checking.brand(wanted["category_id"], wanted.get("brand")),
    "image": lambda state, wanted: {"image_id_list": checking.images(state, wanted.get("image"))},
    "weight": lambda state, wanted: checking.weight(wanted.get("weight")),
    "dimension": lambda state, wanted: checking.dimension(wanted.get("dimension")),
    "logistic_info": lambda state, wanted: checking.couriers(wanted.get("logistic_info")),
    "condition": lambda state, wanted: checking.condition(wanted.get("condition")),
    "pre_order": lambda state, wanted: checking.pre_order(wanted.get("pre_order")),
    "item_sku": lambda state, wanted: checking.sku(wanted.get("item_sku")),
}
_DEFAULTS = {"attribute_list": [], "condition": "NEW", "item_sku": ""}


def _checked(state: State, body: dict, wanted: dict, names: tuple[str, ...]) -> dict:
    if "normal_stock" in body:
        raise wrong("normal_stock", "the field is offline, use seller_stock")
    return {name: check(state, wanted) for name, check in _CHECKS.items() if name in names}


def _room_for(call: Call, sku: str) -> None:
    alive = [
        item
        for item in call.state.items.values()
        if item["shop_id"] == call.shop_id and item["item_status"] in items.ALIVE
    ]
    if len(alive) >= LIMITS["item_count_limit"]["max_limit"]:
        raise Refused("error_reach_shop_item_limit", "Item published item count reaches limit.")
    _no_twin(call, sku)


def _no_twin(call: Call, sku: str) -> None:
    """Two living listings of one shop never share an item SKU."""
    for item in call.state.items.values() if sku else ():
        if (item["shop_id"], item["item_sku"]) == (call.shop_id, sku) and item["item_status"] in items.ALIVE:
            raise Refused("error_repeated_mtsku", f"The item_sku is used by item {item['item_id']}.")


def _as_added(item: dict) -> dict:
    names = ("item_id", "item_name", "item_status", "category_id", "description", "weight", "dimension")
    answer = {name: item[name] for name in (*names, "brand", "condition", "pre_order")}
    price, ids = item["models"][0]["price"], item["image"]["image_id_list"]
    return answer | {
        "price_info": {"current_price": price, "original_price": price},
        "images": {"image_id_list": ids, "image_url_list": [pictures.url_of(one) for one in ids]},
        "logistic_info": [{**row, "is_free": False} for row in item["logistic_info"]],
    }
