"""The whole platform as processes, started by the same code as the demo: `platform`. It has a second database server.

platform.client("kopi-gayo").get("/")        HTTP to a shop, redirects and cookies as in a browser
platform.login("kopi-gayo", "pengurus")      such a client that is logged in
platform.shopee.post("buy", sku=..., quantity=1)
platform.stripe.post("pay", session=...)
platform.shell("kopi-gayo", "from orders.models import Order; answer = Order.objects.count()")
platform.kill_worker(), platform.flush_redis()
platform.eventually(lambda: ..., seconds=5)
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psycopg
import pytest
import redis
from psycopg import sql

from coop_shop.demo import postgres, programs
from coop_shop.demo.__main__ import create_database
from coop_shop.demo.place import ROOT, Place, environment
from coop_shop.demo.servers import FORGETFUL, free_port
from coop_shop.demo.supervise import Supervisor
from simulators.loopback import LoopbackTransport
from tests.plugin import FOLDER, number_of_worker

SLUGS = ("kopi-gayo", "batik-lasem")
T = TypeVar("T")


class Control:
    """The control addresses of a simulator."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._client = httpx.Client(base_url=f"{address}/_control/", timeout=15, trust_env=False)

    def get(self, name: str) -> Any:
        return self._client.get(name).raise_for_status().json()

    def post(self, name: str, body: Any = None, **wish: Any) -> Any:
        """POST `wish`, or `body` where the address takes a list."""
        return self._client.post(name, json=wish if body is None else body).raise_for_status().json()


class Platform:
    def __init__(self, place: Place, supervisor: Supervisor, told: dict[str, str]) -> None:
        self.place = place
        self.supervisor = supervisor
        self.environment = told
        self.shopee = Control(place.shopee)
        self.stripe = Control(place.stripe)
        self._clients: list[httpx.Client] = []
        self._shell = subprocess.Popen(
            [sys.executable, "-m", "tests.stack_shell"], cwd=ROOT, env=told, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def url(self, slug: str, path: str = "/") -> str:
        """An address for a browser, which knows by itself that *.localhost is this machine."""
        return f"{self.place.shop(slug)}{path}"

    def client(self, slug: str) -> httpx.Client:
        client = httpx.Client(
            base_url=self.url(slug, ""), follow_redirects=True, timeout=30, transport=LoopbackTransport()
        )
        self._clients.append(client)
        return client

    def login_path(self, slug: str, role: str) -> str:
        """The path that logs in: pelanggan, anggota, pengurus, bendahara, petugas, pengawas."""
        return self.login_paths(slug, role)[0]

    def login_paths(self, slug: str, role: str) -> list[str]:
        """As many as there are people of this role. Operators are at the slug ""."""
        shops = json.loads((self.place.folder / "logins.json").read_text(encoding="utf-8"))
        logins = next(shop["logins"] for shop in shops if shop["shop"] == slug)
        return [login["path"] for login in logins if login["role"] == role]

    def login(self, slug: str, role: str) -> httpx.Client:
        client = self.client(slug)
        client.get(self.login_path(slug, role)).raise_for_status()
        return client

    def shell(self, slug: str, code: str) -> Any:
        """Run `code` in the schema of a cooperative, in a process of its own; what it leaves in `answer` comes back."""
        assert self._shell.stdin and self._shell.stdout
        self._shell.stdin.write(json.dumps({"slug": slug, "code": code}) + "\n")
        self._shell.stdin.flush()
        said = json.loads(self._shell.stdout.readline())
        if said["error"]:
            raise AssertionError(said["error"])
        return said["answer"]

    def kill_worker(self) -> None:
        """kill -9 of the Celery worker and its children; the supervisor starts it again."""
        self.supervisor.kill("worker")

    def flush_redis(self) -> None:
        """Everything in Redis is gone: waiting jobs, cache, sessions' cache."""
        for address in (self.place.redis_url, self.place.cache_url):
            redis.Redis.from_url(address).flushdb()

    def eventually(self, happened: Callable[[], T], *, seconds: float) -> T:
        """What `happened` returns once that is true; its last answer when it never is."""
        until = time.monotonic() + seconds
        while not (seen := happened()) and time.monotonic() < until:
            time.sleep(0.1)
        return seen

    def log(self, name: str) -> str:
        """The end of a program's log: web, worker, beat, stripe, shopee."""
        return self.supervisor.tail(name, characters=20_000)

    def close(self) -> None:
        for client in self._clients:
            client.close()
        self._shell.kill()
        self._shell.wait()


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    """Two demo cooperatives, kopi-gayo (connected to Shopee) and batik-lasem, as `make demo` would start them."""
    folder = FOLDER / f"stack-{number_of_worker()}"
    supervisor = Supervisor(folder, say=lambda line: None)
    supervisor.stop()
    postgres.forget(_second(folder))
    shutil.rmtree(folder)
    supervisor = Supervisor(folder, say=lambda line: None)
    place = _place(folder)
    second = postgres.start(_second(folder), settings=FORGETFUL)
    create_database(second, "coop_shop")
    told = {
        **environment(place, base=os.environ),
        "DATABASE_SERVERS": f"dua={second.replace('/postgres?', '/coop_shop?')}",
    }
    ended = threading.Event()
    # No tenant: it only looks after processes.
    keeper = threading.Thread(target=_keep_alive, args=(supervisor, ended))  # noqa: TID251
    platform = None
    try:
        supervisor.start(programs.simulators(place, told))
        supervisor.wait_until_ready(seconds=60)
        _prepare(place, told)
        supervisor.start(programs.platform(place, told))
        supervisor.wait_until_ready(seconds=120)
        keeper.start()
        platform = Platform(place, supervisor, told)
        yield platform
    finally:
        ended.set()
        if keeper.is_alive():
            keeper.join()
        if platform:
            platform.close()
        supervisor.stop()
        postgres.forget(_second(folder))


def _second(folder: Path) -> Path:
    """Where the second database server's data are: cooperatives may be moved there (`dua`)."""
    return folder / "second-postgres"


def _place(folder: Any) -> Place:
    server = os.environ["TEST_DATABASE_URL"]
    name = f"stack_{number_of_worker()}"
    with psycopg.connect(server.replace("/coop_shop?", "/postgres?"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    broker = 10 + 2 * number_of_worker()  # below are the databases of the tests themselves
    place = Place(
        folder=folder,
        port=free_port(),
        stripe_port=free_port(),
        shopee_port=free_port(),
        database_url=server.replace("/coop_shop?", f"/{name}?"),
        redis_url=f"{os.environ['TEST_REDIS_URL']}/{broker}",
        cache_url=f"{os.environ['TEST_REDIS_URL']}/{broker + 1}",
    )
    for address in (place.redis_url, place.cache_url):
        redis.Redis.from_url(address).flushdb()
    return place


def _prepare(place: Place, told: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "prepare_demo", "--folder", str(place.folder), "--slugs", *SLUGS]
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


def _keep_alive(supervisor: Supervisor, ended: threading.Event) -> None:
    while not ended.wait(0.2):
        supervisor.revive()
