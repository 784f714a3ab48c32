"""The seller's calls about orders: list by time window, details, cancelling."""

from simulators.shopee import orders
from simulators.shopee.asking import wrong
from simulators.shopee.envelope import Refused
from simulators.shopee.gate import Call, shop_call

WINDOW_SECONDS = 15 * 86400
STATUSES = (
    "UNPAID",
    "READY_TO_SHIP",
    "PROCESSED",
    "SHIPPED",
    "TO_CONFIRM_RECEIVE",
    "COMPLETED",
    "IN_CANCEL",
    "CANCELLED",
    "RETRY_SHIP",
    "TO_RETURN",
    "PENDING",
)
ALWAYS_TOLD = ("order_sn", "order_status", "create_time", "update_time")
TOLD_WHEN_ASKED = (
    "buyer_username",
    "cancel_by",
    "cancel_reason",
    "item_list",
    "note",
    "pay_time",
    "ship_by_date",
    "total_amount",
)
SELLER_REASONS = ("OUT_OF_STOCK", "CUSTOMER_REQUEST", "COD_NOT_SUPPORTED")
NOT_ARRANGED = ("UNPAID", "READY_TO_SHIP", "IN_CANCEL")


@shop_call("GET", "order/get_order_list")
def order_list(call: Call) -> dict:
    """Orders created or updated in a window of at most 15 days, oldest first, by cursor."""
    by = call.text("time_range_field")
    if by not in ("create_time", "update_time"):
        raise wrong("time_range_field", "value must be one of create_time, update_time")
    since = call.number("time_from", low=0, high=2**40)
    until = call.number("time_to", low=0, high=2**40)
    if not since <= until <= since + WINDOW_SECONDS:
        raise Refused("order.order_list_invalid_time", "The time range must be within 15 days.")
    size = call.number("page_size", low=1, high=100)
    start = _start_of(call.query.get("cursor", ""))
    status = call.query.get("order_status")
    if status is not None and status not in STATUSES:
        raise wrong("order_status", f"value must be one of {', '.join(STATUSES)}")
    matching = [
        order for order in _own(call) if since <= order[by] <= until and status in (None, order["order_status"])
    ]
    matching.sort(key=lambda order: order[by])
    return _page(call, matching, start, size)


@shop_call("GET", "order/get_order_detail")
def order_detail(call: Call) -> dict:
    """At most 50 orders; all but the bare facts only when named in response_optional_fields."""
    asked = call.comma_list("order_sn_list", most=50)
    fields = call.query.get("response_optional_fields", "").split(",")
    found = [order for order in _own(call) if order["order_sn"] in asked]
    return {"order_list": [_detail(order, fields) for order in found]}


@shop_call("POST", "order/cancel_order")
def cancel_order(call: Call) -> dict:
    order = find(call, call.sent("order_sn", str))
    reason = call.sent("cancel_reason", str)
    if reason not in SELLER_REASONS:
        raise wrong("cancel_reason", f"value must be one of {', '.join(SELLER_REASONS)}")
    if reason == "OUT_OF_STOCK":
        _names_own_lines(order, call.sent_list("item_list", most=50))
    if order["order_status"] not in orders.CANCELLABLE:
        raise Refused("order.cancel_order_invalid_status", "The order status does not allow to cancel.")
    orders.cancel(call.state, order, by="seller", reason=reason)
    return {"update_time": order["update_time"]}


@shop_call("POST", "order/handle_buyer_cancellation")
def handle_buyer_cancellation(call: Call) -> dict:
    order = find(call, call.sent("order_sn", str))
    operation = call.sent("operation", str)
    if operation not in ("ACCEPT", "REJECT"):
        raise wrong("operation", "value must be one of ACCEPT, REJECT")
    if order["order_status"] != "IN_CANCEL":
        raise Refused("order.cancel_order_invalid_status", "No cancellation is asked for.")
    orders.decide_cancellation(call.state, order, accept=operation == "ACCEPT")
    return {"update_time": order["update_time"]}


def find(call: Call, order_sn: str) -> dict:
    order = call.state.orders.get(order_sn)
    if not order or order["shop_id"] != call.shop_id:
        raise wrong("order_sn", "the order does not exist in this shop")
    return order


def _own(call: Call) -> list[dict]:
    return [order for order in call.state.orders.values() if order["shop_id"] == call.shop_id]


def _start_of(cursor: str) -> int:
    if cursor and not cursor.isdigit():
        raise wrong("cursor", "value is invalid")
    return int(cursor or 0)


def _page(call: Call, matching: list[dict], start: int, size: int) -> dict:
    page, more = matching[start : start + size], len(matching) > start + size
    cursor = str(start + size) if more else ""
    if call.state.faults.strikes("loop_cursor", call.path):
        more, cursor = True, "0"
    with_status = "order_status" in call.query.get("response_optional_fields", "").split(",")
    rows = [
        {"order_sn": order["order_sn"], "booking_sn": ""}
        | ({"order_status": order["order_status"]} if with_status else {})
        for order in page
    ]
    return {"more": more, "next_cursor": cursor, "order_list": rows}


def _detail(order: dict, fields: list[str]) -> dict:
    detail = {name: order[name] for name in ALWAYS_TOLD}
    detail |= {"region": "ID", "currency": "IDR", "cod": False, "days_to_ship": 2}
    detail |= {name: order[name] for name in TOLD_WHEN_ASKED if name in fields}
    if "recipient_address" in fields:
        detail["recipient_address"] = _address(order)
    if "package_list" in fields:
        package = {name: order[name] for name in ("package_number", "logistics_status")}
        detail["package_list"] = [package | {"shipping_carrier": "Reguler"}]
    return detail


def _address(order: dict) -> dict:
    """Name, phone and street are masked until the parcel is arranged."""
    address = order["recipient_address"]
    if order["order_status"] not in NOT_ARRANGED:
        return address
    masked = {
        "name": f"{address['name'][0]}****{address['name'][-1]}",
        "phone": f"******{address['phone'][-2:]}",
        "full_address": "****",
    }
    return address | masked


def _names_own_lines(order: dict, rows: list[dict]) -> None:
    own = {(line["item_id"], line["model_id"]) for line in order["item_list"]}
    if not all((row.get("item_id"), row.get("model_id", 0)) in own for row in rows):
        raise wrong("item_list", "the item is not part of this order")
