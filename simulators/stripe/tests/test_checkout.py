"""Checkout Sessions through the real SDK."""

import time

import pytest
import stripe

from simulators.stripe.tests.conftest import KOPI, order, web


def refused(kopi, params, *, code, param=None):
    with pytest.raises(stripe.InvalidRequestError) as caught:
        kopi.v1.checkout.sessions.create(params)
    assert (caught.value.http_status, caught.value.code, caught.value.param) == (400, code, param)
    assert caught.value.request_id.startswith("req_")


def test_a_new_session_is_open_unpaid_and_has_a_page(kopi, control):
    session = kopi.v1.checkout.sessions.create(order())

    assert session.status == "open"
    assert session.payment_status == "unpaid"
    assert (session.amount_total, session.currency) == (15_000_000, "idr")
    assert session.client_reference_id == "pay-7"
    assert session.metadata["payment"] == "pay-7"
    assert session.payment_intent is None
    assert session.url == f"{control.url}/pay/{session.id}"
    assert session.expires_at - session.created == 24 * 3600
    assert kopi.v1.checkout.sessions.retrieve(session.id).to_dict() == session.to_dict()
    assert [name for name in session.to_dict() if name.startswith("_")] == []


def test_lines_add_up(kopi):
    lines = order()["line_items"] * 2
    lines[1] = {**lines[1], "quantity": 3}
    session = kopi.v1.checkout.sessions.create(order(line_items=lines))

    assert session.amount_total == 60_000_000
    listed = kopi.v1.checkout.sessions.line_items.list(session.id)
    assert [(line.quantity, line.amount_total) for line in listed.data] == [(1, 15_000_000), (3, 45_000_000)]


def test_a_paid_session_leads_to_intent_and_charge(kopi, paid):
    session = paid()

    assert (session.status, session.payment_status, session.url) == ("complete", "paid", None)
    wide = kopi.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge", "line_items"]})
    intent = wide.payment_intent
    assert (intent.status, intent.amount_received, intent.metadata["payment"]) == (
        "succeeded",
        15_000_000,
        "pay-7",
    )
    assert (intent.latest_charge.paid, intent.latest_charge.amount_captured) == (True, 15_000_000)
    assert wide.line_items.data[0].description == "Pesanan KG-7"
    assert kopi.v1.charges.retrieve(intent.latest_charge.id).payment_intent == intent.id


def test_a_declined_card_leaves_the_session_open_and_the_next_try_uses_the_same_intent(kopi, paid, control):
    session = paid(outcome="declined")

    assert (session.status, session.payment_status) == ("open", "unpaid")
    intent = kopi.v1.payment_intents.retrieve(session.payment_intent)
    assert (intent.status, intent.last_payment_error.code) == ("requires_payment_method", "card_declined")

    control.post("pay", session=session.id, outcome="paid")
    assert kopi.v1.payment_intents.retrieve(session.payment_intent).status == "succeeded"
    assert sorted(c.status for c in kopi.v1.charges.list().data) == ["failed", "succeeded"]


@pytest.mark.parametrize(
    ("outcome", "payment_status", "intent_status"),
    [("settle", "paid", "succeeded"), ("fail", "unpaid", "requires_payment_method")],
)
def test_a_transfer_is_complete_but_unpaid_until_the_bank_speaks(
    kopi, paid, control, outcome, payment_status, intent_status
):
    session = paid(outcome="later")
    assert (session.status, session.payment_status) == ("complete", "unpaid")
    assert kopi.v1.payment_intents.retrieve(session.payment_intent).status == "processing"

    control.post("pay", session=session.id, outcome=outcome)

    assert kopi.v1.checkout.sessions.retrieve(session.id).payment_status == payment_status
    assert kopi.v1.payment_intents.retrieve(session.payment_intent).status == intent_status
    again = control.try_post("pay", session=session.id, outcome="settle")
    assert again.status_code == 400
    assert kopi.v1.checkout.sessions.retrieve(session.id).payment_status == payment_status


def test_an_open_session_can_be_expired_and_then_not_paid(kopi, control):
    session = kopi.v1.checkout.sessions.create(order())

    assert kopi.v1.checkout.sessions.expire(session.id).status == "expired"
    assert control.try_post("pay", session=session.id).status_code == 400
    assert kopi.v1.checkout.sessions.retrieve(session.id).payment_status == "unpaid"
    assert control.count("charge") == 0


def test_a_complete_session_cannot_be_expired(kopi, paid):
    session = paid()

    with pytest.raises(stripe.InvalidRequestError, match="status of complete"):
        kopi.v1.checkout.sessions.expire(session.id)
    assert kopi.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_the_clock_expires_a_session(kopi, control):
    session = kopi.v1.checkout.sessions.create(order())

    control.post("clock", advance=24 * 3600 - 60)
    assert kopi.v1.checkout.sessions.retrieve(session.id).status == "open"
    control.post("clock", advance=60)
    assert kopi.v1.checkout.sessions.retrieve(session.id).status == "expired"


@pytest.mark.parametrize("minutes", [29, 24 * 60 + 1])
def test_an_expiry_outside_30_minutes_to_24_hours_is_refused(kopi, control, minutes):
    refused(kopi, order(expires_at=int(time.time()) + minutes * 60), code=None, param="expires_at")
    assert control.count("checkout.session") == 0


