"""The platform as processes: what every other test of the whole relies on."""

import re

from tests.stack import Platform

STAFF = ("pengurus", "bendahara", "petugas", "pengawas")


def test_each_shop_answers_at_its_own_name_and_nobody_else_does(platform: Platform) -> None:
    assert "Koperasi Kopi Gayo" in platform.client("kopi-gayo").get("/").text
    assert "Koperasi Batik Lasem" in platform.client("batik-lasem").get("/").text
    assert platform.client("nobody").get("/").status_code == 404


def test_static_files_have_hashed_names_and_may_be_kept_for_ever(platform: Platform) -> None:
    client = platform.client("kopi-gayo")
    sheet = re.search(r"/static/css/app\.[0-9a-f]{12}\.css", client.get("/").text)
    assert sheet
    assert "immutable" in client.get(sheet[0]).headers["Cache-Control"]


def test_a_shop_has_a_cover_and_a_mark_on_its_own_host_only(platform: Platform) -> None:
    code = "from tenants.context import current_cooperative as here; answer = [here().cover, here().logo]"
    for name in platform.shell("kopi-gayo", code):
        assert platform.client("kopi-gayo").get(f"/media/{name}").headers["Content-Type"] == "image/webp"
        assert platform.client("batik-lasem").get(f"/media/{name}").status_code == 404


def test_one_tap_logins_open_the_back_office_to_staff_and_not_to_customers(platform: Platform) -> None:
    for role in (*STAFF, "anggota"):
        assert platform.login("kopi-gayo", role).get("/kelola/").status_code == 200, role
    assert platform.login("kopi-gayo", "pelanggan").get("/kelola/").status_code in (403, 404)


def test_a_one_tap_login_of_one_shop_is_worth_nothing_at_another(platform: Platform) -> None:
    link = platform.login_path("kopi-gayo", "pengurus")
    other = platform.client("batik-lasem")
    assert other.get(link).status_code == 404
    assert not other.cookies.get("sessionid")
    assert platform.client("kopi-gayo").get(link.replace("pengurus", "bendahara")).status_code == 404


def test_the_demo_shops_are_open_and_lack_nothing_that_a_shop_needs(platform: Platform) -> None:
    code = """
from django.utils import timezone
from backoffice import going_live
from tenants.context import current_cooperative
here = current_cooperative()
points = going_live.points(cooperative_id=here.pk, now=timezone.now())
answer = [here.state, {point.key: point.is_met for point in points}]
"""
    for slug in ("kopi-gayo", "batik-lasem"):
        state, points = platform.shell(slug, code)
        assert (state, len(points), set(points.values())) == ("open", 8, {True})


def test_the_demo_has_orders_in_every_state_and_its_books_are_right(platform: Platform) -> None:
    code = "from orders.models import Order; answer = sorted(set(Order.objects.values_list('state', flat=True)))"
    expected = ["awaiting_payment", "cancelled", "completed", "delivered", "expired", "packed", "paid", "shipped"]
    for slug in ("kopi-gayo", "batik-lasem"):
        assert platform.shell(slug, code) == expected
        check = "from coop_shop.verifying import broken_invariants as broken\nfrom django.utils import timezone\n"
        assert platform.shell(slug, f"{check}answer = list(broken(now=timezone.now()))") == []


def test_the_worker_publishes_what_the_first_shop_wants_on_shopee(platform: Platform) -> None:
    def shown() -> int:
        return len([item for item in platform.shopee.get("state")["items"] if item["item_status"] == "NORMAL"])

    assert platform.eventually(lambda: shown() == 12 and 12, seconds=60) == 12
    count = "from marketplaces.models import Connection; answer = Connection.objects.count()"
    assert platform.shell("kopi-gayo", count) == 1
    assert platform.shell("batik-lasem", count) == 0


def test_mail_stays_here_and_each_shop_reads_only_its_own(platform: Platform) -> None:
    letters = platform.eventually(
        lambda: "Pesanan" in (text := platform.client("kopi-gayo").get("/demo/surat/").text) and text, seconds=30
    )
    assert letters
    assert "batik-lasem.localhost" not in letters


def test_a_killed_worker_comes_back_and_finds_its_work_after_redis_was_flushed(platform: Platform) -> None:
    platform.kill_worker()
    write = "from notifications import writing\nfrom django.utils import timezone\n"
    letter = "key='test', to='someone@pembeli.example', subject='Halo', body='Halo', now=timezone.now()"
    platform.shell("kopi-gayo", f"{write}writing.write({letter})")
    platform.flush_redis()
    sent = "from notifications.models import Message; answer = Message.objects.get(key='test').sent_at is not None"
    assert platform.eventually(lambda: platform.shell("kopi-gayo", sent), seconds=40)
