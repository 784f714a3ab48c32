"""Two cooperatives with the same rows under the same keys, except for the canaries in every text.

What everybody may read of the first says KANARI-KOPI, what only its own people may read RAHASIA-KOPI; the second says
BATIK. `two_shops` is made once per module, in a transaction that is undone: tests get savepoints of their own.
"""

import hashlib
import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.utils import timezone
from PIL import Image

from accounts.models import User
from catalog import content as contents
from catalog import proposing
from catalog.models import Category, Product, Variant
from catalog.photos import attach
from inventory import approving
from ledger.models import Entry
from marketplaces import connecting
from marketplaces.channels.base import Grant
from marketplaces.models import (
    CategoryMap,
    ChannelNotice,
    ChannelOrder,
    Connection,
    Listing,
    ListingVariant,
    RemotePicture,
)  # fmt: skip
from members.models import Member, Officer, VisitEntry
from notifications.models import Message
from orders import placing
from orders.models import FeeRule, Order
from payments import confirming, gateways
from payments.models import Notice, Payment
from shipping.models import Rate
from tenants import due
from tenants.context import in_tenant
from tenants.models import PUBLIC, ChannelRoute, Cooperative, DomainClaim, ExitKit
from tests import make, two_shops_goods

KOPI_HOST, BATIK_HOST, PLATFORM_HOST = "kopi-gayo.localhost", "batik-lasem.localhost", "localhost"
ROLES = ("nobody", "customer", "member", *Officer.Role.values, "operator")
FIRST_KEY = 5000
SHOP_ID = "220044"


@dataclass(kw_only=True)
class Shop:
    """One of the two: what its addresses can point at, by the name of the URL's part."""

    cooperative: Cooperative
    mark: str  # KOPI or BATIK
    people: dict[str, User] = field(default_factory=dict)
    parts: dict[str, object] = field(default_factory=dict)
    picture: str = ""

    @property
    def public(self) -> str:
        return f"KANARI-{self.mark}"

    @property
    def secret(self) -> str:
        return f"RAHASIA-{self.mark}"


@pytest.fixture(scope="module")
def two_shops(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[tuple[Shop, Shop]]:
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        with transaction.atomic():
            yield _stocked("kopi-gayo", "KOPI"), _stocked("batik-lasem", "BATIK")
            connection.set_schema_to_public()
            transaction.set_rollback(True)


def checksums(shop: Shop) -> dict[str, str]:
    """A digest of every table of this cooperative, and of its rows in the shared ones. Sessions come and go."""
    with in_tenant(shop.cooperative):
        found = {model._meta.db_table: _digest(model.objects.order_by("pk")) for model in tenant_models()}
        for shared, field in shared_models():
            found[shared._meta.db_table] = _digest(shared.objects.filter(**{field: shop.cooperative.pk}).order_by("pk"))
        found["tenants_cooperative"] = _digest(Cooperative.objects.filter(pk=shop.cooperative.pk))
    return found


def tenant_models() -> list[type[models.Model]]:
    """Every model with a table in each cooperative's schema, but sessions."""
    configs = [config for config in apps.get_app_configs() if config.name in settings.TENANT_APPS]
    found = [model for config in configs for model in config.get_models(include_auto_created=True)]
    return [model for model in found if model._meta.app_label != "sessions"]


def shared_models() -> list[tuple[type[models.Model], str]]:
    """Shared tables whose rows each belong to a cooperative, and the field that says to which."""
    return [
        (model, field.name)
        for model in apps.get_app_config("tenants").get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Cooperative
    ]


def _digest(rows: models.QuerySet) -> str:
    return hashlib.sha256(repr(list(rows.values_list())).encode()).hexdigest()


def _stocked(slug: str, mark: str) -> Shop:
    cooperative = Cooperative.objects.get(slug=slug)
    shop = Shop(cooperative=cooperative, mark=mark)
    Cooperative.objects.filter(pk=cooperative.pk).update(story_id=f"Cerita {shop.public}", email="sama@toko.example")
    ChannelRoute.objects.create(channel="shopee", external_shop_id=f"{SHOP_ID}{mark}"[:40], cooperative=cooperative)
    claim = DomainClaim.objects.create(cooperative=cooperative, domain=f"{shop.public}.example".lower(), token=mark)
    cooperative.refresh_from_db()
    with in_tenant(cooperative):
        _restart_keys()
        _people(shop)
        _goods(shop)
        _orders(shop)
        _channel(shop)
        two_shops_goods.stock(shop)
        two_shops_goods.review(shop)
        two_shops_goods.question(shop)
        _rest(shop)
    shop.parts |= {"claim": claim, "exit_kit": _exit_kit(shop)}
    return shop


def _exit_kit(shop: Shop) -> ExitKit:
    name = f"{shop.cooperative.uid.hex}/{shop.mark}.zip"
    file = Path(settings.EXIT_KIT_ROOT) / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"Semua {shop.secret}")
    return ExitKit.objects.create(
        cooperative=shop.cooperative, asked_by=f"pengurus {shop.secret}", asked_at=make.NOW, ended_at=timezone.now(),
        name=name, size=file.stat().st_size,
    )  # fmt: skip


