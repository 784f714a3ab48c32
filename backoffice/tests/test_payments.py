"""Officers confirm transfers by what they read in the bank statement, and set where buyers pay."""

import json

import pytest

from backoffice.forms import RupiahField
from backoffice.tests.conftest import ACCOUNT, World
from backoffice.tests.test_orders import messages_of, queries
from members.models import Member
from orders.models import Order
from payments import gateways
from payments.models import Fact, Gateway, Payment
from tenants.models import Cooperative
from tests import make
from tests.browsing import Browser

KEYS = {"secret_key": "sk_test_51HiddenHidden9xYz", "webhook_secret": "whsec_HiddenToo4Qq8"}


@pytest.fixture
def bendahara(kopi: Cooperative) -> Browser:
    return Browser(user=make.officer(role="bendahara"))


def confirm(browser: Browser, world: World, **form: str) -> object:
    return browser.post(f"/kelola/pembayaran/{world.payment.reference}/", form)


def test_the_right_amount_pays_the_order_in_the_officers_name(bendahara: Browser, world: World) -> None:
    answer = confirm(bendahara, world, amount="Rp 210.000", seen="on")
    assert (answer.status_code, answer["Location"]) == (302, f"/kelola/pesanan/{world.order.code}/")
    fact = Fact.objects.get()
    assert (fact.kind, fact.amount, fact.actor) == ("captured", 210_000, "Bendahara")
    world.order.refresh_from_db()
    assert (world.order.state, world.order.invoice_number) == ("paid", "INV/2026/000001")
    assert messages_of(bendahara, answer["Location"]) == ["Transfer dikonfirmasi. Pesanan ini lunas."]


def test_confirming_twice_is_one_fact(bendahara: Browser, world: World) -> None:
    for _ in range(2):
        confirm(bendahara, world, amount="210000", seen="on")
    assert Fact.objects.count() == 1


def test_another_amount_releases_no_goods_and_becomes_a_case(bendahara: Browser, world: World) -> None:
    answer = confirm(bendahara, world, amount="200.000", seen="on")
    world.order.refresh_from_db()
    assert (world.order.state, world.order.problem) == ("awaiting_payment", "wrong_amount")
    assert Payment.objects.get().state == "mismatch"
    told = "Dicatat: masuk Rp200.000, seharusnya Rp210.000. Barang belum boleh dikirim."
    assert messages_of(bendahara, answer["Location"]) == [told]


@pytest.mark.parametrize(
    "form",
    [
        {"amount": "210000"},
        {"amount": "", "seen": "on"},
        {"amount": "0", "seen": "on"},
        {"amount": "-210000", "seen": "on"},
        {"amount": "210000,50", "seen": "on"},
        {"amount": "210.00", "seen": "on"},
        {"amount": "dua ratus", "seen": "on"},
        {"amount": "99999999999", "seen": "on"},
    ],
)
def test_a_confirmation_that_is_no_amount_or_not_sworn_to_changes_nothing(
    bendahara: Browser, world: World, form: dict[str, str]
) -> None:
    answer = confirm(bendahara, world, **form)
    assert (answer.status_code, bool(answer.context["form"].errors)) == (422, True)
    assert (Fact.objects.count(), Payment.objects.get().state) == (0, "pending")


def test_the_amount_is_typed_and_never_offered(bendahara: Browser, world: World) -> None:
    form = bendahara.get(f"/kelola/pembayaran/{world.payment.reference}/").context["form"]
    assert form["amount"].value() is None


@pytest.mark.parametrize(
    ("written", "amount"), [("210.000", 210_000), ("Rp1.250.000", 1_250_000), ("rp. 5 000", 5_000), ("7", 7)]
)
def test_rupiah_is_read_as_people_write_it(written: str, amount: int) -> None:
    assert RupiahField().clean(written) == amount


def test_transfers_wait_oldest_first_and_leave_when_confirmed(bendahara: Browser, world: World) -> None:
    waiting = bendahara.get("/kelola/pembayaran/").context["page"]
    assert [payment.reference for payment in waiting] == [world.payment.reference]
    confirm(bendahara, world, amount="210000", seen="on")
    assert list(bendahara.get("/kelola/pembayaran/").context["page"]) == []


