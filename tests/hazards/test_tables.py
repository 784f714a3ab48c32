"""H10, H13, H19: which tables there are in which schema, and that nothing of one falls through to the other."""

from datetime import datetime

import pytest
from django.db import DatabaseError, connection, transaction

from catalog.models import Category
from tenants import checks, fingerprints, invariants, provisioning
from tenants.context import in_tenant
from tenants.models import PUBLIC, Cooperative
from tests import make


def tables(schema: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
        return {name for (name,) in cursor.fetchall()}


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_h10_content_types_are_in_public_only(kopi: Cooperative, settings: object) -> None:
    assert {"django_content_type", "auth_permission", "django_admin_log"} <= tables(PUBLIC)
    assert not {"django_content_type", "auth_permission", "django_admin_log"} & tables(kopi.schema_name)
    assert checks.lists_of_apps() == []
    settings.TENANT_APPS = [*settings.TENANT_APPS, "django.contrib.contenttypes"]
    assert {error.id for error in checks.lists_of_apps()} == {"tenants.E001"}


def test_h13_an_app_in_both_lists_is_refused_unless_it_is_meant(settings: object) -> None:
    settings.SHARED_APPS = [*settings.SHARED_APPS, "orders"]
    assert [error.msg for error in checks.lists_of_apps()] == ["orders is in SHARED_APPS and in TENANT_APPS"]


def test_h13_only_the_tables_of_logging_in_are_in_both(kopi: Cooperative) -> None:
    assert tables(PUBLIC) & tables(kopi.schema_name) == {
        "accounts_user", "account_emailaddress", "account_emailconfirmation", "mfa_authenticator", "django_session",
        "django_migrations",
    }  # fmt: skip
    assert checks.no_table_of_a_cooperative_is_shared(databases=["default"]) == []


@pytest.mark.breaks("I11")
def test_h13_a_shops_table_in_public_is_refused_at_the_start(kopi: Cooperative) -> None:
    run("CREATE TABLE public.catalog_category (LIKE catalog_category)")
    errors = checks.no_table_of_a_cooperative_is_shared(databases=["default"])
    assert [(error.id, "catalog_category" in error.msg) for error in errors] == [("tenants.E005", True)]


@pytest.mark.breaks("I11")
def test_h13_a_table_that_is_missing_is_an_error_and_seen(kopi: Cooperative, now: datetime) -> None:
    make.category()
    run("ALTER TABLE catalog_category RENAME TO elsewhere")
    with pytest.raises(DatabaseError), transaction.atomic():
        Category.objects.count()
    assert f"I11 {kopi.schema_name}: table catalog_category is missing" in list(invariants.broken(now=now))


def test_h19_making_a_shop_changes_nothing_in_public(own_cooperative: Cooperative) -> None:
    before = fingerprints.definition(schema_name=PUBLIC)
    with transaction.atomic():
        made = provisioning.create_cooperative(name="Koperasi Sebentar", slug="sebentar-saja")
        with in_tenant(made):
            make.product()
        connection.set_schema_to_public()
        after = fingerprints.definition(schema_name=PUBLIC)
        transaction.set_rollback(True)
    assert after == before
    # migrations that reach for public: tenants/tests/test_migrating.py
