"""What happened, as Stripe tells it: event objects and who is to hear of them."""

import time
from typing import Any

from simulators.stripe import listing
from simulators.stripe.world import API_VERSION, Account, Call, Json, World, new_id

_REORDER_WINDOW = 0.3  # seconds a burst is collected before it is sent newest first
_LISTED_SECONDS = 30 * 24 * 3600  # docs.stripe.com/api/events: reachable for 30 days


def emit(call: Call, kind: str, about: Json, *, previous: Json | None = None) -> Json:
    """Record the event and queue it for every endpoint that listens."""
    data: dict[str, Any] = {"object": listing.public(about)}
    if previous is not None:
        data["previous_attributes"] = previous
    event = {
        "id": new_id("evt_"),
        "object": "event",
        "api_version": API_VERSION,
        "created": call.now,
        "data": data,
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": call.request_id, "idempotency_key": call.idempotency_key},
        "type": kind,
    }
    call.account.kind("event")[event["id"]] = event
    for owner, endpoint in listeners(call.world, call.account, kind):
        queue(call.world, owner, endpoint, event, call.account)
    call.world.changed()
    return event


def listeners(world: World, account: Account, kind: str) -> list[tuple[Account, Json]]:
    """The account's own endpoints, and those of the platform it is connected to."""
    owners = [account]
    if account.platform in world.accounts:
        owners.append(world.accounts[account.platform])
    return [
        (owner, endpoint)
        for owner in owners
        for endpoint in owner.endpoints
        if endpoint["status"] == "enabled" and {"*", kind} & set(endpoint["enabled_events"])
    ]


def queue(world: World, owner: Account, endpoint: Json, event: Json, source: Account, *, copies: int = 0) -> None:
    """Put one notice on its way. `copies` > 0: that many resends, which do not count as pending."""
    extra = copies > 0
    if not extra:
        event["pending_webhooks"] += 1
    if world.behaviour["webhooks"] == "lost" and not extra:
        return
    due = time.time() + (_REORDER_WINDOW if world.behaviour["reorder"] else 0)
    if world.behaviour["reorder"]:  # the whole burst comes due together, or its first would still be first
        for waiting in world.deliveries:
            if waiting["endpoint"] == endpoint["id"]:
                waiting["due"] = due
    for number in range(copies if extra else 1 + world.behaviour["duplicates"]):
        world.deliveries.append(
            {
                "owner": owner.id,
                "endpoint": endpoint["id"],
                "source": source.id,
                "event": event["id"],
                "type": event["type"],
                "extra": extra or number > 0,
                "attempt": 1,
                "due": due,
                "order": world.next_sequence(),
            }
        )


def message(event: Json, *, owner_id: str, source_id: str) -> Json:
    """The body that is posted: with `account` when it comes to a platform from a connected account."""
    body = listing.public(event)
    if owner_id != source_id:
        body["account"] = source_id
    return body


def retrieve(call: Call, event_id: str) -> Json:
    return listing.public(listing.get(call.account, "event", event_id))


def list_events(call: Call) -> Json:
    kind, kinds = call.params.text("type"), call.params.texts("types")
    delivered = call.params.boolean("delivery_success")
    oldest = call.now - _LISTED_SECONDS

    def keep(event: Json) -> bool:
        return (
            event["created"] >= oldest
            and (kind is None or _matches(event["type"], kind))
            and (not kinds or event["type"] in kinds)
            and (delivered is None or (event["pending_webhooks"] == 0) == delivered)
        )

    return listing.page(call, "event", url="/v1/events", keep=keep)


def _matches(kind: str, wanted: str) -> bool:
    return kind.startswith(wanted[:-1]) if wanted.endswith("*") else kind == wanted
