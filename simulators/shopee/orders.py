"""Orders: what happens to one from the buyer's click to the doorstep, and what that does to stock.

UNPAID -> READY_TO_SHIP -> PROCESSED (arranged) -> SHIPPED -> TO_CONFIRM_RECEIVE -> COMPLETED; CANCELLED;
IN_CANCEL while the seller decides on the buyer's wish. Every step is pushed (code 3); placing and cancelling
also push the change of reserved stock (code 8).
"""

import secrets
import string
from datetime import UTC, datetime

from simulators.shopee import items, pushes, stock
from simulators.shopee.state import State

CANCELLABLE = ("UNPAID", "READY_TO_SHIP")
STILL_HERE = ("UNPAID", "READY_TO_SHIP", "PROCESSED", "IN_CANCEL")
NEXT_ON_THE_WAY = {
    "PROCESSED": ("SHIPPED", "PICKUP_DONE"),
    "SHIPPED": ("TO_CONFIRM_RECEIVE", "DELIVERY_DONE"),
    "TO_CONFIRM_RECEIVE": ("COMPLETED", "DELIVERY_DONE"),
}
SHIP_WITHIN_SECONDS = 2 * 86400
SN_LETTERS = string.ascii_uppercase + string.digits
BUYER = {
    "buyer_username": "bunga.lestari",
    "recipient_address": {
        "name": "Bunga Lestari",
        "phone": "6281234567890",
        "town": "Cihapit",
        "district": "Bandung Wetan",
        "city": "Kota Bandung",
        "state": "Jawa Barat",
        "region": "ID",
        "zipcode": "40114",
        "full_address": "Jl. Cihapit No. 12, RT 03 RW 05, Cihapit, Bandung Wetan, Kota Bandung, Jawa Barat, 40114",
    },
}


class NotPossible(Exception):
    """The order or the purchase is not in a state that allows this; the text is for people."""


def place(state: State, *, item_id: int, model_id: int, quantity: int, paid: bool, note: str = "") -> dict:
    """A buyer buys. Takes the units out of stock at once. Raises NotPossible; nothing changes then."""
    item = state.items.get(item_id)
    model = items.find_model(item, model_id) if item else None
    if not item or not model or item["item_status"] != "NORMAL":
        raise NotPossible("Produk ini sedang tidak dijual.")
    if quantity < 1 or quantity > model["stock"]:
        raise NotPossible(f"Stok tidak cukup: tersisa {model['stock']}.")
    now = state.now()
    order = _new_order(state, item, model, quantity, now) | {"note": note}
    stock.take(item, model, quantity)
    items.touch(state, item)
    state.orders.put(order["order_sn"], order)
    _tell(state, order)
    _tell_reserved(state, order, "place_order")
    if paid:
        pay(state, order)
    return order


def pay(state: State, order: dict) -> None:
    _must_be(order, "UNPAID")
    for item, model, quantity in _stocked_lines(state, order):
        stock.settle(item, model, quantity)
        state.items.keep(item["item_id"])
    order["pay_time"] = state.now()
    order["ship_by_date"] = order["pay_time"] + SHIP_WITHIN_SECONDS
    _move(state, order, "READY_TO_SHIP", "READY")


def cancel(state: State, order: dict, *, by: str, reason: str) -> None:
    """Ends the order; units come back once, and only while they have not left the seller."""
    _must_be(order, *STILL_HERE)
    for item, model, quantity in _stocked_lines(state, order):
        stock.give_back(item, model, quantity, was_paid=bool(order["pay_time"]))
        items.touch(state, item)
    order |= {"cancel_by": by, "cancel_reason": reason}
    _move(state, order, "CANCELLED", "REQUEST_CANCELED")
    _tell_reserved(state, order, "cancel_order")


