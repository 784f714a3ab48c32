"""Notices over real HTTP: from the simulator, from liars, all at once, for others."""

import hashlib
import hmac
import json
import time
from datetime import timedelta

import httpx
import pytest
from django.db import OperationalError, connection

from payments import settling
from payments.models import Gateway, Notice, Payment
from payments.providers import PROVIDERS
from payments.providers.base import Forged
from payments.tests import books
from payments.tests.conftest import HOOK_SECRET, KEY, OTHER_SECRET, started
from tenants.context import TenantExecutor, in_tenant
from tenants.models import Cooperative, Due


def signature(body: bytes, secret: str = HOOK_SECRET) -> dict[str, str]:
    at = int(time.time())
    mac = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={at},v1={mac}"}


def notice(payment: Payment, **changed) -> bytes:
    told = {"id": payment.external_id, "client_reference_id": payment.reference, "customer_details": {"email": "a@b"}}
    event = {
        "id": "evt_1",
        "type": "checkout.session.completed",
        "created": 1,
        "livemode": False,
        "data": {"object": told},
        **changed,
    }
    return json.dumps(event).encode()


def post(url: str, body: bytes, secret: str = HOOK_SECRET, **headers: str) -> int:
    return httpx.post(url, content=body, headers={**signature(body, secret), **headers}).status_code


def test_what_stripe_sends_after_a_payment_pays_the_order(web, stripe, today):
    payment = started(today)
    stripe.pay(payment)
    assert stripe.post("webhooks/wait") == {"idle": True}
    told = Notice.objects.get()  # the charge and the intent are told of, too, and are nothing of ours
    assert (told.kind, told.reference, told.handled_at) == ("checkout.session.completed", payment.reference, None)
    assert Due.objects.filter(cooperative=connection.tenant, kind="settle").count() == 1
    books.nothing_happened(payment)
    assert settling.settle_notices(now=today) == 0
    books.paid_once(payment)
    assert Notice.objects.get().handled_at == today


def test_the_inbox_keeps_nothing_personal(web, today):
    post(web.hook, notice(started(today)))
    assert "customer_details" not in Notice.objects.get().body


def test_forty_equal_notices_at_once_are_one_sale(web, stripe, today):
    payment = started(today)
    stripe.pay(payment)
    body = notice(payment)
    with TenantExecutor(40) as senders:
        answers = [senders.submit(post, web.hook, body) for _ in range(40)]
        assert {answer.result() for answer in answers} == {200}
    assert Notice.objects.filter(external_id="evt_1").count() == 1
    with TenantExecutor(4) as workers:
        for work in [workers.submit(settling.settle_notices, now=today) for _ in range(4)]:
            work.result()
    books.paid_once(payment)


def test_the_notice_the_returning_buyer_and_the_watch_at_once_are_one_sale(web, stripe, today):
    payment = started(today)
    stripe.pay(payment)
    stripe.post("webhooks/wait")
    with TenantExecutor(9) as people:
        work = [people.submit(settling.settle, payment_id=payment.pk, now=today) for _ in range(6)]
        work += [people.submit(settling.settle_notices, now=today) for _ in range(3)]
        for one in work:
            one.result()
    books.paid_once(payment)


def test_notices_out_of_order_and_repeated_are_one_sale(web, stripe, today):
    stripe.post("behaviour", reorder=True, duplicates=2)
    payment = started(today)
    stripe.pay(payment, "later")
    stripe.pay(payment, "settle")
    stripe.post("webhooks/wait")
    settling.settle_notices(now=today)
    books.paid_once(payment)
    assert Notice.objects.filter(handled_at=None).count() == 0


def test_a_notice_of_money_that_never_came_pays_nothing(web, stripe, today):
    """Rightly signed, and a lie: what the provider's own record says counts."""
    payment = started(today)
    lie = {"object": payment.external_id, "set": {"payment_status": "paid", "status": "complete"}}
    assert stripe.forge(to=KEY, secret="own", **lie) == 200
    settling.settle_notices(now=today)
    books.nothing_happened(payment)


LIES = [
    {"secret": OTHER_SECRET},
    {"signature": ""},
    {"signature": "rubbish"},
    {"signature": "t=1,v1=é"},
    {"signature": "t=é,v1=abc"},
    {"signature": "t=1,v0=abc"},
    {"secret": "own", "age": 302},
    {"secret": "own", "event": {"livemode": True}},
    {"secret": "own", "event": {"account": "acct_other"}},
    {"body": "{}", "secret": "own"},
    {"body": "[]", "secret": "own"},
    {"body": "nonsense", "secret": "own"},
    {"body": "", "secret": "own"},
]


def test_a_forged_notice_is_refused_and_leaves_no_trace(web, stripe, today):
    payment = started(today)
    for lie in LIES:
        assert stripe.forge(**{"to": KEY, "object": payment.external_id, **lie}) == 400, lie
    assert Notice.objects.count() == 0
    assert Due.objects.filter(cooperative=connection.tenant, kind="settle").count() == 0
    books.nothing_happened(payment)


def test_a_signature_from_a_clock_that_is_ahead_is_taken_once(web, stripe, today):
    payment = started(today)
    asked = {"to": KEY, "secret": "own", "object": payment.external_id, "event": {"id": "evt_ahead"}, "age": -200}
    assert [stripe.forge(**asked) for _ in range(2)] == [200, 200]
    assert Notice.objects.count() == 1


