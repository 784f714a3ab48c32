"""The operator's page: every session of every account, with the buttons that only Stripe or a bank has."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from simulators.stripe import checkout, control, disputing, paying, refunding
from simulators.stripe.errors import StripeError
from simulators.stripe.world import Account, Json, World

_SHOWN = 50  # newest sessions per account
_ATTEMPTS = 20


def blueprint(world: World) -> Blueprint:
    pages = Blueprint("dashboard", __name__)

    @pages.get("/")
    def show() -> str:
        return _page(world)

    @pages.post("/operator/<action>")
    def act(action: str) -> Response | tuple[str, int]:
        try:
            with world.lock:
                _ACTIONS[action](world, request.form["id"])
        except (KeyError, control.NotFound, paying.NotPossible, StripeError) as error:
            return _page(world, refused=str(error)), 409
        return redirect("/", code=303)

    return pages


def _page(world: World, *, refused: str = "") -> str:
    checkout.expire_due(world)
    with world.lock:
        return render_template(
            "operator.html",
            accounts=[(account, _rows(account)) for account in world.accounts.values()],
            attempts=list(reversed(world.attempts[-_ATTEMPTS:])),
            faults=[fault for fault in world.faults.as_json() if fault["times"] != 0],
            refused=refused,
        )


def _rows(account: Account) -> list[Json]:
    """One row per session: the session, what became of its money, and which buttons make sense."""
    rows = []
    for session in reversed(list(account.kind("checkout.session").values())[-_SHOWN:]):
        intent = account.kind("payment_intent").get(session["payment_intent"] or "", {})
        charge = account.kind("charge").get(intent.get("latest_charge") or "", {})
        refunds = [r for r in account.kind("refund").values() if r["charge"] == charge.get("id")]
        disputes = [d for d in account.kind("dispute").values() if d["charge"] == charge.get("id")]
        left = charge.get("amount_captured", 0) - charge.get("amount_refunded", 0)
        waits = session["status"] == "complete" and session["payment_status"] == "unpaid"
        rows.append(
            {
                "session": session,
                "refunds": refunds,
                "disputes": disputes,
                "left": left,
                "can_settle": waits and not session.get("_bank_said_no"),
                "can_refund": left > 0 and not charge.get("disputed"),
            }
        )
    return rows


def _refund(world: World, object_id: str) -> None:
    call, charge = control.charge_on(world, object_id)
    refunding.refund(call, charge)


def _dispute(world: World, object_id: str) -> None:
    call, charge = control.charge_on(world, object_id)
    disputing.open_dispute(call, charge)


def _expire(world: World, object_id: str) -> None:
    call, session = control.call_on(world, object_id, "checkout.session")
    checkout.expire(call, session["id"])


def _on(kind: str, do: Callable[..., Any], outcome: str) -> Callable[[World, str], None]:
    def act(world: World, object_id: str) -> None:
        call, row = control.call_on(world, object_id, kind)
        do(call, row, outcome)

    return act


_ACTIONS: dict[str, Callable[[World, str], None]] = {
    "settle": _on("checkout.session", paying.pay, "settle"),
    "fail": _on("checkout.session", paying.pay, "fail"),
    "expire": _expire,
    "refund": _refund,
    "refund-succeeds": _on("refund", refunding.decide, "succeeded"),
    "refund-fails": _on("refund", refunding.decide, "failed"),
    "dispute": _dispute,
    "dispute-won": _on("dispute", disputing.close_dispute, "won"),
    "dispute-lost": _on("dispute", disputing.close_dispute, "lost"),
}
