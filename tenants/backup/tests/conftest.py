import io
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.conf import LazySettings
from django.db import connection as django_connection
from django.db import connections, transaction
from PIL import Image

from catalog import photos
from catalog.models import Product
from ledger.models import Account, Entry, Journal
from tenants import provisioning
from tenants.backup import copying
from tenants.context import in_tenant
from tenants.models import Cooperative
from tests import make

HARD_TO_WRITE_DOWN = 'Kopi "Gayo", 100%\r\nasli \\N \\. é 😀'


@pytest.fixture
def outside_transactions(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Real commits; cooperatives and schemas that were made are gone afterwards."""
    with django_db_blocker.unblock():
        django_connection.set_schema_to_public()
        before = schemas()
        try:
            yield
        finally:
            django_connection.set_schema_to_public()
            Cooperative.objects.shops().exclude(schema_name__in=before).delete()
            for name in schemas() - before:
                with django_connection.cursor() as cursor:
                    cursor.execute(f'DROP SCHEMA "{name}" CASCADE')


@pytest.fixture
def folders(settings: LazySettings, tmp_path: Path) -> Path:
    """Pictures and backups of this test alone."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.BACKUP_ROOT = tmp_path / "backups"
    return tmp_path


@pytest.fixture
def shops(outside_transactions: None, folders: Path) -> Callable[..., Cooperative]:
    """Makes cooperatives with goods, an order, a photo and books; `shops("uji-a")`."""

    def found(slug: str, *, is_empty: bool = False, **about: str) -> Cooperative:
        made = provisioning.create_cooperative(name=f"Koperasi {slug}", slug=slug, **{"state": "open", **about})
        if not is_empty:
            with in_tenant(made), transaction.atomic():
                fill()
        return made

    return found


@pytest.fixture
def shop(shops: Callable[..., Cooperative]) -> Cooperative:
    return shops("uji-pulih")


@pytest.fixture
def connection(outside_transactions: None) -> Iterator["psycopg.Connection[object]"]:
    """One beside Django's."""
    parameters = django_connection.get_connection_params()
    for ours in ("context", "cursor_factory"):
        parameters.pop(ours)
    with closing(psycopg.connect(**parameters, autocommit=True)) as opened:
        yield opened


def fill() -> None:
    """Every kind of value that is hard to write down, books that balance, a photo."""
    product = make.product(title=HARD_TO_WRITE_DOWN, options=("Kecil", "Besar"))
    Product.objects.update(description="")
    photos.attach(product=product, data=photo(), alt="", now=make.NOW)
    make.order(cart={product.variants.first().pk: 1})
    account = Account.objects.create(code="cash", kind=Account.Kind.ASSET)
    income = Account.objects.create(code="income", kind=Account.Kind.INCOME)
    journal = Journal.objects.create(reference="R-1", memo="", actor="x", at=make.NOW)
    Entry.objects.create(journal=journal, account=account, amount=5_000)
    Entry.objects.create(journal=journal, account=income, amount=-5_000)


def killed_in(work: Callable[[], object]) -> bool:
    """Run `work` in a process of its own, with connections of its own. Returns whether it ended by `kill_me`."""
    child = os.fork()
    if child == 0:
        kept = [each.connection for each in connections.all()]  # closing them would end the parent's sessions
        for each in connections.all():
            each.connection = None
        try:
            work()
        finally:
            os._exit(len(kept))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def kill_me(*args: object, **how: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def photo(colour: str = "brown") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(buffer, "PNG")
    return buffer.getvalue()


def schemas() -> set[str]:
    with django_connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_'")
        return {name for (name,) in cursor.fetchall()}


def fingerprints(connection: "psycopg.Connection[object]", cooperative: Cooperative) -> dict[str, tuple[int, str]]:
    measured = copying.measure(connection, cooperative.schema_name)
    return {table.name: (table.rows, table.sha256) for table in measured.tables}


def files_below(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
