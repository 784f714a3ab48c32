"""Everything between an empty database and shops that can open; what is done already is not done again."""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.management import call_command

from coop_shop.demo import messages
from coop_shop.demo.seeding import channel, depth, goods, money, operators, people, pictures, sales, shop
from coop_shop.demo.seeding.data import Data
from tenants import provisioning
from tenants.context import in_tenant
from tenants.models import Cooperative


def prepare(*, folder: Path, slugs: Sequence[str], now: datetime, say: Callable[[str], None]) -> None:
    """Migrate, seed the demo cooperatives, gather the static files, and write the one-tap logins to `folder`."""
    datas = [Data(slug) for slug in slugs]
    messages.compile_all()
    with _step("tables", say):
        call_command("migrate_cooperatives", verbosity=0)
        provisioning.create_platform()
        operators.register()
    unseeded = [data for data in datas if not _is_seeded(data, folder)]
    if unseeded:
        with _step("pictures of the products", say):
            pictures.draw(unseeded, folder=folder / "drawn")
    for data in unseeded:
        with _step(data.about["name"], say):
            _seed(data, folder, now)
    for data in datas:
        with in_tenant(Cooperative.objects.get(slug=data.slug)):
            money.register_at_stripe(data)  # this time the web may be at another port
    with _step("style sheets and scripts", say):
        _gather_static(folder)
    _write_logins(datas, folder)


def _gather_static(folder: Path) -> None:
    """Hashing and compressing takes seconds too."""
    found = [storage.path(name) for finder in finders.get_finders() for name, storage in finder.list([])]
    state = hashlib.sha256(repr([(path, os.path.getmtime(path)) for path in sorted(found)]).encode()).hexdigest()
    with _unless_done(folder / "gathered", state) as needed:
        if needed:
            call_command("collectstatic", interactive=False, verbosity=0, clear=True)


@contextmanager
def _unless_done(note: Path, state: str) -> Iterator[bool]:
    """Whether the work has to be done for `state`; noted as done when it ends well."""
    yield not note.exists() or note.read_text() != state
    note.write_text(state)


def _is_seeded(data: Data, folder: Path) -> bool:
    note = folder / "seeded" / data.slug
    known = note.exists() and note.read_text() == data.fingerprint()
    return known and Cooperative.objects.filter(slug=data.slug).exists()


def _seed(data: Data, folder: Path, now: datetime) -> None:
    cooperative = shop.found(data)
    shop.dress(cooperative)
    with in_tenant(cooperative):
        shop.write_rules(data)
        people.register(data)
        goods.stock_shelves(data, folder=folder / "drawn", now=now)
        money.open_gateways(data)
        cooperative = shop.open_doors(cooperative, now=now)
    with in_tenant(cooperative):
        sales.place_orders(data, now=now)
        channel.connect(data, now=now)
        depth.deepen(data, now=now)
    note = folder / "seeded" / data.slug
    note.parent.mkdir(exist_ok=True)
    note.write_text(data.fingerprint())


def _write_logins(datas: Sequence[Data], folder: Path) -> None:
    rows = [{"shop": "", "name": "Coop Shop", "logins": operators.one_tap_logins()}]
    for data in datas:
        with in_tenant(Cooperative.objects.get(slug=data.slug)):
            links = [{"role": role, "name": name, "path": path} for role, name, path in people.one_tap_logins(data)]
        rows.append({"shop": data.slug, "name": data.about["name"], "logins": links})
    (folder / "logins.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")


@contextmanager
def _step(name: str, say: Callable[[str], None]) -> Iterator[None]:
    started = time.monotonic()
    yield
    seconds = time.monotonic() - started
    if seconds > 0.3:
        say(f"{name}: {seconds:.1f} s")
