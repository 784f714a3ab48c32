"""Each cooperative has its own keys and sees nothing of another."""

import pytest
import stripe

from simulators.stripe.tests.conftest import KOPI, client, order, web


def test_a_wrong_key_is_401(control):
    with pytest.raises(stripe.AuthenticationError) as caught:
        client(control, "sk_test_nobody").v1.checkout.sessions.list()
    assert caught.value.http_status == 401
    assert "sk_test_nobody" not in str(caught.value)


def test_no_key_is_401(control):
    answer = web.get(f"{control.url}/v1/checkout/sessions")
    assert (answer.status_code, answer.json()["error"]["type"]) == (401, "invalid_request_error")
    assert answer.headers["Request-Id"].startswith("req_")


def test_nothing_of_one_account_is_reachable_with_the_key_of_another(kopi, batik, paid, control):
    session = paid()
    refund = kopi.v1.refunds.create({"payment_intent": session.payment_intent, "amount": 100_000})
    charge = kopi.v1.charges.list().data[0]
    event = kopi.v1.events.list().data[0]

    for ask in (
        lambda: batik.v1.checkout.sessions.retrieve(session.id),
        lambda: batik.v1.checkout.sessions.expire(session.id),
        lambda: batik.v1.checkout.sessions.line_items.list(session.id),
        lambda: batik.v1.payment_intents.retrieve(session.payment_intent),
        lambda: batik.v1.charges.retrieve(charge.id),
        lambda: batik.v1.refunds.retrieve(refund.id),
        lambda: batik.v1.refunds.create({"payment_intent": session.payment_intent}),
        lambda: batik.v1.refunds.create({"charge": charge.id}),
        lambda: batik.v1.events.retrieve(event.id),
    ):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            ask()
        assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")
    for listed in (batik.v1.checkout.sessions.list(), batik.v1.charges.list(), batik.v1.events.list()):
        assert listed.data == []
    assert kopi.v1.charges.retrieve(charge.id).amount_refunded == 100_000


def test_a_platform_reaches_its_connected_account_and_no_other(control, shop):
    connected = control.post("accounts", secret_key="sk_test_desa", platform_key=KOPI, name="Desa")
    stranger = control.post("accounts", secret_key="sk_test_asing", name="Asing")

    platform = client(control, KOPI, stripe_account=connected["id"])
    session = platform.v1.checkout.sessions.create(order(payment_intent_data={"application_fee_amount": 50_000}))
    assert client(control, "sk_test_desa").v1.checkout.sessions.retrieve(session.id).id == session.id
    assert control.count("checkout.session", KOPI) == 0

    for foreign in (stranger["id"], "acct_nobody"):
        with pytest.raises(stripe.PermissionError) as caught:
            client(control, KOPI, stripe_account=foreign).v1.checkout.sessions.list()
        assert caught.value.http_status == 403
        assert caught.value.json_body["error"]["code"] == "account_invalid"

    control.post("pay", session=session.id)
    control.wait()
    told = [event for event in shop.events() if event.type == "checkout.session.completed"]
    assert [(event.account, event.data.object.id) for event in told] == [(connected["id"], session.id)]


def test_a_live_key_is_not_taken(control):
    answer = control.try_post("accounts", secret_key="sk_live_x")
    assert answer.status_code == 400
    assert len(web.get(f"{control.url}/_control/accounts").json()) == 2


def test_a_new_key_replaces_the_old_one_and_keeps_the_objects(kopi, control):
    session = kopi.v1.checkout.sessions.create(order())
    mine = next(a for a in web.get(f"{control.url}/_control/accounts").json() if a["secret_key"] == KOPI)
    control.post("accounts", secret_key="rk_test_kopi_new", account_id=mine["id"])

    assert client(control, "rk_test_kopi_new").v1.checkout.sessions.retrieve(session.id).id == session.id
    with pytest.raises(stripe.AuthenticationError):
        kopi.v1.checkout.sessions.retrieve(session.id)


def test_a_key_of_another_account_cannot_be_taken_over(control):
    accounts = web.get(f"{control.url}/_control/accounts").json()
    batik_id = next(a["id"] for a in accounts if a["secret_key"] != KOPI)
    assert control.try_post("accounts", secret_key=KOPI, account_id=batik_id).status_code == 400
    assert web.get(f"{control.url}/_control/accounts").json() == accounts


def test_versions_are_checked_and_echoed(control):
    url = f"{control.url}/v1/checkout/sessions"
    good = web.get(url, auth=(KOPI, ""), headers={"Stripe-Version": "2026-10-28.endive"})
    bad = web.get(url, auth=(KOPI, ""), headers={"Stripe-Version": "latest"})

    assert (good.status_code, good.headers["Stripe-Version"]) == (200, "2026-10-28.endive")
    assert (bad.status_code, bad.json()["error"]["message"]) == (400, "Invalid Stripe API version: latest")
