"""The Shopee simulator as a program of its own, and a cooperative whose shop is connected to it."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from socketserver import ThreadingMixIn
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx
import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.utils import timezone
from PIL import Image

from catalog.models import Picture
from coop_shop.verifying import broken_invariants
from marketplaces import connecting, importing, listing, pacing, pushing
from marketplaces.models import Connection
from tenants import provisioning
from tenants.context import in_tenant
from tenants.models import ChannelRoute, Cooperative, Due
from tests import make

WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


PORT, HOOKS_PORT = _free_port(), _free_port()
PUSH_URL = f"http://localhost:{HOOKS_PORT}/hooks/shopee/"
SHOP = 220033101
OFFICER = 7
SETTINGS = {
    "access_seconds": 14400, "code_seconds": 600, "overlap_seconds": 300, "refresh_seconds": 2592000,
    "push_retry_seconds": [0.2, 0.4], "push_timeout_seconds": 3, "rate_limit": None,
}  # fmt: skip


class Simulator:
    """The other side of the wire, through its control address."""

    base = f"http://127.0.0.1:{PORT}"

    def __init__(self) -> None:
        self._http = httpx.Client(base_url=self.base, trust_env=False, timeout=30)

    def control(self, name: str, wish: object = None) -> httpx.Response:
        return self._http.post(f"/_control/{name}", json=wish if wish is not None else {})

    def faults(self, *faults: dict) -> None:
        assert self.control("faults", list(faults)).status_code == 200

    def state(self) -> dict:
        return self._http.get("/_control/state").json()

    def items(self) -> list[dict]:
        return self.state()["items"]

    def item(self) -> dict:
        (item,) = self.items()
        return item

    def calls(self, part: str) -> list[dict]:
        return [call for call in self.state()["calls"] if part in call["path"]]

    def figures(self, field: str) -> dict[str, int]:
        """SKU -> `price` or `stock` over all items."""
        return {
            model["model_sku"] or item["item_sku"]: model[field] for item in self.items() for model in item["models"]
        }

    def told(self, sku: str) -> list[int]:
        """Every quantity that the seller told, in the order in which it took effect."""
        item = next(
            item for item in self.items() if sku in (item["item_sku"], *(m["model_sku"] for m in item["models"]))
        )
        mine = [row for row in item["stock_history"] if (row["model_sku"] or item["item_sku"]) == sku]
        return [row["stock"] for row in mine if row["cause"] == "update_stock"]

    def buy(self, sku: str, quantity: int = 1, *, paid: bool = True) -> dict:
        answer = self.control("buy", {"sku": sku, "quantity": quantity, "paid": paid})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def step(self, order: dict, step: str) -> dict:
        return self.control("advance", {"order_sn": order["order_sn"], "step": step}).json()


@pytest.fixture(scope="session")
def simulator_program():
    command = [
        sys.executable, "-m", "simulators.shopee", "--port", str(PORT), "--partner-id", "2001887",
        "--partner-key", "shpk-test-partner-key", "--push-key", "shpk-test-push-key", "--push-url", PUSH_URL,
    ]  # fmt: skip
    program = subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: _answers(f"http://127.0.0.1:{PORT}/_control/health"), seconds=20)
        yield program
    finally:
        program.terminate()
        program.wait(10)


@pytest.fixture(scope="module")
def home(django_db_setup, django_db_blocker):
    """One cooperative for all tests of a file, gone before the next file looks at which cooperatives there are."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        made = provisioning.create_cooperative(
            name="Koperasi Kanal", slug=f"kanal-{WORKER}-{os.getpid()}", state="open"
        )
        yield made
        connection.set_schema_to_public()
        Cooperative.objects.get(pk=made.pk).delete(force_drop=True)


@pytest.fixture
def own_cooperative(home, django_db_blocker, request):
    """The cooperative, outside any transaction, empty again afterwards."""
    with django_db_blocker.unblock():
        yield home
        allowed = {name for mark in request.node.iter_markers("breaks") for name in mark.args}
        with in_tenant(home):
            broken = [line for line in broken_invariants(now=timezone.now()) if line.split()[0] not in allowed]
            _empty(home)
        assert broken == []


