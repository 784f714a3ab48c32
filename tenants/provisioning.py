"""A cooperative comes into being: its row, its host name, its schema."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from tenants import names, snapshot
from tenants.models import PUBLIC, Cooperative, Domain, FreedName

SLUG_RESTS = timedelta(days=365)  # links, letters and cookies of the one before live so long (attack A23)
DOMAIN_RESTS = timedelta(days=7)  # a host name of somebody's own: its holder proves it again by DNS
LOCK = "cooperative's slug"


class Refusal(models.TextChoices):
    """Why a slug is refused; the label tells the person who chose it."""

    MALFORMED = (
        "malformed",
        _("Nama di alamat terdiri dari 3–40 huruf kecil, angka, dan tanda hubung tunggal di tengah."),
    )
    RESERVED = "reserved", _("Nama ini tidak dapat dipakai. Pilih nama lain.")
    TAKEN = "taken", _("Nama ini sudah dipakai koperasi lain.")
    LOOKS_ALIKE = "looks_alike", _("Nama ini terlalu mirip dengan nama koperasi lain.")
    RESTING = "resting", _("Nama ini baru dilepas koperasi lain dan belum dapat dipakai.")


class SlugRefused(ValueError):
    """The slug cannot be a host name here. `reason.label` says why in the language of the person who asked; the
    exception's own text is English, for commands and logs."""

    def __init__(self, slug: str, reason: Refusal) -> None:
        super().__init__(IN_ENGLISH[reason].format(slug=slug))
        self.slug = slug
        self.reason = reason


IN_ENGLISH = {
    Refusal.MALFORMED: "“{slug}”: a slug has 3 to 40 of a-z (at least one), 0-9 and single hyphens between them",
    Refusal.RESERVED: "“{slug}” is reserved",
    Refusal.TAKEN: "“{slug}” is taken",
    Refusal.LOOKS_ALIKE: "“{slug}” looks like the slug of another cooperative",
    Refusal.RESTING: "“{slug}” was given up by another cooperative less than a year ago",
}


def create_cooperative(*, name: str, slug: str, **about: str) -> Cooperative:
    """Make a cooperative with an empty shop on `<slug>.<platform host>`. Returns it; its schema is complete.

    All or nothing, in one transaction, which may be part of a larger one. Raises SlugRefused, and
    snapshot.SnapshotStale.
    """
    check_slug(slug)
    with transaction.atomic():
        _wait_for_rivals(slug)
        check_slug(slug)
        cooperative = Cooperative(name=name, slug=slug, schema_version=snapshot.shipped().version, **about)
        try:
            cooperative.save()
            host = f"{slug}.{settings.PLATFORM_HOST}"
            Domain.objects.create(domain=host, tenant=cooperative, is_primary=True)
        except IntegrityError as error:  # somebody who did not wait; the database has the last word
            raise SlugRefused(slug, Refusal.TAKEN) from error
        with connection.cursor() as cursor:
            snapshot.make_schema(cursor=cursor, schema_name=cooperative.schema_name)
    return cooperative


def create_platform() -> Cooperative:
    """The platform's own row, which its host name needs. Again changes nothing."""
    platform, _is_new = Cooperative.objects.get_or_create(
        schema_name=PUBLIC, defaults={"slug": "platform", "name": "Coop Shop", "state": Cooperative.State.OPEN}
    )
    Domain.objects.get_or_create(domain=settings.PLATFORM_HOST, defaults={"tenant": platform})
    return platform


def check_slug(slug: str) -> None:
    """Raises SlugRefused when no new cooperative can have `slug`."""
    if not names.SLUG.fullmatch(slug):
        raise SlugRefused(slug, Refusal.MALFORMED)
    if names.is_reserved(slug):
        raise SlugRefused(slug, Refusal.RESERVED)
    taken = set(Cooperative.objects.values_list("slug", flat=True))
    host = f"{slug}.{settings.PLATFORM_HOST}"
    if slug in taken or Domain.objects.filter(domain=host).exists():
        raise SlugRefused(slug, Refusal.TAKEN)
    resting = FreedName.objects.filter(freed_at__gt=Now() - SLUG_RESTS).exclude(name__contains=".")
    seen = {names.skeleton(other) for other in taken}
    if names.skeleton(slug) in seen:
        raise SlugRefused(slug, Refusal.LOOKS_ALIKE)
    if names.skeleton(slug) in {names.skeleton(freed) for freed in resting.values_list("name", flat=True)}:
        raise SlugRefused(slug, Refusal.RESTING)


def _wait_for_rivals(slug: str) -> None:
    """One at a time among those who want this slug or one that looks like it, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), hashtext(%s))", [LOCK, names.skeleton(slug)])
