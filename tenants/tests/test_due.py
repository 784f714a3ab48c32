from datetime import timedelta

import pytest
from celery import current_app
from django.core.cache import caches
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError

from tenants import due
from tenants.context import in_tenant
from tenants.models import Cooperative, Due


@pytest.fixture
def bells(monkeypatch):
    rung = []

    def send(name, headers, **options):
        rung.append((name, headers["_schema_name"]))

    monkeypatch.setattr(current_app, "send_task", send)
    return rung


def test_a_note_rings_when_its_transaction_commits(kopi, bells, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        due.note("push", now=now)
        assert bells == []
    assert bells == [("marketplaces.tasks.push", kopi.schema_name)]


def test_a_note_for_later_does_not_ring_before_its_time(kopi, bells, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        due.note("expire", now=now, at=now + timedelta(hours=1))
    assert due.ring(now=now) == 0
    assert due.ring(now=now + timedelta(hours=1)) == 1
    assert bells == [("orders.tasks.expire_unpaid", kopi.schema_name)]


def test_the_sweep_rings_once_for_many_notes_and_again_until_the_work_is_done(kopi, bells, now):
    for _ in range(3):
        due.note("push", now=now)
    assert due.ring(now=now) == 1
    assert due.ring(now=now) == 0
    later = now + due.RING_AGAIN
    assert due.ring(now=later) == 1
    with due.working("push", now=later + due.RING_AGAIN):
        pass
    assert due.ring(now=later + timedelta(hours=1)) == 0
    assert len(bells) == 2


def test_work_that_the_sweep_rang_for_is_over_when_it_is_done(kopi, bells, now):
    due.note("push", now=now)
    due.ring(now=now)
    with due.working("push", now=now + timedelta(seconds=1)):
        pass
    assert Due.objects.count() == 0


def test_work_that_is_hours_late_rings_no_more_often_than_other_work(kopi, bells, now):
    due.note("push", now=now)
    late = now + timedelta(hours=3)
    assert due.ring(now=late) == 1
    assert due.ring(now=late + timedelta(seconds=5)) == 0
    assert due.ring(now=late + due.RING_AGAIN) == 1
    with due.working("push", now=late + due.RING_AGAIN):
        pass
    assert Due.objects.count() == 0


def test_work_that_fails_stays_due(kopi, now):
    due.note("push", now=now)
    with pytest.raises(RuntimeError), due.working("push", now=now):
        raise RuntimeError
    assert Due.objects.filter(kind="push").count() == 1


def test_a_note_made_while_the_work_runs_is_left_for_the_next_run(kopi, now):
    due.note("push", now=now)
    with due.working("push", now=now):
        due.note("push", now=now)
    assert Due.objects.filter(kind="push").count() == 1


def test_work_of_one_cooperative_leaves_the_notes_of_the_other(kopi, batik, now):
    due.note("push", now=now)
    with in_tenant(batik):
        due.note("push", now=now)
    with due.working("push", now=now):
        pass
    assert [row.cooperative.slug for row in Due.objects.all()] == ["batik-lasem"]


def test_a_suspended_cooperative_is_not_rung_and_its_work_waits(kopi, bells, now):
    due.note("push", now=now)
    Cooperative.objects.filter(pk=kopi.pk).update(state="suspended")
    assert due.ring(now=now) == 0
    Cooperative.objects.filter(pk=kopi.pk).update(state="open")
    assert due.ring(now=now) == 1


def test_the_clock_notes_every_open_cooperative_once(kopi, batik, now):
    Cooperative.objects.filter(pk=batik.pk).update(state="suspended")
    for _ in range(2):
        due.note_everywhere("pull", now=now)
    assert [row.cooperative.slug for row in Due.objects.filter(kind="pull")] == ["kopi-gayo"]


def test_a_broker_that_is_away_costs_time_and_no_work(kopi, now, monkeypatch, django_capture_on_commit_callbacks):
    def away(*args, **options):
        raise OperationalError("connection refused")

    monkeypatch.setattr(current_app, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        due.note("push", now=now)
    assert due.ring(now=now) == 1
    assert Due.objects.filter(kind="push").count() == 1


def test_many_notes_are_one_message_until_the_work_begins(kopi, bells, now, django_capture_on_commit_callbacks):
    def note_three():
        with django_capture_on_commit_callbacks(execute=True):
            for _ in range(3):
                due.note("push", now=now)

    note_three()
    note_three()
    assert len(bells) == 1
    with due.working("push", now=now):
        note_three()
    assert len(bells) == 2


def test_a_mark_left_over_does_not_keep_the_sweep_from_ringing(kopi, bells, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        due.note("push", now=now)
    bells.clear()  # the broker lost it
    assert due.ring(now=now) == 1
    assert len(bells) == 1


def test_one_cooperative_waiting_does_not_silence_the_other(
    kopi, batik, bells, now, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        due.note("push", now=now)
        due.note("settle", now=now)
        with in_tenant(batik):
            due.note("push", now=now)
    assert sorted(bells) == sorted(
        [
            ("marketplaces.tasks.push", kopi.schema_name),
            ("payments.tasks.settle_notices", kopi.schema_name),
            ("marketplaces.tasks.push", batik.schema_name),
        ]
    )


def test_a_cache_that_is_away_silences_nobody(kopi, bells, now, monkeypatch, django_capture_on_commit_callbacks):
    def away(*args, **options):
        raise RedisConnectionError

    monkeypatch.setattr(caches["shared"], "add", away)
    monkeypatch.setattr(caches["shared"], "delete", away)
    with django_capture_on_commit_callbacks(execute=True):
        due.note("push", now=now)
        due.note("push", now=now)
    with due.working("push", now=now):
        pass
    assert (len(bells), Due.objects.count()) == (2, 0)
