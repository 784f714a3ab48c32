"""Everything the simulator remembers, behind one lock."""

import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import Any

from simulators.faults import Faults
from simulators.stripe.params import Params

Json = dict[str, Any]

API_VERSION = "2026-10-28.endive"

OWN_FAULTS = {
    "saved_500": "a write fails inside Stripe; the failure is kept under its Idempotency-Key and replayed",
    "in_progress": "a write takes `seconds` (default 1) longer; the same Idempotency-Key gets 409 meanwhile",
}

# What a test or a person can switch besides the faults. `reset` brings these back.
BEHAVIOUR: Json = {
    "webhooks": "normal",  # "lost": never delivered, only `GET /v1/events?delivery_success=false` knows
    "duplicates": 0,  # how many further times each notice arrives
    "reorder": False,  # notices of one burst arrive newest first
    "refunds": "succeeded",  # or "pending": an operator or a test decides later
    "rate_limit": 0,  # requests a second and account before 429; 0 = none (a real sandbox allows 25)
}


@dataclass
class Account:
    """One Stripe account: one cooperative with its own keys, objects and webhook endpoints."""

    id: str
    name: str
    secret_key: str
    platform: str | None = None  # id of the platform this account is connected to
    endpoints: list[Json] = field(default_factory=list)
    objects: dict[str, dict[str, Json]] = field(default_factory=dict)
    idempotency: dict[str, Json] = field(default_factory=dict)

    def kind(self, name: str) -> dict[str, Json]:
        """Objects of one kind by id, oldest first."""
        return self.objects.setdefault(name, {})


class World:
    """All accounts, notices on their way, and switches. Hold `lock` to read or change any of it."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.news = threading.Condition(self.lock)
        self.accounts: dict[str, Account] = {}
        self.deliveries: list[Json] = []
        self.attempts: list[Json] = []
        self.in_progress: set[tuple[str, str]] = set()
        self.behaviour = dict(BEHAVIOUR)
        self.faults = Faults(default_prefix="/v1/", own=OWN_FAULTS)
        self.clock_offset = 0
        self.sequence = 0
        self.changes = 0

    def now(self) -> int:
        """Unix seconds of the simulated clock."""
        return int(time.time()) + self.clock_offset

    def by_key(self, secret_key: str) -> Account | None:
        return next((a for a in self.accounts.values() if secrets.compare_digest(a.secret_key, secret_key)), None)

    def find(self, object_id: str) -> tuple[Account, Json] | None:
        """Whatever carries this id in any account: for the operator and the tests, never for the API."""
        for account in self.accounts.values():
            for objects in account.objects.values():
                if object_id in objects:
                    return account, objects[object_id]
        return None

    def next_sequence(self) -> int:
        self.sequence += 1
        return self.sequence

    def changed(self) -> None:
        """Wake whoever delivers notices or writes the file."""
        with self.news:
            self.changes += 1
            self.news.notify_all()


@dataclass
class Call:
    """One piece of work on one account: an API request, a click on the hosted page, or a test's order."""

    world: World
    account: Account
    params: Params = field(default_factory=lambda: Params({}))
    request_id: str | None = None
    idempotency_key: str | None = None
    base_url: str = ""
    connected: bool = False  # came with a Stripe-Account header

    @property
    def now(self) -> int:
        return self.world.now()


def new_id(prefix: str) -> str:
    return prefix + secrets.token_hex(12)
