"""A running simulator with two cooperatives, and a shop that receives their notices."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
import stripe

from simulators.stripe.serving import Simulator
from simulators.stripe.world import World

# One client for all: each new one reads the certificate store, 30 ms.
web = httpx.Client(timeout=10, trust_env=False)

KOPI, KOPI_SECRET = "sk_test_kopi_gayo", "whsec_kopi"
BATIK, BATIK_SECRET = "sk_test_batik_lasem", "whsec_batik"


@dataclass
class Notice:
    path: str
    signature: str
    body: bytes


@dataclass
class Shop:
    """Receives webhooks. `answers` are the next status codes; 200 when there are none."""

    url: str
    notices: list[Notice] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def events(self, path: str = "/kopi", secret: str = KOPI_SECRET) -> list[stripe.Event]:
        """What came to this address, each verified as a shop verifies it."""
        return [stripe.Webhook.construct_event(n.body, n.signature, secret) for n in self.notices if n.path == path]

    def types(self, path: str = "/kopi", secret: str = KOPI_SECRET) -> list[str]:
        return [event.type for event in self.events(path, secret)]


@dataclass
class Control:
    """The simulator's /_control/ addresses."""

    url: str

    def post(self, command: str, **asked: Any) -> Any:
        answer = self.try_post(command, **asked)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def try_post(self, command: str, **asked: Any) -> httpx.Response:
        return web.post(f"{self.url}/_control/{command}", json=asked)

    def faults(self, *entries: dict[str, Any]) -> None:
        answer = web.post(f"{self.url}/_control/faults", json=list(entries))
        assert answer.status_code == 200, answer.text

    def wait(self) -> None:
        assert self.post("webhooks/wait") == {"idle": True}

    def count(self, kind: str, secret_key: str = KOPI) -> int:
        accounts = web.get(f"{self.url}/_control/state").json()["accounts"]
        return len(next(a for a in accounts if a["secret_key"] == secret_key)["objects"].get(kind, []))


@pytest.fixture(scope="session")
def running() -> Iterator[Simulator]:
    stripe.enable_telemetry = False  # it would write into the home of whoever runs the tests
    simulator = Simulator(World(), retry_seconds=[0.05, 0.05]).start()
    yield simulator
    simulator.close()


@pytest.fixture(scope="session")
def listening() -> Iterator[Shop]:
    shop = Shop(url="")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            shop.notices.append(Notice(self.path, self.headers.get("Stripe-Signature", ""), body))
            self.send_response(shop.answers.pop(0) if shop.answers else 200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()  # noqa: TID251
    yield shop
    server.shutdown()
    server.server_close()


@pytest.fixture
def shop(listening: Shop) -> Shop:
    return listening


@pytest.fixture
def control(running: Simulator, listening: Shop) -> Iterator[Control]:
    control = Control(running.url)
    for key, secret, path in ((KOPI, KOPI_SECRET, "/kopi"), (BATIK, BATIK_SECRET, "/batik")):
        control.post("accounts", secret_key=key, webhook_secret=secret, webhook_url=listening.url + path)
    yield control
    control.post("webhooks/wait", seconds=1)
    control.post("reset", accounts=True)
    listening.notices.clear()
    listening.answers.clear()


@pytest.fixture
def kopi(control: Control) -> stripe.StripeClient:
    return client(control, KOPI)


@pytest.fixture
def batik(control: Control) -> stripe.StripeClient:
    return client(control, BATIK)


def client(control: Control, key: str, **options: Any) -> stripe.StripeClient:
    return stripe.StripeClient(key, base_addresses={"api": control.url}, **options)


def order(rupiah: int = 150_000, **changes: Any) -> dict[str, Any]:
    """Parameters of a session for one order, as the platform sends them."""
    return {
        "mode": "payment",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": "idr",
                    "unit_amount": rupiah * 100,
                    "product_data": {"name": "Pesanan KG-7"},
                },
            }
        ],
        "client_reference_id": "pay-7",
        "metadata": {"payment": "pay-7"},
        "payment_intent_data": {"metadata": {"payment": "pay-7"}},
        "success_url": "http://kopi.localhost/pesanan/7/?s={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://kopi.localhost/bayar/7/",
        **changes,
    }


@pytest.fixture
def paid(kopi: stripe.StripeClient, control: Control) -> Callable[..., stripe.checkout.Session]:
    """Open a session at Kopi Gayo and let something happen to it."""

    def make(rupiah: int = 150_000, outcome: str = "paid") -> stripe.checkout.Session:
        session = kopi.v1.checkout.sessions.create(order(rupiah))
        control.post("pay", session=session.id, outcome=outcome)
        return kopi.v1.checkout.sessions.retrieve(session.id)

    return make


def until(true: Callable[[], bool], seconds: float = 3) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "did not come true in time"
        time.sleep(0.01)
