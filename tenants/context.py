"""The one way into a cooperative's schema and back out."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connections

from lib.schema import connection
from tenants import servers
from tenants.models import PUBLIC, Cooperative

T = TypeVar("T")


class NoCooperative(RuntimeError):
    """The code stands in no cooperative's schema."""


@contextmanager
def in_tenant(cooperative: Cooperative) -> Iterator[Cooperative]:
    """Stand in `cooperative`'s schema, on the server where it lives, and go back to where we were, whatever happens.

    Open transactions inside it, never around it: what a transaction does on commit belongs to the schema in which
    it commits.
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


class TenantExecutor(ThreadPoolExecutor):
    """A thread pool whose work runs in the cooperative that submitted it; a bare thread would run in `public`."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> "Future[T]":
        return super().submit(_run_in, current_cooperative(), fn, *args, **kwargs)


def _run_in(cooperative: Cooperative, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    try:
        with in_tenant(cooperative):
            return fn(*args, **kwargs)
    finally:
        connection.set_schema_to_public()
        connections.close_all()
