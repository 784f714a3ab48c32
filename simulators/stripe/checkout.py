"""Checkout Sessions: created by the shop, completed on the hosted page, expired by the clock or the shop."""

from simulators.stripe import amounts, events, listing
from simulators.stripe.errors import StripeError
from simulators.stripe.params import Params
from simulators.stripe.world import Account, Call, Json, World, new_id

SHORTEST = 30 * 60  # docs.stripe.com/api/checkout/sessions/create, expires_at
LONGEST = 24 * 3600
_MAX_LINES = 100

_NOT_SIMULATED = [
    "after_expiration",
    "branding_settings",
    "consent_collection",
    "custom_fields",
    "customer",
    "customer_account",
    "customer_update",
    "discounts",
    "managed_payments",
    "optional_items",
    "permissions",
    "return_url",
    "redirect_on_completion",
    "saved_payment_method_options",
    "setup_intent_data",
    "shipping_address_collection",
    "shipping_options",
    "subscription_data",
    "tax_id_collection",
    "wallet_options",
    "name_collection",
    "payment_method_data",
]
_WITHOUT_EFFECT = [
    "allow_promotion_codes",
    "allowed_payment_method_types",
    "billing_address_collection",
    "custom_text",
    "customer_creation",
    "excluded_payment_method_types",
    "integration_identifier",
    "origin_context",
    "payment_method_collection",
    "payment_method_configuration",
    "payment_method_options",
    "phone_number_collection",
    "submit_type",
]


def create(call: Call) -> Json:
    params = call.params
    mode = params.must("mode", choices=("payment", "setup", "subscription"))
    if mode != "payment":
        raise StripeError("The Stripe simulator only does mode=payment.", code="not_simulated", param="mode")
    params.refuse(*_NOT_SIMULATED)
    params.allow(*_WITHOUT_EFFECT)
    for name in ("adaptive_pricing", "automatic_tax", "invoice_creation"):
        switch = params.group(name)
        if switch and switch.boolean("enabled"):
            raise StripeError(f"The Stripe simulator does not do {name}.", code="not_simulated", param=name)
    lines, currency, total = _lines(params)
    amounts.check_total(total, currency)
    session_id = new_id("cs_test_")
    session = {
        "id": session_id,
        "object": "checkout.session",
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": params.url("cancel_url"),
        "client_reference_id": params.text("client_reference_id", maximum=200),
        "client_secret": None,
        "created": call.now,
        "currency": currency,
        "customer": None,
        "customer_details": None,
        "customer_email": params.text("customer_email", maximum=512),
        "expires_at": _expiry(params, call.now),
        "livemode": False,
        "locale": params.text("locale"),
        "metadata": params.metadata(),
        "mode": "payment",
        "payment_intent": None,
        "payment_link": None,
        "payment_method_types": ["card"],
        "payment_status": "unpaid",
        "recovered_from": None,
        "setup_intent": None,
        "shipping_cost": None,
        "status": "open",
        "submit_type": None,
        "subscription": None,
        "success_url": params.url("success_url", required=True),
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": params.text("ui_mode", choices=("hosted_page",)) or "hosted_page",
        "url": f"{call.base_url}/pay/{session_id}",
        "_line_items": lines,
        "_payment": _payment_data(call),
    }
    params.finish()
    call.account.kind("checkout.session")[session_id] = session
    call.world.changed()
    return listing.public(session)


def retrieve(call: Call, session_id: str) -> Json:
    return listing.public(listing.get(call.account, "checkout.session", session_id, param="session"))


def update(call: Call, session_id: str) -> Json:
    session = listing.get(call.account, "checkout.session", session_id, param="session")
    changes = call.params.metadata()
    call.params.finish()
    merge_metadata(session, changes)
    call.world.changed()
    return listing.public(session)


def list_sessions(call: Call) -> Json:
    wanted = {name: call.params.text(name) for name in ("payment_intent", "status", "customer", "payment_link")}

    def keep(session: Json) -> bool:
        return all(value is None or session[name] == value for name, value in wanted.items())

    return listing.page(call, "checkout.session", url="/v1/checkout/sessions", keep=keep)


def list_line_items(call: Call, session_id: str) -> Json:
    call.params.allow("limit", "starting_after", "ending_before")
    listing.get(call.account, "checkout.session", session_id, param="session")
    return listing.line_items(call.account, session_id)


