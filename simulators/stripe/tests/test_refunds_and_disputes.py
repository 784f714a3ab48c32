"""Money going back: partial, several, never too much, failing later, taken by a bank."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from simulators.stripe.tests.conftest import order


def charge_of(kopi, session):
    return kopi.v1.charges.list({"payment_intent": session.payment_intent}).data[0]


def test_a_refund_without_an_amount_gives_back_all(kopi, paid):
    session = paid()
    refund = kopi.v1.refunds.create({"payment_intent": session.payment_intent, "metadata": {"refund": "9"}})

    assert (refund.amount, refund.status, refund.metadata["refund"]) == (15_000_000, "succeeded", "9")
    charge = charge_of(kopi, session)
    assert (charge.amount_refunded, charge.refunded) == (15_000_000, True)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        kopi.v1.refunds.create({"charge": charge.id})
    assert caught.value.code == "charge_already_refunded"


def test_several_partial_refunds_never_exceed_what_was_taken(kopi, paid):
    session = paid()
    for rupiah in (50_000, 60_000):
        kopi.v1.refunds.create({"payment_intent": session.payment_intent, "amount": rupiah * 100})

    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount") as caught:
        kopi.v1.refunds.create({"payment_intent": session.payment_intent, "amount": 4_000_100})
    assert (caught.value.http_status, caught.value.param) == (400, "amount")
    assert charge_of(kopi, session).amount_refunded == 11_000_000

    kopi.v1.refunds.create({"payment_intent": session.payment_intent, "amount": 4_000_000})
    charge = charge_of(kopi, session)
    assert (charge.amount_refunded, charge.refunded) == (15_000_000, True)
    listed = kopi.v1.refunds.list({"charge": charge.id}).data
    assert [refund.amount for refund in listed] == [4_000_000, 6_000_000, 5_000_000]


def test_refunds_at_the_same_time_do_not_exceed_it_either(kopi, paid):
    session = paid()

    def refund(_):
        try:
            return kopi.v1.refunds.create({"payment_intent": session.payment_intent, "amount": 4_000_000})
        except stripe.InvalidRequestError:
            return None

    with ThreadPoolExecutor(8) as pool:
        made = [refund for refund in pool.map(refund, range(8)) if refund]
    assert len(made) == 3
    assert charge_of(kopi, session).amount_refunded == 12_000_000


def test_the_same_refund_key_ten_times_is_one_refund(kopi, paid, control):
    session = paid()
    params = {"payment_intent": session.payment_intent, "amount": 1_000_000}
    ids = {kopi.v1.refunds.create(params, {"idempotency_key": "refund-9"}).id for _ in range(10)}
    assert (len(ids), control.count("refund")) == (1, 1)


@pytest.mark.parametrize("outcome", ["declined", "later"])
def test_what_was_not_paid_cannot_be_refunded(kopi, paid, control, outcome):
    session = paid(outcome=outcome)
    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        kopi.v1.refunds.create({"payment_intent": session.payment_intent})
    assert control.count("refund") == 0


def test_a_refund_may_fail_later_and_the_money_is_back_on_the_charge(kopi, paid, control, shop):
    session = paid()
    refund = kopi.v1.refunds.create({"payment_intent": session.payment_intent, "amount": 5_000_000})
    control.post("refund/decide", refund=refund.id, outcome="failed")

    failed = kopi.v1.refunds.retrieve(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    assert charge_of(kopi, session).amount_refunded == 0
    assert control.try_post("refund/decide", refund=refund.id, outcome="failed").status_code == 400
    control.wait()
    told = {event.type: event.data.object.status for event in shop.events() if event.type.startswith("refund.")}
    assert told == {"refund.created": "succeeded", "refund.updated": "failed", "refund.failed": "failed"}


def test_refunds_can_be_pending_until_the_bank_decides(kopi, paid, control):
    control.post("behaviour", refunds="pending")
    session = paid()
    refund = kopi.v1.refunds.create({"payment_intent": session.payment_intent})
    assert refund.status == "pending"

    control.post("refund/decide", refund=refund.id, outcome="succeeded")
    assert kopi.v1.refunds.retrieve(refund.id).status == "succeeded"


def test_a_refund_from_the_dashboard_is_seen_by_the_shop(kopi, paid, control, shop):
    session = paid()
    control.post("refund", of=session.id, amount=1_000_000)
    control.wait()

    assert charge_of(kopi, session).amount_refunded == 1_000_000
    refunded = [event for event in shop.events() if event.type == "charge.refunded"]
    assert [event.data.object.amount_refunded for event in refunded] == [1_000_000]


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("won", ["created", "funds_withdrawn", "funds_reinstated", "closed"]),
        ("lost", ["created", "funds_withdrawn", "closed"]),
    ],
)
def test_a_dispute_is_opened_and_closed(kopi, paid, control, shop, outcome, told):
    session = paid()
    dispute = control.post("dispute", of=session.payment_intent)
    assert (dispute["amount"], dispute["status"]) == (15_000_000, "needs_response")
    assert charge_of(kopi, session).disputed is True
    with pytest.raises(stripe.InvalidRequestError) as caught:
        kopi.v1.refunds.create({"payment_intent": session.payment_intent})
    assert caught.value.code == "charge_disputed"

    control.post("dispute/close", dispute=dispute["id"], outcome=outcome)

    assert kopi.v1.disputes.retrieve(dispute["id"]).status == outcome
    assert control.try_post("dispute/close", dispute=dispute["id"], outcome="won").status_code == 400
    control.wait()
    prefix = "charge.dispute."
    assert [t.removeprefix(prefix) for t in shop.types() if t.startswith(prefix)] == told


def test_an_unpaid_session_cannot_be_disputed(kopi, control):
    session = kopi.v1.checkout.sessions.create(order())
    assert control.try_post("dispute", of=session.id).status_code == 404
    assert control.count("dispute") == 0
