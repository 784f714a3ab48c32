"""A shop that takes money: Stripe's simulator as a program of its own, a cooperative with real commits, and a web
server that hears notices."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.urls import reverse

from orders.models import Order
from payments import gateways, paying
from payments.models import Gateway, Payment
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make

_titles = count(1)
KEY, HOOK_SECRET = "sk_test_uji", "whsec_uji"
OTHER_KEY, OTHER_SECRET = "sk_test_lain", "whsec_lain"
BACK = "http://uji.localhost/pesanan/x/"


@dataclass
class Simulator:
    """The simulator's /_control/ addresses."""

    url: str

    def post(self, command: str, **asked: Any) -> Any:
        answer = httpx.post(f"{self.url}/_control/{command}", json=asked, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def faults(self, *entries: dict[str, Any]) -> None:
        answer = httpx.post(f"{self.url}/_control/faults", json=list(entries))
        assert answer.status_code == 200, answer.text

    def objects(self, kind: str, key: str = KEY) -> list[dict[str, Any]]:
        accounts = httpx.get(f"{self.url}/_control/state").json()["accounts"]
        return next(account for account in accounts if account["secret_key"] == key)["objects"].get(kind, [])

    def pay(self, payment: Payment, outcome: str = "paid") -> None:
        self.post("pay", session=payment.external_id, outcome=outcome)

    def forge(self, **asked: Any) -> int:
        return self.post("webhooks/forge", **asked)["status"]


@dataclass
class Web:
    """Our own web process, reachable for the simulator."""

    url: str
    gateway: Gateway

    @property
    def hook(self) -> str:
        return self.url + reverse("payments:stripe_hook", args=[self.gateway.hook_uid])


@pytest.fixture(scope="session")
def stripe_program() -> Iterator[Simulator]:
    command = [sys.executable, "-m", "simulators.stripe", "--port", "0", "--retry-seconds", "0.1,0.1,0.1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout
        yield Simulator(program.stdout.readline().split()[-1].rstrip("/"))
        program.terminate()


@pytest.fixture
def stripe(stripe_program: Simulator, settings) -> Iterator[Simulator]:
    settings.STRIPE_API_BASE = stripe_program.url
    stripe_program.post("accounts", secret_key=KEY)
    stripe_program.post("accounts", secret_key=OTHER_KEY)
    yield stripe_program
    stripe_program.post("reset", accounts=True)


@pytest.fixture
def shop(own_cooperative: Cooperative, stripe: Simulator) -> Iterator[Gateway]:
    """Stand in a cooperative that takes Stripe and transfers; everything is really committed."""
    with in_tenant(own_cooperative):
        take_transfers()
        yield take_stripe()


@pytest.fixture
def theirs(shop: Gateway, own_cooperative: Cooperative) -> Iterator[tuple[Cooperative, Gateway]]:
    """Another cooperative that takes Stripe."""
    batik = Cooperative.objects.get(slug="batik-lasem")
    with in_tenant(batik):
        gateway = take_stripe(key=OTHER_KEY, secret=OTHER_SECRET)
    yield batik, gateway
    with in_tenant(batik):
        gateway.delete()


@pytest.fixture
def web(shop: Gateway, own_cooperative: Cooperative, stripe: Simulator) -> Iterator[Web]:
    application, host = WSGIHandler(), own_cooperative.primary_domain

    def at_the_shop(environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        return application({**environ, "HTTP_HOST": host}, start_response)

    server = ThreadedWSGIServer(("127.0.0.1", 0), Silent)
    server.set_app(at_the_shop)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()  # noqa: TID251
    web = Web(f"http://127.0.0.1:{server.server_port}", shop)
    stripe.post("accounts", secret_key=KEY, webhook_secret=HOOK_SECRET, webhook_url=web.hook)
    yield web
    server.shutdown()
    server.server_close()


class Silent(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def today() -> datetime:
    """The clock that the simulator goes by."""
    return datetime.now(UTC)


def take_stripe(*, key: str = KEY, secret: str = HOOK_SECRET) -> Gateway:
    return gateways.create_gateway(
        provider="stripe", label="Kartu", secrets={"secret_key": key, "webhook_secret": secret}
    )


def take_transfers() -> Gateway:
    settings = {"bank": "BRI", "account_number": "0123456789", "account_holder": "Koperasi Uji"}
    return gateways.create_gateway(provider="transfer", label="Transfer BRI", settings=settings)


def started(today: datetime, *, provider: str = "stripe", **order: Any) -> Payment:
    """An attempt to pay a new order of one piece."""
    return start(new_order(today, **order), today, provider=provider)


def new_order(today: datetime, *, on_hand: int = 10) -> Order:
    piece = make.variant(title=f"Kopi {next(_titles)}", on_hand=on_hand)
    return make.order(cart={piece.pk: 1}, now=today)


def start(order: Order, today: datetime, *, provider: str = "stripe") -> Payment:
    return paying.start(order_id=order.pk, provider=provider, return_url=BACK, now=today)
