"""The control addresses under /_control: for tests and for whoever shows the demo. Faults are in faults.py."""

from contextlib import suppress
from dataclasses import asdict

from flask import Flask, Response, jsonify, redirect, render_template, request

from simulators.faults import UnknownFault
from simulators.shopee import orders, tokens
from simulators.shopee.settings import CHANGEABLE
from simulators.shopee.state import State

STEPS = {"pay": orders.pay, "advance": orders.advance, "ask_to_cancel": orders.ask_to_cancel}


def add_control(app: Flask, state: State) -> None:
    app.add_url_rule("/_control/", "control", lambda: _page(state), methods=["GET", "POST"])
    app.add_url_rule("/_control/health", "health", lambda: jsonify(status="ok"))
    for name, action in (
        ("advance", _step),
        ("authorize", _authorize),
        ("buy", _buy),
        ("expire_tokens", _expire),
        ("reset", _reset),
        ("settings", _change_settings),
    ):
        app.add_url_rule(f"/_control/{name}", name, _locked(state, action), methods=["POST"])
    app.add_url_rule("/_control/state", "state", _locked(state, _dump))


def find_by_sku(state: State, sku: str, *, shop_id: int | None = None) -> tuple[int, int] | None:
    """(item id, model id) of the newest living listing with this item SKU or model SKU."""
    for item in reversed(state.items.values()):
        if item["item_status"] not in ("NORMAL", "UNLIST") or shop_id not in (None, item["shop_id"]):
            continue
        for model in item["models"]:
            if sku in (model["model_sku"], item["item_sku"]):
                return item["item_id"], model["model_id"]
    return None


def _locked(state: State, action):
    def run():
        with state.changing():
            return action(state)

    return run


def _page(state: State) -> str | Response:
    """The switches as a form, for people."""
    form, faults = request.form, state.faults
    if request.method == "POST":
        entry = {"fault": form.get("fault"), "path_prefix": form.get("path_prefix", "/api/")}
        entry |= {"times": form.get("times", type=int), "seconds": form.get("seconds", type=float)}
        lit = [{**fault, "hits": 0} for fault in faults.as_json() if fault["times"] != 0]
        with suppress(UnknownFault):
            faults.switch_on([] if form.get("action") == "clear" else [*lit, entry])
        return redirect("/_control/", 303)
    return render_template("control.html", faults=state.faults.as_json(), known=state.faults.known)


def _buy(state: State):
    """{"item_id", "model_id"} or {"sku"[, "shop_id"]}, "quantity", "paid": buys without the page."""
    wish = request.get_json()
    found = (wish.get("item_id"), wish.get("model_id", 0))
    if "sku" in wish:
        found = find_by_sku(state, wish["sku"], shop_id=wish.get("shop_id"))
    if not found:
        return jsonify(error="no such listing"), 404
    try:
        order = orders.place(
            state,
            item_id=found[0],
            model_id=found[1],
            quantity=wish.get("quantity", 1),
            paid=wish.get("paid", True),
        )
    except orders.NotPossible as reason:
        return jsonify(error=str(reason)), 409
    return jsonify(order)


def _step(state: State):
    """{"order_sn", "step": pay | advance | ask_to_cancel}."""
    wish = request.get_json()
    order, step = state.orders.get(wish.get("order_sn")), STEPS.get(wish.get("step", "advance"))
    if not order or not step:
        return jsonify(error="no such order or step"), 404
    try:
        step(state, order)
    except orders.NotPossible as reason:
        return jsonify(error=str(reason)), 409
    return jsonify(order)


def _authorize(state: State):
    """{"shop_id"}: a code as the consent page would give it, without the page."""
    shop_id = request.get_json().get("shop_id")
    if shop_id not in state.shops:
        return jsonify(error="no such shop"), 404
    return jsonify(code=tokens.give_code(state, shop_id), shop_id=shop_id)


def _expire(state: State):
    wish = request.get_json(silent=True) or {}
    tokens.expire(state, shop_id=wish.get("shop_id"), refresh_too=bool(wish.get("refresh_too")))
    return jsonify(done=True)


def _reset(state: State):
    state.reset()
    return jsonify(done=True)


def _change_settings(state: State):
    wish = request.get_json()
    if not set(wish) <= set(CHANGEABLE):
        return jsonify(error=f"changeable: {', '.join(CHANGEABLE)}"), 400
    for name, value in wish.items():
        setattr(state.settings, name, tuple(value) if isinstance(value, list) else value)
    state.buckets.clear()
    return jsonify({name: asdict(state.settings)[name] for name in CHANGEABLE})


def _dump(state: State):
    """Everything but the secrets: no token and no key leaves here."""
    return jsonify(
        items=list(state.items.values()),
        orders=list(state.orders.values()),
        pushes=list(state.pushes.values()),
        grants=[{"shop_id": shop_id, **grant} for shop_id, grant in state.grants.items()],
        calls=list(state.calls),
    )
