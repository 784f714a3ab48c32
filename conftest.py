"""Fixtures of every test: two cooperatives with equal keys, so that a leak between them shows."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import caches
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation

from coop_shop.verifying import broken_invariants
from tenants import provisioning
from tenants.context import in_tenant
from tenants.models import Cooperative

pytest_plugins = ["tests.stack", "tests.with_domains", "tests.two_shops"]
NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: pytest.FixtureRequest,
    django_db_keepdb: bool,
) -> Iterator[None]:
    """A database per worker, with the platform and the cooperatives `kopi` and `batik`.

    Not pytest-django's own, which makes no database when all tests of a run bring their own cooperative.
    """
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, keepdb=django_db_keepdb, aliases={"default"})
        provisioning.create_platform()
        for slug, name in (("kopi-gayo", "Koperasi Kopi Gayo"), ("batik-lasem", "Koperasi Batik Lasem")):
            if not Cooperative.objects.filter(slug=slug).exists():
                provisioning.create_cooperative(name=name, slug=slug, state="open")
    yield
    if not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, verbosity=0)


@pytest.fixture
def now() -> datetime:
    """23 November 2026, 14.00 WIB."""
    return NOW


@pytest.fixture
def kopi(db: None, request: pytest.FixtureRequest) -> Iterator[Cooperative]:
    """Stand in the schema of Koperasi Kopi Gayo (host kopi-gayo.localhost)."""
    cooperative = Cooperative.objects.get(slug="kopi-gayo")
    with in_tenant(cooperative):
        yield cooperative
    check_invariants(cooperative, request)


@pytest.fixture
def batik(db: None) -> Cooperative:
    """Another cooperative, which must see nothing of the first (host batik-lasem.localhost)."""
    return Cooperative.objects.select_related().get(slug="batik-lasem")


@pytest.fixture
def own_cooperative(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, request: pytest.FixtureRequest
) -> Iterator[Cooperative]:
    """A cooperative of its own, outside any test transaction: for threads, processes and real commits."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        cooperative = provisioning.create_cooperative(
            name="Koperasi Uji", slug=f"uji-{datetime.now(UTC):%H%M%S%f}", state="open"
        )
        try:
            yield cooperative
            check_invariants(cooperative, request)
        finally:
            connection.set_schema_to_public()
            Cooperative.objects.get(pk=cooperative.pk).delete(force_drop=True)


def check_invariants(cooperative: Cooperative, request: pytest.FixtureRequest) -> None:
    """After every database test: what must always be true still is (docs/invariants.md).

    A test that breaks one on purpose names it: `@pytest.mark.breaks("I4")`.
    """
    allowed = {name for mark in request.node.iter_markers("breaks") for name in mark.args}
    with in_tenant(cooperative):
        broken = [line for line in broken_invariants(now=datetime.now(UTC)) if line.split()[0] not in allowed]
    assert broken == []


@pytest.fixture(autouse=True)
def nothing_is_left_over() -> Iterator[None]:
    """Neither the language nor the schema nor the cache of the test before."""
    translation.deactivate()
    yield
    connection.set_schema_to_public()
    for each in caches.all():
        each.clear()