@pytest.mark.parametrize("minutes", [31, 24 * 60 - 1])
def test_an_expiry_within_30_minutes_to_24_hours_is_kept(kopi, minutes):
    wanted = int(time.time()) + minutes * 60
    assert kopi.v1.checkout.sessions.create(order(expires_at=wanted)).expires_at == wanted


@pytest.mark.parametrize(
    ("rupiah", "code"),
    [(8_999, "amount_too_small"), (9_000, None), (9_999_999_999, None), (10_000_000_000, "amount_too_large")],
)
def test_idr_has_two_decimals_a_minimum_and_twelve_digits(kopi, rupiah, code):
    if code:
        refused(kopi, order(rupiah), code=code)
    else:
        assert kopi.v1.checkout.sessions.create(order(rupiah)).amount_total == rupiah * 100


@pytest.mark.parametrize(
    ("change", "code", "param"),
    [
        ({"success_url": "/pesanan/7/"}, "url_invalid", "success_url"),
        ({"success_url": "javascript:alert(1)"}, "url_invalid", "success_url"),
        ({"cancel_url": "ftp://kopi.localhost/"}, "url_invalid", "cancel_url"),
        ({"line_items": []}, "parameter_missing", "line_items"),
        ({"colour": "red"}, "parameter_unknown", "colour"),
        ({"payment_intent_data": {"color": "x"}}, "parameter_unknown", "payment_intent_data[color]"),
        ({"metadata": {"k": "x" * 501}}, "string_too_long", "metadata"),
        ({"client_reference_id": "x" * 201}, "string_too_long", "client_reference_id"),
        ({"shipping_options": [{"shipping_rate": "x"}]}, "not_simulated", "shipping_options"),
        ({"automatic_tax": {"enabled": True}}, "not_simulated", "automatic_tax"),
        ({"mode": "subscription"}, "not_simulated", "mode"),
        (
            {"payment_intent_data": {"application_fee_amount": 100}},
            None,
            "payment_intent_data[application_fee_amount]",
        ),
    ],
)
def test_what_stripe_refuses_is_refused(kopi, control, change, code, param):
    refused(kopi, order(**change), code=code, param=param)
    assert control.count("checkout.session") == 0


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("quantity", "0", "parameter_invalid_integer"),
        ("quantity", "1_0", "parameter_invalid_integer"),
        ("price_data][unit_amount", "150000.50", "parameter_invalid_integer"),
        ("price_data][unit_amount", "-1", "parameter_invalid_integer"),
        ("price_data][currency", "xyz", None),
        ("price_data][product_data][name", "", "parameter_invalid_empty"),
    ],
)
def test_a_wrong_line_is_named_by_its_full_path(control, field, value, code):
    form = {
        "mode": "payment",
        "success_url": "http://kopi.localhost/",
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "idr",
        "line_items[0][price_data][unit_amount]": "15000000",
        "line_items[0][price_data][product_data][name]": "Kopi",
        f"line_items[0][{field}]": value,
    }
    answer = web.post(f"{control.url}/v1/checkout/sessions", data=form, auth=(KOPI, ""))

    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error.get("code")) == (400, "invalid_request_error", code)
    assert error["param"] == f"line_items[0][{field}]"
    assert control.count("checkout.session") == 0


def test_what_is_switched_off_may_be_said(kopi):
    session = kopi.v1.checkout.sessions.create(order(adaptive_pricing={"enabled": False}, locale="id"))
    assert (session.locale, session.amount_total) == ("id", 15_000_000)


def test_lists_are_newest_first_and_paged(kopi):
    made = [kopi.v1.checkout.sessions.create(order(client_reference_id=str(n))).id for n in range(5)]

    page = kopi.v1.checkout.sessions.list({"limit": 2})
    assert ([row.id for row in page.data], page.has_more) == ([made[4], made[3]], True)
    assert [row.id for row in page.auto_paging_iter()] == made[::-1]
    back = kopi.v1.checkout.sessions.list({"limit": 2, "ending_before": made[1]})
    assert [row.id for row in back.data] == [made[3], made[2]]
    kopi.v1.checkout.sessions.expire(made[0])
    assert [row.id for row in kopi.v1.checkout.sessions.list({"status": "expired"}).data] == [made[0]]


def test_metadata_can_be_added_and_removed_later(kopi):
    session = kopi.v1.checkout.sessions.create(order())
    changed = kopi.v1.checkout.sessions.update(session.id, {"metadata": {"payment": "", "note": "x"}})
    assert changed.metadata.to_dict() == {"note": "x"}


def test_an_address_that_does_not_exist_answers_in_stripes_shape(kopi):
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL") as caught:
        kopi.v1.customers.create({"email": "a@example.com"})
    assert caught.value.http_status == 404


def test_a_json_body_is_refused(control):
    answer = web.post(f"{control.url}/v1/checkout/sessions", json=order(), auth=(KOPI, ""))
    assert answer.status_code == 400
    assert "application/x-www-form-urlencoded" in answer.json()["error"]["message"]
