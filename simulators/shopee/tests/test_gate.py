"""Who calls, when, signed how, with which token, how often."""

import json
import time
from pathlib import Path

import pytest

from simulators.shopee import signing
from simulators.shopee.tests.partner import HTTP, OTHER_SHOP, PUSH_KEY, SHOP

VECTORS = json.loads((Path(__file__).parent / "signing_vectors.json").read_text())
INFO = "shop/get_shop_info"


def by_id(rows: list[dict]) -> list:
    return [pytest.param(row, id=row["id"]) for row in rows]


def base_of(vector: dict) -> str:
    names = ("partner_id", "path", "timestamp", "access_token", "shop_id")
    return signing.base_string(**{name: vector[name] for name in names if name in vector})


@pytest.mark.parametrize("vector", by_id(VECTORS["requests"]))
def test_request_vectors(vector):
    assert base_of(vector) == vector["base_string"]
    assert signing.sign(key=vector["partner_key"], base=base_of(vector)) == vector["expected"]


@pytest.mark.parametrize("vector", by_id(VECTORS["pushes"]))
def test_push_vectors(vector):
    told = signing.sign_push(push_key=vector["push_partner_key"], url=vector["callback_url"], body=vector["raw_body"])
    assert told == vector["expected"]


@pytest.mark.parametrize("vector", by_id(VECTORS["must_be_refused"]))
def test_known_wrong_signatures_differ_from_the_right_one(vector):
    [right] = [row for row in VECTORS["requests"] + VECTORS["pushes"] if row["id"] == vector["of"]]
    assert not signing.same(vector["signature"], right["expected"])


def test_a_public_call_ignores_token_and_shop_in_its_base():
    told = signing.base_string(
        partner_id=1, path="/api/v2/auth/access_token/get", timestamp=2, access_token="t", shop_id=3
    )
    assert told == "1/api/v2/auth/access_token/get2"


def test_a_well_signed_call_is_answered_in_the_envelope(partner):
    answer = partner.get(INFO)
    assert (answer["error"], answer["shop_name"], answer["region"]) == ("", "Kopi Gayo Takengon", "ID")
    assert answer["request_id"]


@pytest.mark.parametrize("offset", [-299, 299])
def test_the_clock_may_be_almost_five_minutes_off(partner, offset):
    query = partner.signed(INFO, timestamp=int(time.time()) + offset)
    assert partner.send("GET", INFO, query).json()["error"] == ""


@pytest.mark.parametrize("offset", [-302, 302])
def test_a_clock_more_than_five_minutes_off_is_refused(partner, offset):
    answer = partner.send("GET", INFO, partner.signed(INFO, timestamp=int(time.time()) + offset))
    assert answer.status_code == 200
    assert (answer.json()["error"], answer.json()["message"]) == ("error_param", "Timestamp is expired.")


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"partner_id": 1}, "error_auth", "partner_id is invalid"),
        ({"sign": None}, "error_param", "There is no sign in query."),
        ({"timestamp": None}, "error_param", "no timestamp"),
        ({"sign": "0" * 64}, "error_sign", "Wrong sign."),
        ({"access_token": "guessed"}, "error_sign", "Wrong sign."),
    ],
)
def test_what_the_gate_refuses(partner, change, error, message):
    query = {name: text for name, text in (partner.signed(INFO) | change).items() if text is not None}
    answer = partner.send("GET", INFO, query).json()
    assert (answer["error"], answer["message"]) == (error, message)
    assert "shop_name" not in answer


def test_an_upper_case_signature_is_refused(partner):
    query = partner.signed(INFO)
    answer = partner.send("GET", INFO, query | {"sign": query["sign"].upper()}).json()
    assert answer["error"] == "error_sign"


def test_a_call_signed_with_the_push_key_is_refused(partner):
    assert partner.send("GET", INFO, partner.signed(INFO, key=PUSH_KEY)).json()["error"] == "error_sign"


def test_a_token_in_a_header_does_not_count(partner):
    query = partner.signed(INFO)
    headers = {"Authorization": query.pop("access_token")}
    assert partner.send("GET", INFO, query, headers=headers).json()["error"] == "error_sign"


def test_a_token_of_one_shop_does_not_open_another(partner, other_shop):
    other_shop.token = partner.token
    assert other_shop.get(INFO)["message"] == "Invalid access_token."
    assert partner.get(INFO)["error"] == ""


def test_a_shop_that_authorised_nobody_is_not_linked(partner):
    partner.shop_id = OTHER_SHOP
    assert (partner.get(INFO)["error"], partner.get(INFO)["message"]) == ("error_auth", "no linked")


def test_an_expired_token_is_refused(partner):
    partner.control("expire_tokens", shop_id=SHOP)
    assert partner.get(INFO)["message"] == "Invalid access_token."


def test_the_rate_limit_holds_per_shop_and_refills(partner, other_shop):
    partner.control("settings", rate_limit=5)
    errors = [partner.get(INFO)["error"] for _ in range(8)]
    assert errors[:5] == [""] * 5
    assert errors[-1] == "error_rate_limit"
    assert other_shop.get(INFO)["error"] == ""
    time.sleep(0.3)
    assert partner.get(INFO)["error"] == ""


def test_no_token_key_or_signature_is_in_the_dump(partner):
    dump = HTTP.get(f"{partner.address}/_control/state").text
    assert INFO not in dump
    partner.get(INFO)
    dump = HTTP.get(f"{partner.address}/_control/state").text
    assert INFO in dump
    assert partner.token not in dump
    assert "sign" not in dump


def test_a_body_that_is_not_json_is_refused(partner):
    path = "product/delete_item"
    answer = partner.send("POST", path, partner.signed(path), data={"item_id": 1}).json()
    assert answer["error"] == "error_param"
