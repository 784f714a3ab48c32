"""/_control/: what a test forces without clicking. JSON in, JSON out; 400 with the reason for a refusal."""

import time
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from simulators.stripe import accounts, checkout, disputing, events, forging, listing, paying, refunding
from simulators.stripe.errors import StripeError
from simulators.stripe.world import BEHAVIOUR, Account, Call, Json, World

Command = Callable[[World, Json], Any]


class NotFound(LookupError):
    """No account has such an object."""


def blueprint(world: World) -> Blueprint:
    """POST each of COMMANDS, GET each of QUESTIONS. `/_control/faults` is installed with the faults."""
    pages = Blueprint("control", __name__, url_prefix="/_control")
    for name, question in QUESTIONS.items():
        pages.add_url_rule(f"/{name}", f"get_{name}", _view(world, question), methods=["GET"])
    for name, command in COMMANDS.items():
        pages.add_url_rule(f"/{name}", f"post_{name}", _view(world, command), methods=["POST"])
    return pages


def call_on(world: World, object_id: str, kind: str) -> tuple[Call, Json]:
    """The object of this id and kind, ready to work on. Raises NotFound."""
    account, row = world.find(object_id) or (None, None)
    if account is None or row is None or row["object"] != kind:
        raise NotFound(f"no {kind} {object_id!r}")
    return Call(world, account), row


def charge_on(world: World, object_id: str) -> tuple[Call, Json]:
    """The charge that a session, payment intent or charge id leads to. Raises NotFound."""
    account, row = world.find(object_id) or (None, None)
    if account is None or row is None:
        raise NotFound(f"no object {object_id!r}")
    if row["object"] == "checkout.session":
        row = account.kind("payment_intent").get(row["payment_intent"] or "", {})
    if row.get("object") == "payment_intent":
        row = account.kind("charge").get(row["latest_charge"] or "", {})
    if row.get("object") != "charge" or row["status"] != "succeeded":
        raise NotFound(f"{object_id!r} has no successful charge")
    return Call(world, account), row


def _view(world: World, command: Command) -> Callable[[], Any]:
    def view() -> Response | tuple[Response, int]:
        asked = request.get_json(silent=True) or {}
        try:
            if command in _OWN_LOCK:
                return jsonify(command(world, asked))
            with world.lock:
                return jsonify(command(world, asked))
        except KeyError as missing:
            return jsonify(error=f"missing {missing}"), 400
        except NotFound as error:
            return jsonify(error=str(error)), 404
        except (ValueError, TypeError, StripeError) as error:
            return jsonify(error=str(error)), 400

    return view


def _health(world: World, asked: Json) -> Json:
    return {"ok": True, "simulator": "stripe", "accounts": len(world.accounts)}


def _state(world: World, asked: Json) -> Json:
    return {
        "accounts": [
            {
                **_shown(account),
                "objects": {
                    kind: [listing.public(row) for row in rows.values()] for kind, rows in account.objects.items()
                },
            }
            for account in world.accounts.values()
        ],
        "deliveries": world.deliveries,
        "attempts": world.attempts,
        "behaviour": world.behaviour,
        "now": world.now(),
    }


def _list_accounts(world: World, asked: Json) -> list[Json]:
    return [_shown(account) for account in world.accounts.values()]


def _register(world: World, asked: Json) -> Json:
    """{secret_key, webhook_secret?, webhook_url?, name?, account_id?, platform_key?}"""
    return _shown(accounts.register(world, **asked))


def _roll_secret(world: World, asked: Json) -> Json:
    """{secret_key, webhook_secret, keep_old?}: while the old one is kept, notices carry two signatures."""
    account = world.by_key(asked["secret_key"])
    if account is None or not account.endpoints:
        raise NotFound("no such account with a webhook")
    old = account.endpoints[0]["secrets"][:1] if asked.get("keep_old") else []
    account.endpoints[0]["secrets"] = [asked["webhook_secret"], *old]
    return _shown(account)


def _reset(world: World, asked: Json) -> Json:
    """{accounts?: true} forgets the accounts too; without it they stay, empty."""
    world.deliveries.clear()
    world.attempts.clear()
    world.behaviour.update(BEHAVIOUR)
    world.faults.switch_on([])
    world.clock_offset = 0
    for account in world.accounts.values():
        account.objects.clear()
        account.idempotency.clear()
    if asked.get("accounts"):
        world.accounts.clear()
    world.changed()
    return {"ok": True}


