"""The gate every call passes: who calls, when, signed how, with which token, how often.

Handlers register themselves with `shop_call` or `public_call` and get a `Call` that has passed.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from flask import Flask, Response, g, request
from werkzeug.datastructures import FileStorage, MultiDict

from simulators.shopee import envelope, signing
from simulators.shopee.asking import Asked
from simulators.shopee.envelope import Refused
from simulators.shopee.state import State

CLOCK_WINDOW_SECONDS = 300
PREFIXED_MODULES = ("logistics", "order", "product")
_ROUTES: list[tuple[str, str, bool, Callable]] = []


@dataclass
class Call(Asked):
    """One call that has passed the gate. `shop_id` is 0 for public calls; `now` in epoch seconds."""

    state: State
    path: str
    now: int
    shop_id: int
    query: MultiDict
    body: dict
    files: list[FileStorage] = field(default_factory=list)


def shop_call(method: str, path: str) -> Callable:
    """Register a handler that needs access token and shop."""
    return partial(_register, method, f"/api/v2/{path}", True)


def public_call(method: str, path: str) -> Callable:
    """Register a handler signed with the short base."""
    return partial(_register, method, f"/api/v2/{path}", False)


def open_gate(app: Flask, state: State) -> None:
    """Add every registered call to `app`."""
    for method, path, for_shop, handler in _ROUTES:
        app.add_url_rule(path, path, partial(_pass, state, for_shop, handler), methods=[method])


def check_app(state: State, path: str, query: MultiDict, *, access_token: str = "", shop_id: str = "") -> None:
    """The application, the time and the signature. Raises Refused."""
    if query.get("partner_id") != str(state.settings.partner_id):
        raise Refused("error_auth", "partner_id is invalid")
    timestamp = query.get("timestamp", "")
    if not timestamp.isdigit():
        raise Refused("error_param", "no timestamp")
    if "sign" not in query:
        raise Refused("error_param", "There is no sign in query.")
    skew = state.faults.strikes("clock_skew", path)
    now = state.now() + (600 if skew and skew.seconds is None else skew.seconds if skew else 0)
    if abs(now - int(timestamp)) > CLOCK_WINDOW_SECONDS:
        raise Refused("error_param", "Timestamp is expired.")
    base = signing.base_string(
        partner_id=state.settings.partner_id,
        path=path,
        timestamp=int(timestamp),
        access_token=access_token,
        shop_id=shop_id,
    )
    if not signing.same(query["sign"], signing.sign(key=state.settings.partner_key, base=base)):
        raise Refused("error_sign", "Wrong sign.")


def _register(method: str, path: str, for_shop: bool, handler: Callable) -> Callable:
    _ROUTES.append((method, path, for_shop, handler))
    return handler


def _pass(state: State, for_shop: bool, handler: Callable) -> Response:
    with state.changing():
        try:
            shop_id = _check(state, for_shop)
            files = request.files.getlist("image")
            call = Call(state, request.path, state.now(), shop_id, request.args, _body(), files)
            answer = envelope.accepted(_work(handler, call))
        except Refused as refusal:
            answer = envelope.refused(refusal)
    g.platform_error = answer["error"]
    return Response(json.dumps(answer, ensure_ascii=False), content_type="application/json")


def _work(handler: Callable, call: Call) -> dict:
    """Parameter errors of a module carry its name: product.error_param."""
    try:
        return handler(call)
    except Refused as refusal:
        module = call.path.split("/")[3]
        if refusal.error == "error_param" and module in PREFIXED_MODULES:
            refusal.error = f"{module}.error_param"
        raise


def _check(state: State, for_shop: bool) -> int:
    if not for_shop:
        check_app(state, request.path, request.args)
        return 0
    token, shop_id = request.args.get("access_token", ""), request.args.get("shop_id", "")
    check_app(state, request.path, request.args, access_token=token, shop_id=shop_id)
    if not shop_id.isdigit() or int(shop_id) not in state.grants:
        raise Refused("error_auth", "no linked")
    known = state.access_tokens.get(token)
    if (
        not known
        or known["shop_id"] != int(shop_id)
        or known["expires_at"] <= time.time()
        or state.faults.strikes("token_expired", request.path)
    ):
        raise Refused("error_auth", "Invalid access_token.")
    _take_turn(state, int(shop_id))
    return int(shop_id)


def _take_turn(state: State, shop_id: int) -> None:
    """A token bucket per shop that holds one second's worth of calls, at least one."""
    rate = state.settings.rate_limit
    if not rate:
        return
    now, size = time.monotonic(), max(1.0, rate)
    level, filled_at = state.buckets.get(shop_id, (size, now))
    level = min(size, level + (now - filled_at) * rate)
    if level < 1:
        state.buckets[shop_id] = (level, now)
        raise Refused("error_rate_limit", "The request rate of this shop is above its limit.")
    state.buckets[shop_id] = (level - 1, now)


def _body() -> dict:
    if request.method != "POST" or request.mimetype == "multipart/form-data":
        return {}
    if request.mimetype != "application/json":
        raise Refused("error_param", "Content-Type must be application/json")
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise Refused("error_param", "The request body is not a JSON object.")
    return body
