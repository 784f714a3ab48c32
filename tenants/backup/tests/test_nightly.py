"""Every cooperative is backed up each night, at its own minute, whatever happens to the others."""

import os
import uuid
from datetime import timedelta

import pytest
from django.db import connection as django_connection

from coop_shop.celery import app
from coop_shop.tasks import back_up_who_is_due
from tenants.backup import nightly, places
from tenants.backup.keeping import last_turn
from tenants.backup.nightly import due, run
from tenants.models import Backup, Cooperative

NIGHTLY = Backup.Kind.NIGHTLY


@pytest.fixture
def three(shops):
    """At 01.00, 02.00 and 03.00; other tests' cooperatives are set aside, because they are due too."""
    others = set(Cooperative.objects.shops().values_list("pk", flat=True))
    Cooperative.objects.filter(pk__in=others).update(moving_to="aside")
    made = [shops(f"uji-{name}", is_empty=True) for name in ("satu", "dua", "tiga")]
    for hour, each in enumerate(made):
        each.uid = uuid.UUID(int=(uuid.uuid4().int // 240) * 240 + 60 * hour)
        each.save(update_fields=["uid"])
    yield made
    Cooperative.objects.filter(pk__in=others).update(moving_to="")


@pytest.fixture
def night(now):
    """02.30 in Jakarta."""
    return now.replace(hour=19, minute=30) - timedelta(days=1)


def slugs(cooperatives):
    return [each.slug for each in cooperatives]


def test_who_has_none_since_its_last_turn_is_due_the_longest_waiting_first(three, night):
    assert slugs(due(now=night)) == ["uji-tiga", "uji-satu", "uji-dua"]

    run(seconds=60, clock=lambda: night)

    assert due(now=night) == []
    assert due(now=night + timedelta(minutes=29)) == []
    assert slugs(due(now=night + timedelta(minutes=31))) == ["uji-tiga"]
    assert slugs(due(now=night + timedelta(hours=22, minutes=31))) == ["uji-tiga", "uji-satu"]


def test_each_is_backed_up_and_proven_and_the_next_minute_does_nothing(three, night):
    assert run(seconds=60, clock=lambda: night) == 3
    assert run(seconds=60, clock=lambda: night) == 0

    rows = Backup.objects.filter(cooperative__in=three)
    assert [(row.kind, row.error, row.proof_error, row.proven_at is None) for row in rows] == [
        (NIGHTLY, "", "", False)
    ] * 3


def test_suspended_and_closed_ones_have_backups_and_those_that_are_purged_or_move_do_not(three, night):
    for each, state in zip(three, ("suspended", "closed", "purging"), strict=True):
        Cooperative.objects.filter(pk=each.pk).update(state=state)
    assert slugs(due(now=night)) == ["uji-satu", "uji-dua"]

    Cooperative.objects.filter(slug="uji-dua").update(moving_to="dua")
    assert slugs(due(now=night)) == ["uji-satu"]


def test_a_failure_stops_no_other_is_seen_and_is_tried_again_after_half_an_hour(three, night):
    with django_connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA "{three[2].schema_name}" CASCADE')

    assert run(seconds=60, clock=lambda: night) == 3

    assert "has no tables" in Backup.objects.get(cooperative=three[2]).error
    assert Backup.objects.filter(cooperative__in=three, error="").count() == 2
    assert due(now=night + timedelta(minutes=29)) == []
    assert "uji-tiga" in slugs(due(now=night + timedelta(minutes=30, seconds=1)))


def test_a_backup_that_was_killed_does_not_count(three, night):
    began = last_turn(uid=three[0].uid, zone=three[0].zone, now=night)
    Backup.objects.create(cooperative=three[0], kind=NIGHTLY, name="x", began_at=began)

    assert "uji-satu" in slugs(due(now=night))


def test_when_its_time_is_over_the_rest_waits_for_the_next_minute(three, night):
    assert run(seconds=0, clock=lambda: night) == 0
    assert not Backup.objects.filter(cooperative__in=three).exists()


def test_no_more_than_so_many_are_at_it(three, night, settings):
    settings.BACKUPS_AT_ONCE = 2
    with places.held(places.root() / ".place-0"):
        with places.held(places.root() / ".place-1"):
            assert run(seconds=60, clock=lambda: night) == 0
        assert run(seconds=60, clock=lambda: night) == 3


def test_one_that_somebody_else_backs_up_is_passed_over(three, night):
    with places.held(places.folder(three[2].uid)):
        run(seconds=60, clock=lambda: night)

    assert sorted(Backup.objects.filter(cooperative__in=three).values_list("cooperative__slug", flat=True)) == [
        "uji-dua",
        "uji-satu",
    ]


def test_backups_of_who_is_gone_stay_five_weeks(three, night):
    gone, fresh = places.root() / uuid.uuid4().hex, places.root() / uuid.uuid4().hex
    foreign, living = places.root() / "not-ours", places.folder(three[0].uid)
    for folder, days in ((gone, 36), (fresh, 34), (foreign, 400), (living, 400)):
        folder.mkdir(parents=True)
        (folder / "a.zip").write_bytes(b"")
        then = (night - timedelta(days=days)).timestamp()
        os.utime(folder / "a.zip", (then, then))

    run(seconds=0.001, clock=lambda: night)

    assert not gone.exists()
    assert fresh.exists() and foreign.exists() and living.exists()


def test_the_task_stands_in_the_beat_table_and_is_not_given_to_a_second_worker():
    assert app.conf.beat_schedule["back-up"]["task"] == back_up_who_is_due.name
    assert back_up_who_is_due.acks_late is False
    assert back_up_who_is_due.platform is True
    assert timedelta(seconds=app.conf.beat_schedule["back-up"]["schedule"]) < nightly.RETRY
