"""Pages for people: the shops, a listing with its buy form, the order, the seller's view."""

from datetime import datetime, timedelta, timezone
from functools import partial

from flask import Flask, Response, abort, redirect, render_template, request

from simulators.shopee import control, items, orders, taxonomy, tokens
from simulators.shopee.state import State

WIB = timezone(timedelta(hours=7))
STATUS_NAMES = {
    "UNPAID": "Belum dibayar",
    "READY_TO_SHIP": "Perlu dikirim",
    "PROCESSED": "Sudah diatur",
    "SHIPPED": "Dalam perjalanan",
    "TO_CONFIRM_RECEIVE": "Sampai, menunggu konfirmasi",
    "COMPLETED": "Selesai",
    "IN_CANCEL": "Pembatalan diajukan",
    "CANCELLED": "Dibatalkan",
    "NORMAL": "Tayang",
    "UNLIST": "Diarsipkan",
    "BANNED": "Diblokir",
    "REVIEWING": "Ditinjau",
    "SELLER_DELETE": "Dihapus",
}


def add_pages(app: Flask, state: State) -> None:
    app.jinja_env.filters |= {"rupiah": _rupiah, "clock": _clock, "status": _status_name}
    for rule, method, view in (
        ("/", "GET", _shops),
        ("/shop/<int:shop_id>/", "GET", _shop),
        ("/item/<int:item_id>/", "GET", _item),
        ("/item/<int:item_id>/", "POST", _buy),
        ("/sku/<int:shop_id>/<path:sku>/", "GET", _by_sku),
        ("/order/<order_sn>/", "GET", _order),
        ("/order/<order_sn>/<step>", "POST", _step),
        ("/seller/<int:shop_id>/", "GET", _seller),
        ("/seller/<int:shop_id>/revoke", "POST", _revoke),
    ):
        name = f"{method} {rule}"
        app.add_url_rule(rule, name.replace(".", ""), partial(_locked, state, view), methods=[method])


def _locked(state: State, view, **parts):
    with state.changing():
        return view(state, **parts)


def _shops(state: State) -> str:
    counts = {shop_id: len(_live(state, shop_id)) for shop_id in state.shops}
    return render_template("shops.html", shops=state.shops, counts=counts, grants=state.grants)


def _shop(state: State, shop_id: int) -> str:
    name = state.shops.get(shop_id) or abort(404)
    return render_template("shop.html", shop_id=shop_id, name=name, items=_live(state, shop_id))


def _item(state: State, item_id: int, problem: str = "", status: int = 200) -> tuple[str, int]:
    item = state.items.get(item_id) or abort(404)
    if item["item_status"] == "SELLER_DELETE":
        abort(404)
    named = [(model, items.model_name(item, model)) for model in item["models"]]
    parent, _, category = taxonomy.CATEGORIES[item["category_id"]]
    trail = [taxonomy.CATEGORIES[parent][2], category] if parent else [category]
    page = render_template(
        "item.html",
        item=item,
        models=named,
        chosen=request.values.get("model_id", type=int),
        total=sum(model["stock"] for model in item["models"]),
        shop=state.shops[item["shop_id"]],
        trail=trail,
        problem=problem,
    )
    return page, status


def _buy(state: State, item_id: int) -> Response | tuple[str, int]:
    form = request.form
    try:
        order = orders.place(
            state,
            item_id=item_id,
            model_id=form.get("model_id", 0, type=int),
            quantity=form.get("quantity", 0, type=int),
            paid=form.get("payment") != "later",
            note=form.get("note", "")[:200],
        )
    except orders.NotPossible as reason:
        return _item(state, item_id, problem=str(reason), status=409)
    return redirect(f"/order/{order['order_sn']}/", 303)


def _by_sku(state: State, shop_id: int, sku: str) -> Response:
    """A stable address for a SKU, whatever id the listing got."""
    found = control.find_by_sku(state, sku, shop_id=shop_id) or abort(404)
    return redirect(f"/item/{found[0]}/?model_id={found[1]}")


def _order(state: State, order_sn: str, problem: str = "", status: int = 200) -> tuple[str, int]:
    order = state.orders.get(order_sn) or abort(404)
    shop = state.shops[order["shop_id"]]
    return render_template("order.html", order=order, shop=shop, problem=problem), status


def _step(state: State, order_sn: str, step: str) -> Response | tuple[str, int]:
    order, action = state.orders.get(order_sn) or abort(404), control.STEPS.get(step) or abort(404)
    try:
        action(state, order)
    except orders.NotPossible as reason:
        return _order(state, order_sn, problem=str(reason), status=409)
    return redirect(f"/order/{order_sn}/", 303)


def _seller(state: State, shop_id: int) -> str:
    name = state.shops.get(shop_id) or abort(404)
    own = [item for item in reversed(state.items.values()) if item["shop_id"] == shop_id]
    sold = [order for order in reversed(state.orders.values()) if order["shop_id"] == shop_id]
    pushed = [push for push in reversed(state.pushes.values()) if push["shop_id"] == shop_id]
    calls = [call for call in reversed(state.calls) if call["shop_id"] == shop_id]
    return render_template(
        "seller.html",
        shop_id=shop_id,
        name=name,
        grant=state.grants.get(shop_id),
        items=own,
        orders=sold[:50],
        pushes=pushed[:50],
        calls=calls[:50],
    )


def _revoke(state: State, shop_id: int) -> Response:
    if shop_id in state.grants:
        tokens.revoke(state, shop_id=shop_id)
    return redirect(f"/seller/{shop_id}/", 303)


def _live(state: State, shop_id: int) -> list[dict]:
    return [
        item
        for item in reversed(state.items.values())
        if item["shop_id"] == shop_id and item["item_status"] == "NORMAL"
    ]


def _rupiah(amount: int) -> str:
    return "Rp" + f"{amount:,}".replace(",", ".")


def _clock(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, WIB):%d/%m/%Y %H.%M.%S} WIB" if seconds else "–"


def _status_name(status: str) -> str:
    return STATUS_NAMES.get(status, status)