def expire(call: Call, session_id: str) -> Json:
    session = listing.get(call.account, "checkout.session", session_id, param="session")
    call.params.finish()
    if session["status"] != "open":
        raise StripeError(
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a '
            f"status of {session['status']}.",
            saved=True,
        )
    close(call, session)
    return listing.public(session)


def close(call: Call, session: Json) -> None:
    """Open to expired, with the payment intent of a declined card cancelled."""
    session.update(status="expired", url=None)
    intent = call.account.kind("payment_intent").get(session["payment_intent"] or "")
    if intent:
        intent.update(status="canceled", canceled_at=call.now, cancellation_reason="automatic")
        events.emit(call, "payment_intent.canceled", intent)
    events.emit(call, "checkout.session.expired", session)


def expire_due(world: World) -> None:
    """Close every open session whose time is over. Holds the lock itself."""
    with world.lock:
        for account in world.accounts.values():
            for session in list(account.kind("checkout.session").values()):
                if session["status"] == "open" and session["expires_at"] <= world.now():
                    close(Call(world, account), session)


def merge_metadata(row: Json, changes: dict[str, str]) -> None:
    """An empty value removes its key."""
    merged = {**row["metadata"], **changes}
    row["metadata"] = {key: value for key, value in merged.items() if value != ""}


def _lines(params: Params) -> tuple[list[Json], str, int]:
    rows = params.rows("line_items")
    if not rows:
        raise StripeError("Missing required param: line_items.", code="parameter_missing", param="line_items")
    if len(rows) > _MAX_LINES:
        raise StripeError(f"At most {_MAX_LINES} line items.", param="line_items")
    lines = [_line(row) for row in rows]
    currencies = {line["currency"] for line in lines}
    wanted = params.text("currency")
    if len(currencies) > 1 or (wanted and wanted.lower() not in currencies):
        raise StripeError(
            "You must use the same currency for all line items.", code="currency_mismatch", param="line_items"
        )
    return lines, currencies.pop(), sum(line["amount_total"] for line in lines)


def _line(row: Params) -> Json:
    row.refuse("price", "tax_rates", "adjustable_quantity")
    row.allow("metadata")
    quantity = row.integer("quantity", required=True, minimum=1, maximum=999_999) or 0
    price = row.group("price_data", required=True) or Params({})
    price.refuse("product", "recurring", "unit_amount_decimal")
    price.allow("tax_behavior")
    product = price.group("product_data", required=True) or Params({})
    product.allow("images", "metadata", "tax_code", "tax_details", "unit_label")
    product.text("description", maximum=40_000)
    currency = amounts.currency(price.must("currency"), param=price.full("currency"))
    amount = (price.integer("unit_amount", required=True, minimum=0) or 0) * quantity
    return {
        "id": new_id("li_"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": currency,
        "description": product.must("name", maximum=250),
        "quantity": quantity,
    }


def _expiry(params: Params, now: int) -> int:
    wanted = params.integer("expires_at")
    if wanted is None:
        return now + LONGEST
    if wanted - now < SHORTEST:
        raise StripeError(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.",
            param="expires_at",
        )
    if wanted - now > LONGEST:
        raise StripeError(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    return wanted


def _payment_data(call: Call) -> Json:
    data = call.params.group("payment_intent_data") or Params({})
    data.refuse("on_behalf_of", "transfer_data", "transfer_group", "setup_future_usage", "shipping")
    data.text("capture_method", choices=("automatic", "automatic_async"))
    data.allow("statement_descriptor", "statement_descriptor_suffix")
    fee = data.integer("application_fee_amount", minimum=1)
    if fee is not None and not call.connected:
        raise StripeError(
            "Can only apply an application_fee_amount when the request is made on behalf of another account "
            "(using the Stripe-Account header).",
            param="payment_intent_data[application_fee_amount]",
        )
    return {
        "application_fee_amount": fee,
        "description": data.text("description", maximum=1000),
        "metadata": data.metadata(),
        "receipt_email": data.text("receipt_email", maximum=800),
    }


def session_of(account: Account, payment_intent_id: str) -> Json | None:
    """The session whose hosted page made this payment intent."""
    sessions = account.kind("checkout.session").values()
    return next((row for row in sessions if row["payment_intent"] == payment_intent_id), None)
