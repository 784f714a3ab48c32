"""The doors that Celery knocks at."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from payments import settling, tasks, watching
from payments.models import Payment
from payments.tests import books
from payments.tests.conftest import started
from tenants import due
from tenants.models import Due


def waiting(kind: str) -> int:
    return Due.objects.filter(cooperative=connection.tenant, kind=kind).count()


def test_the_inbox_is_worked_through_and_nothing_stays_due(web, stripe, today):
    payment = started(today)
    stripe.pay(payment)
    stripe.post("webhooks/wait")
    assert waiting("settle") == 1
    tasks.settle_notices.run()
    books.paid_once(payment)
    assert waiting("settle") == 0


def test_open_attempts_are_watched_and_nothing_stays_due(shop, stripe, today):
    payment = started(today - timedelta(minutes=2))
    stripe.pay(payment)
    due.note("watch_payments", now=today)
    tasks.watch_payments.run()
    books.paid_once(payment)
    assert waiting("watch_payments") == 0


def test_work_that_fails_as_a_whole_stays_due(kopi, monkeypatch):
    def broken(*, now):
        raise RuntimeError("bug")

    for kind, task, module in (
        ("settle", tasks.settle_notices, settling),
        ("watch_payments", tasks.watch_payments, watching),
    ):
        due.note(kind, now=timezone.now())
        monkeypatch.setattr(module, task.__name__, broken)
        with pytest.raises(RuntimeError):
            task.run()
        assert waiting(kind) == 1
        assert settings.DUE_TASKS[kind] == task.name


def test_a_long_inbox_stops_in_time_and_comes_again(web, stripe, today, monkeypatch):
    payment = started(today)
    stripe.pay(payment)
    stripe.post("webhooks/wait")
    monkeypatch.setattr(settling, "WORK_SECONDS", -1)
    assert settling.settle_notices(now=today) == 1
    assert watching.watch_payments(now=today + timedelta(minutes=1)) == 0
    assert Payment.objects.get().state == "pending"
    assert waiting("settle") == 2
    monkeypatch.undo()
    assert settling.settle_notices(now=today) == 0
