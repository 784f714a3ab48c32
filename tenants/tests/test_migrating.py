"""Cooperatives become what the next release needs; what is wrong with one of them stays with that one."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from lib.schema import connection
from tenants import bringing_up, fingerprints, migrating, migrating_public, provisioning, versions
from tenants.context import in_tenant
from tenants.models import Cooperative
from tenants.tests import releases

BREAK = "DROP TABLE catalog_product CASCADE"
RUN_PYTHON = (
    "migrations.RunPython(lambda apps, editor: apps.get_model('catalog', 'Category').objects.create(name='x')),"
)


@pytest.fixture
def three(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[list[Cooperative]]:
    """Three cooperatives outside any test transaction; the others of this database are left alone by their slugs."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        stamp = f"{timezone.now():%H%M%S%f}"
        made = [
            provisioning.create_cooperative(name=f"Koperasi {nr}", slug=f"roll-{stamp}-{nr}", state="open")
            for nr in ("satu", "dua", "tiga")
        ]
        try:
            yield made
        finally:
            connection.set_schema_to_public()
            for cooperative in Cooperative.objects.filter(slug__startswith=f"roll-{stamp}"):
                cooperative.delete(force_drop=True)


@pytest.fixture
def later(tmp_path, three) -> Iterator[releases.Release]:
    """The next release adds a column and an index to products."""
    with releases.standing_on(releases.make(tmp_path)) as release:
        yield release


@pytest.fixture
def impatient(monkeypatch) -> None:
    monkeypatch.setattr(bringing_up, "LOCK_TIMEOUT", "100ms")
    monkeypatch.setattr(migrating, "PAUSES", (0.05, 0.05))


def test_a_roll_brings_every_cooperative_the_new_column_and_index(three, later):
    before = {each.pk: definition(each) for each in three}
    report = roll(three)
    assert (report.done, report.left, report.is_stopped) == (3, {}, False)
    for each in three:
        assert sorted(set(definition(each)) - set(before[each.pk])) == [
            "CREATE INDEX product_motto ON @.catalog_product USING btree (motto)",
            "catalog_product.motto character varying(40) not null: t, identity: , generated: , "
            "default: ''::character varying",
            "catalog_product: catalog_product_motto_not_null NOT NULL motto",
        ]
        each.refresh_from_db()
        assert (each.schema_version, each.migrate_error) == (versions.of_code(), "")
        assert bringing_up.lacking(schema_name=each.schema_name) == []
    assert roll(three).done == 0


def test_nothing_to_do_is_one_statement_for_however_many(db, django_assert_num_queries):
    Cooperative.objects.shops().update(schema_version=versions.of_code())
    Cooperative.objects.bulk_create(
        Cooperative(name=f"K {nr}", slug=f"banyak-{nr}", schema_version=versions.of_code()) for nr in range(1000)
    )
    with django_assert_num_queries(1):
        assert migrating.due() == []


def test_only_the_first_is_computed_and_all_end_up_equal_to_it(three, later, monkeypatch):
    computed = counting(monkeypatch, bringing_up, "_apply")
    assert roll(three).done == 3
    assert len(computed) == 1
    first, *others = (definition(each) for each in three)
    assert others == [first, first]
    with in_tenant(three[2]), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations WHERE name = '9001_later' AND applied <= now()")
        assert cursor.fetchone() == (1,)


def test_a_cooperative_that_differs_is_computed_anew(three, later, monkeypatch):
    run(three[1], "ALTER TABLE catalog_category ADD COLUMN extra integer")
    computed = counting(monkeypatch, bringing_up, "_apply")
    assert roll(three).done == 3
    assert len(computed) == 2


def test_code_in_a_migration_is_run_in_each(three, tmp_path):
    with releases.standing_on(releases.make(tmp_path, RUN_PYTHON, says="safe_because = 'a test'")):
        assert roll(three).done == 3
    for each in three:
        with in_tenant(each), connection.cursor() as cursor:
            cursor.execute("SELECT name FROM catalog_category")
            assert cursor.fetchall() == [("x",)]


