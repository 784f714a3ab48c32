"""Lists, single objects and `expand` as the API gives them out."""

import copy
from collections.abc import Callable
from typing import Any

from simulators.stripe.errors import StripeError, resource_missing
from simulators.stripe.params import Params
from simulators.stripe.world import Account, Call, Json

_NOUNS = {
    "checkout.session": "checkout session",
    "payment_intent": "payment_intent",
    "charge": "charge",
    "refund": "refund",
    "dispute": "dispute",
    "event": "event",
}
_EXPANDS = {"payment_intent": "payment_intent", "latest_charge": "charge", "charge": "charge"}


def get(account: Account, kind: str, wanted: str, *, param: str = "id", status: int = 404) -> Json:
    """The stored object itself. Raises StripeError resource_missing, also when another account has it."""
    try:
        return account.kind(kind)[wanted]
    except KeyError:
        raise resource_missing(_NOUNS[kind], wanted, param=param, status=status) from None


def page(call: Call, kind: str, *, url: str, keep: Callable[[Json], bool] = lambda row: True) -> Json:
    """One page, newest first, by `limit`, `starting_after`, `ending_before` and `created`."""
    params = call.params
    limit = params.integer("limit", minimum=1, maximum=100) or 10
    after, before = params.text("starting_after"), params.text("ending_before")
    in_time = _created_filter(params)
    rows = [r for r in reversed(list(call.account.kind(kind).values())) if keep(r) and in_time(r)]
    ids = [row["id"] for row in rows]
    if after:
        get(call.account, kind, after, param="starting_after", status=400)
        rows = rows[ids.index(after) + 1 :] if after in ids else []
    if before:
        get(call.account, kind, before, param="ending_before", status=400)
        rows = rows[: ids.index(before)] if before in ids else []
    shown = rows[-limit:] if before else rows[:limit]
    return {
        "object": "list",
        "url": url,
        "has_more": len(rows) > limit,
        "data": [public(row) for row in shown],
    }


def public(row: Json) -> Json:
    """A copy without what only the simulator knows (names that begin with an underscore)."""
    return {name: copy.deepcopy(value) for name, value in row.items() if not name.startswith("_")}


def expanded(account: Account, body: Json, paths: list[str]) -> Json:
    """Replace ids by objects along each path, such as `payment_intent.latest_charge`."""
    for path in paths:
        _expand(account, body, path.split("."), path)
    return body


def _expand(account: Account, body: Any, steps: list[str], path: str) -> None:
    if isinstance(body, list):
        for row in body:
            _expand(account, row, steps, path)
    elif body is not None:
        body[steps[0]] = _opened(account, body, steps[0], path)
        if steps[1:]:
            _expand(account, body[steps[0]], steps[1:], path)


def _opened(account: Account, body: Json, step: str, path: str) -> Any:
    if step == "line_items" and body.get("object") == "checkout.session":
        return line_items(account, body["id"])
    if step == "data" and body.get("object") == "list":
        return body[step]
    if step not in _EXPANDS or step not in body:
        raise StripeError(f"This property cannot be expanded ({path}).", param="expand", saved=True)
    value = body[step]
    return public(get(account, _EXPANDS[step], value)) if isinstance(value, str) else value


def line_items(account: Account, session_id: str) -> Json:
    rows = get(account, "checkout.session", session_id)["_line_items"]
    return {
        "object": "list",
        "url": f"/v1/checkout/sessions/{session_id}/line_items",
        "has_more": False,
        "data": copy.deepcopy(rows),
    }


def _created_filter(params: Params) -> Callable[[Json], bool]:
    window = params.group("created") if isinstance(params.raw("created"), dict) else None
    if window is None:
        exactly = params.integer("created")
        return lambda row: exactly is None or row["created"] == exactly
    gt, gte = window.integer("gt"), window.integer("gte")
    lt, lte = window.integer("lt"), window.integer("lte")
    return lambda row: (
        (gt is None or row["created"] > gt)
        and (gte is None or row["created"] >= gte)
        and (lt is None or row["created"] < lt)
        and (lte is None or row["created"] <= lte)
    )
