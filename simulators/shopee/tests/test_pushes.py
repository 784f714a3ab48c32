"""Pushes: signed with their own key, retried, repeated, lost and found again."""

import json

import httpx

from simulators.shopee import signing
from simulators.shopee.tests.partner import PARTNER_KEY, PUSH_KEY, SHOP, wait_until


def outcomes(partner) -> list[str]:
    return [push["outcome"] for push in partner.state()["pushes"]]


def revoke(partner) -> None:
    """The shortest way to one single push (code 2)."""
    httpx.post(f"{partner.address}/seller/{SHOP}/revoke")


def test_a_push_is_signed_over_url_and_raw_body_with_the_push_key(partner, callback):
    order = partner.buy(partner.add())
    came = [(signature, body) for _, signature, body in callback.wait_for(3)]
    for signature, body in came:
        base = f"{callback.url}|{body}"
        assert signature == signing.sign(key=PUSH_KEY, base=base)
        assert signature != signing.sign(key=PARTNER_KEY, base=base)
    told = [json.loads(body) for _, body in came]
    statuses = {push["data"]["status"] for push in told if push["code"] == 3}
    assert statuses == {"UNPAID", "READY_TO_SHIP"}
    assert {push["shop_id"] for push in told} == {SHOP}
    assert {push["data"]["ordersn"] for push in told} == {order["order_sn"]}


def test_code_8_tells_item_variation_and_action(partner, callback):
    item_id, (small, _) = partner.add_with_models()
    order = partner.buy(item_id, model_id=small, paid=False)
    [data] = [push["data"] for push in map(json.loads, bodies(callback, 2)) if push["code"] == 8]
    assert (data["item_id"], data["variation_id"], data["action"]) == (item_id, small, "place_order")
    assert data["ordersn"] == order["order_sn"]


def test_a_refused_push_comes_again_at_the_set_distances_and_stops_when_taken(partner, callback):
    callback.answers = [500, 404, 200]
    revoke(partner)
    (first, _, one), (second, _, two), (third, _, three) = callback.wait_for(3)
    assert one == two == three
    assert second - first >= 0.1
    assert third - second >= 0.2
    wait_until(lambda: outcomes(partner)[-1] == "delivered")


def test_an_acknowledgement_with_a_body_is_none(partner, callback):
    callback.body = b"OK"
    revoke(partner)
    callback.wait_for(2)
    assert partner.state()["pushes"][-1]["attempts"][0]["answer"] == "200 with a body"


def test_after_the_third_retry_a_push_is_lost_and_can_be_asked_for_until_confirmed(partner, callback):
    callback.answers = [500] * 4
    revoke(partner)
    wait_until(lambda: outcomes(partner)[-1] == "lost")
    assert len(callback.came) == 4
    lost = partner.get("push/get_lost_push_message")["response"]
    [message] = lost["push_message_list"]
    assert (message["code"], json.loads(message["data"])["shop_id"]) == (2, SHOP)
    partner.post("push/confirm_consumed_lost_push_message", last_message_id=lost["last_message_id"])
    assert partner.get("push/get_lost_push_message")["response"]["push_message_list"] == []


def test_a_callback_that_is_not_there_counts_as_refused(partner):
    partner.control("settings", push_url="http://127.0.0.1:9/nobody", push_retry_seconds=[0.05])
    revoke(partner)
    wait_until(lambda: outcomes(partner)[-1] == "lost")
    assert [row["answer"] for row in partner.state()["pushes"][-1]["attempts"]] == ["ConnectError"] * 2


def test_a_dropped_push_never_comes_but_is_listed_as_lost(partner, callback):
    partner.break_with("push_dropped", path_prefix="/api/v2/push/code/2")
    revoke(partner)
    partner.control("authorize", shop_id=SHOP)
    [body] = bodies(callback, 1)
    assert json.loads(body)["code"] == 1
    [message] = partner.get("push/get_lost_push_message")["response"]["push_message_list"]
    assert message["code"] == 2


def test_a_duplicated_push_comes_twice(partner, callback):
    partner.break_with("push_duplicated")
    revoke(partner)
    one, two = bodies(callback, 2)
    assert one == two


def bodies(callback, count: int) -> list[str]:
    return [body for _, _, body in callback.wait_for(count)]
