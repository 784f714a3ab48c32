"""Who gets where: every address of the back office, every kind of person, reading and writing.

The table below is written by hand on purpose. An address that is missing here fails the suite.
"""

import hashlib
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import reverse

from backoffice.tests.conftest import World
from backoffice.urls import urlpatterns
from catalog.models import ImportJob
from orders.models import Order
from payments.models import Payment
from shipping.models import Rate
from tenants.models import Cooperative
from tests.browsing import Browser

OFFICERS = {"pengurus", "bendahara", "petugas", "pengawas"}
MONEY = {"pengurus", "bendahara", "pengawas"}
NOBODY: set[str] = set()

# name: (who may read it, who may write to it)
RIGHTS: dict[str, tuple[set[str], set[str]]] = {
    "home": (OFFICERS | {"member"}, NOBODY),
    "orders": (OFFICERS, NOBODY),
    "orders_export": (OFFICERS, NOBODY),
    "order": (OFFICERS, NOBODY),
    "order_pack": (NOBODY, {"pengurus", "petugas"}),
    "order_ship": (NOBODY, {"pengurus", "petugas"}),
    "order_deliver": (NOBODY, {"pengurus", "petugas"}),
    "order_complete": (NOBODY, {"pengurus", "petugas"}),
    "order_cancel": (NOBODY, {"pengurus", "petugas"}),
    "order_solve": (NOBODY, {"pengurus", "petugas"}),
    "transfers": (MONEY, NOBODY),
    "transfer": (MONEY, {"pengurus", "bendahara"}),
    "gateways": (MONEY, NOBODY),
    "gateway_transfer": (NOBODY, {"pengurus", "bendahara"}),
    "gateway_stripe": (NOBODY, {"pengurus", "bendahara"}),
    "gateway_close": (NOBODY, {"pengurus", "bendahara"}),
    "products": (OFFICERS, NOBODY),
    "product": (OFFICERS, {"pengurus", "petugas"}),
    "product_count": (NOBODY, {"pengurus", "petugas"}),
    "product_list": (NOBODY, {"pengurus", "petugas"}),
    "product_unlist": (NOBODY, {"pengurus", "petugas"}),
    "product_retry": (NOBODY, {"pengurus", "petugas"}),
    "channels": (OFFICERS, NOBODY),
    "shopee_connect": (NOBODY, {"pengurus"}),
    "shopee_return": ({"pengurus"}, NOBODY),
    "channel_disconnect": (NOBODY, {"pengurus"}),
    "channel_categories": (OFFICERS, {"pengurus"}),
    "channel_category": (OFFICERS, {"pengurus"}),
    "exit_kit": ({"pengurus"}, NOBODY),
    "exit_kit_ask": (NOBODY, {"pengurus"}),
    "exit_kit_file": ({"pengurus"}, NOBODY),
    "domains": ({"pengurus"}, NOBODY),
    "domain_add": (NOBODY, {"pengurus"}),
    "domain_check": (NOBODY, {"pengurus"}),
    "domain_primary": (NOBODY, {"pengurus"}),
    "domain_remove": (NOBODY, {"pengurus"}),
    "product_new": ({"pengurus", "petugas"}, {"pengurus", "petugas"}),
    "product_state": (NOBODY, {"pengurus", "petugas"}),
    "product_photo": (NOBODY, {"pengurus", "petugas"}),
    "products_import": ({"pengurus", "petugas"}, {"pengurus", "petugas"}),
    "import_template": ({"pengurus", "petugas"}, NOBODY),
    "import_job": ({"pengurus", "petugas"}, {"pengurus", "petugas"}),
    "import_start": (NOBODY, {"pengurus", "petugas"}),
    "import_cancel": (NOBODY, {"pengurus", "petugas"}),
    "import_resume": (NOBODY, {"pengurus", "petugas"}),
    "import_problems": ({"pengurus", "petugas"}, NOBODY),
    "products_export": (OFFICERS, NOBODY),
    "members": (OFFICERS, NOBODY),
    "member_new": ({"pengurus"}, {"pengurus"}),
    "shop": ({"pengurus"}, {"pengurus"}),
    "rates": ({"pengurus"}, {"pengurus"}),
    "rate_remove": (NOBODY, {"pengurus"}),
    "fees": ({"pengurus"}, {"pengurus"}),
    "close": ({"pengurus"}, {"pengurus"}),
    "going_live": (OFFICERS, NOBODY),
    "open_shop": (NOBODY, {"pengurus"}),
    "preview": (OFFICERS | {"member"}, NOBODY),
    "visits": ({"pengurus", "pengawas"}, NOBODY),
    "own_products": ({"member"}, NOBODY),
    "own_listing_new": ({"member"}, {"member"}),
    "own_listing_save": (NOBODY, {"member", "pengurus", "petugas"}),
    "own_listing_photo": (NOBODY, {"member", "pengurus", "petugas"}),
    "own_listing_discard": (NOBODY, {"member"}),
    "own_listing_take_back": (NOBODY, {"member"}),
    "own_listing": ({"member"}, {"member"}),
    "reviews": (OFFICERS, NOBODY),
    "reviews_show": (NOBODY, {"pengurus", "petugas"}),
    "review_hide": (NOBODY, {"pengurus", "petugas"}),
    "review_reply": (NOBODY, {"pengurus", "petugas"}),
    "review_photo": (OFFICERS, NOBODY),
    "product_poster": (OFFICERS | {"member"}, NOBODY),
    "shop_poster": (OFFICERS | {"member"}, NOBODY),
    "member_profile": ({"pengurus"}, {"pengurus"}),
    "own_reviews": ({"member"}, NOBODY),
    "own_review_reply": (NOBODY, {"member"}),
    "own_profile": ({"member"}, {"member"}),
    "documents": (OFFICERS, NOBODY),
    "document_new": ({"pengurus", "petugas"}, {"pengurus", "petugas"}),
    "requirements": (OFFICERS, {"pengurus", "petugas"}),
    "document": (OFFICERS, NOBODY),
    "document_accept": (NOBODY, {"pengurus", "petugas"}),
    "document_refuse": (NOBODY, {"pengurus", "petugas"}),
    "document_file": (OFFICERS, NOBODY),
    "own_documents": ({"member"}, NOBODY),
    "own_document_new": ({"member"}, {"member"}),
    "own_document_file": ({"member"}, NOBODY),
    "own_document_take_back": (NOBODY, {"member"}),
    "approvals": (OFFICERS, NOBODY),
    "approval": (OFFICERS, NOBODY),
    "approve": (NOBODY, {"pengurus", "petugas"}),
    "approve_many": (NOBODY, {"pengurus", "petugas"}),
    "return_to_member": (NOBODY, {"pengurus", "petugas"}),
    "approval_rule": (OFFICERS, {"pengurus", "petugas"}),
    "questions": (OFFICERS, NOBODY),
    "question": (OFFICERS, {"pengurus", "petugas"}),
    "member_stock_link": ({"pengurus"}, {"pengurus"}),
    "look": ({"pengurus"}, {"pengurus"}),
    "hours": ({"pengurus"}, {"pengurus"}),
    "blocks": ({"pengurus"}, {"pengurus"}),
    "block": ({"pengurus"}, {"pengurus"}),
    "block_step": (NOBODY, {"pengurus"}),
    "blocks_again": (NOBODY, {"pengurus"}),
    "pages": ({"pengurus"}, {"pengurus"}),
    "page": ({"pengurus"}, {"pengurus"}),
    "page_remove": (NOBODY, {"pengurus"}),
    "own_stock": ({"member"}, {"member"}),
    "own_stock_renew": (NOBODY, {"member"}),
    "own_sales": ({"member"}, NOBODY),
    "own_statement": ({"member"}, NOBODY),
}
# a format, a block or a page that each cooperative has from its first day
EVERYBODY_HAS = {"import_template", "products_export", "block", "block_step", "page", "page_remove"}
OWN_KEY = "stock_link"  # whoever holds it may count that member's shelf: backoffice/tests/test_tapping.py
NOT_LOGGED_IN_HERE = ["nobody", "pengurus of another cooperative", "operator"]
LOGGED_IN = ["customer", "member", *sorted(OFFICERS)]

