"""I9 and I11: what must always be true of work that is due, and of schemas."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q

from tenants.context import current_cooperative
from tenants.models import PUBLIC, Due

OVERDUE = timedelta(minutes=15)


def broken(*, now: datetime) -> Iterator[str]:
    """One line per broken invariant in the present cooperative."""
    cooperative = current_cooperative()
    late = now - OVERDUE
    waiting = Due.objects.filter(cooperative=cooperative, created_at__lte=late, attempts=0)
    for row in waiting.filter(Q(at__lte=late) | Q(rung_at__lte=late)):
        yield f"I9 {row.kind}: due since {row.rung_at or row.at:%Y-%m-%d %H:%M} without an attempt"
    wanted = _tables(settings.TENANT_APPS)
    for table in sorted(wanted - _in_schema(cooperative.schema_name, connection)):
        yield f"I11 {cooperative.schema_name}: table {table} is missing"
    for table in tables_of_cooperatives_in_public(connection):
        yield f"I11 {PUBLIC}: table {table} belongs to cooperatives"


def tables_of_cooperatives_in_public(server: BaseDatabaseWrapper) -> list[str]:
    """Tables in the shared schema that no shared app has: a cooperative that lacks one would use them."""
    only_theirs = _tables(settings.TENANT_APPS) - _tables(settings.SHARED_APPS)
    return sorted(only_theirs & _in_schema(PUBLIC, server))


def _tables(app_names: list[str]) -> set[str]:
    configs = [config for config in apps.get_app_configs() if config.name in app_names]
    return {model._meta.db_table for config in configs for model in config.get_models(include_auto_created=True)}


def _in_schema(schema_name: str, server: BaseDatabaseWrapper) -> set[str]:
    with server.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema_name])
        return {name for (name,) in cursor.fetchall()}
