"""Pushes to the partner's callback: signed, sent by one sender, retried, at last listed as lost.

Shopee's rules: any 2xx with an empty body within 3 s counts as received; retries after 300, 1800 and 10800 s;
no order is promised and a push may come twice; lost ones can be asked for during 3 days, 100 at a time.
"""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx

from simulators.loopback import LoopbackTransport
from simulators.shopee import signing
from simulators.shopee.envelope import TopLevel
from simulators.shopee.gate import Call, public_call
from simulators.shopee.state import State

KEPT_SECONDS = 3 * 86400
LOST_PER_CALL = 100
LOG_SIZE = 2000


def announce(state: State, *, shop_id: int, code: int, data: dict) -> None:
    """Queue one push. Call inside `state.changing()`; the sender wakes at once."""
    path = f"/api/v2/push/code/{code}"
    outcome = "waiting" if state.settings.push_url else "no callback"
    if state.faults.strikes("push_dropped", path):
        outcome = "lost"
    copies = 2 if state.faults.strikes("push_duplicated", path) else 1
    body = json.dumps({"shop_id": shop_id, "code": code, "timestamp": state.now(), "data": data})
    for _ in range(copies):
        push_id = state.next_id("push", 0)
        state.pushes.put(push_id, _new_push(push_id, shop_id, code, body, outcome))
    _forget_old(state)
    state.push_due.set()


@public_call("GET", "push/get_lost_push_message")
def lost_messages(call: Call) -> dict:
    """The oldest 100 that were lost in the last three days and not confirmed."""
    since = time.time() - KEPT_SECONDS
    lost = [push for push in call.state.pushes.values() if push["outcome"] == "lost" and push["at"] > since]
    page = lost[:LOST_PER_CALL]
    return {
        "push_message_list": [_lost_row(push) for push in page],
        "has_next_page": len(lost) > len(page),
        "last_message_id": page[-1]["id"] if page else 0,
    }


@public_call("POST", "push/confirm_consumed_lost_push_message")
def confirm_lost(call: Call) -> dict:
    last = call.sent("last_message_id", int)
    for push_id, push in call.state.pushes.items():
        if push["outcome"] == "lost" and push_id <= last:
            push["outcome"] = "confirmed"
            call.state.pushes.keep(push_id)
    return TopLevel()


class Sender:
    """One thread that sends what is due, up to four pushes at once."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._stopping = False
        self._client = httpx.Client(follow_redirects=False, trust_env=False, transport=LoopbackTransport())
        self._hands = ThreadPoolExecutor(max_workers=4, thread_name_prefix="push")
        self._thread = threading.Thread(target=self._run, daemon=True)  # noqa: TID251 - knows no tenant
        self._thread.start()

    def stop(self) -> None:
        self._stopping = True
        self._state.push_due.set()
        self._thread.join()
        self._hands.shutdown(cancel_futures=True)
        self._client.close()

    def _run(self) -> None:
        while not self._stopping:
            self._state.push_due.clear()
            with self._state.changing():
                due = self._take_due()
                pause = self._until_next()
            for push_id, body in due:
                self._hands.submit(self._send, push_id, body)
            self._state.push_due.wait(pause)

    def _take_due(self) -> list[tuple[int, str]]:
        waiting = [push for push in self._state.pushes.values() if push["outcome"] == "waiting"]
        due = [push for push in waiting if push["due_at"] <= time.time()]
        for push in due:
            push["outcome"] = "sending"
        return [(push["id"], push["body"]) for push in due]

    def _until_next(self) -> float:
        times = [push["due_at"] for push in self._state.pushes.values() if push["outcome"] == "waiting"]
        return max(0.01, min(times, default=time.time() + 60) - time.time())

    def _send(self, push_id: int, body: str) -> None:
        settings = self._state.settings
        url, key = settings.push_url, settings.push_key
        signature = signing.sign_push(push_key=key, url=url, body=body)
        headers = {"Authorization": signature, "Content-Type": "application/json"}
        try:
            answer = self._client.post(
                url, content=body.encode(), headers=headers, timeout=settings.push_timeout_seconds
            )
            received = answer.is_success and not answer.content
            told = f"{answer.status_code}{' with a body' if answer.content else ''}"
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            received, told = False, type(error).__name__
        self._note(push_id, received=received, told=told)

    def _note(self, push_id: int, *, received: bool, told: str) -> None:
        with self._state.changing():
            push = self._state.pushes.get(push_id)
            if not push:
                return  # reset meanwhile
            push["attempts"].append({"at": time.time(), "answer": told})
            retries = self._state.settings.push_retry_seconds
            if received:
                push["outcome"] = "delivered"
            elif len(push["attempts"]) > len(retries):
                push["outcome"] = "lost"
            else:
                push["outcome"] = "waiting"
                push["due_at"] = time.time() + retries[len(push["attempts"]) - 1]
            self._state.pushes.keep(push_id)
        self._state.push_due.set()


def revive(state: State) -> None:
    """After a restart, what was being sent is sent again: a repeat is allowed, a loss is not."""
    with state.changing():
        for push in state.pushes.values():
            if push["outcome"] == "sending":
                push["outcome"] = "waiting"


def _new_push(push_id: int, shop_id: int, code: int, body: str, outcome: str) -> dict:
    now = time.time()
    return {
        "id": push_id,
        "shop_id": shop_id,
        "code": code,
        "body": body,
        "at": now,
        "due_at": now,
        "outcome": outcome,
        "attempts": [],
    }


def _lost_row(push: dict) -> dict:
    body = json.loads(push["body"])
    return body | {"msg_id": push["id"], "data": json.dumps(body["data"])}


def _forget_old(state: State) -> None:
    for push_id in list(state.pushes)[: max(0, len(state.pushes) - LOG_SIZE)]:
        state.pushes.drop(push_id)
