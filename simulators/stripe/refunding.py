"""Refunds: partial, several, never more than was taken, and some fail days later."""

from simulators.stripe import checkout, events, listing
from simulators.stripe.amounts import shown
from simulators.stripe.errors import StripeError
from simulators.stripe.paying import NotPossible
from simulators.stripe.world import Call, Json, new_id

_REASONS = ("duplicate", "fraudulent", "requested_by_customer")


def create(call: Call) -> Json:
    params = call.params
    params.refuse("reverse_transfer", "refund_application_fee", "origin", "customer", "currency", "instructions_email")
    charge_id, intent_id = params.text("charge"), params.text("payment_intent")
    amount = params.integer("amount", minimum=1)
    reason = params.text("reason", choices=_REASONS)
    metadata = params.metadata()
    params.finish()
    charge = _charge(call, charge_id, intent_id)
    return listing.public(refund(call, charge, amount=amount, reason=reason, metadata=metadata))


def refund(
    call: Call,
    charge: Json,
    *,
    amount: int | None = None,
    reason: str | None = None,
    metadata: dict | None = None,
) -> Json:
    """Give back `amount` minor units, or all that is left. Raises StripeError when more is asked."""
    left = charge["amount_captured"] - charge["amount_refunded"]
    if charge["disputed"] and not charge.get("_dispute_won"):
        raise StripeError(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.",
            code="charge_disputed",
            saved=True,
        )
    if left == 0:
        raise StripeError(
            f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded", saved=True
        )
    if amount is not None and amount > left:
        raise StripeError(
            f"Refund amount ({shown(amount, charge['currency'])}) is greater than unrefunded amount on "
            f"charge ({shown(left, charge['currency'])})",
            param="amount",
            saved=True,
        )
    row = {
        "id": new_id("re_"),
        "object": "refund",
        "amount": left if amount is None else amount,
        "balance_transaction": None,
        "charge": charge["id"],
        "created": call.now,
        "currency": charge["currency"],
        "metadata": metadata or {},
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": call.world.behaviour["refunds"],
        "transfer_reversal": None,
    }
    call.account.kind("refund")[row["id"]] = row
    _move(call, charge, row["amount"])
    events.emit(call, "refund.created", row)
    events.emit(call, "charge.refunded", charge)
    return row


def decide(call: Call, row: Json, outcome: str) -> None:
    """The bank's late word: `succeeded` for a pending refund, `failed` for a pending or a succeeded one.

    Raises NotPossible, and then nothing has changed.
    """
    before = row["status"]
    allowed = {"pending": ("succeeded", "failed"), "succeeded": ("failed",)}.get(before, ())
    if outcome not in allowed:
        raise NotPossible(f"a refund that is {before} cannot become {outcome}")
    row["status"] = outcome
    if outcome == "failed":
        row["failure_reason"] = "expired_or_canceled_card"
        charge = listing.get(call.account, "charge", row["charge"])
        _move(call, charge, -row["amount"])
    events.emit(call, "refund.updated", row, previous={"status": before})
    events.emit(call, "charge.refund.updated", row, previous={"status": before})
    if outcome == "failed":
        events.emit(call, "refund.failed", row)


def retrieve(call: Call, refund_id: str) -> Json:
    return listing.public(listing.get(call.account, "refund", refund_id))


def update(call: Call, refund_id: str) -> Json:
    row = listing.get(call.account, "refund", refund_id)
    changes = call.params.metadata()
    call.params.finish()
    checkout.merge_metadata(row, changes)
    events.emit(call, "refund.updated", row)
    return listing.public(row)


def list_refunds(call: Call) -> Json:
    charge, intent = call.params.text("charge"), call.params.text("payment_intent")
    return listing.page(
        call,
        "refund",
        url="/v1/refunds",
        keep=lambda row: charge in (None, row["charge"]) and intent in (None, row["payment_intent"]),
    )


def _charge(call: Call, charge_id: str | None, intent_id: str | None) -> Json:
    if charge_id:
        charge = listing.get(call.account, "charge", charge_id, param="charge", status=404)
        if intent_id and charge["payment_intent"] != intent_id:
            raise StripeError("The charge does not belong to that payment_intent.", param="payment_intent")
    elif intent_id:
        intent = listing.get(call.account, "payment_intent", intent_id, param="payment_intent", status=404)
        charge = call.account.kind("charge").get(intent["latest_charge"] or "", {})
    else:
        raise StripeError("One of the following params should be provided for this request: payment_intent or charge.")
    if charge.get("status") != "succeeded":
        raise StripeError(
            f"This {'Charge' if charge_id else 'PaymentIntent'} ({charge_id or intent_id}) does not have a "
            "successful charge to refund.",
            code="payment_intent_unexpected_state",
            saved=True,
        )
    return charge


def _move(call: Call, charge: Json, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    call.world.changed()
