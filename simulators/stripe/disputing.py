"""Disputes: a buyer's bank takes the money back, and perhaps returns it."""

from simulators.stripe import events, listing
from simulators.stripe.paying import NotPossible
from simulators.stripe.world import Call, Json, new_id

_ANSWER_WITHIN = 7 * 24 * 3600


def open_dispute(call: Call, charge: Json, *, amount: int | None = None, reason: str = "fraudulent") -> Json:
    """The bank takes `amount` minor units (default: all not refunded). Raises NotPossible."""
    left = charge["amount_captured"] - charge["amount_refunded"]
    wanted = left if amount is None else amount
    if charge["disputed"] or not 0 < wanted <= left:
        raise NotPossible("nothing on this charge can be disputed (again)")
    dispute = {
        "id": new_id("du_"),
        "object": "dispute",
        "amount": wanted,
        "charge": charge["id"],
        "created": call.now,
        "currency": charge["currency"],
        "evidence_details": {
            "due_by": call.now + _ANSWER_WITHIN,
            "has_evidence": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "status": "needs_response",
    }
    call.account.kind("dispute")[dispute["id"]] = dispute
    charge["disputed"] = True
    events.emit(call, "charge.dispute.created", dispute)
    events.emit(call, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def close_dispute(call: Call, dispute: Json, outcome: str) -> None:
    """`won` gives the money back to the shop, `lost` does not. Raises NotPossible."""
    if outcome not in ("won", "lost") or dispute["status"] in ("won", "lost"):
        raise NotPossible(f"a dispute that is {dispute['status']} cannot become {outcome}")
    dispute["status"] = outcome
    if outcome == "won":
        listing.get(call.account, "charge", dispute["charge"])["_dispute_won"] = True
        events.emit(call, "charge.dispute.funds_reinstated", dispute)
    events.emit(call, "charge.dispute.closed", dispute)


def retrieve(call: Call, dispute_id: str) -> Json:
    return listing.public(listing.get(call.account, "dispute", dispute_id))


def list_disputes(call: Call) -> Json:
    charge, intent = call.params.text("charge"), call.params.text("payment_intent")
    return listing.page(
        call,
        "dispute",
        url="/v1/disputes",
        keep=lambda row: charge in (None, row["charge"]) and intent in (None, row["payment_intent"]),
    )
