"""A cooperative leaves whole: on another, empty server its shop looks and sells as it did here (docs/leaving.md)."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from catalog import photos, picturing
from marketplaces.models import Connection
from notifications import writing
from orders.models import Order
from payments import confirming, gateways, paying
from payments.models import Gateway
from tenants.backup.tests.conftest import photo
from tenants.context import in_tenant
from tenants.leaving.exporting import export
from tests import make
from tests.second_server import look

ROOT = Path(__file__).resolve().parent.parent
ACCOUNT = {"bank": "Bank Aceh Syariah", "account_number": "0102030405", "account_holder": "Koperasi Kopi Gayo"}
KEYS = {"secret_key": "sk_test_leaving", "webhook_secret": "whsec_leaving"}


@pytest.fixture
def shop(own_cooperative, settings, tmp_path):
    """A shop with goods, a photo, an order that was paid and one that waits, and channels that cannot come along."""
    settings.MEDIA_ROOT = tmp_path / "media"
    with in_tenant(own_cooperative):
        seller = make.member(name="Ibu Rahma", email="rahma@kopi.example")
        variant = make.variant(title='Kopi "Gayo", asli', price=95_000, on_hand=20, seller=seller)
        photos.attach(product=variant.product, data=photo(), alt="Biji kopi", now=make.NOW)
        picturing.render_waiting(now=make.NOW)
        gateways.create_gateway(provider="transfer", label="Bank Aceh", settings=ACCOUNT)
        gateways.create_gateway(provider="stripe", label="Stripe", secrets=KEYS)
        order = make.order(cart={variant.pk: 2})
        payment = paying.start(order_id=order.pk, provider="transfer", return_url="x", now=make.NOW)
        confirming.confirm_transfer(payment_id=payment.pk, amount=order.total, officer="Rosmaidar", now=make.NOW)
        make.order(cart={variant.pk: 1})
        Connection.objects.create(
            channel="shopee", external_shop_id="220044", name="Kopi", connected_at=make.NOW, sealed_tokens="shp-secret"
        )
        writing.write(key="before", to="siti@pembeli.example", subject="Halo", body="x", now=make.NOW)
    return own_cooperative


@pytest.fixture
def elsewhere(tmp_path):
    """Another server: a database of its own, empty, and a folder of its own."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = f"elsewhere_{os.getpid()}"
    address = urlunsplit(parts._replace(path=f"/{name}"))
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name}")
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "MEDIA_ROOT": str(tmp_path / "elsewhere"),
        "CREDENTIAL_KEYS": "elsewhere:ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=",
        "SECRET_KEY": "elsewhere",
    }
    yield environment
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(environment, *words):
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_on_an_empty_server_the_shop_looks_and_sells_the_same(shop, elsewhere, tmp_path):
    kit = tmp_path / "kit.zip"
    with in_tenant(shop):
        product = Order.objects.earliest("pk").lines.get().variant.product.get_absolute_url()
        orders = Order.objects.count()
        last_order = Order.objects.latest("pk").pk
    export(cooperative=shop, path=kit, now=make.NOW)
    paths = ["/", product, "/cari/?q=kopi", "/en/"]
    with in_tenant(shop):
        Gateway.objects.filter(provider="stripe").update(is_active=False)  # its keys stay: pages there do not offer it
        here = look(shop, paths)

    run(elsewhere, "manage.py", "migrate_cooperatives")
    said = run(elsewhere, "manage.py", "import_exit_kit", str(kit), "--slug", "pindah-rumah", "--open")
    assert f"{shop.name} is open" in said
    there = json.loads(run(elsewhere, "-m", "tests.second_server", "pindah-rumah", *paths).splitlines()[-1])

    assert there["pages"] == here
    assert there["picture"] == 200
    assert (there["order"][0], there["order"][1][-4:]) == ("paid", "0002")
    assert there["order"][2] > last_order  # numbers go on where they stood
    assert there["broken"] == []
    assert there["gateways"] == [["transfer", True], ["stripe", False]]
    assert there["connections"] == ["closed"]
    assert there["waiting"] == 0
    with in_tenant(shop):
        assert Order.objects.count() == orders  # nothing changed here
