"""A cooperative comes into being: its row, its host name, its schema."""

import re

from django.conf import settings
from django.db import transaction

from tenants import versions
from tenants.models import PUBLIC, Cooperative, Domain

SLUG = re.compile(r"^[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])$")
RESERVED = frozenset(
    [
        "www", "api", "admin", "app", "mail", "smtp", "imap", "ftp", "ns1", "ns2", "static", "media", "cdn", "assets",
        "platform", "operator", "status", "help", "support", "blog", "shop", "toko", "koperasi", "localhost", "public",
        "test", "demo", "staging", "dev", "kelola", "hooks",
    ]
)  # fmt: skip


class SlugRefused(ValueError):
    """The slug cannot be a host name here; the message says why."""


def create_cooperative(*, name: str, slug: str, **about: str) -> Cooperative:
    """Make a cooperative with an empty shop on `<slug>.<platform host>`. Returns it; the schema is migrated.

    Raises SlugRefused. A failure half-way leaves nothing behind.
    """
    check_slug(slug)
    with transaction.atomic():
        cooperative = Cooperative(name=name, slug=slug, schema_version=versions.of_code(), **about)
        cooperative.save()
        cooperative.create_schema(verbosity=0)
        host = f"{slug}.{settings.PLATFORM_HOST}"
        Domain.objects.create(domain=host, tenant=cooperative, is_primary=True)
    return cooperative


def create_platform() -> Cooperative:
    """The platform's own row, which its host name needs. Again changes nothing."""
    platform, _ = Cooperative.objects.get_or_create(
        schema_name=PUBLIC, defaults={"slug": "platform", "name": "Coop Shop", "state": Cooperative.State.OPEN}
    )
    Domain.objects.get_or_create(domain=settings.PLATFORM_HOST, defaults={"tenant": platform})
    return platform


def check_slug(slug: str) -> None:
    """Raises SlugRefused when `slug` is malformed, reserved or taken."""
    if not SLUG.match(slug) or "--" in slug:
        raise SlugRefused("a slug has 3 to 40 of a-z, 0-9 and single hyphens, and no hyphen at its ends")
    if slug in RESERVED:
        raise SlugRefused(f"“{slug}” is reserved")
    if Cooperative.objects.filter(slug=slug).exists():
        raise SlugRefused(f"“{slug}” is taken")
