"""Notices: what is told, signed by whom, retried, doubled, reordered, lost, forged."""

import pytest
import stripe

from simulators.stripe.tests.conftest import BATIK_SECRET, KOPI, KOPI_SECRET, client, order, until

PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded", "checkout.session.completed"]


def test_a_payment_is_told_in_order_and_verified_by_the_sdk(kopi, paid, control, shop):
    session = paid()
    control.wait()

    assert shop.types() == PAID
    completed = shop.events()[-1]
    assert (completed.data.object.id, completed.data.object.payment_status) == (session.id, "paid")
    assert completed.livemode is False
    assert "account" not in completed
    assert kopi.v1.events.retrieve(completed.id).type == "checkout.session.completed"


def test_a_notice_is_signed_with_the_secret_of_its_own_account(batik, paid, control, shop):
    paid()
    theirs = batik.v1.checkout.sessions.create(order())
    control.post("pay", session=theirs.id)
    control.wait()

    assert shop.types("/batik", BATIK_SECRET) == PAID
    with pytest.raises(stripe.SignatureVerificationError):
        shop.events("/batik", KOPI_SECRET)
    with pytest.raises(stripe.SignatureVerificationError):
        shop.events("/kopi", BATIK_SECRET)


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("settle", ["charge.succeeded", "payment_intent.succeeded", "checkout.session.async_payment_succeeded"]),
        ("fail", ["charge.failed", "payment_intent.payment_failed", "checkout.session.async_payment_failed"]),
    ],
)
def test_a_transfer_is_told_twice_when_chosen_and_when_it_ends(paid, control, shop, outcome, told):
    session = paid(outcome="later")
    control.wait()
    completed = shop.events()[-1]
    assert (completed.type, completed.data.object.payment_status) == ("checkout.session.completed", "unpaid")

    before = len(shop.notices)
    control.post("pay", session=session.id, outcome=outcome)
    control.wait()
    assert shop.types()[before:] == told


def test_an_expired_session_is_told(kopi, control, shop):
    session = kopi.v1.checkout.sessions.create(order())
    kopi.v1.checkout.sessions.expire(session.id)
    control.wait()
    assert [(event.type, event.data.object.id) for event in shop.events()] == [("checkout.session.expired", session.id)]


def test_a_refused_notice_is_sent_again_until_it_is_taken(kopi, control, shop):
    shop.answers[:] = [500, 301]
    kopi.v1.checkout.sessions.expire(kopi.v1.checkout.sessions.create(order()).id)
    control.wait()

    assert shop.types() == ["checkout.session.expired"] * 3
    assert len({event.id for event in shop.events()}) == 1
    assert kopi.v1.events.list({"delivery_success": False}).data == []
    assert kopi.v1.events.list({"delivery_success": True}).data[0].pending_webhooks == 0


def test_a_notice_nobody_takes_is_found_in_the_list_of_undelivered_events(kopi, control, shop):
    shop.answers[:] = [503, 503, 503]
    kopi.v1.checkout.sessions.expire(kopi.v1.checkout.sessions.create(order()).id)
    control.wait()

    assert len(shop.notices) == 3
    missed = kopi.v1.events.list({"delivery_success": False, "type": "checkout.session.*"}).data
    assert [event.type for event in missed] == ["checkout.session.expired"]


def test_lost_notices_are_only_in_the_list(kopi, paid, control, shop):
    control.post("behaviour", webhooks="lost")
    paid()
    control.wait()

    assert shop.notices == []
    assert [event.type for event in kopi.v1.events.list({"delivery_success": False}).data] == PAID[::-1]


def test_notices_can_come_twice(paid, control, shop):
    control.post("behaviour", duplicates=1)
    paid()
    control.wait()
    assert shop.types() == [kind for kind in PAID for _ in range(2)]
    assert len({event.id for event in shop.events()}) == 4


def test_notices_can_come_in_the_wrong_order(paid, control, shop):
    control.post("behaviour", reorder=True)
    paid()
    control.wait()
    assert shop.types() == PAID[::-1]


