"""A buyer without JavaScript: reads pages, fills in the forms that are on them, follows where they lead."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

ADDRESS = {
    "name": "Siti Aminah",
    "phone": "0812-3456-7890",
    "email": "siti@pembeli.example",
    "address": "Jl. Mawar No. 5",
    "district": "Kebayoran Baru",
    "regency": "Jakarta Selatan",
    "province": "DKI Jakarta",
    "postcode": "12110",
}


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._select = ""
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append(Form(attributes.get("action", ""), attributes.get("method", "get").lower()))
        elif self.found and tag in ("input", "textarea", "select"):
            self._take(tag, attributes)
        elif self.found and tag == "option" and "selected" in attributes and self._select:
            self.found[-1].fields[self._select] = attributes.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.found[-1].fields[self._textarea] += data.removeprefix("\n")  # browsers drop the first line break

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._textarea = ""

    def _take(self, tag: str, attributes: dict[str, str]) -> None:
        name, kind = attributes.get("name", ""), attributes.get("type", "text")
        self._select = name if tag == "select" else ""
        self._textarea = name if tag == "textarea" else ""
        unchosen = kind in ("radio", "checkbox") and "checked" not in attributes
        if name and not unchosen and kind not in ("submit", "button"):
            self.found[-1].fields[name] = attributes.get("value", "")


def forms(page: httpx.Response) -> list[Form]:
    parser = _Forms()
    parser.feed(page.text)
    return parser.found


def submit(client: httpx.Client, page: httpx.Response, *, having: str, **values: str) -> httpx.Response:
    """Send the first form on `page` that has a field `having`, with `values` typed in. Refusals are answers too."""
    form = next(form for form in forms(page) if having in form.fields)
    target = str(page.url.join(form.action)) if form.action else str(page.url)
    headers = {"Referer": str(page.url)}
    return client.request(form.method, target, data={**form.fields, **values}, headers=headers)


def put_into_cart(
    client: httpx.Client, product: str, *, variant: int | None = None, quantity: int = 1
) -> httpx.Response:
    page = client.get(product)
    chosen = {"v": str(variant)} if variant else {}
    return submit(client, page, having="v", quantity=str(quantity), **chosen)


def check_out(client: httpx.Client, **changes: str) -> httpx.Response:
    """Fill in the checkout; the first submit shows the shipping cost, the second one orders. Returns the last page."""
    page = client.get("/checkout/")
    shown = submit(client, page, having="phone", **{**ADDRESS, **changes})
    if "/bayar/" in str(shown.url):
        return shown
    return submit(client, shown, having="phone")


def choose_stripe(client: httpx.Client, pay_page: httpx.Response) -> str:
    """Choose Stripe on the pay page. Returns the address of Stripe's hosted page."""
    form = next(form for form in forms(pay_page) if form.fields.get("provider") == "stripe")
    answer = client.post(
        str(pay_page.url), data=form.fields, headers={"Referer": str(pay_page.url)}, follow_redirects=False
    )
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]
