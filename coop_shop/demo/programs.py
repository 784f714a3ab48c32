"""The programs of the platform, as the demo and the tests of the whole start them."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from coop_shop.demo.place import PARTNER_ID, ROOT, Place

Ready = Callable[[Path], bool]  # takes the program's log


@dataclass(frozen=True, kw_only=True)
class Program:
    name: str
    command: list[str]
    ready: Ready
    environment: Mapping[str, str] = field(repr=False)


def simulators(place: Place, environment: Mapping[str, str]) -> list[Program]:
    """The other sides of every wire; they need nothing of the platform."""
    stripe = ["--port", str(place.stripe_port), "--data", str(place.folder / "stripe.json")]
    shopee = ["--port", str(place.shopee_port), "--data", str(place.folder / "shopee.sqlite3")]
    keys = ["--partner-key", environment["SHOPEE_PARTNER_KEY"], "--push-key", environment["SHOPEE_PUSH_KEY"]]
    pushes = ["--partner-id", PARTNER_ID, "--push-url", place.push_url, "--push-retry-seconds", "1,2,4,8,16,32"]
    return [
        Program(
            name="stripe",
            command=[sys.executable, "-m", "simulators.stripe", *stripe, "--public-url", place.stripe],
            ready=_answers(f"{place.stripe}/_control/health"),
            environment=environment,
        ),
        Program(
            name="shopee",
            command=[sys.executable, "-m", "simulators.shopee", *shopee, *keys, *pushes],
            ready=_answers(f"{place.shopee}/_control/health"),
            environment=environment,
        ),
    ]


def platform(place: Place, environment: Mapping[str, str]) -> list[Program]:
    """Web, worker and beat; the database must be migrated."""
    celery = [sys.executable, "-m", "celery", "-A", "coop_shop"]
    worker = ["worker", "-c", "4", "-l", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"]
    return [
        Program(
            name="web",
            command=[sys.executable, "-m", "gunicorn", "-c", str(ROOT / "deploy" / "gunicorn.conf.py")],
            ready=_answers(f"http://127.0.0.1:{place.port}/readyz"),
            environment={**environment, "BIND": f"127.0.0.1:{place.port}", "DATABASE_POOL": "1"},
        ),
        Program(
            name="worker",
            command=[*celery, *worker, "-n", f"demo-{place.port}@%h"],
            ready=_says(b" ready."),
            environment=environment,
        ),
        Program(
            name="beat",
            command=[*celery, "beat", "-l", "INFO", "--pidfile=", "-s", str(place.folder / "beat-schedule")],
            ready=_says(b"beat: Starting"),
            environment=environment,
        ),
    ]


def _answers(address: str) -> Ready:
    def ready(_: Path) -> bool:
        try:
            return httpx.get(address, timeout=2, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    return ready


def _says(text: bytes) -> Ready:
    return lambda log: text in log.read_bytes()