def test_a_broken_cooperative_is_named_and_keeps_nobody_else(three, later):
    run(three[0], BREAK)
    report = roll(three)
    assert report.done == 2
    assert list(report.left) == [three[0].slug]
    assert 'ProgrammingError: relation "catalog_product" does not exist' in report.left[three[0].slug]
    for each in three:
        each.refresh_from_db()
    assert three[0].migrate_error == report.left[three[0].slug]
    assert versions.is_behind(three[0].schema_version)
    assert [each.schema_version for each in three[1:]] == [versions.of_code()] * 2


def test_who_failed_is_tried_again_only_when_asked_or_at_another_version(three, later):
    run(three[0], BREAK)
    roll(three)
    computed_again = migrating.due(only=[three[0].slug])
    assert computed_again == []
    assert [each.slug for each in migrating.due(only=[three[0].slug], retry_failed=True)] == [three[0].slug]
    run(three[0], "CREATE TABLE catalog_product (id bigint)")
    assert list(roll(three).left) == [three[0].slug]
    report = roll(three, retry_failed=True)
    assert (report.done, report.left) == (1, {})
    three[0].refresh_from_db()
    assert three[0].migrate_error == ""
    Cooperative.objects.filter(pk=three[1].pk).update(schema_version="", migrate_error="0001-abc: of another release")
    assert [each.slug for each in migrating.due(only=[three[1].slug])] == [three[1].slug]


def test_a_canary_that_fails_stops_everybody_else(three, later):
    Cooperative.objects.filter(pk=three[2].pk).update(is_canary=True)
    run(three[2], BREAK)
    before = [definition(each) for each in three]
    report = roll(three)
    assert (report.done, list(report.left), report.is_stopped) == (0, [three[2].slug], True)
    assert [definition(each) for each in three] == before
    assert roll(three).is_stopped  # and it stands in the way until it is mended
    run(three[2], "CREATE TABLE catalog_product (id bigint)")
    assert roll(three, retry_failed=True).done == 3


def test_canaries_come_first(three, later, monkeypatch):
    Cooperative.objects.filter(pk=three[2].pk).update(is_canary=True)
    seen = counting(monkeypatch, migrating, "bring_up")
    roll(three, workers=1)
    assert [kwargs["schema_name"] for kwargs in seen] == [three[nr].schema_name for nr in (2, 0, 1)]


def test_a_table_in_use_is_tried_again_until_it_is_free(three, later, impatient, monkeypatch):
    tries = counting(monkeypatch, migrating, "bring_up")
    with holding(three[0], "catalog_product") as let_go:
        monkeypatch.setattr(migrating.time, "sleep", lambda seconds: seconds and let_go())
        report = roll(three)
    assert (report.done, report.left) == (3, {})
    assert [kwargs["schema_name"] for kwargs in tries].count(three[0].schema_name) == 2


def test_a_table_that_stays_in_use_leaves_one_behind_until_the_next_run(three, later, impatient):
    with holding(three[0], "catalog_product"):
        report = roll(three)
        assert (report.done, report.left) == (2, {three[0].slug: "its tables were in use"})
    assert roll(three).done == 1  # without asking for those that failed: this one did not


