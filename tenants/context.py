"""The one way into a cooperative's schema and back out."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

from django.db import connections, transaction

from lib.schema import connection
from tenants import servers
from tenants.models import PUBLIC, Cooperative

T = TypeVar("T")


class NoCooperative(RuntimeError):
    """The code stands in no cooperative's schema."""


@contextmanager
def in_tenant(cooperative: Cooperative) -> Iterator[Cooperative]:
    """Stand in `cooperative`'s schema, on the server where it lives, and go back to where we were, whatever happens.

    Open transactions inside it, never around it: a database error would leave both schemas in one broken transaction.
    """
    with servers.on(cooperative.server):
        before = connection.tenant
        connection.set_tenant(cooperative)
        try:
            yield cooperative
        finally:
            connection.set_tenant(before)


def current_cooperative() -> Cooperative:
    """The cooperative in whose schema the code stands. Raises NoCooperative in `public`."""
    tenant = connection.tenant
    if tenant.schema_name == PUBLIC:
        raise NoCooperative
    if not isinstance(tenant, Cooperative):  # django-tenants left a stand-in that only knows its name
        tenant = Cooperative.objects.get(schema_name=tenant.schema_name)
        connection.set_tenant(tenant)
    return tenant


def on_commit(work: Callable[[], object]) -> None:
    """Do `work` once the transaction around us has committed, in the cooperative (or in `public`) where we stand now.

    Django's own runs it wherever the connection stands at the commit. What `work` raises is logged and stops nothing.
    """
    tenant = connection.tenant if connection.schema_name == PUBLIC else current_cooperative()
    transaction.on_commit(partial(_do_in, tenant, work), robust=True)  # noqa: TID251 - this is the one place


class TenantExecutor(ThreadPoolExecutor):
    """A thread pool whose work runs in the cooperative that submitted it; a bare thread would run in `public`."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        return super().submit(_run_in, current_cooperative(), fn, *args, **kwargs)


def _do_in(tenant: Any, work: Callable[[], object]) -> None:
    if isinstance(tenant, Cooperative) and not tenant.is_platform:
        with in_tenant(tenant):
            work()
        return
    before = connection.tenant
    connection.set_schema_to_public()
    try:
        work()
    finally:
        connection.set_tenant(before)


def _run_in(cooperative: Cooperative, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    try:
        with in_tenant(cooperative):
            return fn(*args, **kwargs)
    finally:
        connection.set_schema_to_public()
        connections.close_all()