# Valid for every form at once: what is refused is refused for the person, not for the data.
EVERYTHING = {
    "courier": "JNE",
    "tracking_number": "JNE123",
    "reason": "permintaan pembeli",
    "what_was_done": "stok ditambah",
    "amount": "210.000",
    "seen": "on",
    "bank": "BSI",
    "account_number": "7007007007",
    "account_holder": "Orang Lain",
    "secret_key": "sk_test_another",
    "webhook_secret": "whsec_another",
    "title": "Judul lain",
    "description": "Lain",
    "state": "paused",
    "on_hand": "999",
    "number": "X-1",
    "name": "Orang Lain",
    "theme": "batik",
    "zone": "Asia/Jayapura",
    "per_kg": "1",
    "days_from": "1",
    "days_to": "9",
    "percent": "9",
    "slug": "kopi-gayo",
    "category": "Lain",
    "price": "1",
    "weight_g": "1",
    "pieces": "1",
    "shown": "20",
}


def addresses(world: World) -> Iterator[tuple[str, str]]:
    """Every address of the urlconf, pointing at something that exists, but the one that is its own key."""
    for pattern in urlpatterns:
        if pattern.name == OWN_KEY:
            continue
        known = {
            "code": world.order.code,
            "reference": world.payment.reference,
            "connection_pk": world.connection.pk,
            "category_pk": world.category.pk,
            "variant_pk": world.variant.pk,
            "pk": _pk(pattern.name, world),
            "kind": "csv",
            "key": "awal-0",
            "slug": "tentang",
        }
        wanted = pattern.pattern.converters
        yield pattern.name, reverse(f"backoffice:{pattern.name}", kwargs={name: known[name] for name in wanted})


