"""Arranging a parcel: what is needed, ship, tracking number."""

from simulators.shopee import orders
from simulators.shopee.asking import wrong
from simulators.shopee.envelope import Refused
from simulators.shopee.gate import Call, shop_call
from simulators.shopee.order_calls import find

ADDRESS_ID = 34567
WAYS = ("pickup", "dropoff", "non_integrated")


@shop_call("GET", "logistics/get_shipping_parameter")
def shipping_parameter(call: Call) -> dict:
    _ready(find(call, call.text("order_sn")))
    day = call.now - call.now % 86400 + 86400
    slots = [{"date": day + 86400 * n, "pickup_time_id": f"{day + 86400 * n}_1"} for n in range(2)]
    return {
        "info_needed": {"pickup": ["address_id", "pickup_time_id"], "dropoff": []},
        "pickup": {"address_list": [{"address_id": ADDRESS_ID, "time_slot_list": slots}]},
        "dropoff": {"branch_list": []},
    }


@shop_call("POST", "logistics/ship_order")
def ship_order(call: Call) -> dict:
    """Exactly one way, its object sent even when empty; `package_number` is never an empty text."""
    order = find(call, call.sent("order_sn", str))
    if call.body.get("package_number") == "":
        raise Refused("logistics.ship_order_not_need_pacakge_number", "package_number must not be empty.")
    if call.body.get("package_number") not in (None, order["package_number"]):
        raise wrong("package_number", "the package does not exist in this order")
    ways = [way for way in WAYS if isinstance(call.body.get(way), dict)]
    if len(ways) != 1:
        raise wrong("pickup", "exactly one of pickup, dropoff, non_integrated is needed")
    way = call.body[ways[0]]
    if ways[0] == "pickup" and not (way.get("address_id") == ADDRESS_ID and way.get("pickup_time_id")):
        raise wrong("pickup", "address_id and pickup_time_id are needed")
    if ways[0] == "non_integrated" and not way.get("tracking_number"):
        raise wrong("tracking_number", "value must Not Null")
    _ready(order)
    orders.arrange(call.state, order, tracking_number=str(way.get("tracking_number", "")))
    return {}


@shop_call("GET", "logistics/get_tracking_number")
def tracking_number(call: Call) -> dict:
    """Empty until the parcel is arranged."""
    return {"tracking_number": find(call, call.text("order_sn"))["tracking_number"], "hint": ""}


def _ready(order: dict) -> None:
    if order["order_status"] in ("PROCESSED", *orders.NEXT_ON_THE_WAY):
        raise Refused("logistics.package_already_shipped", "The package is already shipped.")
    if order["order_status"] != "READY_TO_SHIP":
        raise Refused("logistics.error_order_state", "The order status does not allow to ship.")