def ask_to_cancel(state: State, order: dict) -> None:
    """The buyer's own cancel button: at once while unpaid, else the seller decides."""
    _must_be(order, "UNPAID", "READY_TO_SHIP", "PROCESSED")
    if order["order_status"] == "UNPAID":
        cancel(state, order, by="buyer", reason="Modify existing order")
        return
    order["status_before_cancel"] = order["order_status"]
    _move(state, order, "IN_CANCEL", order["logistics_status"])


def decide_cancellation(state: State, order: dict, *, accept: bool) -> None:
    _must_be(order, "IN_CANCEL")
    if accept:
        cancel(state, order, by="buyer", reason="Buyer requested cancellation")
    else:
        _move(state, order, order["status_before_cancel"], order["logistics_status"])


def arrange(state: State, order: dict, *, tracking_number: str = "") -> None:
    """The seller hands it to the courier's system: PROCESSED, with a tracking number."""
    _must_be(order, "READY_TO_SHIP")
    order["tracking_number"] = tracking_number or f"SPXID0{state.next_id('tracking', 50000000)}"
    _move(state, order, "PROCESSED", "REQUEST_CREATED")


def advance(state: State, order: dict) -> None:
    """The courier and then the buyer do their part: one step."""
    _must_be(order, *NEXT_ON_THE_WAY)
    _move(state, order, *NEXT_ON_THE_WAY[order["order_status"]])


def _must_be(order: dict, *statuses: str) -> None:
    if order["order_status"] not in statuses:
        raise NotPossible(f"Pesanan {order['order_sn']} sudah {order['order_status']}.")


def _new_order(state: State, item: dict, model: dict, quantity: int, now: int) -> dict:
    number = state.next_id("order", 1000)
    line = {
        "item_id": item["item_id"],
        "item_name": item["item_name"],
        "item_sku": item["item_sku"],
        "model_id": model["model_id"],
        "model_name": items.model_name(item, model),
        "model_sku": model["model_sku"],
        "model_quantity_purchased": quantity,
        "model_original_price": model["price"],
        "model_discounted_price": model["price"],
        "order_item_id": item["item_id"],
    }
    tail = "".join(secrets.choice(SN_LETTERS) for _ in range(8))
    return {
        "order_sn": f"{datetime.fromtimestamp(now, UTC):%y%m%d}{tail}",
        "shop_id": item["shop_id"],
        "order_status": "UNPAID",
        "create_time": now,
        "update_time": now,
        "pay_time": 0,
        "ship_by_date": 0,
        "item_list": [line],
        "total_amount": model["price"] * quantity,
        "package_number": f"OFG{10**14 + number}",
        "tracking_number": "",
        "logistics_status": "LOGISTICS_NOT_START",
        "cancel_by": "",
        "cancel_reason": "",
        **BUYER,
    }


def _stocked_lines(state: State, order: dict) -> list[tuple[dict, dict, int]]:
    """Lines whose model still exists: a re-init of the variations may have ended it."""
    lines = []
    for line in order["item_list"]:
        item = state.items[line["item_id"]]
        model = items.find_model(item, line["model_id"])
        if model:
            lines.append((item, model, line["model_quantity_purchased"]))
    return lines


def _move(state: State, order: dict, status: str, logistics_status: str) -> None:
    order |= {"order_status": status, "logistics_status": logistics_status, "update_time": state.now()}
    state.orders.keep(order["order_sn"])
    _tell(state, order)


def _tell(state: State, order: dict) -> None:
    data = {
        "ordersn": order["order_sn"],
        "status": order["order_status"],
        "completed_scenario": "",
        "items": [],
        "update_time": order["update_time"],
    }
    pushes.announce(state, shop_id=order["shop_id"], code=3, data=data)


def _tell_reserved(state: State, order: dict, action: str) -> None:
    for line in order["item_list"]:
        data = {
            "item_id": line["item_id"],
            "variation_id": line["model_id"],
            "action": action,
            "ordersn": order["order_sn"],
            "update_time": order["update_time"],
        }
        pushes.announce(state, shop_id=order["shop_id"], code=8, data=data)
