"""Whose turn it is, as Redis decides it."""

import time

import pytest
import redis
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings as django_settings
from django.db import InterfaceError, connection
from django.utils import timezone

from tenants import due, running, turns
from tenants.models import Cooperative, Due
from tenants.tests.ringing import store, waiting

pytestmark = pytest.mark.usefixtures("bells")


def take():
    """The next turn, which stays at work."""
    found = turns._run(turns.TAKE, django_settings.TURNS_AT_ONCE, django_settings.SLOW_TURNS_AT_ONCE, turns._lease())
    return found and (found[0].decode(), found[1].decode())


def take_all():
    found = []
    while turn := take():
        found.append(turn)
    return found


@pytest.fixture(autouse=True)
def two_each(settings):
    settings.TURNS_AT_ONCE, settings.SLOW_TURNS_AT_ONCE = 2, 2


def test_cooperatives_take_turns_however_much_one_of_them_offers():
    turns.offer([("a", kind) for kind in ("push", "settle", "messages")])
    turns.offer([("b", "push"), ("c", "push")])
    order = []
    while turn := take():
        order.append(turn)
        turns._end(*turn)
    assert order == [("a", "push"), ("b", "push"), ("c", "push"), ("a", "settle"), ("a", "messages")]


def test_what_is_offered_often_waits_once_and_rings_once(bells):
    for _ in range(3):
        assert turns.offer([("a", "push")])
    assert (len(bells), take_all()) == (1, [("a", "push")])


def test_nobody_has_more_than_their_share_at_work():
    turns.offer([("a", kind) for kind in ("push", "settle", "messages")])
    assert [take(), take(), take()] == [("a", "push"), ("a", "settle"), None]
    turns._end("a", "push")
    assert take() == ("a", "messages")


def test_a_kind_is_never_twice_at_work_in_a_cooperative():
    turns.offer([("a", "push")])
    assert take() == ("a", "push")
    turns.offer([("a", "push")])
    assert take() is None
    turns._end("a", "push")
    assert take() == ("a", "push")


def test_slow_work_leaves_a_place_for_the_rest_in_each_cooperative_and_in_all_together():
    turns.offer([(shop, kind) for shop in "abc" for kind in ("pull", "reconcile")])
    assert take_all() == [("a", "pull"), ("b", "pull")]
    turns.offer([("a", "push"), ("c", "push")])
    assert take_all() == [("a", "push"), ("c", "push")]
    turns._end("b", "pull")
    assert take_all() == [("c", "pull")]


def test_a_letter_waits_for_no_more_than_one_turn_of_pushing():
    turns.offer([("a", "push"), ("a", "reconcile")])
    assert take_all() == [("a", "push"), ("a", "reconcile")]
    turns.offer([("a", "messages"), ("a", "push"), ("a", "pull")])
    assert take() is None
    turns._end("a", "push")
    assert take_all() == [("a", "messages")]


def test_with_one_place_each_slow_work_gets_it_too(settings):
    settings.TURNS_AT_ONCE = 1
    turns.offer([("a", "pull")])
    assert take_all() == [("a", "pull")]


def test_quick_work_goes_first_and_slow_work_is_not_forgotten():
    turns.offer([("a", "pull")])
    turns.offer([(f"b{number}", "push") for number in range(8)])
    assert [kind for _, kind in take_all()].index("pull") == 3


def test_a_worker_that_is_killed_holds_its_place_only_for_the_lease(monkeypatch):
    monkeypatch.setattr(turns, "LEASE_SECONDS", 0.2)
    turns.offer([("a", "push")])
    assert take() == ("a", "push")
    turns.offer([("a", "push")])
    assert take() is None
    time.sleep(0.25)
    assert take() == ("a", "push")


def test_a_worker_that_lives_keeps_its_place_beyond_the_lease(monkeypatch):
    monkeypatch.setattr(turns, "LEASE_SECONDS", 0.4)
    turns.offer([("a", "pull")])
    with turns.taken() as turn:
        assert turn == turns.Turn(schema_name="a", kind="pull")
        time.sleep(0.9)
        turns.offer([("a", "pull")])
        assert take() is None
    assert (take(), store().zcard("turns:slow")) == (("a", "pull"), 1)


def test_the_end_of_a_job_rings_for_whoever_waited_for_its_place(bells):
    turns.offer([("a", kind) for kind in ("push", "settle", "messages", "expire")])
    bells.clear()
    with turns.taken(), turns.taken():
        assert take() is None  # the bells of the other two were heard for nothing
    assert len(bells) == 2
    take_all()
    bells.clear()
    turns._end("a", "messages")
    assert bells == []  # nobody waits


def test_bells_that_hang_already_are_enough(bells):
    store().rpush("bells", *range(turns.MOST_BELLS - 1))
    turns.offer([("a", "push"), ("b", "push"), ("c", "push")])
    assert len(bells) == 1
    turns.ring_for_waiting()
    turns._end("x", "push")
    assert len(bells) == 1


def test_a_lost_bell_is_rung_again_by_the_sweep(bells):
    turns.offer([("a", "push"), ("b", "push")])
    bells.clear()
    assert (turns.ring_for_waiting(), len(bells)) == (2, 2)


def test_redis_flushed_while_a_job_runs_is_whole_afterwards():
    turns.offer([("a", "push"), ("a", "pull")])
    with turns.taken(), turns.taken():
        store().flushdb()
        turns._run(turns.HOLD, "a", "push", 1000)
        assert take() is None
    assert store().keys("turns:busy:*") == []
    turns.offer([("a", "push")])
    assert take() == ("a", "push")