def test_an_event_can_be_sent_again(kopi, paid, control, shop):
    paid()
    control.wait()
    event = kopi.v1.events.list({"type": "checkout.session.completed"}).data[0]
    control.post("webhooks/resend", event=event.id, times=3)
    control.wait()
    assert [e.id for e in shop.events()].count(event.id) == 4


def test_while_a_secret_is_rolled_both_are_good(kopi, control, shop):
    control.post("accounts/roll_secret", secret_key=KOPI, webhook_secret="whsec_new", keep_old=True)
    kopi.v1.checkout.sessions.expire(kopi.v1.checkout.sessions.create(order()).id)
    control.wait()
    assert shop.types(secret="whsec_new") == shop.types(secret=KOPI_SECRET) == ["checkout.session.expired"]

    control.post("accounts/roll_secret", secret_key=KOPI, webhook_secret="whsec_newer")
    kopi.v1.checkout.sessions.expire(kopi.v1.checkout.sessions.create(order()).id)
    control.wait()
    with pytest.raises(stripe.SignatureVerificationError):
        shop.events(secret="whsec_new")


def test_endpoints_can_be_registered_by_api_and_choose_their_events(kopi, control, shop):
    made = kopi.v1.webhook_endpoints.create(
        {"url": f"{shop.url}/second", "enabled_events": ["checkout.session.expired"]}
    )
    session = kopi.v1.checkout.sessions.create(order())
    control.post("pay", session=session.id, outcome="declined")
    kopi.v1.checkout.sessions.expire(session.id)
    control.wait()

    assert shop.types("/second", made.secret) == ["checkout.session.expired"]
    seen = kopi.v1.webhook_endpoints.retrieve(made.id).to_dict()
    assert {name for name in seen if name.startswith("secret")} == set()
    kopi.v1.webhook_endpoints.delete(made.id)
    assert len(kopi.v1.webhook_endpoints.list().data) == 1


def test_a_forged_notice_reaches_the_shop_and_does_not_verify(kopi, control, shop):
    session = kopi.v1.checkout.sessions.create(order())
    answer = control.post("webhooks/forge", to=KOPI, object=session.id, set={"payment_status": "paid"})

    assert answer["status"] == 200
    assert len(shop.notices) == 1
    with pytest.raises(stripe.SignatureVerificationError):
        shop.events()
    assert kopi.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    assert kopi.v1.events.list().data == []


def test_a_stale_signature_and_a_rightly_signed_lie_can_be_sent(kopi, control, shop):
    session = kopi.v1.checkout.sessions.create(order())
    lie = {"to": KOPI, "secret": "own", "object": session.id, "set": {"payment_status": "paid"}}
    control.post("webhooks/forge", **lie, age=301)
    with pytest.raises(stripe.SignatureVerificationError, match="tolerance"):
        shop.events()

    shop.notices.clear()
    control.post("webhooks/forge", **lie, event={"livemode": True, "account": "acct_other"})
    [event] = shop.events()
    assert (event.data.object.payment_status, event.livemode, event.account) == ("paid", True, "acct_other")


@pytest.mark.parametrize("header", ["", "t=1,v1=ü", "v0=abc", "nonsense"])
def test_any_signature_header_can_be_sent(control, shop, header):
    control.post("webhooks/forge", to=KOPI, signature=header, body="not json")
    [notice] = shop.notices
    assert notice.body == b"not json"
    assert notice.signature.encode("latin-1").decode() == header


def test_a_slow_shop_does_not_hold_up_the_api(kopi, control, shop):
    control.post("accounts", secret_key="sk_test_gone", webhook_secret="whsec_x", webhook_url="http://127.0.0.1:9/x")
    gone = client(control, "sk_test_gone")
    gone.v1.checkout.sessions.expire(gone.v1.checkout.sessions.create(order()).id)
    kopi.v1.checkout.sessions.expire(kopi.v1.checkout.sessions.create(order()).id)
    until(lambda: shop.types() == ["checkout.session.expired"])
