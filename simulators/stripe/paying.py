"""What the buyer or the bank does to a session: pays, is declined, pays later, settles, fails."""

from simulators.stripe import events, listing
from simulators.stripe.world import Call, Json, new_id

OUTCOMES = ("paid", "declined", "later", "settle", "fail")


class NotPossible(ValueError):
    """The session is not in a state in which this can happen."""


def pay(call: Call, session: Json, outcome: str) -> None:
    """Let one of OUTCOMES happen to the session. Raises NotPossible, and then nothing has changed."""
    if outcome not in OUTCOMES:
        raise NotPossible(f"unknown outcome {outcome!r}; known: {', '.join(OUTCOMES)}")
    waits_for_bank = session["status"] == "complete" and session["payment_status"] == "unpaid"
    if outcome in ("settle", "fail"):
        if not waits_for_bank or session.get("_bank_said_no"):
            raise NotPossible("this session does not wait for a bank transfer")
    elif session["status"] != "open" or session["expires_at"] <= call.now:
        raise NotPossible(f"this session is {session['status']}, not open")
    _DO[outcome](call, session)
    call.world.changed()


def _paid(call: Call, session: Json) -> None:
    intent = _intent(call, session, method="card")
    charge = _charge(call, intent, status="succeeded")
    _succeed(call, intent, charge)
    _complete(call, session, payment_status="paid")


def _declined(call: Call, session: Json) -> None:
    intent = _intent(call, session, method="card")
    charge = _charge(call, intent, status="failed")
    _decline(call, intent, charge, "card_declined", "Your card was declined.")


def _later(call: Call, session: Json) -> None:
    intent = _intent(call, session, method="customer_balance")
    _charge(call, intent, status="pending")
    intent["status"] = "processing"
    events.emit(call, "payment_intent.processing", intent)
    _complete(call, session, payment_status="unpaid")


def _settle(call: Call, session: Json) -> None:
    intent, charge = _open_payment(call, session)
    _succeed(call, intent, charge)
    session["payment_status"] = "paid"
    events.emit(call, "checkout.session.async_payment_succeeded", session)


def _fail(call: Call, session: Json) -> None:
    intent, charge = _open_payment(call, session)
    session["_bank_said_no"] = True
    _decline(call, intent, charge, "payment_intent_payment_attempt_failed", "The transfer did not arrive.")
    events.emit(call, "checkout.session.async_payment_failed", session)


def _intent(call: Call, session: Json, *, method: str) -> Json:
    """The payment intent of the session: made at the first attempt, reused after a declined card."""
    if session["payment_intent"]:
        intent = listing.get(call.account, "payment_intent", session["payment_intent"])
        intent.update(payment_method=new_id("pm_"), payment_method_types=[method], last_payment_error=None)
        return intent
    data = session["_payment"]
    intent_id = new_id("pi_")
    intent = {
        "id": intent_id,
        "object": "payment_intent",
        "amount": session["amount_total"],
        "amount_capturable": 0,
        "amount_received": 0,
        "application_fee_amount": data["application_fee_amount"],
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{intent_id}_secret_{new_id('')}",
        "confirmation_method": "automatic",
        "created": call.now,
        "currency": session["currency"],
        "customer": None,
        "description": data["description"],
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": dict(data["metadata"]),
        "next_action": None,
        "payment_method": new_id("pm_"),
        "payment_method_types": [method],
        "receipt_email": data["receipt_email"],
        "status": "requires_payment_method",
    }
    call.account.kind("payment_intent")[intent_id] = intent
    session["payment_intent"] = intent_id
    session["payment_method_types"] = [method]
    events.emit(call, "payment_intent.created", intent)
    return intent


def _charge(call: Call, intent: Json, *, status: str) -> Json:
    charge_id = new_id("ch_")
    charge = {
        "id": charge_id,
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0,
        "amount_refunded": 0,
        "application_fee_amount": intent["application_fee_amount"],
        "balance_transaction": None,
        "captured": False,
        "created": call.now,
        "currency": intent["currency"],
        "customer": None,
        "description": intent["description"],
        "disputed": False,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "payment_method_details": {"type": intent["payment_method_types"][0]},
        "receipt_email": intent["receipt_email"],
        "refunded": False,
        "status": status,
    }
    call.account.kind("charge")[charge_id] = charge
    intent["latest_charge"] = charge_id
    if status == "pending":
        events.emit(call, "charge.pending", charge)
    return charge


def _open_payment(call: Call, session: Json) -> tuple[Json, Json]:
    intent = listing.get(call.account, "payment_intent", session["payment_intent"])
    return intent, listing.get(call.account, "charge", intent["latest_charge"])


def _succeed(call: Call, intent: Json, charge: Json) -> None:
    charge.update(status="succeeded", paid=True, captured=True, amount_captured=charge["amount"])
    intent.update(status="succeeded", amount_received=intent["amount"], last_payment_error=None)
    events.emit(call, "charge.succeeded", charge)
    events.emit(call, "payment_intent.succeeded", intent)


def _decline(call: Call, intent: Json, charge: Json, code: str, message: str) -> None:
    charge.update(status="failed", failure_code=code, failure_message=message)
    intent.update(
        status="requires_payment_method",
        payment_method=None,
        last_payment_error={"type": "card_error", "code": code, "message": message, "charge": charge["id"]},
    )
    events.emit(call, "charge.failed", charge)
    events.emit(call, "payment_intent.payment_failed", intent)


def _complete(call: Call, session: Json, *, payment_status: str) -> None:
    session.update(status="complete", payment_status=payment_status, url=None)
    session["customer_details"] = {
        "email": session["customer_email"] or "pembeli@example.com",
        "name": "Pembeli",
    }
    events.emit(call, "checkout.session.completed", session)


_DO = {"paid": _paid, "declined": _declined, "later": _later, "settle": _settle, "fail": _fail}


def retrieve_intent(call: Call, intent_id: str) -> Json:
    call.params.allow("client_secret")
    return listing.public(listing.get(call.account, "payment_intent", intent_id, param="intent"))


def list_intents(call: Call) -> Json:
    customer = call.params.text("customer")
    return listing.page(
        call,
        "payment_intent",
        url="/v1/payment_intents",
        keep=lambda row: customer in (None, row["customer"]),
    )


def retrieve_charge(call: Call, charge_id: str) -> Json:
    return listing.public(listing.get(call.account, "charge", charge_id))


def list_charges(call: Call) -> Json:
    intent = call.params.text("payment_intent")
    return listing.page(call, "charge", url="/v1/charges", keep=lambda row: intent in (None, row["payment_intent"]))
