"""Variations: up to two tiers of options, up to fifty models."""

from simulators.shopee import checking, items, stock, taxonomy
from simulators.shopee.asking import field_of, wrong
from simulators.shopee.envelope import Refused
from simulators.shopee.gate import Call, shop_call
from simulators.shopee.state import FIRST_ITEM_ID, State


@shop_call("POST", "product/init_tier_variation")
def init_tier_variation(call: Call) -> dict:
    """Sets tiers and models anew: every earlier model id stops existing."""
    item = items.find_to_edit(call, call.sent("item_id", int))
    tiers = _tiers(call.state, call.body)
    models = _new_models(call, tiers, call.sent_list("model", most=taxonomy.MOST_MODELS), [])
    item["tier_variation"], item["models"] = tiers, models
    for model in models:
        stock.note(item, model, "init_tier_variation")
    items.touch(call.state, item)
    rows = [_as_row(model) for model in models]
    return {"item_id": item["item_id"], "tier_variation": tiers, "model": rows}


@shop_call("POST", "product/update_tier_variation")
def update_tier_variation(call: Call) -> dict:
    """Renames and reorders tiers; the models named in `model_list` keep their ids, others go."""
    item = _with_models(call)
    tiers, rows = _tiers(call.state, call.body), call.sent_list("model_list", most=taxonomy.MOST_MODELS)
    kept = []
    for row in rows:
        model = items.find_model(item, field_of(row, "model_id", int))
        if not model:
            raise wrong("model_id", "the model does not exist in this item")
        kept.append(model | {"tier_index": _tier_index(tiers, row)})
    _no_repeats(kept)
    item["tier_variation"], item["models"] = tiers, kept
    items.touch(call.state, item)
    return {}


@shop_call("POST", "product/add_model")
def add_model(call: Call) -> dict:
    item = _with_models(call)
    rows = call.sent_list("model_list", most=taxonomy.MOST_MODELS)
    models = _new_models(call, item["tier_variation"], rows, item["models"])
    item["models"] += models
    for model in models:
        stock.note(item, model, "add_model")
    items.touch(call.state, item)
    return {"model": [_as_row(model) for model in models]}


@shop_call("POST", "product/update_model")
def update_model(call: Call) -> dict:
    """Changes SKUs; price and stock have their own calls."""
    item = _with_models(call)
    rows = call.sent_list("model", most=taxonomy.MOST_MODELS)
    changes = [(items.find_model(item, row.get("model_id")), checking.sku(row.get("model_sku"))) for row in rows]
    if not all(model for model, _ in changes):
        raise wrong("model_id", "the model does not exist in this item")
    for model, sku in changes:
        model["model_sku"] = sku
    items.touch(call.state, item)
    return {}


@shop_call("POST", "product/delete_model")
def delete_model(call: Call) -> dict:
    item = _with_models(call)
    model = items.find_model(item, call.sent("model_id", int))
    if not model:
        raise wrong("model_id", "the model does not exist in this item")
    if len(item["models"]) == 1:
        raise wrong("model_id", "the last model of an item cannot be deleted")
    item["models"].remove(model)
    items.touch(call.state, item)
    return {}


def _with_models(call: Call) -> dict:
    item = items.find_to_edit(call, call.sent("item_id", int))
    if not item["tier_variation"]:
        raise wrong("item_id", "the item has no variation")
    return item


def _tiers(state: State, body: dict) -> list[dict]:
    """Either form of the request, in the older form's shape."""
    if body.get("tier_variation") is not None:
        sent, name, options, option = body["tier_variation"], "name", "option_list", "option"
    else:
        sent, name = body.get("standardise_tier_variation"), "variation_name"
        options, option = "variation_option_list", "variation_option_name"
    if not isinstance(sent, list) or not 1 <= len(sent) <= taxonomy.MOST_TIERS:
        raise wrong("tier_variation", f"length must be within 1 and {taxonomy.MOST_TIERS}")
    tiers = []
    for tier in sent:
        rows = field_of(tier, options, list)
        names = [_named(row, option, "tier_variation_option_length_limit") for row in rows]
        if not names or len(set(names)) < len(names):
            raise wrong("option_list", "options must not be empty and must not repeat")
        pictures = [_picture(state, row) for row in rows]
        option_rows = [
            {"option": text} | ({"image": {"image_id": picture}} if picture else {})
            for text, picture in zip(names, pictures, strict=True)
        ]
        title = _named(tier, name, "tier_variation_name_length_limit")
        tiers.append({"name": title, "option_list": option_rows})
    if len({tier["name"] for tier in tiers}) < len(tiers):
        raise wrong("name", "tier names must not repeat")
    return tiers


def _named(row: dict, field: str, limit_name: str) -> str:
    text, limit = field_of(row, field, str), taxonomy.LIMITS[limit_name]
    if not limit["min_limit"] <= len(text) <= limit["max_limit"]:
        raise wrong(field, f"length must be within {limit['min_limit']} and {limit['max_limit']}")
    return text


def _picture(state: State, row: dict) -> str:
    picture = row.get("image_id") or (row.get("image") or {}).get("image_id", "")
    if picture and picture not in state.pictures:
        raise Refused("error_image_unavailable", "Image is invalid.")
    return picture


def _new_models(call: Call, tiers: list[dict], rows: list[dict], beside: list[dict]) -> list[dict]:
    models = [
        items.new_model(
            0,
            _tier_index(tiers, row),
            price=checking.price(row.get("original_price")),
            stock=checking.stock(row.get("seller_stock")),
            sku=checking.sku(row.get("model_sku", "")),
        )
        for row in rows
    ]
    everything = beside + models
    if len(everything) > taxonomy.MOST_MODELS:
        raise wrong("model", f"length must be within 1 and {taxonomy.MOST_MODELS}")
    _no_repeats(everything)
    checking.spread([model["price"] for model in everything])
    for model in models:
        model["model_id"] = call.state.next_id("item", FIRST_ITEM_ID)
    return models


def _tier_index(tiers: list[dict], row: dict) -> list[int]:
    index = field_of(row, "tier_index", list)
    fits = len(index) == len(tiers) and all(
        isinstance(place, int) and 0 <= place < len(tier["option_list"])
        for place, tier in zip(index, tiers, strict=True)
    )
    if not fits:
        raise wrong("tier_index", "does not fit tier_variation")
    return index


def _no_repeats(models: list[dict]) -> None:
    places = [tuple(model["tier_index"]) for model in models]
    skus = [model["model_sku"] for model in models if model["model_sku"]]
    if len(set(places)) < len(places) or len(set(skus)) < len(skus):
        raise wrong("model", "tier_index and model_sku must not repeat")


def _as_row(model: dict) -> dict:
    return {
        "tier_index": model["tier_index"],
        "model_id": model["model_id"],
        "model_sku": model["model_sku"],
        "price_info": [{"original_price": model["price"]}],
        "seller_stock": [{"location_id": "-", "stock": model["stock"]}],
    }
