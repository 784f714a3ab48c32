"""Nothing is left of a closed cooperative. Killed at any moment and run again, it goes on where it stopped.

    begin       one transaction: no way back, and from here on no name, push or due work leads here
    schema      every row, on every server that ever had it
    files       everything below the cooperative's uid, and its exit kits
    memory      cache entries, and turns that wait in the broker
    directory   its application and at last its own row, which knew where all of that was

What stays: the freed names, so that nobody answers letters meant for it (attack A23); what operators did, in their log;
backups, unless they are to go as well (docs/lifecycle.md).
"""

import shutil
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from psycopg import sql

from tenants import lifecycle, servers, turns
from tenants.backup import places
from tenants.leaving import offering
from tenants.models import Application, ChannelRoute, Cooperative, Domain, DomainClaim, Due, ExitKit, FreedName

LOCK_WAIT = "10s"  # for a request or a job that was under way when it began
IN_CACHE = 1000  # keys that are asked for at once


class TooEarly(Exception):
    """Officers may take their data along until `until`. Nothing has changed."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True, kw_only=True)
class Purged:
    slug: str
    backups: str  # the folder in which its backups still are; empty when there are none


def purged_from(cooperative: Cooperative) -> datetime:
    """When a closed cooperative may be purged."""
    return cooperative.state_since + timedelta(days=settings.PURGE_AFTER_DAYS)


def purge(*, cooperative_id: int, by: str, now: datetime, hurried: bool = False, with_backups: bool = False) -> Purged:
    """Remove a closed cooperative. `hurried` does not wait for purged_from.

    Raises TooEarly, lifecycle.Refused, Cooperative.DoesNotExist when it is gone already. Stands in `public`.
    """
    cooperative = _begin(cooperative_id, by, now, hurried=hurried)
    for server in servers.names():
        _drop_schema(cooperative, server)
    _remove_files(cooperative.uid.hex)
    offering.remove_all(cooperative)
    _forget(cooperative.schema_name)
    if with_backups:
        shutil.rmtree(places.folder(cooperative.uid), ignore_errors=True)
    return _strike_off(cooperative)


def _begin(cooperative_id: int, by: str, now: datetime, *, hurried: bool) -> Cooperative:
    with transaction.atomic():
        cooperative = Cooperative.objects.shops().select_for_update().get(pk=cooperative_id)
        if cooperative.state != lifecycle.State.PURGING:
            if cooperative.state == lifecycle.State.CLOSED and not hurried and now < purged_from(cooperative):
                raise TooEarly(purged_from(cooperative))
            cooperative = lifecycle.begin_purge(cooperative_id=cooperative_id, by=by, now=now)
        hosts = list(Domain.objects.filter(tenant=cooperative).values_list("domain", flat=True))
        for name in {cooperative.slug, *hosts}:
            FreedName.objects.update_or_create(name=name, defaults={"freed_at": now, "freed_by": None})
        Domain.objects.filter(tenant=cooperative).delete()
        for model in (DomainClaim, ChannelRoute, ExitKit):
            model._default_manager.filter(cooperative=cooperative).delete()
    if hosts:
        time.sleep(settings.HOSTS_KNOWN_SECONDS)  # until no process remembers whose host it was
    return cooperative


def _drop_schema(cooperative: Cooperative, server: str) -> None:
    """The schema, due work, and on a server that is not the home one, the copy of its row."""
    drop = sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(cooperative.schema_name))
    with servers.on(server), transaction.atomic():
        Due.objects.filter(cooperative_id=cooperative.pk).delete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [LOCK_WAIT])
            cursor.execute(drop)
            if server != servers.HOME:
                cursor.execute("DELETE FROM public.tenants_cooperative WHERE id = %s", [cooperative.pk])


def _remove_files(folder: str) -> None:
    if not default_storage.exists(folder):
        return
    folders, files = default_storage.listdir(folder)
    for name in files:
        default_storage.delete(f"{folder}/{name}")
    for name in folders:
        _remove_files(f"{folder}/{name}")
    default_storage.delete(folder)


def _forget(schema_name: str) -> None:
    """Cache keys carry the schema's name, which is twelve random characters: nothing else looks like it."""
    turns.forget(schema_name)
    cache = redis.Redis.from_url(settings.CACHE_URL, socket_timeout=5)
    with cache:
        keys = list(cache.scan_iter(match=f"*{schema_name}*", count=IN_CACHE))
        if keys:
            cache.delete(*keys)


def _strike_off(cooperative: Cooperative) -> Purged:
    folder = places.folder(cooperative.uid)
    with transaction.atomic():
        Application.objects.filter(cooperative=cooperative).delete()
        FreedName.objects.filter(freed_by=cooperative).update(freed_by=None)
        Cooperative.objects.using(DEFAULT_DB_ALIAS).filter(pk=cooperative.pk).delete()
    return Purged(slug=cooperative.slug, backups=str(folder) if folder.exists() else "")
