"""What a shop shows and lets people do in each state. Customers, members, officers and providers."""

from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from tenants.models import Cooperative, ExitKit, FreedName
from tests import make
from tests.browsing import KOPI, PLATFORM, Browser

State = Cooperative.State
VISITORS_PAGES = (
    "/",
    "/keranjang/",
    "/kategori/kopi/",
    "/cari/?q=kopi",
    "/robots.txt",
    "/akun/pesanan/",
    "/tidak/ada/",
)


def put(cooperative: Cooperative, state: str, **about: str) -> None:
    Cooperative.objects.filter(pk=cooperative.pk).update(state=state, **about)


@pytest.mark.parametrize(
    ("state", "status", "said", "said_in_english"),
    [
        (State.PREPARING, 503, "Segera dibuka", "Opening soon"),
        (State.SUSPENDED, 503, "Toko ini ditutup sementara", "This shop is closed for the time being"),
        (State.CLOSED, 410, "Toko ini sudah tutup", "This shop has closed"),
        (State.PURGING, 410, "Toko ini sudah tutup", "This shop has closed"),
    ],
)
def test_visitors_read_how_the_shop_stands_in_the_language_of_the_address(kopi, state, status, said, said_in_english):
    put(kopi, state, email="tanya@kopi.example", whatsapp="+62811", state_reason="rahasia pengurus")
    for address in VISITORS_PAGES:
        page = Browser().get(address)
        assert (page.status_code, said in page.text) == (status, True), address
        assert "tanya@kopi.example" in page.text
        assert "rahasia pengurus" not in page.text
        assert page.headers.get("Retry-After") == ("3600" if status == 503 else None)
        assert "no-store" in page["Cache-Control"]
    english = Browser().get("/en/keranjang/")
    assert (english.status_code, said_in_english in english.text) == (status, True)
    assert said not in english.text
    assert 'lang="en"' in english.text


@pytest.mark.parametrize("state", [State.PREPARING, State.SUSPENDED, State.CLOSED])
def test_nothing_is_put_in_a_cart_or_ordered(kopi, state):
    variant = make.variant()
    put(kopi, state)
    client = Browser()
    refused = [
        client.post("/keranjang/tambah/", {"v": variant.pk, "quantity": 1}).status_code,
        client.post("/checkout/", {"name": "Ani"}).status_code,
    ]
    assert refused == [410 if state == State.CLOSED else 503] * 2
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize(
    ("state", "reading", "writing"),
    [(State.PREPARING, 200, 302), (State.SUSPENDED, 200, 503), (State.CLOSED, 410, 410)],
)
def test_what_an_officer_can_do(kopi, state, reading, writing):
    product = make.product()
    put(kopi, state)
    client = Browser(user=make.officer())
    assert client.get("/kelola/").status_code == 200
    assert client.get("/kelola/produk/").status_code == reading
    (variant,) = product.variants.all()
    counted = client.post(f"/kelola/produk/{product.pk}/stok/{variant.pk}/", {"on_hand": 3, "shown": 10})
    assert counted.status_code == writing
    variant.stock.refresh_from_db()
    assert (variant.stock.on_hand == 3) == (state == State.PREPARING)


def test_an_officer_of_a_suspended_shop_reads_why_and_that_nothing_changes(kopi):
    put(kopi, State.SUSPENDED, state_reason="Tagihan belum dibayar.")
    client = Browser(user=make.officer())
    assert "Tagihan belum dibayar." in client.get("/kelola/").text
    refused = client.post("/kelola/pembayaran/cara/transfer/", {"bank": "BRI"})
    assert "semua data bisa dibaca, tetapi tidak bisa diubah" in refused.text


def test_a_shop_is_not_joined_while_suspended_though_that_comes_by_get(kopi):
    put(kopi, State.SUSPENDED)
    client = Browser(user=make.officer())
    assert client.get("/kelola/kanal/shopee/kembali/?state=x&code=y").status_code == 503


@pytest.mark.parametrize("state", [State.PREPARING, State.SUSPENDED, State.CLOSED])
def test_officers_can_log_in_and_nobody_signs_up_once_the_shop_has_stopped(kopi, state):
    put(kopi, state)
    assert Browser().get("/akun/masuk/").status_code == 200
    assert Browser().get("/kelola/")["Location"] == "/akun/masuk/?next=/kelola/"
    assert Browser().get("/akun/daftar/").status_code == {"preparing": 200, "suspended": 503, "closed": 410}[state]


@pytest.mark.parametrize("state", [State.PREPARING, State.SUSPENDED, State.CLOSED])
def test_money_notices_arrive_in_every_state(kopi, state):
    put(kopi, state)
    open_hook = Browser().post(f"/hooks/stripe/{uuid4()}/", "{}", content_type="application/json")
    assert open_hook.status_code == 404  # the view's own answer to an address that it does not know
    assert "<html" not in open_hook.text


def test_an_officer_previews_a_shop_that_is_not_open_and_a_visitor_does_not(kopi):
    product = make.product()
    put(kopi, State.PREPARING)
    client = Browser(user=make.officer())
    assert client.get(product.get_absolute_url()).status_code == 503
    assert client.get("/kelola/lihat-toko/")["Location"] == "/"
    assert client.get(product.get_absolute_url()).status_code == 200
    assert client.post("/keranjang/tambah/", {"v": product.variants.get().pk, "quantity": 1}).status_code == 503
    assert Browser().get(product.get_absolute_url()).status_code == 503


def test_the_preview_ends_with_the_preparation(kopi):
    client = Browser(user=make.officer())
    put(kopi, State.PREPARING)
    client.get("/kelola/lihat-toko/")
    put(kopi, State.SUSPENDED)
    assert client.get("/").status_code == 503


def test_the_platform_answers_whatever_happens_to_shops(kopi):
    put(kopi, State.SUSPENDED)
    assert Browser(PLATFORM).get("/").status_code == 200


def test_a_name_that_was_given_up_is_gone_and_one_that_never_was_is_not_found(kopi, now):
    connection.set_schema_to_public()
    FreedName.objects.create(name="dulu.localhost", freed_at=now)
    assert Browser(KOPI).get("/", HTTP_HOST="dulu.localhost").status_code == 410
    assert Browser(KOPI).post("/hooks/stripe/x/", HTTP_HOST="dulu.localhost").status_code == 410
    assert Browser(KOPI).get("/", HTTP_HOST="nobody.localhost").status_code == 404


@pytest.mark.parametrize("state", [State.PREPARING, State.OPEN, State.SUSPENDED, State.CLOSED])
def test_a_cooperative_takes_its_data_along_in_every_state(kopi, state):
    put(kopi, state)
    client = Browser(user=make.officer())
    assert client.get(reverse("backoffice:exit_kit")).status_code == 200
    assert client.post(reverse("backoffice:exit_kit_ask")).status_code == 302
    assert ExitKit.objects.filter(cooperative=kopi).count() == 1
