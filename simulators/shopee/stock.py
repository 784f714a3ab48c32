"""Prices and stock of models, as the seller sets them and as orders move them.

`stock` is what a buyer can still buy: an order takes its units out at once. `reserved` counts the units of
orders placed but not paid; a seller cannot set stock below it ("Stock should be larger than reserved stock").
Every change is noted in the item's `stock_history`, in order.
"""

import time

from simulators.shopee import checking, items
from simulators.shopee.asking import field_of, wrong
from simulators.shopee.envelope import Refused
from simulators.shopee.gate import Call, shop_call

BELOW_RESERVED = "Stock should be larger than reserved stock"
HISTORY_SIZE = 5000


@shop_call("POST", "product/update_stock")
def update_stock(call: Call) -> dict:
    """Absolute values for 1 to 50 models of one item; a model may fail alone, with an empty `error`."""
    item = items.find_to_edit(call, call.sent("item_id", int))
    rows = _rows_per_model(call, item, "stock_list")
    wanted = {row["model_id"]: checking.stock(row.get("seller_stock")) for row in rows}
    done, failed = [], []
    for model_id, amount in wanted.items():
        model = items.find_model(item, model_id)
        reason = _refusal(call, model, is_last=model_id == list(wanted)[-1])
        if not reason and amount < model["reserved"]:
            reason = BELOW_RESERVED
        if reason:
            failed.append({"model_id": model_id, "failed_reason": reason})
            continue
        model["stock"] = amount
        note(item, model, "update_stock")
        done.append({"model_id": model_id, "location_id": "-", "stock": amount})
    if done:
        items.touch(call.state, item)
    elif all(row["failed_reason"] == BELOW_RESERVED for row in failed):
        raise Refused("error_auth", BELOW_RESERVED, {"failure_list": failed, "success_list": []})
    return {"failure_list": failed, "success_list": done}


@shop_call("POST", "product/update_price")
def update_price(call: Call) -> dict:
    """Whole rupiah for 1 to 50 models of one item; a model may fail alone, with an empty `error`."""
    item = items.find_to_edit(call, call.sent("item_id", int))
    rows = _rows_per_model(call, item, "price_list")
    wanted = {row["model_id"]: checking.price(row.get("original_price")) for row in rows}
    done, failed = [], []
    for model_id in wanted:
        reason = _refusal(call, items.find_model(item, model_id), is_last=model_id == list(wanted)[-1])
        if reason:
            failed.append({"model_id": model_id, "failed_reason": reason})
        else:
            done.append({"model_id": model_id, "original_price": wanted[model_id]})
    new = {row["model_id"]: row["original_price"] for row in done}
    checking.spread([new.get(model["model_id"], model["price"]) for model in item["models"]])
    for model in item["models"]:
        model["price"] = new.get(model["model_id"], model["price"])
    if done:
        items.touch(call.state, item)
    return {"failure_list": failed, "success_list": done}


def note(item: dict, model: dict, cause: str) -> None:
    """Append what the model's stock is now, and why."""
    entry = {"at": time.time(), "cause": cause}
    entry |= {name: model[name] for name in ("model_id", "model_sku", "stock", "reserved")}
    item["stock_history"].append(entry)
    del item["stock_history"][:-HISTORY_SIZE]


def take(item: dict, model: dict, quantity: int) -> None:
    """An order is placed: its units are gone from the shelf and reserved until it is paid."""
    model["stock"] -= quantity
    model["reserved"] += quantity
    note(item, model, "place_order")


def settle(item: dict, model: dict, quantity: int) -> None:
    """The order is paid: its units are sold."""
    model["reserved"] -= quantity
    note(item, model, "pay_order")


def give_back(item: dict, model: dict, quantity: int, *, was_paid: bool) -> None:
    """The order is cancelled before it left: its units can be bought again."""
    model["stock"] += quantity
    if not was_paid:
        model["reserved"] -= quantity
    note(item, model, "cancel_order")


def _rows_per_model(call: Call, item: dict, name: str) -> list[dict]:
    rows = call.sent_list(name, most=50)
    if not item["tier_variation"]:
        rows = [{**row, "model_id": row.get("model_id", 0)} for row in rows]
    elif not all(row.get("model_id") for row in rows):
        raise Refused("error_edit_item_stock_for_item_has_model", "The item has models: model_id is required.")
    ids = [field_of(row, "model_id", int) for row in rows]
    if len(set(ids)) < len(ids):
        raise wrong("model_id", "value must not repeat")
    return rows


def _refusal(call: Call, model: dict | None, *, is_last: bool) -> str:
    if model is None:
        return "The model does not exist in this item"
    if is_last and call.state.faults.strikes("partial_failure", call.path):
        return "Our system is taking some time to respond, please try later."
    return ""
