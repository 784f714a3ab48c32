"""A cooperative that is purged is nowhere any more: tables, files, cache, Redis, broker, beat (attack A44).

Everything of it carries a canary; the other cooperative, with equal keys, keeps every row.
"""

import hashlib
import io
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from PIL import Image
from psycopg import sql

from accounts.models import User
from catalog.photos import attach
from coop_shop.celery import app
from marketplaces import tasks
from members.models import Officer
from tenants import due, jobs, lifecycle, provisioning, purging, turns
from tenants.backup import places
from tenants.context import in_tenant
from tenants.models import (
    Application,
    Backup,
    ChannelRoute,
    Cooperative,
    Domain,
    DomainClaim,
    Due,
    ExitKit,
    FreedName,
    Pulse,
    Switch,
    Visit,
)
from tests import make
from tests.browsing import Browser

CANARY = "KENARI-PURGA"
SLUG = "madu-purga"
STEPS = ["_drop_schema", "_remove_files", "_forget", "_strike_off"]


@pytest.fixture
def two(django_db_setup, django_db_blocker, settings, tmp_path):
    """The cooperative that goes and the one that stays, committed, each with everything."""
    settings.BACKUP_ROOT, settings.EXIT_KIT_ROOT = tmp_path / "backups", tmp_path / "kits"
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        made = [
            provisioning.create_cooperative(name=f"Koperasi {mark}", slug=slug, state="open")
            for slug, mark in ((SLUG, CANARY), ("madu-tetap", "TETAP"))
        ]
        for cooperative, mark in zip(made, (CANARY, "TETAP"), strict=True):
            furnish(cooperative, mark)
        yield made
        connection.set_schema_to_public()
        for cooperative in Cooperative.objects.filter(pk__in=[one.pk for one in made]):
            lifecycle_end(cooperative)
        FreedName.objects.all().delete()
        Switch.objects.all().delete()


def furnish(cooperative, mark):
    """One of everything that the platform and the cooperative keep about it."""
    Cooperative.objects.filter(pk=cooperative.pk).update(story_id=f"Cerita {mark}", email=f"{mark}@madu.example")
    Domain.objects.create(domain=f"www.{mark.lower()}.example", tenant=cooperative, is_primary=False)
    DomainClaim.objects.create(cooperative=cooperative, domain=f"{mark.lower()}.example", token=mark)
    ChannelRoute.objects.create(channel="shopee", external_shop_id=mark, cooperative=cooperative)
    Application.objects.create(
        name=mark, slug=cooperative.slug, contact_name=mark, email=f"{mark}@x.example", cooperative=cooperative,
        created_at=make.NOW,
    )  # fmt: skip
    Pulse.objects.create(cooperative=cooperative, at=make.NOW)
    Backup.objects.create(cooperative=cooperative, kind="nightly", name=f"{mark}.zip", began_at=make.NOW)
    Visit.objects.create(cooperative=cooperative, reason=mark, minutes=5, asked_by="op", asked_at=make.NOW)
    Switch.objects.get_or_create(name="s")[0].cooperatives.add(cooperative)
    kit = ExitKit.objects.create(
        cooperative=cooperative, asked_by=mark, asked_at=make.NOW, name=f"{cooperative.uid.hex}/k"
    )
    path = Path(current_settings().EXIT_KIT_ROOT) / kit.name
    path.parent.mkdir(parents=True)
    path.write_text(mark)
    places.folder(cooperative.uid).mkdir(parents=True)
    (places.folder(cooperative.uid) / f"{mark}.zip").write_text(mark)
    with in_tenant(cooperative):
        officer = User.objects.create_user(f"{mark}@madu.example", name=mark)
        Officer.objects.create(user=officer, role="pengurus")
        product = make.product(title=f"Madu {mark}", seller=make.member(name=mark))
        attach(product=product, data=photo(), alt=mark, now=make.NOW)
        default_storage.save(f"{cooperative.uid.hex}/shop/a/b.webp", ContentFile(mark.encode()))
        cache.set(f"menu-{mark}", mark)
        due.note("push", now=make.NOW)
        due.note("expire", now=make.NOW, at=make.NOW + timedelta(days=1))
        turns.offer([(cooperative.schema_name, "push")])
        Browser(f"{cooperative.slug}.localhost", user=officer).get("/kelola/")


def photo():
    data = io.BytesIO()
    Image.new("RGB", (200, 200), "orange").save(data, "PNG")
    return data.getvalue()


def lifecycle_end(cooperative):
    Cooperative.objects.filter(pk=cooperative.pk).exclude(state="purging").update(state="closed", moving_to="")
    purging.purge(cooperative_id=cooperative.pk, by="tests", now=make.NOW, hurried=True, with_backups=True)


def close(cooperative, now):
    lifecycle.close(cooperative_id=cooperative.pk, by="RAT", reason=CANARY, now=now)


def purge(cooperative, now, **options):
    return purging.purge(cooperative_id=cooperative.pk, by="op", now=now, **options)


def traces(cooperative):
    """Every place in which the canary, the schema's name or the uid still stands."""
    marks = (CANARY.lower(), cooperative.schema_name, cooperative.uid.hex, str(cooperative.uid))
    found = [place for place, text in everything() if any(mark in text.lower() for mark in marks)]
    return sorted({place for place in found if place != "public.tenants_freedname"})


