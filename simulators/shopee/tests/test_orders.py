"""Orders: the window, the cursor, what is told when, and every step from paid to completed."""

import time

import pytest

from simulators.shopee.tests.partner import SHOP

DAY = 86400


def in_window(partner, days: float = 1, **more):
    now = int(time.time()) + 5
    query = {"time_range_field": "update_time", "time_from": int(now - days * DAY), "time_to": now}
    return partner.get("order/get_order_list", **{**query, "page_size": 100, **more})


def details(partner, *numbers: str, fields: str = "") -> list[dict]:
    answer = partner.get("order/get_order_detail", order_sn_list=",".join(numbers), response_optional_fields=fields)
    return answer["response"]["order_list"]


@pytest.fixture
def item_id(partner) -> int:
    return partner.add()


def test_fifteen_days_are_a_window_and_a_second_more_is_not(partner, item_id):
    order = partner.buy(item_id)
    rows = in_window(partner, 15)["response"]["order_list"]
    assert rows == [{"order_sn": order["order_sn"], "booking_sn": ""}]
    refused = in_window(partner, 15 + 1 / DAY)
    assert refused["error"] == "order.order_list_invalid_time"
    assert "response" not in refused


def test_a_window_that_ends_before_it_begins_is_refused(partner):
    assert in_window(partner, -1)["error"] == "order.order_list_invalid_time"


def test_the_cursor_visits_every_order_once(partner, item_id):
    placed = [partner.buy(item_id)["order_sn"] for _ in range(5)]
    seen, cursor, more, calls = [], "", True, 0
    while more:
        answer = in_window(partner, page_size=2, cursor=cursor)["response"]
        seen += [row["order_sn"] for row in answer["order_list"]]
        cursor, more, calls = answer["next_cursor"], answer["more"], calls + 1
    assert (sorted(seen), calls, cursor) == (sorted(placed), 3, "")


def test_the_status_is_told_when_asked_for_and_filters(partner, item_id):
    partner.buy(item_id)
    unpaid = partner.buy(item_id, paid=False)
    rows = in_window(partner, order_status="UNPAID", response_optional_fields="order_status")
    assert rows["response"]["order_list"] == [
        {"order_sn": unpaid["order_sn"], "booking_sn": "", "order_status": "UNPAID"}
    ]


@pytest.mark.parametrize("change", [{"page_size": 101}, {"page_size": 0}, {"order_status": "PAID"}])
def test_a_wrong_page_size_or_status_is_refused(partner, change):
    assert in_window(partner, **change)["error"] == "order.error_param"


def test_fifty_one_orders_at_once_are_refused(partner):
    asked = ",".join(f"2611230000{number:04}" for number in range(51))
    assert partner.get("order/get_order_detail", order_sn_list=asked)["error"] == "order.error_param"


def test_details_are_told_only_when_named(partner, item_id):
    number = partner.buy(item_id, 2)["order_sn"]
    [bare] = details(partner, number)
    assert "item_list" not in bare
    assert "total_amount" not in bare
    [full] = details(partner, number, fields="item_list,total_amount,package_list,recipient_address")
    [line] = full["item_list"]
    assert (line["item_id"], line["model_id"], line["item_sku"]) == (item_id, 0, "KOP-250")
    assert (line["model_quantity_purchased"], line["model_discounted_price"]) == (2, 65000)
    assert full["total_amount"] == 130000
    assert full["package_list"][0]["logistics_status"] == "READY"


def test_the_address_is_masked_until_the_parcel_is_arranged(partner, item_id):
    number = partner.buy(item_id)["order_sn"]
    [before] = details(partner, number, fields="recipient_address")
    assert before["recipient_address"]["name"] == "B****i"
    partner.post("logistics/ship_order", order_sn=number, dropoff={})
    [after] = details(partner, number, fields="recipient_address")
    assert after["recipient_address"]["name"] == "Bunga Lestari"


def test_another_shop_sees_nothing_of_the_order(partner, other_shop, item_id):
    number = partner.buy(item_id)["order_sn"]
    assert details(other_shop, number) == []
    assert in_window(other_shop)["response"]["order_list"] == []
    assert (
        other_shop.post("order/cancel_order", order_sn=number, cancel_reason="CUSTOMER_REQUEST")["error"]
        == "order.error_param"
    )
    assert details(partner, number)[0]["order_status"] == "READY_TO_SHIP"


