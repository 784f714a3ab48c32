"""What a page may weigh on a cheap phone, for two cooperatives with different themes; that everybody can read it; and
that nothing on it breaks the content security policy. Bytes as they travel, at 360 px and 1.75 pixels per px."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.stack import SLUGS, Platform
from tests.weighing import CHROMIUM, PHONE, chromium, weigh

KB = 1000
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = [
    pytest.mark.stack,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine (Debian: apt install chromium)"),
]


@dataclass(frozen=True, kw_only=True)
class Budget:
    total: int
    html: int
    requests: int
    css: int = 20 * KB
    js: int = 25 * KB


LIST = Budget(total=350 * KB, html=14 * KB, requests=35)
ONE = Budget(total=300 * KB, html=14 * KB, requests=25)
CART = Budget(total=80 * KB, html=10 * KB, requests=12)
PAGES = {
    "home": LIST,
    "category": LIST,
    "search": LIST,
    "producer": LIST,
    "product": ONE,
    "cart": CART,
}
WHERE = """
from django.urls import reverse
from catalog.models import Product
from orders.models import OrderLine
product = Product.objects.on_sale().filter(reviews__state="shown").order_by("pk").first()
maker = product.member
answer = {
    "home": "/",
    "category": (product.category.parent or product.category).get_absolute_url(),
    "search": "/cari/?q=" + product.title.split()[0],
    "producer": maker.get_absolute_url() if hasattr(maker, "get_absolute_url") else "/produsen/",
    "product": product.get_absolute_url(),
    "cart": "/keranjang/",
}
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def addresses(platform: Platform) -> dict[str, dict[str, str]]:
    """Of each shop: where each of PAGES is. All photos have their sizes."""
    waiting = "from catalog.models import Picture; answer = Picture.objects.filter(rendered_at=None).count()"
    for slug in SLUGS:
        assert platform.eventually(lambda slug=slug: platform.shell(slug, waiting) == 0, seconds=150)
    return {slug: platform.shell(slug, WHERE) for slug in SLUGS}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("slug", SLUGS)
def test_a_page_is_light_and_breaks_no_policy(platform, browser, addresses, slug, page):
    budget = PAGES[page]
    opened = browser.new_context(**PHONE, locale="id-ID").new_page()
    weight = weigh(opened, platform.url(slug, addresses[slug][page]))
    assert weight.complaints == []
    assert weight.elsewhere == []
    assert "fonts" not in weight.bytes
    over = {
        name: (weight.bytes.get(name, 0), most)
        for name, most in (("html", budget.html), ("css", budget.css), ("js", budget.js))
        if weight.bytes.get(name, 0) > most
    }
    if weight.total > budget.total:
        over["total"] = (weight.total, budget.total)
    if weight.requests > budget.requests:
        over["requests"] = (weight.requests, budget.requests)
    assert over == {}
    opened.context.close()


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("slug", SLUGS)
def test_everybody_can_read_every_page(platform, browser, addresses, slug, width):
    context = browser.new_context(viewport={"width": width, "height": 780}, locale="id-ID")
    page = context.new_page()
    found = {}
    for name, path in addresses[slug].items():
        for language in ("", "/en"):
            page.goto(platform.url(slug, language + path))
            violations = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
            wide = page.evaluate("document.documentElement.scrollWidth")
            told = [each["id"] for each in violations] + (["wider than the screen"] if wide > width else [])
            if told:
                found[language + path, name] = told
    context.close()
    assert found == {}
