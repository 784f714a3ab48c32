from datetime import timedelta

import pytest
from celery import current_app
from kombu.exceptions import OperationalError

from tenants import due
from tenants.context import in_tenant
from tenants.models import Cooperative, Due
from tenants.tests.ringing import waiting

SECOND = timedelta(seconds=1)


def test_a_note_is_offered_when_its_transaction_commits(kopi, bells, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        due.note("push", now=now)
        assert (bells, waiting()) == ([], set())
    assert (bells, waiting()) == (["bells"], {(kopi.schema_name, "push")})


def test_a_note_for_later_is_not_offered_before_its_time(kopi, bells, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        due.note("expire", now=now, at=now + SECOND)
    assert (bells, waiting()) == ([], set())
    assert [due.is_due("expire", now=moment) for moment in (now, now + SECOND)] == [False, True]


def test_many_notes_are_one_place_and_one_bell(kopi, bells, now, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            due.note("push", now=now)
        due.note("settle", now=now)
    assert (len(bells), waiting()) == (2, {(kopi.schema_name, "push"), (kopi.schema_name, "settle")})


def test_a_redis_that_is_away_costs_no_row_and_is_not_asked_for_each_note(
    kopi, bells, now, settings, django_capture_on_commit_callbacks
):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    asked = []
    settings.SLOW_KINDS = type("Spy", (), {"__contains__": lambda _, kind: asked.append(kind)})()
    with django_capture_on_commit_callbacks(execute=True):
        due.note("push", now=now)
        due.note("settle", now=now)
    assert (bells, asked, Due.objects.count()) == ([], ["push"], 2)


def test_a_broker_that_is_away_costs_no_row(kopi, bells, now, monkeypatch, django_capture_on_commit_callbacks):
    def away(*args, **options):
        raise OperationalError("connection refused")

    monkeypatch.setattr(current_app, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        due.note("push", now=now)
    assert (waiting(), Due.objects.count()) == ({(kopi.schema_name, "push")}, 1)


def test_work_that_is_done_is_over_for_all_notes_before_it(kopi, now):
    for _ in range(3):
        due.note("push", now=now)
    with due.working("push", now=now):
        assert Due.objects.count() == 1
    assert Due.objects.count() == 0


def test_a_note_made_while_the_work_runs_is_left_for_the_next_run(kopi, now):
    due.note("push", now=now)
    due.note("push", now=now)
    with due.working("push", now=now):
        due.note("push", now=now)
    assert [row.attempts for row in Due.objects.filter(kind="push")] == [0]


def test_work_of_one_cooperative_leaves_the_notes_of_the_other(kopi, batik, now):
    due.note("push", now=now)
    with in_tenant(batik):
        due.note("push", now=now)
    with due.working("push", now=now):
        pass
    assert [row.cooperative.slug for row in Due.objects.all()] == ["batik-lasem"]


def fail(kind, *, now):
    with pytest.raises(RuntimeError), due.working(kind, now=now):
        raise RuntimeError


def test_work_that_fails_stays_due_and_comes_again_ever_more_slowly(kopi, now):
    due.note("push", now=now)
    pauses = []
    for _ in range(10):
        fail("push", now=now)
        row = Due.objects.get()
        pauses.append((row.at - now).total_seconds())
        now = row.at
    assert pauses == [20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
    with due.working("push", now=now):
        pass
    assert Due.objects.count() == 0


def be_killed(kind, *, now):
    """The worker is gone, and nobody says so."""
    due._begin(due.current_cooperative(), kind, now)


def test_a_killed_worker_is_no_fault_of_the_work_until_it_happens_too_often(kopi, now):
    due.note("push", now=now)
    pauses = []
    for _ in range(due.MOST_KILLS + 2):
        be_killed("push", now=now)
        row = Due.objects.get()
        pauses.append((row.at - now).total_seconds())
        now = row.at
    assert pauses == [10] * 10 + [3600] * 2
    assert due.failing(kopi) == 1


def test_new_notes_do_not_hide_that_the_work_fails(kopi, now):
    for _ in range(3):
        due.note("push", now=now)
        fail("push", now=now)
    row = Due.objects.get()
    assert (row.attempts, row.rung_at) == (3, now)
    assert due.failing(kopi) == 1


def test_who_saw_only_some_of_the_notes_cannot_end_the_others(kopi, now):
    due.note("push", now=now)
    with due.working("push", now=now):  # a worker that is slow
        due.note("push", now=now)
        be_killed("push", now=now)  # another one, which saw both notes
    assert Due.objects.filter(kind="push").count() == 1


def test_a_standing_order_is_moved_on_and_never_removed_by_its_work(kopi, now):
    due.keep("pull", every=60, now=now)
    order = Due.objects.get()
    first = order.at
    assert timedelta(0) < first - now <= timedelta(seconds=60)
    with due.working("pull", now=first + 3 * SECOND):
        pass
    order.refresh_from_db()
    assert (order.at, order.attempts, order.rung_at) == (first + timedelta(seconds=60), 0, None)
    with due.working("pull", now=first + timedelta(hours=5)):  # nobody worked for hours: one run, not three hundred
        pass
    order.refresh_from_db()
    assert order.at == first + timedelta(hours=5, seconds=60)


def test_a_crash_does_not_break_the_chain_of_a_standing_order(kopi, now):
    due.keep("pull", every=60, now=now)
    at = Due.objects.get().at
    fail("pull", now=at)
    assert Due.objects.get().at == at + due.FIRST_PAUSE
    with due.working("pull", now=at + due.FIRST_PAUSE):
        pass
    assert Due.objects.get().at == at + timedelta(seconds=60)


def test_a_standing_order_is_there_once_and_can_change_its_period(kopi, now):
    for _ in range(2):
        due.keep("pull", every=60, now=now)
    assert [row.every for row in Due.objects.all()] == [60]
    due.keep("pull", every=30, now=now)
    assert [(row.every, row.at <= now + timedelta(seconds=30)) for row in Due.objects.all()] == [(30, True)]


def test_dropping_a_standing_order_leaves_the_notes_and_other_cooperatives(kopi, batik, now):
    due.keep("pull", every=60, now=now)
    due.note("pull", now=now)
    with in_tenant(batik):
        due.keep("pull", every=60, now=now)
    with due.working("pull", now=now + timedelta(minutes=2)):
        due.drop("pull")
    assert [(row.cooperative, row.every) for row in Due.objects.all()] == [(batik, 60)]
    due.note("pull", now=now)
    due.drop("pull")
    assert Due.objects.filter(cooperative=kopi).count() == 1


def test_a_thousand_cooperatives_have_their_moments_spread_over_the_period(now):
    shops = [Cooperative(slug=f"uji-{number}") for number in range(1000)]
    seconds = [due.moment_after(now, cooperative=shop, kind="pull", every=60).second for shop in shops]
    assert max(seconds.count(second) for second in range(60)) < 40  # 17 on average
    later = [due.moment_after(now, cooperative=shop, kind="reconcile", every=60).second for shop in shops]
    assert sum(one == other for one, other in zip(seconds, later, strict=True)) < 60  # kinds do not move together


def test_lag_is_the_age_of_the_oldest_work_that_is_not_done(kopi, batik, now):
    assert due.lag(kopi, now=now) == 0
    due.note("push", now=now)
    due.note("expire", now=now, at=now + timedelta(hours=1))
    fail("push", now=now + 5 * SECOND)
    assert due.lag(kopi, now=now + timedelta(seconds=90)) == 85  # since it was begun first
    assert due.lag(kopi, now=now + timedelta(hours=2)) == 7195
    assert (due.lag(batik, now=now), due.failing(batik)) == (0, 0)


def test_work_fails_when_it_was_begun_twice_and_is_not_done(kopi, now):
    due.note("push", now=now)
    fail("push", now=now)
    assert due.failing(kopi) == 0  # it may be under way
    fail("push", now=now + due.AGAIN)
    assert due.failing(kopi) == 1
