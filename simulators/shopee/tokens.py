"""Authorisation: the signed link with its consent page, codes, single-use refresh tokens."""

import time
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, redirect, render_template, request

from simulators.shopee import pushes
from simulators.shopee.envelope import Refused, TopLevel, refused
from simulators.shopee.gate import Call, check_app, public_call
from simulators.shopee.state import State

LINK = "/api/v2/shop/auth_partner"
AUTHORIZATION_SECONDS = 365 * 86400


def add_consent_page(app: Flask, state: State) -> None:
    """GET the signed link: the page that asks; POST: the seller said yes for one shop."""
    app.add_url_rule(LINK, "consent", lambda: _consent(state), methods=["GET", "POST"])


@public_call("POST", "auth/token/get")
def exchange_code(call: Call) -> dict:
    """A code is good once, for ten minutes, for the shop that gave it."""
    _own_partner(call)
    code, shop_id = call.sent("code", str), call.sent("shop_id", int)
    known = call.state.codes.get(code)
    if not known or known["expires_at"] <= time.time():
        raise Refused("error_auth", "Invalid code")
    if known["shop_id"] != shop_id:
        raise Refused("invalid_shop_id", "The shop_id does not belong to this code.")
    call.state.codes.drop(code)
    now = call.now
    call.state.grants.put(shop_id, {"auth_time": now, "expire_time": now + AUTHORIZATION_SECONDS})
    _retire(call.state, shop_id)
    return _new_pair(call.state, shop_id, about={"shop_id_list": [shop_id], "merchant_id_list": []})


@public_call("POST", "auth/access_token/get")
def refresh(call: Call) -> dict:
    """Single use: the token given in is dead, a new pair comes out, the old access token lives 5 more minutes."""
    _own_partner(call)
    token, shop_id = call.sent("refresh_token", str), call.sent("shop_id", int)
    known = call.state.refresh_tokens.get(token)
    if not known or known["shop_id"] != shop_id or shop_id not in call.state.grants:
        raise Refused("error_shop_refresh_token", "The refresh_token does not belong to this shop.")
    if known["used"] or known["expires_at"] <= time.time():
        raise Refused("refresh_token_expired", "Your refresh_token is expired or was used.")
    _retire(call.state, shop_id)
    return _new_pair(call.state, shop_id, about={"partner_id": call.state.settings.partner_id, "shop_id": shop_id})


@public_call("GET", "public/get_shops_by_partner")
def authorized_shops(call: Call) -> dict:
    size = call.number("page_size", low=1, high=100, default=100)
    page = call.number("page_no", low=1, high=10_000, default=1)
    grants = list(call.state.grants.items())
    rows = [{"region": "ID", "shop_id": shop_id, **grant} for shop_id, grant in grants]
    return TopLevel(
        authed_shop_list=rows[(page - 1) * size : page * size],
        more=len(rows) > page * size,
    )


def give_code(state: State, shop_id: int) -> str:
    """The seller said yes: a one-time code; push code 1 tells."""
    code = state.random_name()
    expires_at = time.time() + state.settings.code_seconds
    state.codes.put(code, {"shop_id": shop_id, "expires_at": expires_at})
    pushes.announce(state, shop_id=shop_id, code=1, data={"shop_id": shop_id, "success": 1})
    return code


def expire(state: State, *, shop_id: int | None = None, refresh_too: bool = False) -> None:
    """Make tokens expire now: of one shop or of all."""
    for table in (state.access_tokens, state.refresh_tokens) if refresh_too else (state.access_tokens,):
        for token, known in table.items():
            if shop_id in (None, known["shop_id"]):
                known["expires_at"] = 0
                table.keep(token)


def revoke(state: State, *, shop_id: int) -> None:
    """The seller takes the permission back: all tokens die, push code 2 tells."""
    state.grants.drop(shop_id)
    for table in (state.access_tokens, state.refresh_tokens):
        for token in [token for token, known in table.items() if known["shop_id"] == shop_id]:
            table.drop(token)
    pushes.announce(state, shop_id=shop_id, code=2, data={"shop_id": shop_id, "success": 1})


def _consent(state: State) -> Response | str:
    with state.changing():
        try:
            check_app(state, LINK, request.args)
        except Refused as refusal:
            return Response(str(refused(refusal)), 403, content_type="text/plain")
        target = request.args.get("redirect", "")
        if urlsplit(target).scheme not in ("http", "https"):
            return Response("error_param: redirect", 400, content_type="text/plain")
        if request.method == "GET":
            return render_template("consent.html", shops=state.shops, grants=state.grants)
        shop_id = request.form.get("shop_id", type=int)
        if shop_id not in state.shops:
            return Response("invalid_shop_id", 400, content_type="text/plain")
        glue = "&" if urlsplit(target).query else "?"
        given = {"code": give_code(state, shop_id), "shop_id": shop_id}
        return redirect(f"{target}{glue}{urlencode(given)}")


def _own_partner(call: Call) -> None:
    if call.sent("partner_id", int) != call.state.settings.partner_id:
        raise Refused("invalid_partner_id", "partner_id is invalid")


def _retire(state: State, shop_id: int) -> None:
    """Refresh tokens of the shop are spent; access tokens keep at most the overlap. The long dead go."""
    now = time.time()
    for token, known in list(state.access_tokens.items()):
        if known["expires_at"] < now - 86400:
            state.access_tokens.drop(token)
        elif known["shop_id"] == shop_id:
            known["expires_at"] = min(known["expires_at"], now + state.settings.overlap_seconds)
            state.access_tokens.keep(token)
    for token, known in list(state.refresh_tokens.items()):
        if known["expires_at"] < now - 86400:
            state.refresh_tokens.drop(token)
        elif known["shop_id"] == shop_id:
            known["used"] = True
            state.refresh_tokens.keep(token)


def _new_pair(state: State, shop_id: int, *, about: dict) -> TopLevel:
    settings, now = state.settings, time.time()
    access, refresh_token = state.random_name(), state.random_name()
    state.access_tokens.put(access, {"shop_id": shop_id, "expires_at": now + settings.access_seconds})
    state.refresh_tokens.put(
        refresh_token, {"shop_id": shop_id, "expires_at": now + settings.refresh_seconds, "used": False}
    )
    return TopLevel(access_token=access, refresh_token=refresh_token, expire_in=int(settings.access_seconds), **about)
