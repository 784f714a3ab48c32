"""The page on which a buyer pays: /pay/<session id>. No card is asked for; buttons choose what happens."""

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from simulators.stripe import checkout, paying
from simulators.stripe.world import Call, Json, World


def blueprint(world: World) -> Blueprint:
    pages = Blueprint("hosted", __name__)

    @pages.get("/pay/<session_id>")
    def show(session_id: str) -> str:
        return _page(world, session_id)

    @pages.post("/pay/<session_id>")
    def act(session_id: str) -> Response | AnyResponse | tuple[str, int]:
        return _act(world, session_id, request.form.get("outcome", ""))

    return pages


def return_address(session: Json) -> str:
    """Where the shop wants its buyer after paying."""
    return session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])


def _act(world: World, session_id: str, outcome: str) -> AnyResponse | tuple[str, int]:
    with world.lock:
        call, session = _found(world, session_id)
        try:
            paying.pay(call, session, outcome)
        except paying.NotPossible:
            return _page(world, session_id, too_late=True), 409
        paid = session["payment_status"] == "paid"
    # An awaited transfer stays here, so that the person finds the buttons that settle it or let it fail.
    return redirect(return_address(session) if paid else f"/pay/{session_id}", code=303)


def _page(world: World, session_id: str, *, too_late: bool = False) -> str:
    checkout.expire_due(world)
    with world.lock:
        call, session = _found(world, session_id)
        intent = call.account.kind("payment_intent").get(session["payment_intent"] or "")
        return render_template(
            "pay.html",
            session=session,
            shop=call.account.name,
            step=_step(session),
            declined=bool(intent and intent["last_payment_error"]) and session["status"] == "open",
            too_late=too_late,
            return_address=return_address(session),
        )


def _step(session: Json) -> str:
    """Which of the page's faces: open, paid, waiting, failed, expired."""
    if session["status"] != "complete":
        return session["status"]
    if session["payment_status"] == "paid":
        return "paid"
    return "failed" if session.get("_bank_said_no") else "waiting"


def _found(world: World, session_id: str) -> tuple[Call, Json]:
    account, session = world.find(session_id) or (None, None)
    if account is None or session is None or session["object"] != "checkout.session":
        abort(404)
    return Call(world, account), session
