"""The shared schema gets its migrations, on every database server, before any cooperative gets its own.

Django applies them one by one (`migrate_schemas --shared`), so a run that is interrupted goes on where it stopped. All
shops read its tables, so a lock is waited for no longer than for a cooperative's.
"""

import time
from collections.abc import Callable

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError

from lib.schema import connection
from tenants import bringing_up, migration_rules, servers, versions
from tenants.migration_rules import Refusal
from tenants.versions import Key

TRIES = 5
ONE_AT_A_TIME = "migrations of public"  # the advisory lock of two commands at once


def is_due() -> bool:
    """Whether a server lacks one. One statement for each server."""
    return any(lacking(server) for server in servers.names())


def lacking(server: str) -> list[Key]:
    with servers.on(server):
        known = _applied()
    return [key for key in versions.in_order(of_cooperatives=False) if key not in known]


def refusals() -> list[Refusal]:
    """What must not run while other code serves, of our own. An empty database serves nobody."""
    keys = {key for server in servers.names() for key in lacking(server) if key[0] == "tenants"}
    with servers.on(servers.HOME):
        return migration_rules.refusals(keys) if _applied() else []


def migrate(*, say: Callable[[str], object]) -> None:
    """Bring `public` up to this code wherever it is behind. Raises what the database raises."""
    for server in servers.names():
        missing = lacking(server)
        if missing:
            say(f"public on {server}: {len(missing)} migrations")
            with servers.on(server):
                if all(_makes_nothing(key) for key in missing):
                    bringing_up.record(missing)
                else:
                    _migrate_here()


def _makes_nothing(key: Key) -> bool:
    """Only cooperatives have its tables. Django would find that out by reading all of the catalogue."""
    return key[0] in versions.tenant_labels() and apps.get_app_config(key[0]).name not in settings.SHARED_APPS


def _migrate_here() -> None:
    for tries_left in reversed(range(TRIES)):
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SET lock_timeout = '{bringing_up.LOCK_TIMEOUT}'"
                )  # until the command closes the connection
                cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [ONE_AT_A_TIME])
            call_command("migrate_schemas", shared=True, interactive=False, verbosity=0)
        except OperationalError as error:
            connection.close()
            if getattr(error.__cause__, "sqlstate", None) != "55P03" or not tries_left:
                raise
            time.sleep(1)
        else:
            connection.close()
            return


def _applied() -> set[Key]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return set()
        cursor.execute("SELECT app, name FROM public.django_migrations")
        return set(cursor.fetchall())