def _behaviour(world: World, asked: Json) -> Json:
    """{webhooks?, duplicates?, reorder?, refunds?, rate_limit?}"""
    for name, value in asked.items():
        if name not in BEHAVIOUR or type(value) is not type(BEHAVIOUR[name]):
            raise ValueError(f"unknown behaviour {name}={value!r}; known: {BEHAVIOUR}")
    world.behaviour.update(asked)
    world.changed()
    return world.behaviour


def _clock(world: World, asked: Json) -> Json:
    """{advance: seconds}: only forward, as clocks go."""
    if asked["advance"] < 0:
        raise ValueError("the clock only goes forward; reset brings it back")
    world.clock_offset += int(asked["advance"])
    checkout.expire_due(world)
    return {"now": world.now()}


def _pay(world: World, asked: Json) -> Json:
    """{session, outcome: paid | declined | later | settle | fail}"""
    checkout.expire_due(world)
    call, session = call_on(world, asked["session"], "checkout.session")
    paying.pay(call, session, asked.get("outcome", "paid"))
    return listing.public(session)


def _expire(world: World, asked: Json) -> Json:
    """{session}"""
    call, session = call_on(world, asked["session"], "checkout.session")
    return checkout.expire(call, session["id"])


def _refund(world: World, asked: Json) -> Json:
    """{of: session, payment intent or charge, amount?}: as if made in Stripe's dashboard"""
    call, charge = charge_on(world, asked["of"])
    return listing.public(refunding.refund(call, charge, amount=asked.get("amount")))


def _decide_refund(world: World, asked: Json) -> Json:
    """{refund, outcome: succeeded | failed}"""
    call, row = call_on(world, asked["refund"], "refund")
    refunding.decide(call, row, asked["outcome"])
    return listing.public(row)


def _dispute(world: World, asked: Json) -> Json:
    """{of: session, payment intent or charge, amount?, reason?}"""
    call, charge = charge_on(world, asked["of"])
    reason = asked.get("reason", "fraudulent")
    return listing.public(disputing.open_dispute(call, charge, amount=asked.get("amount"), reason=reason))


def _close_dispute(world: World, asked: Json) -> Json:
    """{dispute, outcome: won | lost}"""
    call, row = call_on(world, asked["dispute"], "dispute")
    disputing.close_dispute(call, row, asked["outcome"])
    return listing.public(row)


def _tamper(world: World, asked: Json) -> Json:
    """{id, set: {...}}: make Stripe's own memory wrong, for shops that must notice"""
    _, row = world.find(asked["id"]) or (None, None)
    if row is None:
        raise NotFound(f"no object {asked['id']!r}")
    row.update(asked["set"])
    world.changed()
    return listing.public(row)


def _resend(world: World, asked: Json) -> Json:
    """{event, times?}: the same notice again, newly signed"""
    call, event = call_on(world, asked["event"], "event")
    for owner, endpoint in events.listeners(world, call.account, event["type"]):
        events.queue(world, owner, endpoint, event, call.account, copies=int(asked.get("times", 1)))
    world.changed()
    return listing.public(event)


def _settled(world: World, asked: Json) -> Json:
    """{seconds?: 5}: wait until no notice is on its way; `idle` tells whether that came true."""
    until = time.monotonic() + float(asked.get("seconds", 5))
    while time.monotonic() < until:
        with world.lock:
            if not world.deliveries:
                return {"idle": True}
        time.sleep(0.01)
    return {"idle": False}


def _shown(account: Account) -> Json:
    return {
        "id": account.id,
        "name": account.name,
        "secret_key": account.secret_key,
        "platform": account.platform,
        "endpoints": account.endpoints,
    }


QUESTIONS: dict[str, Command] = {"health": _health, "state": _state, "accounts": _list_accounts}
COMMANDS: dict[str, Command] = {
    "accounts": _register,
    "accounts/roll_secret": _roll_secret,
    "reset": _reset,
    "behaviour": _behaviour,
    "clock": _clock,
    "pay": _pay,
    "expire": _expire,
    "refund": _refund,
    "refund/decide": _decide_refund,
    "dispute": _dispute,
    "dispute/close": _close_dispute,
    "tamper": _tamper,
    "webhooks/resend": _resend,
    "webhooks/forge": forging.forge,
    "webhooks/wait": _settled,
}
_OWN_LOCK = (forging.forge, _settled)  # these wait for others and must not hold the lock