def test_who_waits_for_a_table_holds_no_other(three, tmp_path, monkeypatch):
    """Or else a request that holds one and wants the other would be in a deadlock with the migration."""
    monkeypatch.setattr(bringing_up, "LOCK_TIMEOUT", "20s")
    monkeypatch.setattr(migrating, "PAUSES", (0.01,))
    column = 'migrations.AddField("{}", "motto", models.IntegerField(null=True)),'
    with releases.standing_on(releases.make(tmp_path, column.format("category") + column.format("product"))):
        roll(three[:1])
        memory = bringing_up.Memory()
        bringing_up.bring_up(schema_name=three[1].schema_name, memory=memory)
        (recording,) = memory.recordings.values()
        assert recording.split("\n;\n")[:2] == [
            'LOCK TABLE "catalog_category" IN ACCESS EXCLUSIVE MODE ',
            'LOCK TABLE "catalog_product" IN ACCESS EXCLUSIVE MODE NOWAIT',
        ]
        began = time.monotonic()
        with holding(three[2], "catalog_product"), pytest.raises(OperationalError, match="could not obtain lock"):
            bringing_up.bring_up(schema_name=three[2].schema_name, memory=memory)
        assert time.monotonic() - began < 15
        bringing_up.bring_up(schema_name=three[2].schema_name, memory=memory)
    assert definition(three[2]) == definition(three[1]) == definition(three[0])


def test_who_notes_work_for_a_cooperative_is_not_in_the_way(three, later, impatient):
    with other_session() as session:  # a row that refers to the cooperative's holds it so
        session.execute("SELECT 1 FROM public.tenants_cooperative WHERE id = %s FOR KEY SHARE", [three[0].pk])
        assert roll(three).done == 3


def test_two_runs_share_the_work_and_do_nothing_twice(three, later, impatient):
    with other_session() as session:
        session.execute("SELECT 1 FROM public.tenants_cooperative WHERE id = %s FOR NO KEY UPDATE", [three[0].pk])
        report = roll(three)
    assert report.done == 2
    assert report.left == {three[0].slug: "another run has it in work"}


def test_a_cooperative_that_moves_house_waits(three, later, impatient):
    Cooperative.objects.filter(pk=three[0].pk).update(moving_to="dua")
    report = roll(three)
    assert (report.done, report.left) == (2, {three[0].slug: "it is moving to dua"})
    Cooperative.objects.filter(pk=three[0].pk).update(moving_to="")
    assert roll(three).done == 1


def test_a_migration_that_reaches_public_is_undone(three, tmp_path):
    sql = "migrations.RunSQL('ALTER TABLE public.tenants_domain ADD COLUMN harm integer'),"
    public = fingerprints.definition(schema_name="public")
    with releases.standing_on(releases.make(tmp_path, sql)):
        report = roll(three)
    assert report.done == 0
    assert "PublicTouched: one of catalog.9001_later changed “tenants_domain.harm integer" in report.left[three[0].slug]
    assert fingerprints.definition(schema_name="public") == public


def test_a_table_that_only_public_has_is_out_of_reach(three, tmp_path):
    sql = "migrations.RunSQL('ALTER TABLE tenants_domain ADD COLUMN harm integer'),"
    with releases.standing_on(releases.make(tmp_path, sql)):
        report = roll(three)
    assert 'relation "tenants_domain" does not exist' in report.left[three[0].slug]


def test_an_empty_schema_becomes_what_the_snapshot_makes(three):
    run(three[0], f"DROP SCHEMA {three[0].schema_name} CASCADE; CREATE SCHEMA {three[0].schema_name}")
    assert bringing_up.bring_up(schema_name=three[0].schema_name) == versions.of_code()
    assert definition(three[0]) == definition(three[1])


def test_an_empty_schema_can_stop_at_an_older_version(three, later):
    older = [key for key in versions.wanted() if key != ("catalog", "9001_later")]
    run(three[0], f"DROP SCHEMA {three[0].schema_name} CASCADE; CREATE SCHEMA {three[0].schema_name}")
    assert bringing_up.bring_up(schema_name=three[0].schema_name, to=older) == three[1].schema_version
    assert definition(three[0]) == definition(three[1])


def test_a_schema_that_does_not_say_its_version_is_looked_into(three):
    Cooperative.objects.filter(pk=three[0].pk).update(schema_version="")
    before = definition(three[0])
    assert roll(three).done == 1
    three[0].refresh_from_db()
    assert (three[0].schema_version, definition(three[0])) == (versions.of_code(), before)


