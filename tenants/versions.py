"""Which migrations a cooperative's schema has: `0042-3fa9c01b7d`, the number of them and a hash of their names.

Migrations are only ever added, so the number orders versions: old code meets newer schemas while they roll, and serves
them; new code does not serve a schema that is behind it.
"""

import hashlib
from collections.abc import Iterable
from functools import cache

from django.apps import apps
from django.conf import settings
from django.db.migrations.loader import MigrationLoader

Key = tuple[str, str]  # app label, name of the migration


def of(applied: Iterable[Key]) -> str:
    """The version of a schema with these migrations; `public`'s own are not counted."""
    names = sorted(key for key in applied if key[0] in tenant_labels())
    digest = hashlib.sha256("\n".join(f"{label}.{name}" for label, name in names).encode())
    return f"{len(names):04d}-{digest.hexdigest()[:10]}"


@cache
def wanted() -> tuple[Key, ...]:
    """Every migration of a cooperative's schema that this code knows, in an order in which they apply."""
    return tuple(key for key in in_order() if key[0] in tenant_labels())


@cache
def in_order(*, of_cooperatives: bool = True) -> tuple[Key, ...]:
    """Those and what they depend on, or all of every app: each migration after those that it needs."""
    graph = MigrationLoader(None).graph
    plan: dict[Key, None] = {}
    for leaf in sorted(graph.leaf_nodes()):
        if leaf[0] in tenant_labels() or not of_cooperatives:
            plan.update(dict.fromkeys(graph.forwards_plan(leaf)))
    return tuple(plan)


@cache
def of_code() -> str:
    """The version of a schema that has everything this code knows."""
    return of(wanted())


def is_behind(version: str) -> bool:
    """Whether a schema of `version` lacks migrations that this code needs. A newer one does not."""
    return not version or int(version[:4]) < len(wanted())


@cache
def tenant_labels() -> frozenset[str]:
    names = set(settings.TENANT_APPS)
    return frozenset(config.label for config in apps.get_app_configs() if config.name in names)
