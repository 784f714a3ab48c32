"""The shared faults as the real SDK meets them, and what is true afterwards."""

import pytest
import stripe

from simulators.stripe.tests.conftest import KOPI, client, order


def test_an_answer_lost_after_the_work_is_found_again_by_the_retry_of_the_sdk(control):
    control.faults({"fault": "lost_answer", "times": 1, "method": "POST"})
    retrying = client(control, KOPI, max_network_retries=2)
    session = retrying.v1.checkout.sessions.create(order())

    assert control.count("checkout.session") == 1
    assert session.last_response.headers["Idempotent-Replayed"] == "true"
    assert retrying.v1.checkout.sessions.retrieve(session.id).id == session.id


def test_an_answer_lost_without_retries_is_found_again_by_the_same_key(kopi, control):
    control.faults({"fault": "lost_answer", "times": 1, "method": "POST"})
    once = client(control, KOPI, max_network_retries=0)
    key = {"idempotency_key": "pay-7:create"}
    with pytest.raises(stripe.APIConnectionError):
        once.v1.checkout.sessions.create(order(), key)

    session = once.v1.checkout.sessions.create(order(), key)
    assert kopi.v1.checkout.sessions.list().data[0].id == session.id
    assert control.count("checkout.session") == 1


def test_a_lost_refund_answer_refunds_once(kopi, paid, control):
    session = paid()
    control.faults({"fault": "lost_answer", "times": 1, "method": "POST"})
    retrying = client(control, KOPI, max_network_retries=2)
    retrying.v1.refunds.create({"payment_intent": session.payment_intent, "amount": 5_000_000})
    assert kopi.v1.charges.list().data[0].amount_refunded == 5_000_000


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("cut", stripe.APIConnectionError),
        ("429", stripe.RateLimitError),
        ("500", stripe.APIError),
        ("502", stripe.APIError),
        ("garbage", UnicodeDecodeError),  # so says stripe 16.1 when the body is no UTF-8
        ("truncated", stripe.APIError),
    ],
)
def test_a_fault_reaches_the_sdk_as_the_error_of_its_kind(control, fault, error):
    control.faults({"fault": fault, "times": 1})
    once = client(control, KOPI, max_network_retries=0)
    with pytest.raises(error):
        once.v1.checkout.sessions.create(order())
    worked = fault in ("garbage", "truncated")
    assert control.count("checkout.session") == (1 if worked else 0)
    assert once.v1.checkout.sessions.list().data == once.v1.checkout.sessions.list().data


def test_more_requests_a_second_than_allowed_are_429(kopi, control):
    control.post("behaviour", rate_limit=3)
    for _ in range(3):
        kopi.v1.checkout.sessions.list()
    with pytest.raises(stripe.RateLimitError) as caught:
        kopi.v1.checkout.sessions.list()
    assert (caught.value.http_status, caught.value.json_body["error"]["code"]) == (429, "rate_limit")


def test_stripes_own_memory_can_be_made_wrong(kopi, paid, control):
    session = paid()
    control.post("tamper", id=session.id, set={"amount_total": 15_000_050, "currency": "usd"})
    seen = kopi.v1.checkout.sessions.retrieve(session.id)
    assert (seen.amount_total, seen.currency) == (15_000_050, "usd")


@pytest.mark.parametrize("behaviour", [{"webhook": "lost"}, {"duplicates": "1"}])
def test_an_unknown_behaviour_is_refused(control, behaviour):
    assert control.try_post("behaviour", **behaviour).status_code == 400
    assert control.post("behaviour")["duplicates"] == 0
