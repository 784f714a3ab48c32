"""`python -m bench pages`: requests per second of a shop of 10,000 products, beside a plain Django view that answers
the same bytes through the same middleware, to a browser that takes compressed pages.

BENCH_PRODUCTS makes it another number. All figures come from one run, taken by turns; only their ratios say something.
"""

import cProfile
import io
import os
import pstats
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import django

MANY = int(os.environ.get("BENCH_PRODUCTS", "10000"))
ROUNDS = 9
SECONDS = 0.25  # of one round of one way
HOST = "ukur.localhost"
DOMINATES = 12  # lines of the profile

django.setup()

from django.core.cache import caches  # noqa: E402
from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test.utils import override_settings  # noqa: E402

from bench import plain, shop  # noqa: E402
from bench.saying import say  # noqa: E402
from catalog.models import Category, Product, Variant  # noqa: E402
from tenants import provisioning  # noqa: E402
from tenants.context import in_tenant  # noqa: E402


@dataclass(frozen=True, kw_only=True)
class Way:
    """A request that is repeated, and what is expected of its rate beside the plain view's of the same bytes."""

    name: str
    path: str
    kept: bool = False
    remembered: bool = True  # the rows behind a shelf
    goal: float | None = None  # part of the plain view's rate
    posted: dict[str, Any] | None = None


def measure() -> None:
    """Fill a shop, then print each page with its queries, its bytes, its rate, and its part of the plain view's."""
    call_command("migrate_schemas", shared=True, verbosity=0)
    provisioning.create_platform()
    cooperative = provisioning.create_cooperative(name="Koperasi Ukur", slug="ukur", state="open")
    with in_tenant(cooperative):
        began = time.perf_counter()
        shop.fill(MANY)
        say(f"{MANY} products", f"{time.perf_counter() - began:.0f} s")
        ways = _ways()
    with override_settings(ROOT_URLCONF="bench.plain", DEBUG=False, HOSTS_KNOWN_SECONDS=60):
        ask = Asking()
        for way in ways:
            _compare(ask, way)
        for way in ways:
            if way.name == "category, page 1" and not way.kept:
                _dominates(ask, way)


def _ways() -> list[Way]:
    shelf = Category.objects.order_by("pk")[0]
    category = shelf.get_absolute_url()
    product = Product.objects.order_by("pk")[0]
    last = min(100, shelf.products.count() // 24)
    pages = {
        "home": "/",
        "category, page 1": category,
        f"category, page {last}": f"{category}?page={last}",
        "product": product.get_absolute_url(),
        "search": "/cari/?q=kopi",
    }
    ways = []
    for name, path in pages.items():
        ways.append(Way(name=name, path=path, kept=True, goal=0.6))
        ways.append(Way(name=name, path=path, goal=0.15 if name == "category, page 1" else None))
    ways.append(Way(name="category, page 1", path=category, remembered=False))
    variant = Variant.objects.get(product=product)
    return [*ways, Way(name="add to cart", path="/keranjang/tambah/", posted={"v": variant.pk, "quantity": 1})]


def _compare(ask: "Asking", way: Way) -> None:
    with override_settings(PAGE_CACHE_SECONDS=600 if way.kept else 0, REMEMBER_SHELVES=way.remembered):
        caches["shared"].clear()
        ask(way)
        sent = ask(way)
        queries = _queries(lambda: ask(way))
        plain.BODY = ask(way, compressed=False)
        same = Way(name="", path="/polos/")
        ours, theirs = [], []
        for _round in range(ROUNDS):
            ours.append(_rate(ask, way))
            with override_settings(PAGE_CACHE_SECONDS=0):
                theirs.append(_rate(ask, same))
    part = statistics.median(mine / other for mine, other in zip(ours, theirs, strict=True))
    figure = f"{statistics.median(ours):.0f}/s of {statistics.median(theirs):.0f}/s = {part:.0%}"
    size = f"{len(plain.BODY) / 1000:.1f} KB ({len(sent) / 1000:.1f} sent)"
    kind = " (kept)" if way.kept else "" if way.remembered else " (rows read anew)"
    say(f"{way.name + kind:<36}{queries:>3} queries, {size}", figure, f">= {way.goal:.0%}" if way.goal else "")


def _queries(work: Callable[[], object]) -> int:
    """How often `work` asks the database."""
    seen = []

    def count(execute: Callable[..., Any], *asked: Any) -> Any:
        seen.append(asked[0])
        return execute(*asked)

    with connection.execute_wrapper(count):
        work()
    return len(seen)


def _rate(ask: "Asking", way: Way) -> float:
    count, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < SECONDS:
        ask(way)
        count += 1
    return count / spent


def _dominates(ask: "Asking", way: Way) -> None:
    """What an uncached page spends its time on."""
    with override_settings(PAGE_CACHE_SECONDS=0, REMEMBER_SHELVES=way.remembered):
        ask(way)
        profile = cProfile.Profile(time.process_time)
        profile.enable()
        for _number in range(10):
            ask(way)
        profile.disable()
    text = io.StringIO()
    pstats.Stats(profile, stream=text).sort_stats("tottime").print_stats(DOMINATES)
    print(
        f"\nwhat dominates “{way.name}”, 10 times, {'rows remembered' if way.remembered else 'rows read anew'}"
        " (processor time of each function itself, with the profiler's own):"
    )
    print("\n".join(line for line in text.getvalue().splitlines()[6:] if line.strip()))


class Asking:
    """A browser at the WSGI door: no network and no parsing of answers, so that nothing but the server is measured."""

    def __init__(self) -> None:
        self._handler = WSGIHandler()

    def __call__(self, way: Way, *, compressed: bool = True) -> bytes:
        body = urlencode(way.posted).encode() if way.posted else b""
        path, _, query = way.path.partition("?")
        told: dict[str, str] = {}

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            told.update({name.lower(): value for name, value in headers}, status=status)

        environ = _environ(way, path, query, body) | ({} if compressed else {"HTTP_ACCEPT_ENCODING": ""})
        answer = self._handler(environ, start_response)  # type: ignore[arg-type]
        sent = b"".join(answer)
        answer.close()
        assert told["status"][:3] in ("200", "302"), f"{way.path} answered {told['status']}"
        return sent


def _environ(way: Way, path: str, query: str, body: bytes) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "POST" if way.posted else "GET",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": HOST,
        "HTTP_ORIGIN": f"http://{HOST}",
        "HTTP_ACCEPT_ENCODING": "gzip, deflate, br",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.url_scheme": "http",
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


if __name__ == "__main__":
    measure()
