"""Whose pages a statement changes, and when that is said."""

import pytest
from django.apps import apps
from django.core.cache import caches
from django.db import connection, transaction
from psycopg import sql

from catalog.models import Category
from tenants import freshness
from tenants.context import TenantExecutor, in_tenant
from tenants.models import Cooperative

HERE = "t_here"


@pytest.fixture(autouse=True)
def fuse(monkeypatch):
    monkeypatch.setattr(freshness, "_away_until", 0.0)
    monkeypatch.setattr(freshness, "_owed", set())


@pytest.mark.parametrize(
    ("statement", "whose"),
    [
        ('SELECT "catalog_product"."id" FROM "catalog_product" FOR UPDATE', set()),
        ("SAVEPOINT s1", set()),
        ("\n    select 1", set()),
        ("\nWITH cheap AS (SELECT * FROM catalog_product FOR UPDATE) SELECT count(*) FROM cheap", set()),
        ("(SELECT 1) UNION (SELECT 2)", set()),
        ("SELECT 1; VACUUM", {HERE}),
        ("SET search_path = t_here", set()),
        ('UPDATE "catalog_product" SET "title" = %s', {HERE}),
        ('INSERT INTO "catalog_product" ("title") VALUES (%s)', {HERE}),
        ('DELETE FROM "catalog_product" WHERE "id" IN (%s)', {HERE}),
        ("update only catalog_product set title = ''", {HERE}),
        ("\n    UPDATE catalog_product SET title = ''", {HERE}),
        ('UPDATE "t_there"."catalog_product" SET "title" = %s', {"t_there"}),
        ("TRUNCATE TABLE catalog_product", {HERE}),
        ("COPY catalog_product FROM STDIN", {HERE}),
        ("MERGE INTO catalog_product USING x ON true WHEN MATCHED THEN DELETE", {HERE}),
        ("WITH gone AS (DELETE FROM catalog_variant RETURNING id) SELECT * FROM gone", {HERE}),
        ("WITH gone AS (DELETE FROM django_session RETURNING 1) UPDATE catalog_product SET sold = 0", {HERE}),
        ("SELECT 1; UPDATE catalog_product SET title = ''", {HERE}),
        ("UPDATE django_session SET session_data = ''; UPDATE catalog_product SET title = ''", {HERE}),
        ("/* by hand */ UPDATE catalog_product SET title = ''", {HERE}),
        ("DO $$ BEGIN PERFORM 1; END $$", {HERE}),
        ("INSERT INTO a_table_of_tomorrow VALUES (1)", {HERE}),
        ('UPDATE "django_session" SET "session_data" = %s', set()),
        ('INSERT INTO "tenants_due" ("kind") VALUES (%s) ON CONFLICT ("kind") DO UPDATE SET "at" = %s', set()),
        ('INSERT INTO "notifications_message" ("body") SELECT "title" FROM "catalog_product"', set()),
        ('UPDATE "tenants_cooperative" SET "name" = %s', {"directory"}),
        ('DELETE FROM "tenants_domain" WHERE true', {"directory"}),
        (sql.SQL("UPDATE {} SET title = ''").format(sql.Identifier("catalog_product")), {HERE}),
    ],
)
def test_whose_pages_a_statement_changes(statement, whose):
    assert freshness.changes(statement, schema=HERE) == whose


def test_the_tables_that_nobody_sees_exist():
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert tables >= freshness.UNSEEN | freshness.OF_DIRECTORY


def number(cooperative: Cooperative) -> int:
    found, _nothing = freshness.look(cooperative.schema_name, "nothing")
    assert found is not None
    return found


def test_it_is_said_when_it_is_committed_and_not_before(own_cooperative):
    with in_tenant(own_cooperative):
        before = number(own_cooperative)
        with transaction.atomic():
            Category.objects.create(name="Kopi", slug="kopi")
            assert number(own_cooperative) == before
        committed = number(own_cooperative)
        assert committed != before
        Category.objects.update(name="Teh")  # on its own, without a transaction around it
        assert number(own_cooperative) != committed


def test_what_is_rolled_back_is_not_said(own_cooperative):
    with in_tenant(own_cooperative):
        before = number(own_cooperative)
        with transaction.atomic():
            Category.objects.create(name="Kopi", slug="kopi")
            transaction.set_rollback(True)
        with transaction.atomic():
            Category.objects.exists()
        assert number(own_cooperative) == before


def test_a_savepoint_that_was_given_up_takes_nothing_else_with_it(own_cooperative):
    with in_tenant(own_cooperative):
        before = number(own_cooperative)
        with transaction.atomic():
            Category.objects.create(name="Kopi", slug="kopi")
            with transaction.atomic():
                Category.objects.create(name="Teh", slug="teh")
                transaction.set_rollback(True)
        assert number(own_cooperative) != before


def test_reading_and_what_nobody_sees_say_nothing(own_cooperative):
    with in_tenant(own_cooperative):
        before = number(own_cooperative)
        list(Category.objects.all())
        with connection.cursor() as cursor:
            cursor.execute("UPDATE django_session SET session_data = ''")
        assert number(own_cooperative) == before


def test_one_cooperative_says_nothing_about_another(own_cooperative, django_db_blocker):
    other = Cooperative.objects.get(slug="kopi-gayo")
    before = number(other)
    with in_tenant(own_cooperative):
        Category.objects.create(name="Kopi", slug="kopi")
    assert number(other) == before


def test_a_thread_of_its_own_says_it_too(own_cooperative):
    before = number(own_cooperative)

    with in_tenant(own_cooperative), TenantExecutor() as threads:
        threads.submit(Category.objects.create, name="Kopi", slug="kopi").result()
    assert number(own_cooperative) != before


def test_the_row_of_a_cooperative_belongs_to_the_directory(own_cooperative):
    before, own = freshness.of_directory(), number(own_cooperative)
    Cooperative.objects.filter(pk=own_cooperative.pk).update(address="Jl. Baru 1")
    assert freshness.of_directory() != before
    assert number(own_cooperative) == own


def test_a_number_that_was_lost_does_not_come_back(own_cooperative):
    before = number(own_cooperative)
    caches["shared"].clear()
    assert number(own_cooperative) != before


def test_what_could_not_be_said_is_said_as_soon_as_the_cache_is_back(own_cooperative, settings, monkeypatch):
    before = number(own_cooperative)
    away, here = {**settings.CACHES["shared"], "LOCATION": "redis://127.0.0.1:9/0"}, settings.CACHES
    settings.CACHES = {**here, "shared": away}
    caches.close_all()
    with in_tenant(own_cooperative):
        Category.objects.create(name="Kopi", slug="kopi")
    assert freshness.look(own_cooperative.schema_name, "page") == (None, None)
    assert freshness.of_directory() is None
    settings.CACHES = here
    caches.close_all()
    monkeypatch.setattr(freshness, "_away_until", 0.0)
    assert number(own_cooperative) != before


def test_a_cache_that_did_not_answer_is_left_alone_for_a_moment(settings, monkeypatch):
    asked = []

    def silent(name: str) -> None:
        asked.append(name)
        raise ConnectionError

    monkeypatch.setattr(freshness, "caches", type("Away", (), {"__getitem__": lambda self, name: silent(name)})())
    assert freshness.of_directory() is None
    assert freshness.of_directory() is None
    assert asked == ["shared"]