def test_a_payment_through_stripe_cannot_be_confirmed_by_hand(bendahara: Browser, world: World) -> None:
    Gateway.objects.update(provider="stripe")
    assert confirm(bendahara, world, amount="210000", seen="on").status_code == 404
    assert Order.objects.get().state == "awaiting_payment"


def test_a_new_account_is_for_new_payments_only(bendahara: Browser, world: World) -> None:
    form = {**ACCOUNT, "bank": "BSI", "account_number": "7007 007-007"}
    bendahara.post("/kelola/pembayaran/cara/transfer/", form)
    active = Gateway.objects.get(is_active=True)
    assert (active.provider, active.settings["account_number"]) == ("transfer", "7007007007")
    world.payment.refresh_from_db()
    assert world.payment.gateway.settings["account_number"] == "0102030405"


def test_an_account_number_with_letters_is_refused(bendahara: Browser, world: World) -> None:
    answer = bendahara.post("/kelola/pembayaran/cara/transfer/", {**ACCOUNT, "account_number": "12AB34"})
    assert answer.status_code == 422
    assert list(Gateway.objects.all()) == [world.gateway]


def test_stripe_keys_go_in_and_never_come_out(bendahara: Browser, kopi: Cooperative) -> None:
    address = bendahara.get("/kelola/pembayaran/cara/").context["next_hook"]
    assert bendahara.get("/kelola/pembayaran/cara/").context["next_hook"] == address
    bendahara.post("/kelola/pembayaran/cara/stripe/", KEYS)
    gateway = Gateway.objects.get(provider="stripe")
    assert address == f"http://kopi-gayo.localhost:8000/hooks/stripe/{gateway.hook_uid}/"
    assert dict(gateways.opened(gateway).secrets) == KEYS
    assert "Hidden" not in json.dumps(gateway.settings) + gateway.sealed
    page = bendahara.get("/kelola/pembayaran/cara/").content.decode()
    assert "Hidden" not in page
    assert "•••• 9xYz" in page
    assert "•••• 4Qq8" in page


def test_the_next_keys_get_an_address_of_their_own(bendahara: Browser, kopi: Cooperative) -> None:
    for _ in range(2):
        bendahara.post("/kelola/pembayaran/cara/stripe/", KEYS)
    assert Gateway.objects.values("hook_uid").distinct().count() == 2
    assert Gateway.objects.filter(is_active=True).count() == 1


def test_keys_that_are_none_are_refused_and_not_shown_again(bendahara: Browser, kopi: Cooperative) -> None:
    answer = bendahara.post("/kelola/pembayaran/cara/stripe/", {**KEYS, "secret_key": "pk_live_wrongHidden"})
    assert answer.status_code == 422
    assert "Hidden" not in answer.content.decode()
    assert Gateway.objects.count() == 0


def test_closing_a_way_to_pay(bendahara: Browser, world: World) -> None:
    bendahara.post(f"/kelola/pembayaran/cara/{world.gateway.pk}/tutup/")
    world.gateway.refresh_from_db()
    assert not world.gateway.is_active


def test_pengawas_reads_money_and_gets_no_form(world: World) -> None:
    pengawas = Browser(user=make.officer(role="pengawas"))
    for path in ("/kelola/pembayaran/cara/", f"/kelola/pembayaran/{world.payment.reference}/"):
        assert 'method="post"' not in pengawas.get(path).content.decode()


def test_the_list_of_transfers_costs_the_same_whatever_its_length(
    bendahara: Browser, world: World, seller: Member
) -> None:
    few = queries(bendahara, "/kelola/pembayaran/")
    for number in range(8):
        variant = make.variant(title=f"Teh {number}", seller=seller)
        order = make.order(cart={variant.pk: 1})
        Payment.objects.create(
            order=order, gateway=world.gateway, reference=f"T-{number}", amount=order.total, state="pending",
            created_at=order.placed_at, expires_at=order.expires_at,
        )  # fmt: skip
    assert queries(bendahara, "/kelola/pembayaran/") == few
