"""Stripe Checkout, the hosted page, with the cooperative's own keys.

Sources: docs.stripe.com/api/checkout/sessions, /currencies, /webhooks, /api/idempotent_requests; API version
2026-10-28.endive (stripe 16).
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import stripe

from payments.providers.base import Asked, Credentials, Down, Forged, Refused, Snapshot, Standing, Started, Told

stripe.enable_telemetry = False  # it would write into the home of whoever runs us, and tell Stripe about the machine

TIMEOUT_SECONDS = (3.05, 10.0)  # to connect, to answer
TOLERANCE_SECONDS = 300  # age of a signature; no protection against replay, the inbox is
RETRIES = 1  # by the SDK, with the same idempotency key
SEN = 100  # IDR has two decimals at Stripe: Rp150.000 is 15000000
KINDS = {
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
}
KEPT = ("id", "client_reference_id", "status", "payment_status", "amount_total", "currency", "payment_intent")


class Stripe:
    remote = True
    smallest = 10_000  # Stripe's own is the equivalent of US$0.50
    largest = 9_999_999_999  # twelve digits of sen
    shortest = timedelta(minutes=30)
    longest = timedelta(hours=24)
    secret_names: tuple[str, ...] = ("secret_key", "webhook_secret")
    setting_names: tuple[str, ...] = ()

    def start(self, credentials: Credentials, asked: Asked) -> Started:
        with _errors():
            session = _client(credentials).v1.checkout.sessions.create(
                {
                    "mode": "payment",
                    "line_items": [
                        {
                            "quantity": 1,
                            "price_data": {
                                "currency": "idr",
                                "unit_amount": asked.amount * SEN,
                                "product_data": {"name": asked.title},
                            },
                        }
                    ],
                    "client_reference_id": asked.reference,
                    "metadata": {"payment": asked.reference},
                    "payment_intent_data": {"metadata": {"payment": asked.reference}},
                    "success_url": asked.return_url,
                    "cancel_url": asked.return_url,
                    "expires_at": int(asked.expires_at.timestamp()),
                    "locale": "id" if asked.language == "id" else "en",
                    **({"customer_email": asked.email} if asked.email else {}),
                },
                {"idempotency_key": f"{asked.reference}:create"},
            )
            if not session.id or not session.url:
                raise Down("Stripe answered without an address to pay at")
            return Started(external_id=session.id, pay_url=session.url)

    def fetch(self, credentials: Credentials, *, external_id: str) -> Snapshot:
        with _errors():
            session = _client(credentials).v1.checkout.sessions.retrieve(external_id, {"expand": ["payment_intent"]})
            return snapshot(session.to_dict())

    def is_live(self, credentials: Credentials) -> bool:
        return "_live_" in credentials.secrets["secret_key"]

    def read_notice(self, credentials: Credentials, *, body: bytes, headers: Mapping[str, str]) -> Told | None:
        secret = credentials.secrets.get("webhook_secret")
        if not secret:
            raise Forged("this gateway has no webhook secret")
        try:
            # A header that is not ASCII is a TypeError of hmac, a body that is not JSON a ValueError.
            signature = headers.get("Stripe-Signature")
            stripe.WebhookSignature.verify_header(body.decode(), signature, secret, TOLERANCE_SECONDS)
            return _told(json.loads(body), live=self.is_live(credentials))
        except (stripe.SignatureVerificationError, ValueError, TypeError, KeyError) as error:
            raise Forged(type(error).__name__) from error


def snapshot(session: Mapping[str, Any]) -> Snapshot:
    """A Checkout Session with its payment intent expanded, in our words. Pure. Raises KeyError, TypeError."""
    standing = _standing(session)
    intent = session["payment_intent"]
    minor, currency, doubt = session["amount_total"], session["currency"], ""
    if standing == Standing.PAID:
        if (minor, currency) != (intent["amount_received"], intent["currency"]):
            minor, currency, doubt = intent["amount_received"], intent["currency"], "session and payment differ"
        if type(minor) is not int:
            minor, doubt = 0, "the amount is not a whole number"
        elif minor % SEN:
            doubt = "parts of a rupiah"
    return Snapshot(
        standing=standing,
        reference=session["client_reference_id"] or "",
        amount=minor // SEN,
        currency=currency.upper(),
        money_id=intent["id"] if standing == Standing.PAID else "",
        live=session["livemode"],
        doubt=doubt,
    )


def _standing(session: Mapping[str, Any]) -> Standing:
    match session["status"], session["payment_status"]:
        case "open", _:
            return Standing.OPEN
        case "expired", _:
            return Standing.CLOSED
        case "complete", "paid":
            return Standing.PAID
        case "complete", "unpaid" if session["payment_intent"]["status"] == "processing":
            return Standing.OPEN  # a bank takes its time
    return Standing.FAILED


def _told(event: Mapping[str, Any], *, live: bool) -> Told | None:
    if event["livemode"] is not live or event.get("account"):
        raise Forged("of another account, or of the other mode")
    if event["type"] not in KINDS:
        return None
    session = event["data"]["object"]
    return Told(
        external_id=event["id"],
        kind=event["type"],
        reference=session["client_reference_id"] or "",
        body={"created": event["created"], **{name: session.get(name) for name in KEPT}},
    )


def _client(credentials: Credentials) -> stripe.StripeClient:
    return stripe.StripeClient(
        credentials.secrets["secret_key"],
        base_addresses={"api": credentials.api_base},
        http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
        max_network_retries=RETRIES,
    )


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except stripe.StripeError as error:
        reason = f"{type(error).__name__} {error.code or error.http_status or ''}".strip()
        raise (Refused if _is_final(error) else Down)(reason) from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Down(f"answer not understood: {type(error).__name__}") from error


def _is_final(error: stripe.StripeError) -> bool:
    # 409: the first request with this key is still at work. A failure kept under a key is replayed for a day.
    status = error.http_status or 0
    replayed = (error.headers or {}).get("Idempotent-Replayed") == "true"
    return replayed or (400 <= status < 500 and status not in (409, 429))
