"""More than one database server: a cooperative lives whole on one of them, named by `Cooperative.server`.

The directory (cooperatives, domains, routes, backups, visits: every table of this app but `Due`) is on the home server.
A further server has the same shared schema, in which only `Due` is used, and a copy of the rows of its cooperatives
for that table to refer to.

Business code knows one connection, `default`. While a thread stands in a cooperative of another server, that slot holds
the connection to that server, so that transactions, cursors and callbacks go there, and `HomeRouter` sends the
directory's tables home.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.models import Model
from django_tenants.routers import TenantSyncRouter

from tenants.models import Cooperative, Due

HOME = DEFAULT_DB_ALIAS
_HOME_SLOT = "home"  # the connection to the home server, while `default` holds another

logger = logging.getLogger(__name__)


class ServerUnknown(LookupError):
    """No server of this name is in settings.DATABASE_SERVERS."""


def names() -> list[str]:
    """Every server that cooperatives may live on; the home server first."""
    return [HOME, *settings.DATABASE_SERVERS]


def here() -> str:
    """The server at which the thread stands."""
    alias: str = connections[DEFAULT_DB_ALIAS].alias
    return alias.removesuffix(settings.REPLICA_SUFFIX)


@contextmanager
def on(name: str) -> Iterator[None]:
    """Let `default` be the connection to the server `name`, and afterwards what it was. Raises ServerUnknown."""
    if name not in names():
        raise ServerUnknown(name)
    with _holding(name):
        yield


def go_to(cooperative: Cooperative) -> None:
    """Stand in `cooperative`, on its server, until `go_home`. For the middleware; all else uses context.in_tenant."""
    home: Any = connections[DEFAULT_DB_ALIAS]
    if cooperative.server != HOME:
        home.set_schema_to_public()
        connections[_HOME_SLOT] = home
        connections[DEFAULT_DB_ALIAS] = connections[cooperative.server]
    here: Any = connections[DEFAULT_DB_ALIAS]
    here.set_tenant(cooperative)


def go_home() -> None:
    """Stand in `public` on the home server."""
    away: Any = connections[DEFAULT_DB_ALIAS]
    away.set_schema_to_public()
    if away.alias != HOME:
        connections[DEFAULT_DB_ALIAS] = connections[_HOME_SLOT]


@contextmanager
def reading() -> Iterator[None]:
    """Read from this server's replica, where there is one that answers and is not far behind.

    For long reports that may be some seconds old. Inside a transaction nothing changes: who writes reads their own.
    """
    primary: Any = connections[DEFAULT_DB_ALIAS]
    replica = f"{primary.alias}{settings.REPLICA_SUFFIX}"
    if primary.in_atomic_block or replica not in settings.DATABASES or not _is_close_behind(replica):
        yield
        return
    with _holding(replica):
        copy: Any = connections[DEFAULT_DB_ALIAS]
        copy.set_tenant(primary.tenant)
        try:
            yield
        finally:
            copy.set_schema_to_public()


def publish(cooperative: Cooperative) -> None:
    """Bring the copy of this row on its own server up to date. At home there is no copy."""
    if cooperative.server != HOME:
        fields = [field.attname for field in Cooperative._meta.concrete_fields]
        copy = Cooperative(**{name: getattr(cooperative, name) for name in fields})
        update = [field.name for field in Cooperative._meta.concrete_fields if not field.primary_key]
        with on(cooperative.server):
            rows = Cooperative.objects.using(DEFAULT_DB_ALIAS)
            rows.bulk_create([copy], update_conflicts=True, unique_fields=["id"], update_fields=update)


class HomeRouter(TenantSyncRouter):
    """The directory is read and written at home, from wherever the thread stands."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        if model._meta.app_label != Due._meta.app_label or model is Due:
            return None
        return DEFAULT_DB_ALIAS if connections[DEFAULT_DB_ALIAS].alias == HOME else _HOME_SLOT

    db_for_write = db_for_read

    def allow_relation(self, first: Model, second: Model, **hints: Any) -> bool | None:
        return True if Due._meta.app_label in (first._meta.app_label, second._meta.app_label) else None

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        if db not in names():
            return False
        with on(db):
            # Its "no opinion" is our yes: the library's own router, which must stand behind this one, knows one server.
            return super().allow_migrate(DEFAULT_DB_ALIAS, app_label, model_name, **hints) is not False


@contextmanager
def _holding(alias: str) -> Iterator[None]:
    before = connections[DEFAULT_DB_ALIAS]
    if before.alias == alias:
        yield
        return
    if before.alias == HOME:
        connections[_HOME_SLOT] = before
    connections[DEFAULT_DB_ALIAS] = connections[_HOME_SLOT if alias == HOME else alias]
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = before


def _is_close_behind(alias: str) -> bool:
    replica = connections[alias]
    with suppress(OperationalError, InterfaceError), replica.cursor() as cursor:
        cursor.execute(
            "SELECT pg_is_in_recovery() AND (pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()"
            " OR now() - pg_last_xact_replay_timestamp() < make_interval(secs => %s))",
            [settings.REPLICA_LAG_SECONDS],
        )
        if cursor.fetchone()[0]:
            return True
    logger.warning("replica %s is away or far behind: reading from the primary", alias)
    return False
