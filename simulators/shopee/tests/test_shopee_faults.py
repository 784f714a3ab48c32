"""The switchable faults as a partner meets them at this simulator."""

import httpx
import pytest

from simulators.shopee.tests.partner import HTTP

STOCK = "/api/v2/product/update_stock"


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        ("403", 403, "error_permission"),
        ("429", 429, "error_rate_limit"),
        ("500", 500, "error_server"),
        ("503", 503, "error_system_busy"),
    ],
)
def test_an_error_status_still_has_the_envelope(partner, fault, status, error):
    partner.break_with(fault)
    answer = partner.send("GET", "shop/get_shop_info", partner.signed("shop/get_shop_info"))
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert partner.get("shop/get_shop_info")["error"] == ""


def test_a_cut_call_has_changed_nothing(partner):
    item_id = partner.add()
    partner.break_with("cut", path_prefix=STOCK)
    with pytest.raises(httpx.TransportError):
        partner.set_stock(item_id, {0: 3})
    assert partner.stock(item_id) == {0: 10}


def test_a_lost_answer_has_changed_the_stock(partner):
    item_id = partner.add()
    partner.break_with("lost_answer", path_prefix=STOCK)
    with pytest.raises(httpx.TransportError):
        partner.set_stock(item_id, {0: 3})
    assert partner.stock(item_id) == {0: 3}


def test_a_lost_answer_of_add_item_leaves_a_listing_that_its_sku_finds(partner):
    body = partner.listing()
    partner.break_with("lost_answer", path_prefix="/api/v2/product/add_item")
    with pytest.raises(httpx.TransportError):
        partner.post("product/add_item", **body)
    assert partner.post("product/add_item", **body)["error"] == "error_repeated_mtsku"
    found = partner.get("product/search_item", item_sku="KOP-250", page_size=10)["response"]
    assert len(found["item_id_list"]) == 1


def test_token_expired_strikes_once_and_the_token_is_good_again(partner):
    partner.break_with("token_expired")
    assert partner.get("shop/get_shop_info")["message"] == "Invalid access_token."
    assert partner.get("shop/get_shop_info")["error"] == ""


@pytest.mark.parametrize("seconds", [600, -600])
def test_a_skewed_clock_refuses_the_right_time(partner, seconds):
    partner.break_with("clock_skew", seconds=seconds)
    assert partner.get("shop/get_shop_info")["message"] == "Timestamp is expired."
    assert partner.get("shop/get_shop_info")["error"] == ""


def test_a_looping_cursor_sends_the_reader_back_to_the_start(partner):
    for number in range(3):
        partner.add(item_sku=f"KOP-{number}")
    partner.break_with("loop_cursor", times=None)
    page = partner.get("product/get_item_list", item_status="NORMAL", offset=2, page_size=2)["response"]
    assert (page["has_next_page"], page["next_offset"]) == (True, 0)
    query = {"time_range_field": "create_time", "time_from": 0, "time_to": 86400, "page_size": 5}
    page = partner.get("order/get_order_list", **query)["response"]
    assert (page["more"], page["next_cursor"]) == (True, "0")


def test_the_log_tells_each_call_and_its_true_answer(partner):
    partner.break_with("garbage")
    partner.send("GET", "shop/get_shop_info", partner.signed("shop/get_shop_info"))
    partner.set_stock(1, {0: 3})
    last, refused = partner.state()["calls"][-2:]
    assert (last["path"], last["status"], last["error"]) == ("/api/v2/shop/get_shop_info", 200, "")
    assert (refused["path"], refused["error"]) == (STOCK, "error_item_not_found")


def test_people_can_switch_faults_on_and_off(partner):
    page = f"{partner.address}/_control/"
    form = {"fault": "500", "path_prefix": "/api/", "times": "", "action": "add"}
    HTTP.post(page, data=form)
    assert "<b>500</b> pada /api/" in HTTP.get(page).text
    answer = partner.send("GET", "shop/get_shop_info", partner.signed("shop/get_shop_info"))
    assert answer.status_code == 500
    HTTP.post(page, data={"action": "clear"})
    assert partner.get("shop/get_shop_info")["error"] == ""