def test_an_order_goes_all_the_way(partner, item_id):
    number = partner.buy(item_id, paid=False)["order_sn"]
    seen = [details(partner, number)[0]["order_status"]]
    partner.control("advance", order_sn=number, step="pay")
    seen.append(details(partner, number)[0]["order_status"])
    needed = partner.get("logistics/get_shipping_parameter", order_sn=number)["response"]
    assert needed["info_needed"]["pickup"] == ["address_id", "pickup_time_id"]
    assert partner.get("logistics/get_tracking_number", order_sn=number)["response"]["tracking_number"] == ""
    address = needed["pickup"]["address_list"][0]
    way = {
        "address_id": address["address_id"],
        "pickup_time_id": address["time_slot_list"][0]["pickup_time_id"],
    }
    assert partner.post("logistics/ship_order", order_sn=number, pickup=way)["error"] == ""
    assert partner.get("logistics/get_tracking_number", order_sn=number)["response"]["tracking_number"]
    seen.append(details(partner, number)[0]["order_status"])
    for _ in range(3):
        partner.control("advance", order_sn=number)
        seen.append(details(partner, number)[0]["order_status"])
    assert seen == ["UNPAID", "READY_TO_SHIP", "PROCESSED", "SHIPPED", "TO_CONFIRM_RECEIVE", "COMPLETED"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({}, "logistics.error_param"),
        ({"dropoff": {}, "pickup": {}}, "logistics.error_param"),
        ({"pickup": {}}, "logistics.error_param"),
        ({"dropoff": {}, "package_number": ""}, "logistics.ship_order_not_need_pacakge_number"),
    ],
)
def test_shipping_needs_exactly_one_complete_way(partner, item_id, change, error):
    number = partner.buy(item_id)["order_sn"]
    assert partner.post("logistics/ship_order", order_sn=number, **change)["error"] == error
    assert details(partner, number)[0]["order_status"] == "READY_TO_SHIP"


def test_an_unpaid_order_cannot_be_shipped_and_a_shipped_one_not_again(partner, item_id):
    unpaid = partner.buy(item_id, paid=False)["order_sn"]
    paid = partner.buy(item_id)["order_sn"]
    refused = partner.post("logistics/ship_order", order_sn=unpaid, dropoff={})
    assert refused["error"] == "logistics.error_order_state"
    partner.post("logistics/ship_order", order_sn=paid, dropoff={})
    again = partner.post("logistics/ship_order", order_sn=paid, dropoff={})
    assert again["error"] == "logistics.package_already_shipped"


def test_a_seller_cancels_and_the_stock_comes_back_once(partner, item_id):
    number = partner.buy(item_id, 4)["order_sn"]
    assert partner.stock(item_id) == {0: 6}
    lines = [{"item_id": item_id, "model_id": 0}]
    body = {"order_sn": number, "cancel_reason": "OUT_OF_STOCK"}
    assert partner.post("order/cancel_order", **body)["error"] == "order.error_param"
    assert partner.post("order/cancel_order", **body, item_list=lines)["error"] == ""
    again = partner.post("order/cancel_order", **body, item_list=lines)
    assert again["error"] == "order.cancel_order_invalid_status"
    assert partner.stock(item_id) == {0: 10}


def test_an_arranged_order_cannot_be_cancelled_by_the_seller(partner, item_id):
    number = partner.buy(item_id)["order_sn"]
    partner.post("logistics/ship_order", order_sn=number, dropoff={})
    refused = partner.post("order/cancel_order", order_sn=number, cancel_reason="CUSTOMER_REQUEST")
    assert refused["error"] == "order.cancel_order_invalid_status"
    assert partner.stock(item_id) == {0: 9}


@pytest.mark.parametrize(
    ("operation", "status", "stock"), [("ACCEPT", "CANCELLED", 10), ("REJECT", "READY_TO_SHIP", 9)]
)
def test_the_seller_decides_on_the_buyers_wish_to_cancel(partner, item_id, operation, status, stock):
    number = partner.buy(item_id)["order_sn"]
    path = "order/handle_buyer_cancellation"
    early = partner.post(path, order_sn=number, operation=operation)
    assert early["error"] == "order.cancel_order_invalid_status"
    partner.control("advance", order_sn=number, step="ask_to_cancel")
    assert details(partner, number)[0]["order_status"] == "IN_CANCEL"
    assert partner.post(path, order_sn=number, operation=operation)["error"] == ""
    assert details(partner, number)[0]["order_status"] == status
    assert partner.stock(item_id) == {0: stock}


def test_an_order_can_be_bought_by_sku(partner, item_id):
    order = partner.control("buy", sku="KOP-250", shop_id=SHOP, quantity=2)
    assert (order["item_list"][0]["item_id"], order["total_amount"]) == (item_id, 130000)
