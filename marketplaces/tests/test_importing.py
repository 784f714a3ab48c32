"""Orders come in by push and by pull, once, and ours follow the channel's."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog.models import Variant
from inventory.models import Movement, Stock
from ledger.models import Entry, Journal
from marketplaces import connecting, following, importing, opening
from marketplaces.channels.base import OrderHead
from marketplaces.models import ChannelNotice, ChannelOrder, Connection
from marketplaces.tests.conftest import SHOP, bring_in, connect, in_threads, listed, push, wait_for
from orders import lifecycle
from orders.models import Order
from tenants.models import Due

SOLD, GIVEN_BACK = Movement.Kind.SOLD, Movement.Kind.GIVEN_BACK


def pull():
    importing.pull(now=timezone.now())
    bring_in()


def shelf():
    return Stock.objects.values_list("on_hand", "reserved").get()


@pytest.fixture
def kop(shop):
    """Ten pieces of SKU `KOP`, listed and live."""
    row = listed(shop, sku="KOP", on_hand=10)
    push()
    return row


def test_a_sale_by_push_becomes_one_paid_order(kop, shopee, hooks):
    sale = shopee.buy("KOP", 2)
    wait_for(lambda: ChannelNotice.objects.filter(external_id=sale["order_sn"]).count() >= 2)
    bring_in()
    order = Order.objects.get()
    assert (order.channel, order.external_id, order.state, order.total) == ("shopee", sale["order_sn"], "paid", 130_000)
    assert (order.buyer_name, order.regency, order.address) == ("bunga.lestari", "Kota Bandung", "")
    assert shelf() == (8, 0)
    assert Journal.objects.get().reference == f"captured:shopee:{sale['order_sn']}"
    push()
    assert shopee.figures("stock") == {"KOP": 8}
    assert not ChannelNotice.objects.filter(handled_at=None).exists()


def test_a_sale_by_pull_becomes_one_paid_order(kop, shopee):
    sale = shopee.buy("KOP", 2)
    pull()
    pull()
    order = Order.objects.get()
    assert (order.external_id, order.state) == (sale["order_sn"], "paid")
    assert shelf() == (8, 0)


def test_push_and_pull_together_are_one_order(kop, shopee, hooks, own_cooperative):
    shopee.buy("KOP", 2)
    assert in_threads(own_cooperative, pull, pull, pull, bring_in) == [None] * 4
    pull()
    assert Order.objects.get().lines.get().quantity == 2
    assert (shelf(), ChannelOrder.objects.count(), Journal.objects.count()) == ((8, 0), 1, 1)
    assert Movement.objects.filter(kind=SOLD).count() == 1


def test_an_unpaid_order_holds_its_pieces_and_payment_takes_them(kop, shopee):
    sale = shopee.buy("KOP", 2, paid=False)
    pull()
    assert (Order.objects.get().state, shelf(), Journal.objects.count()) == ("awaiting_payment", (10, 2), 0)
    shopee.step(sale, "pay")
    pull()
    assert (Order.objects.get().state, shelf(), Journal.objects.count()) == ("paid", (8, 0), 1)


def test_a_cancelled_unpaid_order_frees_its_pieces_once(kop, shopee):
    sale = shopee.buy("KOP", 2, paid=False)
    pull()
    shopee.step(sale, "ask_to_cancel")
    pull()
    pull()
    assert (Order.objects.get().state, shelf()) == ("cancelled", (10, 0))
    assert Movement.objects.filter(kind=GIVEN_BACK).count() == 0
    push()
    assert shopee.figures("stock") == {"KOP": 10}


def cancel_paid(shop, sale):
    client = opening.channel("shopee")._client
    body = {"order_sn": sale["order_sn"], "cancel_reason": "CUSTOMER_REQUEST"}
    client.post("order/cancel_order", body, connecting.living_access(shop))


def test_a_cancelled_paid_order_gives_pieces_and_money_back_once(kop, shop, shopee, own_cooperative):
    sale = shopee.buy("KOP", 2)
    pull()
    cancel_paid(shop, sale)
    in_threads(own_cooperative, pull, pull, pull)
    pull()
    assert (Order.objects.get().state, shelf()) == ("cancelled", (10, 0))
    assert Movement.objects.filter(kind=GIVEN_BACK).count() == 1
    assert Journal.objects.count() == 2
    clearing = Entry.objects.filter(account__code="clearing:shopee").values_list("amount", flat=True)
    assert sorted(clearing) == [-130_000, 130_000]
    push()
    assert shopee.figures("stock") == {"KOP": 10}


def test_an_order_that_was_cancelled_before_we_heard_of_it_is_left_out(kop, shopee):
    sale = shopee.buy("KOP", 2, paid=False)
    shopee.step(sale, "ask_to_cancel")
    pull()
    assert (Order.objects.count(), shelf()) == (0, (10, 0))


def test_our_order_follows_to_the_doorstep(kop, shop, shopee):
    sale = shopee.buy("KOP")
    client = opening.channel("shopee")._client
    body = {"order_sn": sale["order_sn"], "dropoff": {}}
    client.post("logistics/ship_order", body, connecting.living_access(shop))
    seen = []
    for _ in range(4):
        pull()
        seen.append(Order.objects.get().state)
        if seen[-1] != "completed":
            shopee.step(sale, "advance")
    assert seen == ["packed", "shipped", "delivered", "completed"]
    order = Order.objects.get()
    assert (order.buyer_name, order.buyer_phone) == ("Bunga Lestari", "6281234567890")
    assert order.parcels.get().courier == "Reguler"


def test_steps_that_were_missed_are_made_up_for(kop, shop, shopee):
    sale = shopee.buy("KOP")
    body = {"order_sn": sale["order_sn"], "dropoff": {}}
    opening.channel("shopee")._client.post("logistics/ship_order", body, connecting.living_access(shop))
    shopee.step(sale, "advance")
    pull()
    order = Order.objects.get()
    moves = order.events.filter(kind="moved").order_by("pk").values_list("state", flat=True)
    assert list(moves) == ["paid", "packed", "shipped"]
    assert shelf() == (9, 0)


def test_older_news_changes_nothing(kop, shop, shopee):
    sale = shopee.buy("KOP", 2)
    pull()
    (news,) = connecting.ask(shop, opening.channel("shopee").read_orders, [sale["order_sn"]])
    older = replace(news, updated_at=news.updated_at - timedelta(seconds=1), stage="cancelled", state="CANCELLED")
    following.follow(shop=shop, news=older, now=timezone.now())
    assert (Order.objects.get().state, shelf()) == ("paid", (8, 0))
    assert ChannelOrder.objects.get().external_state == "READY_TO_SHIP"


def test_news_of_the_same_second_counts(kop, shop, shopee):
    sale = shopee.buy("KOP", 2)
    pull()
    (news,) = connecting.ask(shop, opening.channel("shopee").read_orders, [sale["order_sn"]])
    following.follow(shop=shop, news=replace(news, stage="cancelled", state="CANCELLED"), now=timezone.now())
    assert (Order.objects.get().state, shelf()) == ("cancelled", (10, 0))


def test_a_wish_to_cancel_is_noted_and_moves_nothing(kop, shopee):
    sale = shopee.buy("KOP")
    pull()
    shopee.step(sale, "ask_to_cancel")
    pull()
    order = Order.objects.get()
    assert (order.state, order.events.filter(kind="cancel_asked").count(), shelf()) == ("paid", 1, (9, 0))


def test_a_sale_of_an_unknown_sku_is_a_named_problem(kop, shopee):
    Variant.objects.update(sku="RENAMED")
    kop.variants.all().delete()
    shopee.buy("KOP")
    pull()
    order = Order.objects.get()
    assert (order.state, order.problem, order.total) == ("paid", "unknown_sku", 65_000)
    assert shelf() == (10, 0)


def test_a_variant_is_known_by_the_channels_ids_whatever_its_sku_became(kop, shopee):
    Variant.objects.update(sku="RENAMED")
    shopee.buy("KOP")
    pull()
    assert (Order.objects.get().problem, Order.objects.get().lines.get().sku, shelf()) == ("", "RENAMED", (9, 0))


def test_more_sold_than_there_is_is_a_named_problem_and_no_negative_number(kop, shopee):
    Stock.objects.update(on_hand=1)
    Movement.objects.create(stock=Stock.objects.get(), kind="counted", quantity=-9, reference="t", at=timezone.now())
    shopee.buy("KOP", 3)
    pull()
    order = Order.objects.get()
    assert (order.state, order.problem, shelf()) == ("paid", "oversold", (1, 0))


def test_one_order_in_trouble_does_not_stop_the_others(kop, shopee, monkeypatch):
    bad, good = shopee.buy("KOP"), shopee.buy("KOP")
    true_follow = following.follow

    def follow(*, shop, news, now):
        if news.id == bad["order_sn"]:
            raise RuntimeError("poison")
        return true_follow(shop=shop, news=news, now=now)

    with monkeypatch.context() as broken:
        broken.setattr(following, "follow", follow)
        pull()
    assert Order.objects.get().external_id == good["order_sn"]
    assert ChannelNotice.objects.get(handled_at=None).last_error == "RuntimeError"
    assert Due.objects.filter(kind="import_orders").exists()
    bring_in()
    assert Order.objects.count() == 2


@pytest.mark.parametrize("fault", ["500", "cut", "garbage", "429"])
def test_a_fault_while_fetching_loses_no_order(kop, shopee, fault):
    shopee.buy("KOP")
    shopee.faults({"fault": fault, "path_prefix": "/api/v2/order/", "times": 2})
    before = Connection.objects.get().pulled_until
    importing.pull(now=timezone.now())
    assert Connection.objects.get().pulled_until == before
    assert Connection.objects.get().last_error != ""
    pull()
    pull()
    pull()
    assert (Order.objects.count(), Connection.objects.get().last_error) == (1, "")


def test_many_changed_orders_are_one_note_and_no_other_order_is_looked_up(kop, shop):
    heads = [OrderHead(id=f"26112300000{number}", state="READY_TO_SHIP") for number in range(3)]
    Due.objects.all().delete()
    with CaptureQueriesContext(database) as queries:
        importing._write_down(shop, heads, timezone.now(), timezone.now())
    assert ChannelNotice.objects.filter(handled_at=None).count() == 3
    assert Due.objects.filter(kind="import_orders").count() == 1
    (lookup,) = [row["sql"] for row in queries if 'FROM "marketplaces_channelorder"' in row["sql"]]
    assert all(head.id in lookup for head in heads)


def test_a_list_that_leads_in_a_circle_is_left(kop, shopee):
    shopee.buy("KOP")
    shopee.faults({"fault": "loop_cursor", "path_prefix": "/api/v2/order/"})
    importing.pull(now=timezone.now())
    assert len(shopee.calls("get_order_list")) == 2
    assert Connection.objects.get().last_error == "Daftar pesanan dari kanal ini berulang. Dicoba lagi otomatis."
    shopee.faults()
    pull()
    assert Order.objects.count() == 1


def test_a_long_silence_is_read_in_windows_of_fifteen_days(kop, shopee):
    Connection.objects.update(pulled_until=timezone.now() - timedelta(days=40))
    shopee.buy("KOP")
    pull()
    windows = [call["query"] for call in shopee.calls("get_order_list")]
    assert [int(w["time_to"]) - int(w["time_from"]) <= 15 * 86400 for w in windows] == [True] * 3
    assert Order.objects.count() == 1


def test_an_order_we_cancelled_here_is_not_taken_up_again(kop, shopee):
    sale = shopee.buy("KOP", paid=False)
    pull()
    lifecycle.cancel(order_id=Order.objects.get().pk, actor="petugas", now=timezone.now())
    shopee.step(sale, "pay")
    pull()
    assert (Order.objects.get().state, shelf()) == ("cancelled", (10, 0))


def test_a_lost_permission_is_shown(kop, shop, shopee, hooks):
    httpx.post(f"{shopee.base}/seller/{SHOP}/revoke", trust_env=False)
    wait_for(lambda: ChannelNotice.objects.filter(kind="deauthorised").exists())
    bring_in()
    shop.refresh_from_db()
    assert shop.state == "lost"


def test_an_old_word_of_a_lost_permission_does_not_undo_a_new_one(kop, shop, shopee, hooks):
    httpx.post(f"{shopee.base}/seller/{SHOP}/revoke", trust_env=False)
    wait_for(lambda: ChannelNotice.objects.filter(kind="deauthorised").exists())
    connect()
    bring_in()
    shop.refresh_from_db()
    assert shop.state == "active"
    assert not ChannelNotice.objects.filter(kind="deauthorised", handled_at=None).exists()


def test_an_order_that_never_comes_in_waits_for_a_person(kop, shop, shopee):
    notice = ChannelNotice.objects.create(
        connection=shop, key="x", kind="order", external_id="UNKNOWN", body={}, received_at=timezone.now()
    )
    for _ in range(importing.MOST_ATTEMPTS + 2):
        bring_in()
    assert importing.stuck().get() == notice
    assert len(shopee.calls("get_order_detail")) == importing.MOST_ATTEMPTS