def test_a_gateway_that_lost_its_secret_takes_nothing(web, today, monkeypatch):
    payment = started(today)
    opened = settling.gateways.opened(web.gateway)
    opened.secrets["webhook_secret"] = ""
    monkeypatch.setattr(settling.gateways, "opened", lambda gateway: opened)
    assert post(web.hook, notice(payment), secret="") == 400
    with pytest.raises(Forged, match="no webhook secret"):
        PROVIDERS["stripe"].read_notice(opened, body=b"{}", headers={})
    assert Notice.objects.count() == 0


def test_notices_of_other_cooperatives_change_nothing_here_or_there(web, today, theirs):
    ours, (batik, gateway) = started(today), theirs
    body = notice(ours)
    elsewhere = web.hook.replace(str(web.gateway.hook_uid), str(gateway.hook_uid))
    assert post(web.hook, body, secret=OTHER_SECRET) == 400  # their secret at our address
    assert post(elsewhere, body, secret=OTHER_SECRET) == 404  # their address at our host
    assert post(elsewhere, body) == 404
    with in_tenant(batik):
        assert Notice.objects.count() == 0
        assert Payment.objects.count() == 0
    assert Notice.objects.count() == 0
    books.nothing_happened(ours)


def test_a_reference_of_another_cooperative_is_unknown_here(web, stripe, today):
    ours = started(today)
    told = {"client_reference_id": "THEIRS22-AB23CD"}
    assert stripe.forge(to=KEY, secret="own", object=ours.external_id, set=told) == 200
    assert settling.settle_notices(now=today) == 1
    books.nothing_happened(ours)


def test_a_notice_that_was_faster_than_our_commit_is_tried_again_for_a_day_and_then_put_away(web, today):
    payment = started(today)
    post(web.hook, notice(payment, data={"object": {"client_reference_id": "LATER222-AB23CD"}}))
    came = Notice.objects.get().received_at
    tries = 0
    for minutes in range(0, 25 * 60, 5):
        tries += settling.settle_notices(now=came + timedelta(minutes=minutes))
    told = Notice.objects.get()
    assert told.handled_at == came + timedelta(hours=24)
    assert told.last_error == "NotKnownYet: LATER222-AB23CD"
    assert 20 < told.attempts < 40
    assert tries == 24 * 12


def test_a_reference_that_becomes_known_is_settled(web, stripe, today):
    payment = started(today)
    stripe.pay(payment)
    stripe.post("webhooks/wait")
    Notice.objects.all().delete()
    Payment.objects.filter(pk=payment.pk).update(external_id="")
    post(web.hook, notice(payment))
    assert settling.settle_notices(now=today + timedelta(seconds=1)) == 1
    Payment.objects.filter(pk=payment.pk).update(external_id=payment.external_id)
    assert settling.settle_notices(now=today + timedelta(minutes=1)) == 0
    books.paid_once(payment)


def test_one_notice_in_trouble_does_not_stop_the_next(web, stripe, today, monkeypatch):
    broken, good = started(today), started(today)
    for payment in (broken, good):
        stripe.pay(payment)
    stripe.post("webhooks/wait")
    ask = settling.ask

    def ask_or_break(*, payment_id, now):
        if payment_id == broken.pk:
            raise RuntimeError("bug")
        return ask(payment_id=payment_id, now=now)

    monkeypatch.setattr(settling, "ask", ask_or_break)
    assert settling.settle_notices(now=today) == 1
    assert books.state(good) == ("paid", "paid", "")
    assert books.state(broken) == ("pending", "awaiting_payment", "")
    assert Notice.objects.get(handled_at=None).last_error == "unexpected, see the log"
    assert (
        Due.objects.filter(cooperative=connection.tenant, kind="settle", at__gte=today + settling.FIRST_PAUSE).count()
        == 1
    )


def test_a_notice_in_trouble_is_put_away_after_a_day_too(web, today, monkeypatch):
    def break_down(*, payment_id, now):
        raise RuntimeError("bug")

    monkeypatch.setattr(settling, "ask", break_down)
    post(web.hook, notice(started(today)))
    came = Notice.objects.get().received_at
    for minutes in range(0, 25 * 60, 5):
        settling.settle_notices(now=came + timedelta(minutes=minutes))
    told = Notice.objects.get()
    assert (told.handled_at, told.last_error) == (came + timedelta(hours=24), "unexpected, see the log")
    assert 20 < told.attempts < 40


def test_only_the_exact_address_hears_and_nothing_redirects(web, today):
    body = notice(started(today))
    for address in (web.hook.rstrip("/"), web.hook.replace("/hooks/", "/en/hooks/")):
        assert post(address, body) == 404
    assert Notice.objects.count() == 0


def test_only_post_is_heard(web):
    assert httpx.get(web.hook).status_code == 405


def test_a_notice_has_at_most_64_kib(web, today):
    body = notice(started(today))
    for size, status in ((64 * 1024, 200), (64 * 1024 + 1, 413)):
        assert post(web.hook, body + b" " * (size - len(body))) == status
    assert Notice.objects.count() == 1


def test_while_our_database_is_away_the_answer_is_come_again(web, today, monkeypatch):
    body = notice(started(today))

    def away(*args, **kwargs):
        raise OperationalError("away")

    with monkeypatch.context() as night:
        night.setattr(Cooperative.domains.rel.related_model.objects.__class__, "select_related", away)
        assert post(web.hook, body) == 503
    with monkeypatch.context() as night:
        night.setattr(Gateway.objects.__class__, "filter", away)
        assert post(web.hook, body) == 503
    assert Notice.objects.count() == 0
    assert post(web.hook, body) == 200
