"""Run by tests/test_leaving.py in a process of its own, on a server that nothing is shared with: look at a shop, buy in
it, pay by bank transfer. Prints what it saw as JSON."""

import json
import re
import sys

import django
from django.test.utils import setup_test_environment

django.setup()

from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from coop_shop.verifying import broken_invariants  # noqa: E402
from marketplaces.models import Connection  # noqa: E402
from notifications.models import Message  # noqa: E402
from orders.models import Order  # noqa: E402
from payments import confirming  # noqa: E402
from payments.models import Gateway  # noqa: E402
from tenants.context import in_tenant  # noqa: E402
from tenants.models import Cooperative  # noqa: E402
from tests.browsing import Browser  # noqa: E402
from tests.shopping import ADDRESS, forms  # noqa: E402


def look(cooperative: Cooperative, paths: list[str]) -> dict[str, str]:
    """Path -> page, without what names the server."""
    visitor = Browser(f"{cooperative.slug}.{settings.PLATFORM_HOST}")
    pages = {}
    for path in paths:
        answer = visitor.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        text = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1TOKEN", answer.text)
        pages[path] = text.replace(cooperative.uid.hex, "UID").replace(cooperative.slug, "SLUG")
    return pages


def buy(cooperative: Cooperative, product: str) -> Order:
    """As a buyer does: cart, checkout, bank transfer; then the treasurer finds the money."""
    visitor = Browser(f"{cooperative.slug}.{settings.PLATFORM_HOST}")
    form = next(form for form in forms(visitor.get(product)) if "v" in form.fields)
    visitor.post(form.action, {**form.fields, "quantity": 1})
    answer = visitor.get("/checkout/")
    for _ in range(2):  # the first time, the answer shows the total
        form = next(form for form in forms(answer) if "phone" in form.fields)
        answer = visitor.post("/checkout/", {**form.fields, **ADDRESS})
    assert answer.status_code == 302, answer.status_code
    code = answer["Location"].rstrip("/").rpartition("/")[2]
    form = next(form for form in forms(visitor.get(answer["Location"])) if "provider" in form.fields)
    visitor.post(form.action or answer["Location"], {**form.fields, "provider": "transfer"})
    order = Order.objects.get(code=code)
    payment = order.payments.get()
    confirming.confirm_transfer(payment_id=payment.pk, amount=order.total, officer="Bendahara", now=timezone.now())
    order.refresh_from_db()
    return order


if __name__ == "__main__":
    setup_test_environment(debug=False)
    slug, *paths = sys.argv[1:]
    cooperative = Cooperative.objects.get(slug=slug)
    with in_tenant(cooperative):
        pages = look(cooperative, paths)
        order = buy(cooperative, next(path for path in paths if path.startswith("/produk/")))
        picture = next(part for part in pages["/"].replace('"', " ").split() if part.startswith("/media/UID/"))
        said = {
            "pages": pages,
            "order": [order.state, order.invoice_number, order.pk],
            "picture": Browser(f"{slug}.{settings.PLATFORM_HOST}")
            .get(picture.replace("UID", cooperative.uid.hex))
            .status_code,
            "broken": list(broken_invariants(now=timezone.now())),
            "gateways": list(Gateway.objects.order_by("pk").values_list("provider", "is_active")),
            "connections": list(Connection.objects.values_list("state", flat=True)),
            "waiting": Message.objects.filter(sent_at=None, attempts__lt=10, key__startswith="before").count(),
        }
    sys.stdout.write(f"{json.dumps(said)}\n")