def _empty(cooperative: Cooperative) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(format('%%I.%%I', schemaname, tablename), ', ') FROM pg_tables "
            "WHERE schemaname = %s AND tablename <> 'django_migrations'",
            [cooperative.schema_name],
        )
        cursor.execute(f"TRUNCATE {cursor.fetchone()[0]} RESTART IDENTITY CASCADE")
    Due.objects.filter(cooperative=cooperative).delete()
    ChannelRoute.objects.filter(cooperative=cooperative).delete()


@pytest.fixture
def shopee(simulator_program, settings) -> Simulator:
    settings.SHOPEE_API_BASE = Simulator.base
    settings.SHOPEE_PUSH_URL = PUSH_URL
    settings.SHOPEE_CALLS_PER_SECOND = 500.0
    simulator = Simulator()
    simulator.control("reset")
    assert simulator.control("settings", SETTINGS).status_code == 200
    pacing._redis(settings.CACHE_URL).flushdb()
    return simulator


@pytest.fixture
def unconnected(own_cooperative, shopee):
    """Stand in a cooperative that has no shop on a channel yet."""
    with in_tenant(own_cooperative):
        cache.clear()
        yield own_cooperative


@pytest.fixture
def shop(unconnected) -> Connection:
    """Stand in a cooperative whose Shopee shop is connected."""
    return connect()


@pytest.fixture
def hooks():
    """The platform's web server, which takes the pushes."""

    class Server(ThreadingMixIn, WSGIServer):
        daemon_threads = True

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: object) -> None: ...

    server = make_server("127.0.0.1", HOOKS_PORT, get_wsgi_application(), server_class=Server, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)  # noqa: TID251 - the web server
    thread.start()
    yield SimpleNamespace(url=PUSH_URL)
    server.shutdown()
    thread.join()
    server.server_close()


def connect(shop_id: int = SHOP) -> Connection:
    """The way an officer does it, through the consent page."""
    asked = connecting.start(channel="shopee", officer_id=OFFICER)
    return connecting.finish(channel="shopee", officer_id=OFFICER, params=agree(asked, shop_id), now=timezone.now())


def agree(link: str, shop_id: int = SHOP) -> dict[str, str]:
    """The seller says yes; what comes back to us."""
    answer = httpx.post(link, data={"shop_id": shop_id}, trust_env=False)
    assert answer.status_code == 302, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def listed(shop: Connection, *, pictures: int = 1, **fields: object):
    """A product with photos that is wanted on the shop, its category mapped. Nothing is sent yet."""
    product = make.product(**fields)
    for number in range(pictures):
        photograph(product, number)
    listing.map_category(
        connection=shop, category=product.category, external_id="100660", values={}, now=timezone.now()
    )
    return listing.want(product=product, connection=shop, now=timezone.now())


def photograph(product, number: int = 0) -> Picture:
    with BytesIO() as buffer:
        Image.new("RGB", (120, 120), (40 * number, 90, product.pk % 255)).save(buffer, format="WEBP")
        file = ContentFile(buffer.getvalue(), name="photo.webp")
    sha256 = f"{product.pk:032x}{number:032x}"
    return Picture.objects.create(product=product, image=file, alt=product.title, position=number, sha256=sha256)


def push() -> None:
    pushing.push(now=timezone.now())


def push_until(is_done: Callable[[], bool], *, seconds: float = 20) -> None:
    """Turn after turn, as the sweep would ring for them."""

    def turn() -> bool:
        push()
        return is_done()

    wait_for(turn, seconds=seconds)


def bring_in() -> None:
    importing.import_orders(now=timezone.now())


def wait_for(is_true: Callable[[], bool], *, seconds: float = 10) -> None:
    ends = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < ends, "it did not happen in time"
        time.sleep(0.05)


def in_threads(cooperative, *works: Callable[[], object]) -> list[object]:
    """Each work in its own thread, in the cooperative, at the same time; an exception is a result."""
    results: list[object] = [None] * len(works)

    def run(place: int) -> None:
        try:
            with in_tenant(cooperative):
                results[place] = works[place]()
        except Exception as error:
            results[place] = error
        finally:
            connection.set_schema_to_public()
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(works))]  # noqa: TID251 - run() stands
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
