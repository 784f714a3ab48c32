"""How heavy a page is: everything that Chromium asks for to show it, weighed as it
travels: Brotli where there is a choice, else gzip."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from playwright.sync_api import Browser, Page, sync_playwright

from simulators.loopback import LoopbackTransport

CHROMIUM = Path("/usr/bin/chromium")
PHONE = {"viewport": {"width": 360, "height": 780}, "device_scale_factor": 1.75, "is_mobile": True, "has_touch": True}
KINDS = {"document": "html", "stylesheet": "css", "script": "js", "image": "images", "font": "fonts"}


@dataclass(kw_only=True)
class Weight:
    """Bytes by kind, how many requests, what came from elsewhere, and what the browser complained about."""

    bytes: dict[str, int] = field(default_factory=dict)
    requests: int = 0
    elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.bytes.values())


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


def weigh(page: Page, address: str) -> Weight:
    """Open `address` and weigh it. Without scrolling: what is not near the screen stays where it is."""
    weight = Weight()
    asked: list[tuple[str, str]] = []
    page.on("request", lambda request: asked.append((request.resource_type, request.url)))
    page.on("console", lambda said: weight.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: weight.complaints.append(str(error)))
    response = page.goto(address, wait_until="networkidle")
    assert response is not None and response.ok, (address, response and response.status)
    host = urlsplit(address).netloc
    with httpx.Client(transport=LoopbackTransport(), timeout=30, follow_redirects=False) as client:
        for kind, url in asked:
            if url.startswith("data:"):
                continue
            weight.requests += 1
            if urlsplit(url).netloc != host:
                weight.elsewhere.append(url)
                continue
            name = KINDS.get(kind, "other")
            weight.bytes[name] = weight.bytes.get(name, 0) + _transferred(client, url)
    return weight


def _transferred(client: httpx.Client, url: str) -> int:
    told = {"Accept-Encoding": "gzip, deflate, br", "Accept": "image/avif,image/webp,*/*"}
    with client.stream("GET", url, headers=told) as answer:
        return sum(len(part) for part in answer.iter_raw())