def _pk(name: str, world: World) -> int:
    """Of what the address is about: the first of these beginnings that its name has."""
    found = {
        "gateway": lambda: world.gateway,
        "document": lambda: world.document,
        "own_document": lambda: world.document,
        "import_": ImportJob.objects.get,
        "appro": lambda: world.proposal,
        "return_to_member": lambda: world.proposal,
        "question": lambda: world.question,
        "rate": Rate.objects.get,
        "review_photo": lambda: world.review.photos.get(),
        "review_": lambda: world.review,
        "own_review_": lambda: world.review,
        "member_": lambda: world.member,
        "channel": lambda: world.connection,
        "": lambda: world.product,
    }
    return next(row().pk for beginning, row in found.items() if name.startswith(beginning))


def data(world: World) -> dict[str, str]:
    prefix = f"v{world.variant.pk}"
    return {**EVERYTHING, f"{prefix}-price": "1", f"{prefix}-weight_g": "1"}


def fingerprint() -> dict[str, str]:
    """All rows of the cooperative, except sessions, and of the directory, as one digest per table."""
    labels = {app.rpartition(".")[2] for app in settings.TENANT_APPS} - {"sessions"} | {"tenants"}
    return {
        model._meta.label: hashlib.sha256(repr(list(model.objects.order_by("pk").values())).encode()).hexdigest()
        for model in apps.get_models()
        if model._meta.app_label in labels
    }


def test_every_address_is_in_the_table() -> None:
    assert {pattern.name for pattern in urlpatterns} == RIGHTS.keys() | {OWN_KEY}


def test_pengawas_writes_nowhere() -> None:
    assert [name for name, (_, writers) in RIGHTS.items() if "pengawas" in writers] == []


@pytest.mark.parametrize("who", NOT_LOGGED_IN_HERE)
def test_whoever_is_not_logged_in_here_is_sent_to_log_in(who: str, world: World, people: dict[str, Browser]) -> None:
    before = fingerprint()
    for name, address in addresses(world):
        for answer in (people[who].get(address), people[who].post(address, data(world))):
            assert answer.status_code == 302, (name, answer.status_code)
            assert answer["Location"].startswith("/akun/masuk/?next=/kelola/"), name
    assert fingerprint() == before


@pytest.mark.parametrize("who", LOGGED_IN)
def test_a_page_that_is_not_yours_does_not_exist(who: str, world: World, people: dict[str, Browser]) -> None:
    before = fingerprint()
    for name, address in addresses(world):
        readers, writers = RIGHTS[name]
        if who not in readers | writers:
            assert people[who].get(address).status_code == 404, ("GET", name)
            assert people[who].post(address, data(world)).status_code == 404, ("POST", name)
        elif who not in writers:
            assert people[who].post(address, data(world)).status_code in (404, 405), ("POST", name)
        elif who not in readers:
            assert people[who].get(address).status_code == 405, ("GET", name)
    assert fingerprint() == before


@pytest.mark.parametrize("who", LOGGED_IN)
def test_a_page_that_is_yours_opens(who: str, world: World, people: dict[str, Browser]) -> None:
    # ask the marketplace: backoffice/tests/test_channels.py; there is none: backoffice/tests/test_leaving.py
    away = {"channel_category", "shopee_return", "exit_kit_file"}
    for name, address in addresses(world):
        if who in RIGHTS[name][0] and name not in away:
            answer = people[who].get(address)
            redirected = (who, name) == ("member", "home") or name == "preview"
            assert answer.status_code == (302 if redirected else 200), (name, answer.status_code)


@pytest.mark.parametrize("who", ["petugas", "pengurus"])
def test_orders_are_handled_by_those_who_may(who: str, world: World, people: dict[str, Browser]) -> None:
    people[who].post(f"/kelola/pesanan/{world.order.code}/batal/", {"reason": "pembeli minta"})
    world.order.refresh_from_db()
    assert world.order.state == "cancelled"


@pytest.mark.parametrize(("who", "state"), [("petugas", "pending"), ("pengawas", "pending"), ("bendahara", "paid")])
def test_a_transfer_is_confirmed_by_the_right_office_only(
    who: str, state: str, world: World, people: dict[str, Browser]
) -> None:
    answer = people[who].post(f"/kelola/pembayaran/{world.payment.reference}/", {"amount": "210000", "seen": "on"})
    assert answer.status_code == (302 if state == "paid" else 404)
    assert Payment.objects.get().state == state
    assert Order.objects.get().state == ("paid" if state == "paid" else "awaiting_payment")


def test_what_belongs_to_one_cooperative_does_not_exist_in_another(
    world: World, other_pengurus: Browser, batik: Cooperative
) -> None:
    before = fingerprint()
    for name, address in addresses(world):
        if name in EVERYBODY_HAS or "<" not in str(next(one.pattern for one in urlpatterns if one.name == name)):
            continue
        assert other_pengurus.get(address).status_code in (404, 405), name
        assert other_pengurus.post(address, data(world)).status_code in (404, 405), name
    assert fingerprint() == before


def test_someone_who_left_office_is_a_stranger_at_once(world: World, people: dict[str, Browser]) -> None:
    assert people["pengurus"].get("/kelola/pesanan/").status_code == 200
    people["pengurus"].get("/kelola/").context["user"].officer.delete()
    assert people["pengurus"].get("/kelola/pesanan/").status_code == 404