def test_a_newer_schema_is_left_as_it_is(three, tmp_path):
    with releases.standing_on(releases.make(tmp_path)):
        roll(three)
        newer = versions.of_code()
    assert migrating.due(only=slugs(three)) == []
    three[0].refresh_from_db()
    assert three[0].schema_version == newer


def test_a_schema_of_another_branch_is_refused(three, later):
    run(three[0], "INSERT INTO django_migrations (app, name, applied) VALUES ('catalog', '8000_elsewhere', now())")
    report = roll(three)
    assert report.done == 2
    assert "Diverged: has catalog.8000_elsewhere, which this code does not know" in report.left[three[0].slug]


def test_the_clock_brings_up_only_who_was_made_after_the_roll(three, later):
    now = timezone.now()
    assert migrating.catch_up(now=now).done == 0  # nobody has rolled
    roll(three[:1])
    Cooperative.objects.filter(pk=three[1].pk).update(created_at=now - timedelta(days=2))
    Cooperative.objects.exclude(pk__in=[each.pk for each in three]).filter(
        created_at__gt=now - timedelta(days=1)
    ).update(created_at=now - timedelta(days=2))
    Cooperative.objects.filter(pk=three[1].pk).update(is_canary=True)
    assert migrating.catch_up(now=now).done == 0  # a canary has yet to show that it works
    Cooperative.objects.filter(pk=three[1].pk).update(is_canary=False)
    assert migrating.catch_up(now=now).done == 1
    versions_now = dict(Cooperative.objects.values_list("pk", "schema_version"))
    assert [versions_now[each.pk] == versions.of_code() for each in three] == [True, False, True]


def test_what_only_cooperatives_get_is_recorded_in_public_without_reading_all_of_the_catalogue(
    db, tmp_path, monkeypatch
):
    monkeypatch.setattr(migrating_public, "call_command", lambda *args, **options: pytest.fail("it asked Django"))
    with releases.standing_on(releases.make(tmp_path)):
        assert migrating_public.lacking("default") == [("catalog", "9001_later")]
        migrating_public.migrate(say=lambda line: None)
        assert not migrating_public.is_due()


def test_what_public_itself_gets_is_djangos_to_apply(db, tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(migrating_public, "call_command", lambda *args, **options: asked.append((args, options)))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'tenants'")
    monkeypatch.setattr(connection, "close", lambda: None)  # the test's own transaction
    migrating_public.migrate(say=lambda line: None)
    assert asked == [(("migrate_schemas",), {"shared": True, "interactive": False, "verbosity": 0})]


def roll(cooperatives: list[Cooperative], **options) -> migrating.Report:
    return migrating.roll(only=slugs(cooperatives), say=lambda line: None, **{"workers": 2, **options})


def slugs(cooperatives: list[Cooperative]) -> list[str]:
    return [each.slug for each in cooperatives]


def definition(cooperative: Cooperative) -> list[str]:
    return fingerprints.definition(schema_name=cooperative.schema_name)


def run(cooperative: Cooperative, statement: str) -> None:
    with in_tenant(cooperative), connection.cursor() as cursor:
        cursor.execute(statement)


def counting(monkeypatch, module, name: str) -> list[dict]:
    """The calls of a function that goes on doing its work."""
    calls: list[dict] = []
    real: Callable = getattr(module, name)

    def counted(*args, **kwargs):
        calls.append(kwargs)
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, counted)
    return calls


@contextmanager
def other_session() -> Iterator:
    """Another connection in a transaction of its own."""
    other = connections["default"].copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN")
            yield cursor
            cursor.execute("ROLLBACK")
    finally:
        other.close()


@contextmanager
def holding(cooperative: Cooperative, table: str) -> Iterator[Callable[[], object]]:
    """Somebody else writes into a table, and does not end; or ends when the given function is called."""
    with other_session() as session:
        session.execute(f'LOCK TABLE "{cooperative.schema_name}".{table} IN ROW EXCLUSIVE MODE')
        yield lambda: session.execute("ROLLBACK")
