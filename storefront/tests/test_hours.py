"""Open or closed, on holiday or not: what visitors read, and what becomes of their orders."""

from datetime import date, timedelta

import pytest
import time_machine

from orders import placing
from orders.models import Order
from tenants.models import Cooperative
from tests import make
from tests.browsing import Browser

pytestmark = pytest.mark.django_db
WEEK = {"0": ["08:00", "16:00"], "1": ["08:00", "16:00"]}  # the clock stands at Monday, 14.00 WIB
TODAY = date(2026, 11, 23)
CHECKOUT = {
    "name": "Siti", "phone": "081234567890", "address": "Jl. Mawar 5", "district": "Kebayoran Baru",
    "regency": "Jakarta Selatan", "province": "DKI Jakarta", "shown_total": "85000",
}  # fmt: skip


def set_shop(kopi, **fields):
    Cooperative.objects.filter(pk=kopi.pk).update(**fields)
    kopi.refresh_from_db()


def test_the_footer_says_until_when_somebody_is_there(kopi, visitor):
    set_shop(kopi, week=WEEK)
    assert "Buka sekarang</span> sampai 16.00" in visitor.get("/").text


@pytest.mark.parametrize(
    ("hours_later", "said"),
    [(3, "buka besok pukul 08.00"), (16, "buka pukul 08.00"), (27, "buka Senin pukul 08.00")],
)
def test_and_otherwise_when_it_opens_again(kopi, visitor, hours_later, said):
    set_shop(kopi, week=WEEK)
    with time_machine.travel(make.NOW + timedelta(hours=hours_later), tick=False):
        page = visitor.get("/").text
    assert "Tutup sekarang" in page
    assert said in page


def test_after_a_holiday_without_any_hours_a_day_is_named(kopi, visitor):
    set_shop(kopi, holiday_from=TODAY, holiday_until=TODAY)
    assert "Libur</span> buka lagi 24 November" in visitor.get("/").text


def test_who_has_said_no_hours_is_neither_open_nor_closed(kopi, visitor):
    set_shop(kopi, hours="Senin-Jumat")
    page = visitor.get("/").text
    assert "Buka sekarang" not in page
    assert "Tutup sekarang" not in page
    assert "Senin-Jumat" in page


@pytest.mark.parametrize("path", ["/", "/keranjang/", "/cari/", "/halaman/privasi/"])
def test_every_page_tells_of_a_holiday_and_of_what_becomes_of_orders(kopi, visitor, path):
    set_shop(kopi, holiday_from=TODAY, holiday_until=date(2026, 11, 30), holiday_note="Panen <raya>")
    page = visitor.get(path).text
    assert "Kami libur dan kembali pada 1 Desember 2026." in page
    assert "Pesanan tetap kami terima" in page
    assert "Panen &lt;raya&gt;" in page
    set_shop(kopi, holiday_stops_orders=True)
    assert "tidak menerima pesanan" in visitor.get(path).text
    set_shop(kopi, holiday_from=TODAY + timedelta(days=1))
    assert "libur" not in visitor.get(path).text.lower()


def order(browser):
    variant = make.product(price=65_000).variants.get()
    make.rate()
    browser.post("/keranjang/tambah/", {"v": variant.pk, "quantity": 1})
    return browser.post("/checkout/", CHECKOUT)


def test_a_holiday_that_takes_orders_takes_them(kopi, visitor):
    set_shop(kopi, holiday_from=TODAY, holiday_until=TODAY)
    assert "/bayar/" in order(visitor).url
    assert Order.objects.count() == 1


def test_one_that_stops_them_says_until_when_and_keeps_what_was_typed(kopi, visitor):
    set_shop(kopi, holiday_from=TODAY, holiday_until=TODAY, holiday_stops_orders=True)
    answer = order(visitor)
    assert answer.status_code == 200
    assert "menerima pesanan lagi mulai 24 November 2026" in answer.text
    assert 'value="Siti"' in answer.text
    assert Order.objects.count() == 0
    with time_machine.travel(make.NOW + timedelta(hours=10), tick=False):  # midnight
        assert "/bayar/" in visitor.post("/checkout/", CHECKOUT).url


def test_without_an_end_it_says_so(kopi, visitor):
    set_shop(kopi, holiday_from=TODAY, holiday_stops_orders=True)
    assert "Koperasi sedang libur dan tidak menerima pesanan." in order(visitor).text
    assert Order.objects.count() == 0


def test_an_order_that_was_placed_before_stays_the_same_order(kopi):
    placed = make.order(key="k" * 32, cart={(pk := make.variant().pk): 1})
    set_shop(kopi, holiday_from=TODAY, holiday_stops_orders=True)
    assert make.order(key="k" * 32, cart={pk: 1}).pk == placed.pk
    with pytest.raises(placing.OnHoliday):
        make.order(key="j" * 32, cart={pk: 1})
    assert Order.objects.count() == 1


def test_marketplaces_know_no_holiday_of_ours(kopi):
    set_shop(kopi, holiday_from=TODAY, holiday_stops_orders=True)
    line = placing.ChannelLine(sku=make.variant().sku, title="Kopi", price=65_000, quantity=1)
    placing.record_channel_order(
        channel="shopee", external_id="1", buyer=make.buyer(), lines=[line], placed_at=make.NOW, now=make.NOW
    )
    assert Order.objects.count() == 1


def test_the_home_page_has_the_week_where_officers_put_the_map(kopi, visitor):
    set_shop(kopi, week=WEEK, address="Jl. Kopi 1")
    ketua = Browser(user=make.officer())
    ketua.post("/kelola/toko/beranda/", {"kind": "map"})
    page = visitor.get("/").text
    assert "<dt>Senin</dt><dd>08.00–16.00</dd>" in page
    assert "<dt>Minggu</dt><dd>tutup</dd>" in page
    assert "https://www.google.com/maps/search/?api=1&amp;query=Jl.+Kopi+1" in page
