"""An item and its models as the simulator keeps them. An item without variations has one model with id 0."""

from simulators.shopee.envelope import Refused
from simulators.shopee.gate import Call
from simulators.shopee.state import State

ALIVE = ("NORMAL", "UNLIST", "BANNED", "REVIEWING")


def find(call: Call, item_id: object) -> dict:
    """A living item of the calling shop. Raises Refused."""
    item = call.state.items.get(item_id) if isinstance(item_id, int) else None
    if not item or item["shop_id"] != call.shop_id or item["item_status"] not in ALIVE:
        raise Refused("error_item_not_found", "Product not found.")
    return item


def find_to_edit(call: Call, item_id: object) -> dict:
    item = find(call, item_id)
    if item["item_status"] in ("BANNED", "REVIEWING"):
        raise Refused("error_item_uneditable", "The item cannot be edited now.")
    return item


def find_model(item: dict, model_id: object) -> dict | None:
    return next((model for model in item["models"] if model["model_id"] == model_id), None)


def new_model(model_id: int, tier_index: list[int], *, price: int, stock: int, sku: str = "") -> dict:
    return {
        "model_id": model_id,
        "model_sku": sku,
        "tier_index": tier_index,
        "price": price,
        "stock": stock,
        "reserved": 0,
    }


def model_name(item: dict, model: dict) -> str:
    """The chosen options, as a buyer reads them: "250 g, Bubuk"."""
    tiers = zip(item["tier_variation"], model["tier_index"], strict=False)
    return ", ".join(tier["option_list"][place]["option"] for tier, place in tiers)


def touch(state: State, item: dict) -> None:
    item["update_time"] = state.now()
    state.items.keep(item["item_id"])
