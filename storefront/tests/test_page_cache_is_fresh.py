"""Whatever changes, by whichever way: the next visitor sees it."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.apps import apps
from django.conf import settings as django_settings
from django.db import connection, models, transaction
from PIL import Image

from catalog import photos
from catalog.models import Category, Picture, Product
from inventory import stock
from members.models import Member
from orders import expiring, fees
from orders.models import Order
from shipping import setting
from storefront.tests.keeping import is_kept, queries_of
from storefront.tests.test_page_cache import entries
from storefront.views import home
from tenants import describing, freshness
from tenants.context import TenantExecutor, in_tenant
from tenants.models import Cooperative
from tests import make
from tests.browsing import BATIK, Browser


def photo() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 300), (120, 60, 20)).save(buffer, "PNG")
    return buffer.getvalue()


def by_hand(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def reserve(product: Product) -> None:
    wanted = {product.variants.get().pk: 8}
    stock.reserve(reference="T-1", wanted=wanted, expires_at=None, now=make.NOW)


def describe(kopi: Cooperative, **about: object) -> None:
    describing.describe(cooperative_id=kopi.pk, **about)


CHANGES: list[tuple[str, Callable[[Product, Cooperative], object], str, str]] = [
    # page, what happens, what was there, what is there now
    ("product", lambda p, k: make.change(p.variants.get(), price=91_500), "65.000", "91.500"),
    ("home", lambda p, k: make.change(p.variants.get(), price=91_500), "65.000", "91.500"),
    ("category", lambda p, k: make.product(title="Kopi Kedua"), "", "Kopi Kedua"),
    ("product", lambda p, k: reserve(p), "Ada 10", "Tinggal 2"),
    ("product", lambda p, k: stock.count(variant_id=p.variants.get().pk, on_hand=0, reference="t", now=make.NOW),
     "Ada 10", "Habis"),
    ("home", lambda p, k: stock.count(variant_id=p.variants.get().pk, on_hand=0, reference="t", now=make.NOW),
     "", "Habis"),
    ("category", lambda p, k: Category.objects.update(name="Kopi Pilihan"), "", "Kopi Pilihan"),
    ("product", lambda p, k: Member.objects.update(story="Sejak 1998 di lereng."), "", "Sejak 1998 di lereng."),
    ("product", lambda p, k: photos.attach(product=p, data=photo(), alt="Biji kopi", now=make.NOW), "", "Biji kopi"),
    ("product", lambda p, k: setting.set_rate(province="", per_kg=33_000, days_from=1, days_to=2), "", "33.000"),
    ("product", lambda p, k: fees.decide(channel=Order.SHOP, cooperative_bp=1_000, from_date=date(2026, 11, 1)),
     "65.000 sampai", "58.500 sampai"),
    ("home", lambda p, k: describe(k, name="Koperasi Baru Nama"), "Koperasi Kopi Gayo", "Koperasi Baru Nama"),
    ("product", lambda p, k: describe(k, address="Jl. Pindah 7"), "", "Jl. Pindah 7"),
    ("category", lambda p, k: Cooperative.objects.filter(pk=k.pk).update(theme="batik"), "", 'data-theme="batik"'),
    ("home", lambda p, k: Product.objects.bulk_update([_titled(p, "Kopi Borongan")], ["title"]), "", "Kopi Borongan"),
    ("home", lambda p, k: by_hand("UPDATE catalog_product SET title = 'Kopi Tangan'"), "", "Kopi Tangan"),
    ("home", lambda p, k: by_hand("WITH x AS (UPDATE catalog_product SET title = 'Kopi W' RETURNING 1) TABLE x"),
     "", "Kopi W"),
    ("home", lambda p, k: Product.objects.update(state=Product.State.PAUSED), "Kopi Arabika", "sedang menyiapkan"),
    ("search", lambda p, k: make.product(title="Kopi Ketiga"), "", "Kopi Ketiga"),
]  # fmt: skip


def _titled(product: Product, title: str) -> Product:
    product.title = title
    return product


@pytest.mark.breaks("I12")
@pytest.mark.django_db
@pytest.mark.usefixtures("pages_are_kept")
@pytest.mark.parametrize(("page", "change", "before", "after"), CHANGES)
def test_what_was_changed_is_on_the_next_page(kopi, page, change, before, after):
    product = make.product()
    path = {
        "product": product.get_absolute_url(),
        "home": "/",
        "category": "/kategori/kopi/",
        "search": "/cari/?q=kopi",
    }[page]
    assert is_kept(path)
    shown = Browser().get(path).text
    assert before in shown
    assert after not in shown
    change(product, kopi)
    assert after in Browser().get(path).text
    assert is_kept(path)


@pytest.mark.django_db
@pytest.mark.usefixtures("pages_are_kept")
def test_pieces_of_an_order_that_expires_are_there_again(kopi):
    product = make.product(on_hand=3)
    path = product.get_absolute_url()
    make.order(cart={product.variants.get().pk: 3})
    assert is_kept(path)
    assert "Habis" in Browser().get(path).text
    expiring.expire_unpaid(now=make.NOW + timedelta(days=3))
    assert "Habis" not in Browser().get(path).text


def tenant_tables() -> list[type[models.Model]]:
    configs = [config for config in apps.get_app_configs() if config.name in django_settings.TENANT_APPS]
    return [model for config in configs for model in config.get_models(include_auto_created=True)]


@pytest.mark.django_db
@pytest.mark.usefixtures("pages_are_kept")
def test_every_table_that_visitors_see_says_so_when_it_changes(kopi):
    for model in tenant_tables():
        before, _nothing = freshness.look(kopi.schema_name, "nothing")
        key = model._meta.pk.column
        by_hand(f'UPDATE "{model._meta.db_table}" SET "{key}" = "{key}" WHERE false')  # noqa: S608 - our own names
        after, _nothing = freshness.look(kopi.schema_name, "nothing")
        assert (after == before) == (model._meta.db_table in freshness.UNSEEN), model._meta.db_table


@pytest.mark.django_db
@pytest.mark.usefixtures("pages_are_kept")
def test_a_page_that_became_old_while_it_was_made_is_not_given_out(kopi, monkeypatch):
    make.product()
    original = home.TemplateResponse

    def meanwhile(*args: object, **kwargs: object) -> object:
        page = original(*args, **kwargs).render()  # it has read everything
        monkeypatch.setattr(home, "TemplateResponse", original)
        Product.objects.update(title="Kopi Terbaru")
        return page

    monkeypatch.setattr(home, "TemplateResponse", meanwhile)
    assert "Kopi Terbaru" not in Browser().get("/").text
    assert "Kopi Terbaru" in Browser().get("/").text


def test_others_see_a_change_when_it_is_committed(own_cooperative, settings):
    """No tricks: a transaction of its own in another thread, and real commits."""
    settings.PAGE_CACHE_SECONDS, settings.HOSTS_KNOWN_SECONDS = 600, 60
    host = f"{own_cooperative.slug}.localhost"
    with in_tenant(own_cooperative):
        make.product(title="Kopi Lama")

    def title_on_home() -> str:
        return re.search(r"Kopi (Lama|Baru)", Browser(host).get("/").text)[1]

    assert [title_on_home(), title_on_home()] == ["Lama", "Lama"]
    with in_tenant(own_cooperative), TenantExecutor() as threads:
        with transaction.atomic():
            Product.objects.update(title="Kopi Baru")
            assert threads.submit(title_on_home).result() == "Lama"
        assert threads.submit(title_on_home).result() == "Baru"
    assert title_on_home() == "Baru"


@pytest.mark.django_db
@pytest.mark.usefixtures("pages_are_kept")
@pytest.mark.parametrize(
    ("week", "laters"),
    [
        (None, [timedelta(hours=10)]),  # midnight in the cooperative's zone: fees and holidays begin
        ({"0": ["08:00", "16:00"]}, [timedelta(hours=3), timedelta(days=1)]),  # the office closes; another day
    ],
)
def test_what_hangs_on_the_clock_changes_with_it(kopi, week, laters):
    make.product()
    describe(kopi, week=week)
    with time_machine.travel(make.NOW, tick=False):
        assert is_kept("/")
    for made, later in enumerate(laters, start=2):
        with time_machine.travel(make.NOW + later, tick=False):
            Browser().get("/")
        assert entries() == made


@pytest.mark.django_db
@pytest.mark.usefixtures("pages_are_kept")
def test_a_change_to_a_table_of_another_shop_leaves_pages_alone(kopi, batik):
    make.product()
    assert is_kept("/")
    with in_tenant(batik):
        Picture.objects.update(alt="x")
        Category.objects.create(name="Batik", slug="batik")
    assert queries_of(Browser(), "/") == 0


@pytest.mark.django_db
@pytest.mark.usefixtures("pages_are_kept")
def test_what_no_visitor_sees_leaves_pages_alone(kopi):
    make.product()
    assert is_kept("/")
    buyer = Browser()
    buyer.post("/keranjang/tambah/", {"v": Product.objects.get().variants.get().pk, "quantity": 1})
    buyer.get("/keranjang/")
    assert queries_of(Browser(), "/") == 0
    assert entries() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("pages_are_kept")
def test_rows_behind_a_shelf_are_read_once_and_are_never_old(kopi, batik):
    product = make.product()
    buyer = Browser()
    buyer.post("/keranjang/tambah/", {"v": product.variants.get().pk, "quantity": 1})
    for path in ("/", "/kategori/kopi/"):
        buyer.get(path)
        assert queries_of(buyer, path) == 1  # the session
        Product.objects.update(title=f"Baru di {path}")
        assert f"Baru di {path}" in buyer.get(path).text
        assert f"Baru di {path}" not in Browser(BATIK).get("/").text
    assert 'lang="en"' in buyer.get("/en/kategori/kopi/").text
    assert "Baru di" not in buyer.get("/kategori/kopi/?min=900000").text
