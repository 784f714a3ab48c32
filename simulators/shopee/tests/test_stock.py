"""Prices and stock: absolute values, failures per model, the reserved floor, the history."""

from simulators.shopee.tests.partner import wait_until

RESERVED = "Stock should be larger than reserved stock"


def test_stock_is_set_to_the_value_told_zero_included(partner):
    item_id = partner.add()
    answer = partner.set_stock(item_id, {0: 0})
    assert (answer["error"], answer["response"]["success_list"]) == (
        "",
        [{"model_id": 0, "location_id": "-", "stock": 0}],
    )
    assert partner.stock(item_id) == {0: 0}


def test_one_model_fails_alone_and_the_error_stays_empty(partner):
    item_id, (small, large) = partner.add_with_models()
    partner.buy(item_id, 3, model_id=small, paid=False)
    answer = partner.set_stock(item_id, {small: 2, large: 9})
    assert answer["error"] == ""
    assert answer["response"]["failure_list"] == [{"model_id": small, "failed_reason": RESERVED}]
    assert [row["model_id"] for row in answer["response"]["success_list"]] == [large]
    assert partner.stock(item_id) == {small: 7, large: 9}


def test_stock_below_what_is_reserved_is_refused_until_the_order_is_paid(partner):
    item_id = partner.add()
    order = partner.buy(item_id, 3, paid=False)
    refused = partner.set_stock(item_id, {0: 2})
    assert (refused["error"], refused["message"]) == ("error_auth", RESERVED)
    assert partner.stock(item_id) == {0: 7}
    assert partner.set_stock(item_id, {0: 3})["error"] == ""
    partner.control("advance", order_sn=order["order_sn"], step="pay")
    assert partner.set_stock(item_id, {0: 2})["error"] == ""
    assert partner.stock(item_id) == {0: 2}


def test_a_model_id_is_required_when_the_item_has_models(partner):
    item_id, (small, large) = partner.add_with_models()
    refused = partner.set_stock(item_id, {0: 5})
    assert refused["error"] == "error_edit_item_stock_for_item_has_model"
    assert partner.stock(item_id) == {small: 10, large: 4}


def test_fifty_one_models_in_one_call_are_refused(partner):
    item_id = partner.add()
    refused = partner.set_stock(item_id, dict.fromkeys(range(51), 1))
    assert refused["error"] == "product.error_param"
    assert partner.stock(item_id) == {0: 10}


def test_an_unknown_model_fails_and_the_known_one_succeeds(partner):
    item_id, (small, large) = partner.add_with_models()
    answer = partner.set_stock(item_id, {small: 1, 12345: 1})
    assert [row["model_id"] for row in answer["response"]["failure_list"]] == [12345]
    assert partner.stock(item_id) == {small: 1, large: 4}


def test_the_fault_partial_failure_spares_all_but_the_last_model(partner):
    item_id, (small, large) = partner.add_with_models()
    partner.break_with("partial_failure")
    answer = partner.set_stock(item_id, {small: 1, large: 1})
    assert answer["error"] == ""
    assert [row["model_id"] for row in answer["response"]["failure_list"]] == [large]
    assert partner.stock(item_id) == {small: 1, large: 4}
    partner.set_stock(item_id, {large: 1})
    assert partner.stock(item_id) == {small: 1, large: 1}


def test_the_history_has_every_accepted_value_in_order_and_no_refused_one(partner):
    item_id = partner.add()
    for amount in (7, 5, 5, 0, 12):
        partner.set_stock(item_id, {0: amount})
    partner.set_stock(item_id, {0: -1})
    [item] = partner.state()["items"]
    told = [row for row in item["stock_history"] if row["cause"] == "update_stock"]
    assert [row["stock"] for row in told] == [7, 5, 5, 0, 12]
    assert [row["at"] for row in told] == sorted(row["at"] for row in told)


def test_the_dearest_variation_costs_at_most_seven_times_the_cheapest(partner):
    item_id, (small, large) = partner.add_with_models()
    rows = [{"model_id": large, "original_price": 65000 * 7 + 1}]
    refused = partner.post("product/update_price", item_id=item_id, price_list=rows)
    assert refused["error"] == "product.error_param"
    rows = [{"model_id": large, "original_price": 65000 * 7}]
    assert partner.post("product/update_price", item_id=item_id, price_list=rows)["error"] == ""
    [item] = partner.state()["items"]
    assert {model["model_id"]: model["price"] for model in item["models"]} == {small: 65000, large: 455000}


def test_nobody_buys_more_than_there_is(partner):
    item_id = partner.add()
    assert partner.buy(item_id, 11)["error"] == "Stok tidak cukup: tersisa 10."
    assert partner.buy(item_id, 10)["order_status"] == "READY_TO_SHIP"
    assert partner.buy(item_id, 1)["error"] == "Stok tidak cukup: tersisa 0."
    assert partner.stock(item_id) == {0: 0}
    assert len(partner.state()["orders"]) == 1


def test_orders_move_stock_and_reserved_and_the_sender_hears_of_it(partner, callback):
    item_id = partner.add()
    order = partner.buy(item_id, 2, paid=False)
    partner.control("advance", order_sn=order["order_sn"], step="ask_to_cancel")
    [item] = partner.state()["items"]
    rows = [(row["cause"], row["stock"], row["reserved"]) for row in item["stock_history"]]
    assert rows == [("add_item", 10, 0), ("place_order", 8, 2), ("cancel_order", 10, 0)]
    wait_until(lambda: len(callback.came) == 4)
    assert sum('"action": "place_order"' in body for _, _, body in callback.came) == 1
    assert sum('"action": "cancel_order"' in body for _, _, body in callback.came) == 1
