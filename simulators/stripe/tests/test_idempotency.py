"""One key, one piece of work: replayed, refused for other work, refused while in progress, kept when it failed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import stripe

from simulators.stripe.tests.conftest import BATIK, KOPI, client, order, web

KEY = {"idempotency_key": "pay-7:create"}


def post(control, path, data, key, account=KOPI):
    headers = {"Idempotency-Key": key}
    return web.post(f"{control.url}/v1/{path}", data=data, headers=headers, auth=(account, ""))


def test_the_same_key_and_parameters_give_the_same_session(kopi, control):
    first = kopi.v1.checkout.sessions.create(order(), KEY)
    second = kopi.v1.checkout.sessions.create(order(), KEY)

    assert second.to_dict() == first.to_dict()
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert control.count("checkout.session") == 1


def test_the_replay_is_the_first_answer_not_the_present_state(kopi, control):
    first = kopi.v1.checkout.sessions.create(order(), KEY)
    control.post("pay", session=first.id)

    assert kopi.v1.checkout.sessions.create(order(), KEY).status == "open"
    assert kopi.v1.checkout.sessions.retrieve(first.id).status == "complete"


def test_the_same_key_with_other_parameters_is_refused(kopi, control):
    kopi.v1.checkout.sessions.create(order(), KEY)
    with pytest.raises(stripe.IdempotencyError) as caught:
        kopi.v1.checkout.sessions.create(order(151_000), KEY)
    assert caught.value.http_status == 400
    assert control.count("checkout.session") == 1


def test_the_same_key_at_another_address_is_refused(kopi, paid, control):
    session = kopi.v1.checkout.sessions.create(order(), KEY)
    with pytest.raises(stripe.IdempotencyError, match="same endpoint"):
        kopi.v1.checkout.sessions.expire(session.id, {}, KEY)
    assert kopi.v1.checkout.sessions.retrieve(session.id).status == "open"


def test_a_key_belongs_to_one_account(kopi, batik, control):
    mine = kopi.v1.checkout.sessions.create(order(), KEY)
    other = batik.v1.checkout.sessions.create(order(200_000), KEY)
    assert (other.amount_total, mine.id == other.id) == (20_000_000, False)
    assert (control.count("checkout.session"), control.count("checkout.session", BATIK)) == (1, 1)


def test_a_second_request_during_the_first_is_409(control):
    control.faults({"fault": "in_progress", "times": 1, "seconds": 0.5})
    data = {"metadata[x]": "1"}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: post(control, "refunds", data, "k"), range(4)))

    refusals = [answer.json()["error"] for answer in answers if answer.status_code == 409]
    assert [error["code"] for error in refusals] == ["idempotency_key_in_use"] * 3
    assert [answer.status_code for answer in answers].count(400) == 1


def test_the_sdk_gets_through_a_409_with_the_same_session(control):
    control.faults({"fault": "in_progress", "times": 1, "seconds": 0.3})
    clients = [client(control, KOPI, max_network_retries=5) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        sessions = list(pool.map(lambda c: c.v1.checkout.sessions.create(order(), KEY), clients))

    assert sessions[0].id == sessions[1].id
    assert control.count("checkout.session") == 1


def test_a_request_that_failed_validation_is_forgotten(kopi, control):
    with pytest.raises(stripe.InvalidRequestError):
        kopi.v1.checkout.sessions.create(order(1), KEY)
    assert kopi.v1.checkout.sessions.create(order(), KEY).amount_total == 15_000_000


def test_a_refusal_after_the_work_began_is_kept(kopi, paid, control):
    session = paid()
    params = {"payment_intent": session.payment_intent, "amount": 15_000_100}
    answers = [post(control, "refunds", params, "r") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert control.count("refund") == 0


def test_a_saved_500_is_replayed_even_when_stripe_is_well_again(kopi, control):
    control.faults({"fault": "saved_500", "times": 1})
    assert kopi.v1.checkout.sessions.list().data == []
    with pytest.raises(stripe.APIError) as caught:
        client(control, KOPI, max_network_retries=1).v1.checkout.sessions.create(order(), KEY)
    assert caught.value.http_status == 500
    assert caught.value.headers["Idempotent-Replayed"] == "true"
    assert control.count("checkout.session") == 0
    assert kopi.v1.checkout.sessions.create(order(), {"idempotency_key": "other"}).status == "open"


def test_a_key_is_forgotten_after_a_day(kopi, control):
    first = kopi.v1.checkout.sessions.create(order(), KEY)
    control.post("clock", advance=24 * 3600 - 10)
    assert kopi.v1.checkout.sessions.create(order(), KEY).id == first.id
    control.post("clock", advance=10)
    assert kopi.v1.checkout.sessions.create(order(), KEY).id != first.id
