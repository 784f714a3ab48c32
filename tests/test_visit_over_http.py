"""A whole visit with real processes: two operators, one shop, real commits. More in hosting/tests/test_visits.py."""

import re

import httpx
import pytest

from simulators.loopback import LoopbackTransport
from tests.stack import Platform

REASON = "Pengurus melapor: stok kopi di Shopee tidak turun"

LETTERS = """
from notifications.models import Message
sent = Message.objects.filter(key__startswith="visit:").values_list("sent_at", flat=True)
answer = [at is not None for at in sent] if all(sent) else []
"""


def form(client: httpx.Client, path: str, **said: object) -> httpx.Response:
    """POST what a browser would: the fields and the page's own token."""
    page = client.get(path)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
    return client.post(path, data={**said, "csrfmiddlewaretoken": token}, headers={"Referer": str(page.url)})


@pytest.fixture
def operators(platform: Platform) -> list[httpx.Client]:
    """Both operators of the demo, by their links, which count as both steps there."""
    made = []
    for path in platform.login_paths("", "operator"):
        client = httpx.Client(
            base_url=platform.place.web, follow_redirects=True, timeout=30, transport=LoopbackTransport()
        )
        assert client.get(path).url.path == "/operator/"
        made.append(client)
    return made


def test_a_visit_from_the_question_to_the_log(platform: Platform, operators: list[httpx.Client]) -> None:
    asker, second = operators
    shop = platform.shell("kopi-gayo", "from tenants.context import current_cooperative as c; answer = c().pk")
    asked = form(asker, "/operator/tenants/visit/add/", cooperative=shop, reason=REASON, minutes=30)
    assert asked.status_code == 200
    number = re.search(r"/operator/tenants/visit/(\d+)/change/", asker.get("/operator/tenants/visit/").text)[1]
    step = f"/operator/tenants/visit/{number}/step"
    assert asker.get(f"{step}/approve/").status_code == 404
    form(second, f"{step}/approve/")
    door = form(asker, f"{step}/enter/")
    assert door.url.host == "kopi-gayo.localhost"
    assert REASON in door.text

    visitor = platform.client("kopi-gayo")
    inside = form(visitor, f"{door.url.path}?{door.url.query.decode()}")
    assert "Kunjungan operator: hanya melihat." in inside.text
    assert visitor.get("/kelola/pesanan/").status_code == 200
    assert visitor.get("/kelola/pesanan/ekspor.csv").status_code == 403
    assert form(visitor, "/kelola/", title="x").status_code == 403
    assert visitor.get("/kelola/anggota/").status_code == 200
    form(second, f"{step}/end/")
    assert visitor.get("/kelola/anggota/").status_code == 403

    read = platform.login("kopi-gayo", "pengawas").get("/kelola/kunjungan/").text
    for said in (REASON, "operator@coop-shop.example", "rekan@coop-shop.example", "/kelola/anggota/", "ekspor.csv"):
        assert said in read
    assert platform.eventually(lambda: platform.shell("kopi-gayo", LETTERS), seconds=20) == [True]
