"""Two cooperatives with equal SKUs, slugs, order codes and e-mails: nothing of one is reachable from the other.

Everything of the first carries the canary KANARI-KOPI, everything of the second KANARI-BATIK.
"""

import io

import pytest
from django.core.cache import cache
from django.test import Client
from PIL import Image

from accounts.models import User
from catalog.models import Category, Picture, Product, Variant
from catalog.photos import attach
from lib import signing
from members.models import Member, Officer
from orders.models import Order
from tenants.context import in_tenant
from tests import make

KOPI, BATIK = "kopi-gayo.localhost", "batik-lasem.localhost"
EMAIL = "sama@contoh.example"


def stock_up(mark):
    """The same shop in each cooperative, but for the canary in every text. Returns its order."""
    seller = make.member(name=f"Anggota {mark}", number="A-1")
    coffee = make.category("Kopi")
    Category.objects.filter(pk=coffee.pk).update(name=f"Kopi {mark}")
    product = make.product(title="Kopi Sama", sku="SKU-SAMA", seller=seller, in_category=coffee)
    Product.objects.filter(pk=product.pk).update(slug="kopi-sama", title=f"Kopi {mark}", description=f"Cerita {mark}")
    photo = io.BytesIO()
    Image.new("RGB", (300, 300), "red" if "KOPI" in mark else "blue").save(photo, "PNG")
    attach(product=product, data=photo.getvalue(), alt=f"Foto {mark}", now=make.NOW)
    user = User.objects.create_user(EMAIL, name=f"Pengurus {mark}")
    Officer.objects.create(user=user, role=Officer.Role.PENGURUS)
    order = make.order(cart={Variant.objects.get().pk: 1}, key="kunci-sama", name=f"Pembeli {mark}")
    Order.objects.filter(pk=order.pk).update(code="SAMA2345")
    order.refresh_from_db()
    return order


@pytest.fixture
def two(kopi, batik):
    with in_tenant(kopi):
        first = stock_up("KANARI-KOPI")
    with in_tenant(batik):
        second = stock_up("KANARI-BATIK")
    return first, second


def at(host):
    return Client(HTTP_HOST=host)


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


PAGES = [
    "/", "/kategori/kopi/", "/cari/?q=kanari", "/produk/kopi-sama/", "/keranjang/", "/bayar/SAMA2345/", "/sitemap.xml",
    "/en/", "/en/produk/kopi-sama/", "/robots.txt", "/akun/masuk/", "/kelola/",
]  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_equal_addresses_show_each_its_own(two, page):
    for host, own, other in ((KOPI, b"KANARI-KOPI", b"KANARI-BATIK"), (BATIK, b"KANARI-BATIK", b"KANARI-KOPI")):
        response = at(host).get(page)
        assert response.status_code in (200, 302)
        assert other not in body(response)
        if "produk" in page or "cari" in page:
            assert own in body(response)


def test_the_link_to_an_order_opens_in_its_own_shop_only(two):
    first, second = two
    assert b"KANARI-KOPI" in body(at(KOPI).get(f"/pesanan/{first.token}/"))
    assert at(BATIK).get(f"/pesanan/{first.token}/").status_code == 404
    assert at(KOPI).get(f"/pesanan/{second.token}/").status_code == 404


def test_a_file_is_served_on_its_own_host_only(two, kopi):
    with in_tenant(kopi):
        name = Picture.objects.get().image.name
    assert at(KOPI).get(f"/media/{name}").status_code == 200
    for host in (BATIK, "localhost"):
        assert at(host).get(f"/media/{name}").status_code == 404


@pytest.mark.parametrize(
    "name",
    [
        "../{name}", "%2e%2e/{name}", "{own}/../{name}", "{own}/%2e%2e/{name}", "..%5c{name}", "{name}%00.png",
        "{own}//{name}", "{own}/products/../../{name}",
    ],
)  # fmt: skip
def test_no_spelling_of_a_path_reaches_the_file_of_another(two, kopi, batik, name):
    with in_tenant(kopi):
        path = name.format(name=Picture.objects.get().image.name, own=batik.uid.hex)
    response = at(BATIK).get(f"/media/{path}")
    assert response.status_code == 404


def test_a_session_of_one_shop_is_an_empty_one_in_the_other(two, kopi, batik):
    browser = at(KOPI)
    with in_tenant(kopi):
        browser.force_login(User.objects.get(email=EMAIL))
        key = browser.session.session_key
        data = dict(browser.session)
    assert browser.get("/kelola/").status_code == 200
    replayed = at(BATIK)
    replayed.cookies["sessionid"] = key
    assert replayed.get("/kelola/").status_code == 302
    # also when the very same row exists in the other shop's own table, copied there by hand
    with in_tenant(batik):
        store = replayed.session
        store.update(data)
        store.save()
        replayed.cookies["sessionid"] = store.session_key
    assert replayed.get("/kelola/").status_code == 302


def test_a_signed_value_of_one_shop_is_worthless_in_the_other(kopi, batik):
    token = signing.sign("pesanan", purpose="order")
    with in_tenant(batik), pytest.raises(signing.BadToken):
        signing.unsign(token, purpose="order")


def test_what_one_shop_caches_the_other_does_not_see(two, kopi, batik):
    for page in PAGES:
        at(KOPI).get(page)
    with in_tenant(kopi):
        cache.set("kanari", "KANARI-KOPI")
    with in_tenant(batik):
        assert cache.get("kanari") is None


@pytest.mark.parametrize("host", ["hilang.localhost", "evil.example", "kopi-gayo.localhost.evil.example", "127.0.0.1"])
def test_an_unknown_host_is_no_shop(two, host):
    response = at(host).get("/")
    assert response.status_code == 404
    assert b"KANARI" not in response.content


@pytest.mark.parametrize("header", ["HTTP_X_FORWARDED_HOST", "HTTP_X_HOST", "HTTP_FORWARDED"])
def test_no_header_but_host_chooses_the_shop(two, header):
    response = at(KOPI).get("/produk/kopi-sama/", **{header: BATIK})
    assert b"KANARI-KOPI" in response.content
    assert b"KANARI-BATIK" not in response.content
    assert b"http://batik-lasem" not in response.content


def test_the_platform_shows_nothing_of_any_shop(two):
    for page in ("/", "/en/", "/akun/masuk/", "/operator/"):
        assert b"KANARI" not in at("localhost").get(page, follow=True).content


def test_the_same_key_and_e_mail_in_two_shops_are_two_orders_and_two_people(two, kopi, batik):
    first, second = two
    assert (first.code, first.idempotency_key) == (second.code, second.idempotency_key)
    for cooperative, mark in ((kopi, "KANARI-KOPI"), (batik, "KANARI-BATIK")):
        with in_tenant(cooperative):
            assert User.objects.get(email=EMAIL).name == f"Pengurus {mark}"
            assert Member.objects.get(number="A-1").name == f"Anggota {mark}"
            assert Order.objects.get(code="SAMA2345").buyer_name == f"Pembeli {mark}"
