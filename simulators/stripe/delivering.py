"""Sending notices: signed, one at a time per endpoint, retried, sometimes twice or out of order."""

import hashlib
import hmac
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from simulators.loopback import LoopbackTransport
from simulators.stripe import events
from simulators.stripe.world import Json, World

_SENDERS = 8
_ANSWER_WITHIN = 10.0  # seconds
_REMEMBERED = 500  # attempts kept for the operator's page


def signature(body: bytes, signing_secrets: list[str], *, at: int) -> str:
    """The Stripe-Signature header: `v1` per secret, and the `v0` that test mode adds and nobody may trust."""
    signed = [f"v1={_hmac(body, secret, at)}" for secret in signing_secrets]
    return ",".join([f"t={at}", *signed, f"v0={_hmac(body, 'test', at)}"])


def _hmac(body: bytes, secret: str, at: int) -> str:
    return hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


class Courier:
    """Delivers `world.deliveries` from a thread of its own until `stop`.

    `retry_seconds`: the pauses before the second, third, ... attempt;
    after the last one a notice stays undelivered.
    """

    def __init__(self, world: World, *, retry_seconds: list[float]) -> None:
        self._world = world
        self._retry_seconds = retry_seconds
        self._busy: set[str] = set()
        self._stopped = False
        self._http = httpx.Client(
            timeout=_ANSWER_WITHIN, follow_redirects=False, trust_env=False, transport=LoopbackTransport()
        )
        self._senders = ThreadPoolExecutor(_SENDERS, thread_name_prefix="stripe-webhook")
        # The simulator has no tenants.
        self._thread = threading.Thread(target=self._run, daemon=True)  # noqa: TID251

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._world.news:
            self._stopped = True
            self._world.news.notify_all()
        self._thread.join()
        self._senders.shutdown(wait=True, cancel_futures=True)
        self._http.close()

    def _run(self) -> None:
        while True:
            with self._world.news:
                if self._stopped:
                    return
                for delivery in self._take_due():
                    self._senders.submit(self._send, delivery)
                self._world.news.wait(self._pause())

    def _take_due(self) -> list[Json]:
        """For every endpoint that is not being written to: its next notice."""
        newest_first = self._world.behaviour["reorder"]
        taken = []
        for delivery in sorted(self._world.deliveries, key=lambda d: d["order"], reverse=newest_first):
            if delivery["due"] <= time.time() and delivery["endpoint"] not in self._busy:
                self._busy.add(delivery["endpoint"])
                taken.append(delivery)
        return taken

    def _pause(self) -> float:
        waiting = [d["due"] for d in self._world.deliveries if d["endpoint"] not in self._busy]
        return max(0.01, min(waiting, default=time.time() + 1) - time.time())

    def _send(self, delivery: Json) -> None:
        outcome = "gone"
        try:
            parcel = self._pack(delivery)
            if parcel:
                outcome = self._post(*parcel)
        finally:
            with self._world.lock:
                self._busy.discard(delivery["endpoint"])
                self._note(delivery, outcome)
                self._world.changed()

    def _pack(self, delivery: Json) -> tuple[str, bytes, str] | None:
        """Address, body and signature; None when the endpoint, the account or the event is gone."""
        with self._world.lock:
            owner = self._world.accounts.get(delivery["owner"])
            source = self._world.accounts.get(delivery["source"])
            endpoint = next((e for e in owner.endpoints if e["id"] == delivery["endpoint"]), None) if owner else None
            event = source.kind("event").get(delivery["event"]) if source else None
            if endpoint is None or event is None:
                return None
            message = events.message(event, owner_id=delivery["owner"], source_id=delivery["source"])
            body = json.dumps(message, indent=2).encode()
            return endpoint["url"], body, signature(body, endpoint["secrets"], at=int(time.time()))

    def _post(self, url: str, body: bytes, signed: str) -> str:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signed,
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            return str(self._http.post(url, content=body, headers=headers).status_code)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return type(error).__name__

    def _note(self, delivery: Json, outcome: str) -> None:
        self._world.attempts.append({**delivery, "outcome": outcome, "at": time.time()})
        del self._world.attempts[:-_REMEMBERED]
        if delivery not in self._world.deliveries:  # a reset came between
            return
        retries_used = delivery["attempt"] - 1
        if outcome.startswith("2") or outcome == "gone" or retries_used >= len(self._retry_seconds):
            self._world.deliveries.remove(delivery)
            if outcome.startswith("2"):
                self._delivered(delivery)
            return
        delivery["attempt"] += 1
        delivery["due"] = time.time() + self._retry_seconds[retries_used]

    def _delivered(self, delivery: Json) -> None:
        event = self._world.accounts[delivery["source"]].kind("event")[delivery["event"]]
        if not delivery["extra"]:
            event["pending_webhooks"] -= 1
