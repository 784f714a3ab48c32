"""The ways in which code could stand in the wrong cooperative, and that it does not."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction

from catalog.models import Category
from tenants.context import NoCooperative, TenantExecutor, current_cooperative, in_tenant
from tests import make


def where():
    """The schema that the server itself stands in, as a query sees it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        return cursor.fetchone()[0]


def where_in_a_thread():
    """The same, for a thread that ends: its connection is its own, and nobody else would close it."""
    try:
        return where()
    finally:
        connection.close()


def test_we_come_back_to_where_we_were_also_after_an_error(kopi, batik):
    with suppress(RuntimeError), in_tenant(batik):
        assert where() == batik.schema_name
        raise RuntimeError
    assert where() == kopi.schema_name


def test_nothing_of_one_cooperative_is_seen_in_the_other(kopi, batik):
    make.category("Kopi")
    with in_tenant(batik):
        assert Category.objects.count() == 0
        make.category("Batik")
    assert [category.name for category in Category.objects.all()] == ["Kopi"]


def test_a_swallowed_error_in_a_transaction_does_not_leave_us_in_the_previous_cooperative(kopi, batik):
    """With TENANT_LIMIT_SET_CALLS this reads the rows of `batik`."""
    with in_tenant(batik):
        make.category("Batik")
    with suppress(DatabaseError), transaction.atomic(), in_tenant(batik), connection.cursor() as cursor:
        cursor.execute("SELECT 1/0")
    assert where() == kopi.schema_name
    assert Category.objects.count() == 0


def test_a_rolled_back_savepoint_does_not_either(kopi, batik):
    with suppress(RuntimeError), transaction.atomic(), in_tenant(batik):
        where()
        raise RuntimeError
    assert where() == kopi.schema_name


def test_public_is_no_cooperative(db):
    connection.set_schema_to_public()
    with pytest.raises(NoCooperative):
        current_cooperative()


def test_two_threads_do_not_swap_cooperatives(own_cooperative, django_db_setup):
    entered, leave = Event(), Event()

    def first():
        with in_tenant(own_cooperative):
            entered.set()
            leave.wait(10)
            return where_in_a_thread()

    def second():
        entered.wait(10)
        seen = where_in_a_thread()
        leave.set()
        return seen

    with ThreadPoolExecutor(2) as pool:
        inside, outside = pool.submit(first), pool.submit(second)
    assert (inside.result(), outside.result()) == (own_cooperative.schema_name, "public")


def test_a_bare_thread_stands_in_public_and_our_executor_does_not(own_cooperative):
    with in_tenant(own_cooperative):
        with ThreadPoolExecutor(1) as bare:
            assert bare.submit(where_in_a_thread).result() == "public"
        with TenantExecutor(1) as ours:
            assert ours.submit(where).result() == own_cooperative.schema_name
            worker_is_reset = ThreadPoolExecutor.submit(ours, where_in_a_thread)
            assert worker_is_reset.result() == "public"


def test_equal_cache_keys_are_two_entries(kopi, batik):
    cache.set("home", "Kopi")
    with in_tenant(batik):
        assert cache.get("home") is None
        cache.set("home", "Batik")
    assert cache.get("home") == "Kopi"


def test_no_table_of_a_cooperative_exists_in_public_where_it_could_be_read_by_mistake(kopi):
    """Invariant I11; users, sessions and logins are the only tables that both have."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = %s INTERSECT "
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
            [kopi.schema_name],
        )
        assert sorted(name for (name,) in cursor.fetchall()) == [
            "account_emailaddress",
            "account_emailconfirmation",
            "accounts_user",
            "django_migrations",
            "django_session",
            "mfa_authenticator",
        ]