def _restart_keys() -> None:
    """Equal keys in both: a key of one that is used in the other finds something, and the canary tells."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = %s", [connection.schema_name])
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER SEQUENCE "{connection.schema_name}"."{name}" RESTART WITH {FIRST_KEY}')


def _people(shop: Shop) -> None:
    names = [role for role in ROLES if role not in ("nobody", "operator")]
    for role in names:
        user = User.objects.create_user(f"{role}@sama.example", name=f"{role} {shop.secret}")
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        shop.people[role] = user
        if role in Officer.Role.values:
            Officer.objects.create(user=user, role=role)
    shop.people["member"].member = Member.objects.create(
        number="A-1", name=f"Anggota {shop.public}", user=shop.people["member"], joined_date="2020-01-01",
        phone="+6281200000001", story=f"Cerita {shop.public}", bank_holder=shop.secret, bank_account="0102030405",
    )  # fmt: skip


def _goods(shop: Shop) -> None:
    category = make.category("Sama")
    Category.objects.filter(pk=category.pk).update(name=f"Sama {shop.public}", slug="sama")
    product = make.product(
        title="Barang Sama", sku="SKU-SAMA", seller=Member.objects.get(), in_category=category, on_hand=50
    )
    texts = {"title": f"Barang {shop.public}", "description": f"Tentang {shop.public}"}
    Product.objects.filter(pk=product.pk).update(slug="barang-sama", **texts)
    photo = io.BytesIO()
    Image.new("RGB", (300, 300), "red" if shop.mark == "KOPI" else "blue").save(photo, "PNG")
    attach(product=product, data=photo.getvalue(), alt=f"Foto {shop.public}", now=make.NOW)
    product.refresh_from_db()
    variant = product.variants.get()
    shop.picture = product.pictures.get().image.name
    proposal = proposing.save_draft(
        key=uuid.UUID(int=FIRST_KEY),
        member=product.member,
        content={**contents.as_json(contents.of(product)), "description": f"Usul {shop.secret}"},
        version=1,
        product=product,
        by=f"anggota {shop.secret}",
        now=make.NOW,
    )
    approving.submit(proposal_id=proposal.pk, by=f"anggota {shop.secret}", now=make.NOW)
    shop.parts |= {"category": category, "product": product, "variant": variant, "proposal": proposal}


def _orders(shop: Shop) -> None:
    transfer = gateways.create_gateway(
        provider="transfer",
        label=f"Bank {shop.public}",
        settings={"bank": "BSI", "account_number": "7007007007", "account_holder": shop.public},
    )
    stripe = gateways.create_gateway(
        provider="stripe",
        label=f"Kartu {shop.public}",
        secrets={"secret_key": f"sk_test_{shop.secret}", "webhook_secret": f"whsec_{shop.secret}"},
    )
    shop.parts |= {"transfer_gateway": transfer, "stripe_gateway": stripe}
    for name, code in (("waiting", "SAMA2345"), ("paid", "SAMA6789")):
        order = _order(shop, code)
        payment = Payment.objects.create(
            order=order, gateway=transfer, reference=f"T-{code}", amount=order.total, state=Payment.State.PENDING,
            created_at=make.NOW, expires_at=order.expires_at, last_error=shop.secret,
        )  # fmt: skip
        shop.parts |= {f"{name}_order": order, f"{name}_payment": payment}
    confirming.confirm_transfer(
        payment_id=payment.pk, amount=payment.amount, officer=f"Bendahara {shop.secret}", now=make.NOW
    )
    Notice.objects.create(
        gateway=stripe, external_id="evt_sama", kind="x", body={"what": shop.secret}, received_at=make.NOW,
        handled_at=make.NOW,
    )  # fmt: skip


def _order(shop: Shop, code: str) -> Order:
    order = make.order(
        cart={Variant.objects.get().pk: 1},
        key=f"kunci-{code}",
        name=f"Pembeli {shop.secret}",
        email="customer@sama.example",
        address=f"Jalan {shop.secret}",
    )
    Order.objects.filter(pk=order.pk).update(code=code, token=f"tokenyangsama{code}", note=f"Catatan {shop.secret}")
    order.refresh_from_db()
    return order


def _channel(shop: Shop) -> None:
    joined = Connection.objects.create(
        channel="shopee", external_shop_id=SHOP_ID, name=f"Toko {shop.secret}", connected_at=make.NOW,
        last_error=shop.secret,
    )  # fmt: skip
    grant = Grant(
        shop_id=SHOP_ID,
        access_token=shop.secret,
        refresh_token=shop.secret,
        access_seconds=10**8,
        refresh_seconds=10**8,
    )
    connecting._save_tokens(joined, grant, make.NOW)
    product, variant = shop.parts["product"], shop.parts["variant"]
    listing = Listing.objects.create(connection=joined, product=product, external_id="900", last_error=shop.secret)
    ListingVariant.objects.create(listing=listing, variant=variant, external_id="901", last_error=shop.secret)
    CategoryMap.objects.create(
        connection=joined, category=shop.parts["category"], external_id="100", external_name=f"Peta {shop.secret}"
    )
    picture = product.pictures.get()
    RemotePicture.objects.create(connection=joined, picture=picture, sha256=picture.sha256, external_id=shop.secret)
    ChannelNotice.objects.create(
        connection=joined, key="k-sama", kind="order", body={"what": shop.secret}, received_at=make.NOW,
        handled_at=make.NOW,
    )  # fmt: skip
    sold = placing.record_channel_order(
        channel="shopee",
        external_id="SHOPEESAMA",
        buyer=make.buyer(name=f"b***i {shop.secret}", phone="", email=""),
        lines=[placing.ChannelLine(sku="SKU-SAMA", title=f"Barang {shop.public}", price=65_000, quantity=1)],
        placed_at=make.NOW,
        now=make.NOW,
    )
    Order.objects.filter(pk=sold.pk).update(code="SAMACHAN", token="tokenyangsamaCHAN")
    ChannelOrder.objects.create(
        connection=joined, order=sold, external_id="SHOPEESAMA", external_state="READY", updated_at=make.NOW
    )
    shop.parts |= {"connection": joined, "listing": listing}


def _rest(shop: Shop) -> None:
    shop.parts["import_job"] = make.import_job(
        f"title,price,stock,sku,weight_g,seller\n{shop.secret},,1,X,1,A-1\n", name=f"{shop.secret}.csv"
    )
    FeeRule.objects.get_or_create(channel="shop", from_date="2020-01-01", defaults={"cooperative_bp": 500})
    shop.parts["rate"] = Rate.objects.get()
    shop.parts["entry"] = Entry.objects.order_by("pk").first()
    for kind in VisitEntry.Kind.values:
        VisitEntry.objects.create(
            visit_id=1, kind=kind, at=make.NOW, operator=f"op-{shop.secret}", approved_by="rekan@platform.example",
            reason=f"Alasan {shop.secret}", until=make.NOW, path="/kelola/" if kind == "page" else "",
        )  # fmt: skip
    Message.objects.create(
        key="surat-sama", to="customer@sama.example", subject=f"Surat {shop.secret}", body=shop.secret,
        created_at=make.NOW,
    )  # fmt: skip
    for kind in settings.DUE_TASKS:
        due.note(kind, now=make.NOW)


def platform() -> Cooperative:
    return Cooperative.objects.get(schema_name=PUBLIC)
