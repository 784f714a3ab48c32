"""A cooperative at work: one of everything that the back office shows, and one person of every kind."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.models import User
from catalog import content as contents
from catalog import proposing
from catalog.models import Category, Document, Product, Proposal, Variant
from inventory import approving
from marketplaces.models import Connection, Listing
from members.models import Member, Officer
from orders import lifecycle, placing
from orders.models import Order, OrderState
from payments import confirming, gateways
from payments.models import Gateway, Payment
from questions import asking
from questions.models import Question
from reviews.models import Review, ReviewPhoto
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make
from tests.browsing import BATIK, KOPI, PLATFORM, Browser

_numbers = count(1)
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
ACCOUNT = {"bank": "Bank Aceh", "account_number": "0102030405", "account_holder": "Koperasi Kopi Gayo"}


@dataclass(frozen=True, kw_only=True)
class World:
    """What the addresses of the back office can point at."""

    order: Order
    payment: Payment
    gateway: Gateway
    product: Product
    variant: Variant
    category: Category
    connection: Connection
    listing: Listing
    member: Member
    review: Review
    document: Document
    proposal: Proposal
    question: Question


@pytest.fixture
def seller(kopi: Cooperative) -> Member:
    return make.member(name="Ibu Rahma", number="A-007", email="rahma@kopi.example")


@pytest.fixture
def world(kopi: Cooperative, seller: Member) -> World:
    variant = make.variant(title="Kopi Gayo Wine", price=95_000, on_hand=20, seller=seller, sku="WINE")
    order = make.order(cart={variant.pk: 2})
    Order.objects.filter(pk=order.pk).update(problem=Order.Problem.OVERSOLD)
    order.refresh_from_db()
    gateway = gateways.create_gateway(provider="transfer", label="Bank Aceh", settings=ACCOUNT)
    connection = make_connection()
    make.import_job()
    return World(
        order=order,
        gateway=gateway,
        payment=make_transfer(order, gateway),
        product=variant.product,
        variant=variant,
        category=variant.product.category,
        connection=connection,
        listing=Listing.objects.create(
            connection=connection,
            product=variant.product,
            needs_person=True,
            last_error="Produk belum punya foto.",
        ),
        member=seller,
        review=make_review(order, kopi),
        document=make_document(variant.product, kopi),
        proposal=make_proposal(variant.product),
        question=asking.ask(
            key=uuid4(), product=variant.product, name="Siti", email="", text="Segar?", language="id", now=NOW
        ),
    )


def make_proposal(product: Product) -> Proposal:
    """A change that waits for an officer."""
    content = {**contents.as_json(contents.of(product)), "description": "Baru"}
    proposal = proposing.save_draft(
        key=uuid4(), member=product.member, content=content, version=1, product=product, by="Rahma", now=NOW
    )
    return approving.submit(proposal_id=proposal.pk, by="Rahma", now=NOW)


def make_document(product: Product, cooperative: Cooperative) -> Document:
    """One that an officer has accepted, with a photo that only the member and officers see."""
    stored = default_storage.save(f"{cooperative.uid.hex}/private/documents/x.webp", ContentFile(b"RIFF"))
    return Document.objects.create(kind="pirt", product=product, number="X", file=stored, state="accepted")


def make_review(order: Order, cooperative: Cooperative) -> Review:
    """One that waits, with a photo that only officers see."""
    line = order.lines.get()
    review = Review.objects.create(
        line=line, product=line.variant.product, stars=4, text="Harum.", name="Siti A.", created_at=NOW
    )
    stored = f"{cooperative.uid.hex}/private/reviews/{review.pk}.webp"
    stored = default_storage.save(stored, ContentFile(b"RIFF"))
    ReviewPhoto.objects.create(review=review, name=stored, thumb=stored, width=1, height=1)
    return review


def make_connection(**fields: object) -> Connection:
    defaults = {"channel": "shopee", "external_shop_id": "220044", "name": "Kopi Gayo Official", "connected_at": NOW}
    return Connection.objects.create(**{**defaults, **fields})


def make_transfer(order: Order, gateway: Gateway) -> Payment:
    return Payment.objects.create(
        order=order,
        gateway=gateway,
        reference=f"T-{order.code}",
        amount=order.total,
        state=Payment.State.PENDING,
        created_at=NOW,
        expires_at=order.expires_at,
    )


def make_paid_order(seller: Member, *, state: str = OrderState.PAID, **fields: object) -> Order:
    """An order of one piece that was paid by transfer and went on as far as `state`."""
    variant = make.variant(title=f"Kopi {next(_numbers)}", seller=seller, on_hand=50)
    order = make.order(cart={variant.pk: 1})
    gateway = Gateway.objects.filter(provider="transfer", is_active=True).first()
    gateway = gateway or gateways.create_gateway(provider="transfer", label="Bank Aceh", settings=ACCOUNT)
    payment = make_transfer(order, gateway)
    confirming.confirm_transfer(payment_id=payment.pk, amount=order.total, officer="Bendahara", now=NOW)
    if state in (OrderState.PACKED, OrderState.SHIPPED):
        lifecycle.move(order_id=order.pk, to=OrderState.PACKED, actor="Petugas", now=NOW)
    if state == OrderState.SHIPPED:
        lifecycle.ship(order_id=order.pk, courier="JNE", tracking_number="JT1", actor="Petugas", now=NOW)
    Order.objects.filter(pk=order.pk).update(**fields)
    order.refresh_from_db()
    return order


def make_channel_order(seller: Member, *, external_id: str) -> Order:
    """An order that came from Shopee."""
    variant = make.variant(title=f"Kopi {next(_numbers)}", seller=seller, on_hand=50)
    line = placing.ChannelLine(sku=variant.sku, title="Kopi", price=65_000, quantity=1)
    buyer = make.buyer(name="b***i", phone="", email="")
    return placing.record_channel_order(
        channel="shopee", external_id=external_id, buyer=buyer, lines=[line], placed_at=NOW, now=NOW
    )


@pytest.fixture
def people(kopi: Cooperative, batik: Cooperative, seller: Member) -> dict[str, Browser]:
    """A browser for each kind of person at the first cooperative's address."""
    stranger = Browser(BATIK, user=_elsewhere(batik))
    operator = Browser(PLATFORM, user=_operator())
    return {
        "nobody": Browser(),
        "customer": Browser(user=User.objects.create_user("siti@pembeli.example")),
        "member": Browser(user=seller.user),
        **{role: Browser(user=make.officer(role=role)) for role in Officer.Role.values},
        "pengurus of another cooperative": _with_session_of(stranger),
        "operator": _with_session_of(operator),
    }


@pytest.fixture
def other_pengurus(kopi: Cooperative, batik: Cooperative) -> Browser:
    """The chair of the other cooperative, at home."""
    return Browser(BATIK, user=_elsewhere(batik))


def _elsewhere(batik: Cooperative) -> User:
    with in_tenant(batik):
        return make.officer(role=Officer.Role.PENGURUS)


def _operator() -> User:
    with in_tenant(Cooperative.objects.get(schema_name="public")):
        return User.objects.create_superuser("op@platform.example")


def _with_session_of(other: Browser) -> Browser:
    replaying = Browser(KOPI)
    replaying.cookies["sessionid"] = other.cookies["sessionid"].value
    return replaying
