"""Codes are good once, refresh tokens are good once, the old access token overlaps."""

import time
from urllib.parse import parse_qs, urlsplit

import httpx

from simulators.shopee import signing
from simulators.shopee.tests.partner import HTTP, OTHER_SHOP, PARTNER_ID, PARTNER_KEY, SHOP, Callback, wait_until

LINK = "/api/v2/shop/auth_partner"
REDIRECT = "http://kopi-gayo.localhost:8000/kelola/kanal/shopee/?from=here"


def link(address: str, *, timestamp: int | None = None, key: str = PARTNER_KEY) -> str:
    now = int(time.time()) if timestamp is None else timestamp
    query = {
        "partner_id": PARTNER_ID,
        "timestamp": now,
        "sign": signing.sign(key=key, base=f"{PARTNER_ID}{LINK}{now}"),
        "redirect": REDIRECT,
    }
    return str(httpx.URL(f"{address}{LINK}", params=query))


def test_the_signed_link_asks_and_comes_back_with_code_and_shop(stranger):
    url = link(stranger.address)
    page = HTTP.get(url)
    assert page.status_code == 200
    assert "Izinkan Coop Shop?" in page.text
    answer = HTTP.post(url, data={"shop_id": SHOP})
    target = urlsplit(answer.headers["Location"])
    query = parse_qs(target.query)
    assert answer.status_code == 302
    assert (target.netloc, query["shop_id"], query["from"]) == ("kopi-gayo.localhost:8000", [str(SHOP)], ["here"])
    pair = stranger.exchange(query["code"][0])
    assert (pair["error"], pair["expire_in"], pair["shop_id_list"]) == ("", 14400, [SHOP])
    assert "response" not in pair


def test_a_link_with_a_wrong_sign_or_an_old_one_is_refused(stranger):
    forged = HTTP.get(link(stranger.address, key="guess"))
    old = HTTP.get(link(stranger.address, timestamp=int(time.time()) - 302))
    assert (forged.status_code, "Wrong sign." in forged.text) == (403, True)
    assert (old.status_code, "Timestamp is expired." in old.text) == (403, True)


def test_a_code_is_good_once(stranger):
    code = stranger.control("authorize", shop_id=SHOP)["code"]
    first = stranger.exchange(code)
    again = stranger.exchange(code)
    assert first["error"] == ""
    assert (again["error"], again["message"]) == ("error_auth", "Invalid code")
    stranger.token = first["access_token"]
    assert stranger.get("shop/get_shop_info")["error"] == ""


def test_a_code_dies_after_its_time(stranger):
    stranger.control("settings", code_seconds=0)
    code = stranger.control("authorize", shop_id=SHOP)["code"]
    assert stranger.exchange(code)["message"] == "Invalid code"


def test_a_code_of_one_shop_gives_nothing_to_another_and_stays_good(stranger):
    code = stranger.control("authorize", shop_id=SHOP)["code"]
    stranger.shop_id = OTHER_SHOP
    assert stranger.exchange(code)["error"] == "invalid_shop_id"
    stranger.shop_id = SHOP
    assert stranger.exchange(code)["error"] == ""


def test_a_refresh_token_is_good_once_and_gives_a_new_pair(partner):
    old = partner.authorize()
    new = partner.refresh(old["refresh_token"])
    again = partner.refresh(old["refresh_token"])
    assert new["error"] == ""
    assert new["refresh_token"] != old["refresh_token"]
    assert again["error"] == "refresh_token_expired"
    assert "access_token" not in again
    assert partner.refresh(new["refresh_token"])["error"] == ""


def test_the_old_access_token_stays_good_for_the_overlap_only(partner):
    partner.control("settings", overlap_seconds=0.3)
    pair = partner.authorize()
    assert partner.refresh(pair["refresh_token"])["error"] == ""
    assert partner.get("shop/get_shop_info")["error"] == ""
    time.sleep(0.35)
    assert partner.get("shop/get_shop_info")["message"] == "Invalid access_token."


def test_a_refresh_token_of_another_shop_or_an_expired_one_is_refused(partner, other_shop):
    pair = partner.authorize()
    assert other_shop.refresh(pair["refresh_token"])["error"] == "error_shop_refresh_token"
    partner.control("expire_tokens", refresh_too=True)
    assert partner.refresh(pair["refresh_token"])["error"] == "refresh_token_expired"


def test_authorised_shops_are_listed_and_a_revoked_one_is_gone(partner, other_shop):
    rows = partner.get("public/get_shops_by_partner", page_size=100, page_no=1)["authed_shop_list"]
    assert [row["shop_id"] for row in rows] == [SHOP, OTHER_SHOP]
    HTTP.post(f"{partner.address}/seller/{SHOP}/revoke")
    rows = partner.get("public/get_shops_by_partner")["authed_shop_list"]
    assert [row["shop_id"] for row in rows] == [OTHER_SHOP]
    assert partner.get("shop/get_shop_info")["message"] == "no linked"


def test_authorising_and_revoking_are_pushed(partner, callback: Callback):
    partner.control("authorize", shop_id=SHOP)
    HTTP.post(f"{partner.address}/seller/{SHOP}/revoke")
    wait_until(lambda: len(callback.came) >= 2)
    codes = sorted(body.split('"code": ')[1][0] for _, _, body in callback.came)
    assert codes == ["1", "2"]
