"""Putting something into a cart carries no token: the browser says where the form stood."""

import pytest

from storefront.same_origin import same_origin
from tests import make
from tests.browsing import KOPI, Browser

pytestmark = pytest.mark.django_db
HERE = f"http://{KOPI}"


@pytest.fixture
def post(kopi):
    """Send a filled-in form to the cart with just these headers; returns the status and what is in the cart then."""
    variant = make.variant()

    def send(**headers: str) -> tuple[int, int]:
        browser = Browser(enforce_csrf_checks=True)
        answer = browser.post("/keranjang/tambah/", {"v": variant.pk, "quantity": 2}, headers=headers)
        cart = browser.session.get("cart", {}) if "sessionid" in browser.cookies else {}
        return answer.status_code, sum(quantity for quantity, _price in cart.values())

    return send


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": HERE},
        {"Origin": HERE},
        {"Sec-Fetch-Site": "same-origin"},
        {"Referer": f"{HERE}/produk/kopi/?v=1"},
    ],
)
def test_a_form_of_our_own_page_is_taken(post, headers):
    assert post(**headers) == (302, 2)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://jahat.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://batik-lasem.localhost"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://jahat.example"},
        {"Origin": "null"},
        {"Origin": "http://jahat.example", "Referer": f"{HERE}/"},
        {"Origin": f"https://{KOPI}"},
        {"Origin": f"{HERE}:81"},
        {"Origin": f"{HERE}.jahat.example"},
        {"Origin": f"http://jahat@{KOPI}"},
        {"Origin": "http://[oops"},
        {"Referer": "http://jahat.example/http://kopi-gayo.localhost/"},
        {"Referer": ""},
    ],
)
def test_a_form_of_another_page_is_refused_and_nothing_changes(post, headers):
    assert post(**headers) == (403, 0)


def test_reading_needs_no_proof(rf):
    seen = []
    view = same_origin(lambda request: seen.append(request.method))
    for method in ("GET", "HEAD"):
        view(rf.generic(method, "/"))
    assert seen == ["GET", "HEAD"]
