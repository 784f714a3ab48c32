"""What must hold before a process serves a thousand cooperatives (docs/tenancy.md): Django's system checks.

The first ones look at the settings and at the code. The last two ask each database server, over the connection that
requests will use; they run where a database is named (`manage.py check --database default`, `migrate`) and when a
process starts (tenants/starting.py).
"""

import random
from collections.abc import Iterator, Sequence
from inspect import iscoroutinefunction
from typing import Any

import psycopg
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db import connections
from django.urls import URLPattern, URLResolver, get_resolver

from tenants.invariants import tables_of_cooperatives_in_public
from tenants.starting import SEALING

IN_BOTH = {"django.contrib.sessions", "allauth.account", "allauth.mfa", "accounts"}  # operators log in too
BEFORE_THE_COOPERATIVE = {  # middleware that needs to know of none
    "coop_shop.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "coop_shop.compressing.CompressText",
}
CHOOSES = "tenants.middleware.TenantMiddleware"
SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
READS = 50


@register(SEALING)
def lists_of_apps(**_: Any) -> list[Error]:
    """A table of the same name in both schemas answers for the one that is missing; each such pair is meant."""
    both = set(settings.SHARED_APPS) & set(settings.TENANT_APPS)
    found = [f"{app} is in SHARED_APPS and in TENANT_APPS" for app in sorted(both - IN_BOTH)]
    if "django.contrib.contenttypes" in settings.TENANT_APPS:
        found.append("ids of content types are cached per process: one table of them, in public")
    return [Error(problem, id="tenants.E001") for problem in found]


@register(SEALING)
def search_path_is_never_guessed(**_: Any) -> list[Error]:
    found = []
    if getattr(settings, "TENANT_LIMIT_SET_CALLS", False):
        found.append("TENANT_LIMIT_SET_CALLS guesses where the server stands, and is wrong after a swallowed error")
    for alias, server in settings.DATABASES.items():
        if server["ENGINE"] != "tenants.postgresql":
            found.append(f"DATABASES[{alias!r}] must use the engine tenants.postgresql")
    return [Error(problem, id="tenants.E002") for problem in found]


@register(SEALING)
def the_cooperative_is_chosen_first(**_: Any) -> list[Error]:
    order = list(settings.MIDDLEWARE)
    if CHOOSES not in order:
        return [Error(f"{CHOOSES} is missing", id="tenants.E003")]
    found = [f"{each} stands before {CHOOSES}" for each in order[: order.index(CHOOSES)]]
    found = [problem for problem in found if problem.split()[0] not in BEFORE_THE_COOPERATIVE]
    if order[order.index(SESSION) + 1] != "tenants.middleware.SessionBelongsHere":
        found.append("SessionBelongsHere must follow the sessions, before anybody reads one")
    return [Error(problem, id="tenants.E003") for problem in found]


@register(SEALING)
def no_view_is_async(**_: Any) -> list[Error]:
    """The schema belongs to the thread's connection; an event loop runs many requests in one thread."""
    views = [
        pattern
        for urlconf in (settings.ROOT_URLCONF, settings.PUBLIC_SCHEMA_URLCONF)
        for pattern in _patterns(get_resolver(urlconf).url_patterns)
    ]
    names = sorted({f"{view.lookup_str} is async" for view in views if iscoroutinefunction(view.callback)})
    if getattr(settings, "ASGI_APPLICATION", None):
        names.append("ASGI_APPLICATION is set")
    return [Error(problem, id="tenants.E004") for problem in names]


@register(SEALING, Tags.database)
def no_table_of_a_cooperative_is_shared(databases: Sequence[str] | None = None, **_: Any) -> list[Error]:
    """Else a schema that lacks the table reads and writes the shared one (I11)."""
    return [
        Error(f"{alias}: public has the table {table}, which belongs to cooperatives", id="tenants.E005")
        for alias in databases or ()
        for table in tables_of_cooperatives_in_public(connections[alias])
    ]


@register(SEALING, Tags.database)
def no_pooler_mixes_sessions(databases: Sequence[str] | None = None, **_: Any) -> list[Error]:
    """Two sessions in turn, each in a schema of its own: behind a pooler that hands out server connections per
    transaction and does not track search_path, they read each other's."""
    hint = "PgBouncer: 1.25.1 or newer, PostgreSQL 18, track_extra_parameters = IntervalStyle, search_path"
    return [
        Error(f"{alias}: a session stood in the schema of another", hint=hint, id="tenants.E006")
        for alias in databases or ()
        if _sessions_mix(alias)
    ]


def _sessions_mix(alias: str) -> bool:
    server = connections[alias]
    own = server.get_connection_params()  # without Django's pool, which lends sessions whole
    with (
        server.wrap_database_errors,
        psycopg.connect(**own, autocommit=True) as first,
        psycopg.connect(**own, autocommit=True) as second,
    ):
        schemas = {"t_selftest0one": first, "t_selftest0two": second}
        for schema, session in schemas.items():
            session.execute(f"SET search_path = {schema}")
        # in no regular order: a pooler that goes round in turn would happen to give each its own
        for schema in random.sample([*schemas] * READS, 2 * READS):
            if schemas[schema].execute("SELECT current_setting('search_path')").fetchone() != (schema,):
                return True
    return False


def _patterns(patterns: Sequence[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns)
        else:
            yield pattern