def everything():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_schema, table_name FROM information_schema.tables"
            " WHERE table_type = 'BASE TABLE' AND (table_schema = 'public' OR table_schema LIKE 't\\_%')"
        )
        for schema, table in cursor.fetchall():
            rows = "SELECT coalesce(string_agg(t::text, ' '), '') FROM {} t"
            cursor.execute(sql.SQL(rows).format(sql.Identifier(schema, table)))
            yield f"{schema}.{table}", f"{schema} {cursor.fetchone()[0]}"
    for folder, _folders, files in walk(""):
        yield f"file {folder}", f"{folder} {' '.join(files)}"
    for name, url in (("cache", current_settings().CACHE_URL), ("broker", current_settings().REDIS_URL)):
        server = redis.Redis.from_url(url)
        for key in server.scan_iter():
            yield f"{name} {key.decode()}", f"{key.decode()} {value_of(server, key)}"
    for path in Path(current_settings().EXIT_KIT_ROOT).glob("*/*"):
        yield f"kit {path}", f"{path} {path.read_text()}"
    yield "beat", repr(app.conf.beat_schedule)


def current_settings():
    from django.conf import settings  # noqa: PLC0415 - the fixture of the same name stands in the way

    return settings


def value_of(server, key):
    reading = {
        b"string": lambda: server.get(key),
        b"list": lambda: server.lrange(key, 0, -1),
        b"hash": lambda: server.hgetall(key),
        b"set": lambda: server.smembers(key),
        b"zset": lambda: server.zrange(key, 0, -1),
    }
    return repr(reading[server.type(key)]())


def walk(folder):
    folders, files = default_storage.listdir(folder)
    yield folder, folders, files
    for name in folders:
        yield from walk(f"{folder}/{name}".lstrip("/"))


def fingerprint(cooperative):
    """Every row of the cooperative's schema and of the directory about it, and its files."""
    rows = [text for place, text in everything() if place.startswith(cooperative.schema_name)]
    rows += [repr(list(Cooperative.objects.filter(pk=cooperative.pk).values()))]
    for model in (DomainClaim, ChannelRoute, Application, Pulse, Backup, Visit, Due):
        rows.append(repr(list(model.objects.filter(cooperative=cooperative).order_by("pk").values())))
    rows.append(repr(list(Domain.objects.filter(tenant=cooperative).order_by("pk").values())))
    rows += [repr((folder, sorted(files))) for folder, _, files in walk(cooperative.uid.hex)]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def test_nothing_is_left_and_the_neighbour_keeps_everything(two, now, settings):
    gone, stays = two
    before = fingerprint(stays)
    assert len(traces(gone)) > 20  # the search finds what there is
    close(gone, now)
    done = purge(gone, now + timedelta(days=30))
    assert traces(gone) == []
    assert fingerprint(stays) == before
    assert (done.slug, done.backups) == (SLUG, str(places.folder(gone.uid)))
    assert (places.folder(gone.uid) / f"{CANARY}.zip").exists()
    names = set(FreedName.objects.values_list("name", "freed_by"))
    assert names == {(SLUG, None), (f"{SLUG}.localhost", None), (f"www.{CANARY.lower()}.example", None)}
    for host in (f"{SLUG}.localhost", f"www.{CANARY.lower()}.example"):
        assert Browser(host).get("/").status_code == 410
        assert Browser(host).post("/hooks/stripe/x/").status_code == 410
    with pytest.raises(provisioning.SlugRefused):
        provisioning.check_slug(SLUG)
    assert Browser("madu-tetap.localhost").get("/").status_code == 200
    tasks.push.apply(headers={"_schema_name": gone.schema_name})  # a message that was left in the broker
    assert (jobs.working_cooperative(gone.schema_name), traces(gone)) == (None, [])


def test_it_waits_until_officers_had_their_time(two, now):
    gone, _stays = two
    close(gone, now)
    before = fingerprint(gone)
    with pytest.raises(purging.TooEarly) as early:
        purge(gone, now + timedelta(days=30) - timedelta(seconds=1))
    assert (early.value.until, fingerprint(gone)) == (now + timedelta(days=30), before)


def test_a_cooperative_that_is_not_closed_is_not_purged(two, now):
    gone, _stays = two
    for state in ("preparing", "open", "suspended"):
        Cooperative.objects.filter(pk=gone.pk).update(state=state)
        before = fingerprint(gone)
        with pytest.raises(lifecycle.Refused):
            purge(gone, now + timedelta(days=999), hurried=True)
        assert fingerprint(gone) == before


class Killed(BaseException):
    """As if the process had been killed here."""


@pytest.mark.parametrize(("when", "step"), [*(("before", step) for step in STEPS), ("after", STEPS[-1])])
def test_killed_at_any_step_it_is_finished_by_the_next_run(two, now, monkeypatch, step, when):
    gone, stays = two
    before = fingerprint(stays)
    close(gone, now)
    real = getattr(purging, step)

    def die(*args):
        if when == "after":
            real(*args)
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(purging, step, die)
        with pytest.raises(Killed):
            purge(gone, now, hurried=True)
    assert Browser(f"{SLUG}.localhost").get("/").status_code == 410
    assert not Cooperative.objects.filter(pk=gone.pk).exclude(state="purging").exists()
    if Cooperative.objects.filter(pk=gone.pk).exists():
        purge(gone, now)  # what was begun does not wait again
    assert (traces(gone), fingerprint(stays)) == ([], before)


def test_the_command_wants_the_slug_typed_twice(two, now, capsys):
    gone, _stays = two
    close(gone, now)
    for sure in (None, "madu-tetap"):
        with pytest.raises(CommandError, match=f"--sure {SLUG}"):
            call_command("purge_cooperative", cooperative=SLUG, sure=sure, now=True)
    call_command("purge_cooperative")
    assert f"{SLUG}: from 2026-12-23" in capsys.readouterr().out
    assert traces(gone) != []
    call_command("purge_cooperative", cooperative=SLUG, sure=SLUG, now=True, with_backups=True)
    assert (traces(gone), places.folder(gone.uid).exists()) == ([], False)
