"""Notices that Stripe never sent: forged, stale, of another account, with lies in them."""

import json
import secrets
import time

import httpx

from simulators.stripe import delivering, listing
from simulators.stripe.world import API_VERSION, Json, World, new_id

_ANSWER_WITHIN = 10.0  # seconds


def forge(world: World, asked: Json) -> Json:
    """Post one notice of the caller's making and tell what the shop answered: {status, body}.

    to            secret key of the account whose webhook address gets it (or `url`)
    type          event type, default checkout.session.completed
    object        id of an object to tell of, or a whole object; `set` overrides its fields
    secret        signed with this; default: a wrong one. "own" means the account's right secret
    signature     the whole Stripe-Signature header instead; "" sends none
    age           the signature is this many seconds old (negative: from the future)
    event         fields of the event to override: id, livemode, account, created, ...
    body          raw text instead of all that

    Raises KeyError, ValueError.
    """
    with world.lock:
        account = world.by_key(asked["to"]) if "to" in asked else None
        url = asked.get("url") or (account.endpoints[0]["url"] if account and account.endpoints else "")
        if not url:
            raise ValueError("say `to` (the secret key of an account with a webhook) or `url`")
        own = account.endpoints[0]["secrets"][0] if account and account.endpoints else ""
        body = asked["body"].encode() if "body" in asked else json.dumps(_event(world, asked)).encode()
    signing = asked.get("secret") or f"whsec_{secrets.token_hex(12)}"
    signed = delivering.signature(
        body, [own if signing == "own" else signing], at=int(time.time()) - int(asked.get("age", 0))
    )
    header = asked.get("signature", signed)
    headers = {"Content-Type": "application/json; charset=utf-8"}
    if header:
        headers["Stripe-Signature"] = header.encode()  # may hold what no honest header does
    try:
        answer = httpx.post(
            url,
            content=body,
            headers=headers,
            timeout=_ANSWER_WITHIN,
            follow_redirects=False,
            trust_env=False,
        )
    except httpx.HTTPError as error:
        raise ValueError(f"the shop did not answer: {type(error).__name__}") from None
    return {"status": answer.status_code, "body": answer.text[:2000]}


def _event(world: World, asked: Json) -> Json:
    told = asked.get("object", {})
    if isinstance(told, str):
        found = world.find(told)
        if found is None:
            raise ValueError(f"no object {told!r}")
        told = listing.public(found[1])
    event = {
        "id": new_id("evt_"),
        "object": "event",
        "api_version": API_VERSION,
        "created": world.now(),
        "data": {"object": {**told, **asked.get("set", {})}},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": asked.get("type", "checkout.session.completed"),
    }
    return {**event, **asked.get("event", {})}