def test_a_forgotten_cooperative_has_nothing_left_in_redis():
    turns.offer([("a", "push"), ("a", "pull"), ("a", "settle"), ("b", "push")])
    assert take_all()
    turns.offer([("a", "push"), ("a", "pull")])
    turns.forget("a")
    left = {key.decode() for key in store().keys("*")}
    assert not any(key.endswith(":a") for key in left)
    assert store().zrange("turns:slow", 0, -1) == []
    turns._end("b", "push")
    turns.offer([("b", "push")])
    assert take_all() == [("b", "push")]


def test_one_place_that_is_asked_by_many_at_once_is_given_once():
    turns.offer([("a", "push")])
    with redis.Redis.from_url(django_settings.REDIS_URL).pipeline(transaction=False) as together:
        for _ in range(20):
            together.eval(turns._COMMON + turns.TAKE, 0, 2, 2, 10_000)
        assert [answer is not None for answer in together.execute()].count(True) == 1


# --- what a worker does with its turn ---

ran_in: list[str] = []


@pytest.fixture
def pushes(monkeypatch):
    """The schemas in which the job `push` ran."""
    ran_in.clear()
    current_app.loader.import_default_modules()
    monkeypatch.setattr("marketplaces.pushing.push", lambda *, now: ran_in.append(connection.schema_name))
    return ran_in


def offer_due(shop, kind, now):
    Due.objects.create(cooperative=shop, kind=kind, at=now)
    turns.offer([(shop.schema_name, kind)])


def test_the_job_runs_in_its_cooperative_and_is_over(kopi, batik, now, pushes):
    connection.set_schema_to_public()
    offer_due(batik, "push", now)
    assert (running.run_next(), running.run_next()) == (True, False)
    assert (pushes, Due.objects.count(), connection.schema_name) == ([batik.schema_name], 0, "public")
    assert waiting() == set()
    connection.set_tenant(kopi)


def test_what_somebody_else_has_done_meanwhile_is_not_done_again(kopi, now, pushes):
    offer_due(kopi, "push", now)
    with due.working("push", now=now):
        pass
    assert running.run_next()
    assert pushes == []


@pytest.mark.parametrize(
    "is_so",
    [
        {"state": "suspended"}, {"state": "closed"}, {"state": "purging"}, {"moving_to": "second"},
        {"schema_version": "0001-0000000000"}, {"schema_version": ""},
    ],
    ids=str,
)  # fmt: skip
def test_a_cooperative_in_which_nobody_may_work_is_left_alone_and_its_work_waits(batik, now, pushes, is_so):
    offer_due(batik, "push", now)
    type(batik).objects.filter(pk=batik.pk).update(**is_so)
    assert running.run_next()
    assert (pushes, Due.objects.count(), store().keys("turns:busy:*")) == ([], 1, [])


def test_a_cooperative_that_prepares_its_shop_has_its_work_done(batik, now, pushes):
    type(batik).objects.filter(pk=batik.pk).update(state="preparing")
    offer_due(batik, "push", now)
    assert running.run_next()
    assert pushes == [batik.schema_name]


@pytest.mark.parametrize("schema", ["public", "t_doesnotexist", "'; drop schema public; --", ""])
def test_a_forged_schema_is_no_cooperative(db, pushes, schema):
    turns.offer([(schema, "push")])
    assert running.run_next()
    assert (pushes, store().keys("turns:busy:*")) == ([], [])


@pytest.mark.parametrize(
    "trouble", [RuntimeError("a bug"), SoftTimeLimitExceeded(), InterfaceError("cut off")], ids=repr
)
def test_a_job_that_raises_or_hangs_is_logged_and_stops_nobody(kopi, batik, now, pushes, monkeypatch, caplog, trouble):
    def push(*, now):
        if connection.schema_name == kopi.schema_name:
            raise trouble
        pushes.append(connection.schema_name)

    monkeypatch.setattr("marketplaces.pushing.push", push)
    for shop in (kopi, batik):
        offer_due(shop, "push", now)
    assert running.run_next()
    assert running.run_next()
    assert pushes == [batik.schema_name]
    assert f"push of {kopi.schema_name} failed" in caplog.text
    assert [(row.cooperative, row.attempts) for row in Due.objects.all()] == [(kopi, 1)]
    assert store().keys("turns:busy:*") == []
    assert connection.schema_name == kopi.schema_name


def test_a_cooperative_whose_schema_is_gone_stops_nobody(outside_transactions, pushes, caplog):
    lost = Cooperative.objects.create(slug="hilang", name="Hilang", state="open", schema_version="9999-0000000000")
    now = timezone.now()
    offer_due(lost, "pull", now)
    offer_due(lost, "push", now)
    assert [running.run_next(), running.run_next(), running.run_next()] == [True, True, False]
    assert pushes == [lost.schema_name]  # which needs no table here
    assert f"pull of {lost.schema_name} failed" in caplog.text
    assert [(row.kind, row.attempts) for row in Due.objects.filter(cooperative=lost)] == [("pull", 1)]
    assert connection.schema_name == "public"


def test_a_kind_that_nobody_knows_stops_nobody(kopi, now, pushes):
    offer_due(kopi, "dance", now)
    offer_due(kopi, "push", now)
    assert running.run_next()
    assert running.run_next()
    assert pushes == [kopi.schema_name]
