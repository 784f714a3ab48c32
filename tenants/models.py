import secrets
import uuid

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tenants.models import DomainMixin, TenantMixin

PUBLIC = "public"
SCHEMA_NAME = r"^(public|t_[a-z0-9]{12})$"
ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"


def new_schema_name() -> str:
    """Generated, never typed: `t_` and 12 characters."""
    return "t_" + "".join(secrets.choice(ALPHABET) for _ in range(12))


class CooperativeQuerySet(models.QuerySet["Cooperative"]):
    def shops(self) -> "CooperativeQuerySet":
        """All cooperatives, without the platform's own row."""
        return self.exclude(schema_name=PUBLIC)

    def open(self) -> "CooperativeQuerySet":
        return self.shops().filter(state=Cooperative.State.OPEN)

    def living(self) -> "CooperativeQuerySet":
        """Those that people work in: their jobs run, whether visitors may buy already or not."""
        return self.shops().filter(state__in=(Cooperative.State.PREPARING, Cooperative.State.OPEN))


class Cooperative(TenantMixin):
    """A tenant: one cooperative with its own schema, and what its shop says about itself to everyone."""

    class State(models.TextChoices):
        PREPARING = "preparing", _("disiapkan")  # officers fill the shop, visitors read that it opens soon
        OPEN = "open", _("buka")
        SUSPENDED = "suspended", _("ditangguhkan")
        CLOSED = "closed", _("ditutup")  # officers take their data with them; then the row and all else is purged
        PURGING = "purging", _("sedang dihapus")  # tenants/purging.py has begun: nobody gets in, no way back

    class Zone(models.TextChoices):
        WIB = "Asia/Jakarta", "WIB"
        WITA = "Asia/Makassar", "WITA"
        WIT = "Asia/Jayapura", "WIT"

    schema_name = models.CharField(
        _("skema basis data"),
        max_length=63,
        unique=True,
        default=new_schema_name,
        validators=[RegexValidator(SCHEMA_NAME)],
    )
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("nama di alamat"), unique=True, max_length=40)
    name = models.CharField(_("nama"), max_length=80)
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.PREPARING)
    state_since = models.DateTimeField(_("status sejak"), default=timezone.now, db_default=Now())
    state_reason = models.CharField(_("alasan"), max_length=300, blank=True, db_default="")  # officers read it
    zone = models.CharField(_("zona waktu"), max_length=20, choices=Zone, default=Zone.WIB)
    created_at = models.DateTimeField(_("dibuat"), auto_now_add=True)

    # which migrations the schema has (tenants/versions.py), and why it could not get the latest
    schema_version = models.CharField(_("versi skema"), max_length=20, blank=True, db_default="", db_index=True)
    migrate_error = models.TextField(_("migrasi gagal"), blank=True, db_default="")
    is_canary = models.BooleanField(_("dimigrasi lebih dulu"), default=False, db_default=False)
    server = models.CharField(_("server basis data"), max_length=20, default="default", db_default="default")
    moving_to = models.CharField(max_length=20, blank=True, db_default="")  # pages and jobs wait meanwhile

    theme = models.CharField(max_length=20, default="kopi")
    story_id = models.TextField(blank=True)
    story_en = models.TextField(blank=True)
    address = models.CharField(max_length=200, blank=True)
    regency = models.CharField(max_length=60, blank=True)
    province = models.CharField(max_length=60, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    whatsapp = models.CharField(max_length=20, blank=True)
    email = models.EmailField(blank=True)
    hours = models.CharField(max_length=80, blank=True)
    legal_number = models.CharField(max_length=60, blank=True)
    nib = models.CharField(max_length=20, blank=True)
    cover = models.CharField(max_length=200, blank=True)
    logo = models.CharField(max_length=200, blank=True)
    colour = models.CharField(max_length=7, blank=True, db_default="")  # `#rrggbb`; empty: that of the theme
    week = models.JSONField(null=True, blank=True)  # opening hours: {"0": ["08:00", "16:00"], ...}, 0 is Monday
    holiday_from = models.DateField(null=True, blank=True)  # in the cooperative's zone, both days included
    holiday_until = models.DateField(null=True, blank=True)
    holiday_note = models.CharField(max_length=200, blank=True, db_default="")
    holiday_stops_orders = models.BooleanField(default=False, db_default=False)  # else they come, and wait
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, db_default=0)  # counts what visitors see of this row

    shows_at = ""  # in a request: the name at which the shop's pages are shown; empty: the one that was asked for
    directory: int | None = None  # in a request: the state of the directory that this row was read at, or a later one
    auto_create_schema = False  # tenants/provisioning.py
    auto_drop_schema = False

    objects = CooperativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("koperasi")
        verbose_name_plural = pgettext_lazy("menu", "Koperasi")

    def __str__(self) -> str:
        return self.name

    def __enter__(self) -> "Cooperative":
        """The library's own way in keeps one stack for all threads, which then swap cooperatives."""
        raise TypeError("use tenants.context.in_tenant")

    @property
    def is_platform(self) -> bool:
        return bool(self.schema_name == PUBLIC)

    @cached_property
    def primary_domain(self) -> str:
        """The host name that links in messages point at."""
        return str(self.domains.get(is_primary=True).domain)


class Domain(DomainMixin):
    """A host name that answers with one cooperative's shop. The fields are DomainMixin's, with names for people."""

    domain = models.CharField(_("nama host"), max_length=253, unique=True, db_index=True)
    tenant = models.ForeignKey(
        Cooperative, on_delete=models.CASCADE, related_name="domains", verbose_name=_("koperasi")
    )
    is_primary = models.BooleanField(_("alamat utama"), default=True, db_index=True)
    checked_at = models.DateTimeField(_("diperiksa"), null=True)  # own domains: when DNS was last asked
    failing_since = models.DateTimeField(_("gagal sejak"), null=True)  # own domains: its record has been missing

    class Meta:
        verbose_name = _("alamat")
        verbose_name_plural = pgettext_lazy("menu", "Alamat")


class DomainClaim(models.Model):
    """A cooperative says that a domain is its own; the TXT record with `token` proves it. A claim takes nothing:
    two may claim the same name, and only who proves it gets the Domain row."""

    cooperative = models.ForeignKey(
        Cooperative, on_delete=models.CASCADE, related_name="domain_claims", verbose_name=_("koperasi")
    )
    domain = models.CharField(_("nama host"), max_length=253)
    token = models.CharField(max_length=64)
    created_at = models.DateTimeField(_("dibuat"), auto_now_add=True)
    checked_at = models.DateTimeField(_("diperiksa"), null=True)
    # a code of tenants/domains.py, for people in their language
    error = models.CharField(_("kesalahan"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("klaim domain")
        verbose_name_plural = pgettext_lazy("menu", "Klaim domain")
        constraints = [models.UniqueConstraint(fields=["cooperative", "domain"], name="one_claim_per_domain")]

    def __str__(self) -> str:
        return f"{self.domain} ({self.cooperative_id})"


class FreedName(models.Model):
    """A slug or host name that a cooperative gave up. Nobody gets it for a year, so that nobody answers letters,
    links and cookies that were meant for the one before (attack A23)."""

    name = models.CharField(max_length=253, unique=True)
    freed_at = models.DateTimeField()
    # whoever had it may have it again at once; null: it is gone
    freed_by = models.ForeignKey(Cooperative, null=True, on_delete=models.SET_NULL, related_name="freed_names")

    def __str__(self) -> str:
        return self.name


class Application(models.Model):
    """Somebody asks for a shop for their cooperative."""

    class State(models.TextChoices):
        UNVERIFIED = "unverified", _("belum terbukti")  # the code has not come back
        WAITING = "waiting", _("menunggu")
        APPROVED = "approved", _("disetujui")
        REFUSED = "refused", _("ditolak")

    name = models.CharField(_("nama"), max_length=80)
    slug = models.SlugField(_("nama di alamat"), max_length=40)
    contact_name = models.CharField(_("nama pengurus"), max_length=80)
    email = models.EmailField(_("e-mail"))
    phone = models.CharField(_("nomor HP"), max_length=20, blank=True)
    language = models.CharField(max_length=2, default="id")
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.UNVERIFIED)
    code = models.CharField(max_length=128, blank=True)  # hashed
    code_sent_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(_("diajukan"))
    verified_at = models.DateTimeField(_("e-mail terbukti"), null=True)
    decided_at = models.DateTimeField(_("diputuskan"), null=True)
    decided_by = models.CharField(_("oleh"), max_length=254, blank=True)  # the operator's e-mail; empty: by setting
    reason = models.CharField(_("alasan"), max_length=300, blank=True)
    cooperative = models.OneToOneField(Cooperative, null=True, on_delete=models.SET_NULL, related_name="application")

    class Meta:
        verbose_name = _("permohonan")
        verbose_name_plural = pgettext_lazy("menu", "Permohonan")

    def __str__(self) -> str:
        return self.name


class Pulse(models.Model):
    """What a cooperative publishes about its own health: figures, never rows (tenants/pulse.py)."""

    cooperative = models.OneToOneField(
        Cooperative, on_delete=models.CASCADE, related_name="pulse", primary_key=True, verbose_name=_("koperasi")
    )
    at = models.DateTimeField(_("diperiksa"))
    lag_s = models.PositiveIntegerField(_("antrean terlama (detik)"), default=0)
    failures = models.PositiveIntegerField(_("kegagalan"), default=0)
    drift = models.PositiveIntegerField(_("selisih kanal"), default=0)
    broken = models.PositiveIntegerField(_("invarian rusak"), default=0)
    database_bytes = models.BigIntegerField(_("basis data"), default=0)
    file_bytes = models.BigIntegerField(_("berkas"), default=0)

    class Meta:
        verbose_name = _("kesehatan")
        verbose_name_plural = pgettext_lazy("menu", "Kesehatan")

    def __str__(self) -> str:
        return f"{self.cooperative_id} at {self.at:%Y-%m-%d %H:%M}"


class Backup(models.Model):
    """A copy of one cooperative: its rows and files, and whether it has been proven by restoring it."""

    class Kind(models.TextChoices):
        NIGHTLY = "nightly", _("malam")
        BY_HAND = "by_hand", _("manual")
        BEFORE_PURGE = "before_purge", _("sebelum dihapus")

    cooperative = models.ForeignKey(
        Cooperative, on_delete=models.CASCADE, related_name="backups", verbose_name=_("koperasi")
    )
    kind = models.CharField(_("jenis"), max_length=12, choices=Kind)
    name = models.CharField(_("berkas"), max_length=200, unique=True)  # below settings.BACKUP_ROOT
    began_at = models.DateTimeField(_("mulai"))
    ended_at = models.DateTimeField(_("selesai"), null=True)
    size = models.BigIntegerField(_("ukuran"), default=0)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)
    rows = models.BigIntegerField(_("baris"), default=0)
    error = models.CharField(_("kesalahan"), max_length=300, blank=True)
    proven_at = models.DateTimeField(_("terbukti pulih"), null=True)  # restored into a scratch schema and compared
    proof_error = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("cadangan")
        verbose_name_plural = pgettext_lazy("menu", "Cadangan")
        indexes = [models.Index(fields=["cooperative", "began_at"])]

    def __str__(self) -> str:
        return self.name


class ExitKit(models.Model):
    """A cooperative takes all its data along: asked for by an officer, made in the background, kept for a while."""

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="exit_kits")
    asked_by = models.CharField(max_length=254)
    asked_at = models.DateTimeField()
    touched_at = models.DateTimeField(null=True)  # whoever makes it was alive
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    percent = models.PositiveSmallIntegerField(default=0, db_default=0)
    ended_at = models.DateTimeField(null=True)
    name = models.CharField(max_length=200, blank=True, db_default="")  # below settings.EXIT_KIT_ROOT
    size = models.BigIntegerField(default=0, db_default=0)  # bytes
    sha256 = models.CharField(max_length=64, blank=True, db_default="")
    error = models.CharField(max_length=300, blank=True, db_default="")  # for operators

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cooperative"], condition=models.Q(ended_at=None), name="one_exit_kit_under_way"
            )
        ]

    def __str__(self) -> str:
        return f"{self.cooperative_id} at {self.asked_at:%Y-%m-%d %H:%M}"


class Visit(models.Model):
    """An operator looks into a cooperative: for a reason, for a while, with a second person's consent, read-only.

    The cooperative's own log (members.VisitEntry) has every page of it.
    """

    cooperative = models.ForeignKey(
        Cooperative, on_delete=models.CASCADE, related_name="visits", verbose_name=_("koperasi")
    )
    reason = models.CharField(_("alasan"), max_length=300)
    minutes = models.PositiveSmallIntegerField(_("lama (menit)"))
    asked_by = models.CharField(_("diminta oleh"), max_length=254)
    asked_at = models.DateTimeField(_("diminta"))
    decided_by = models.CharField(_("diputuskan oleh"), max_length=254, blank=True)
    decided_at = models.DateTimeField(_("diputuskan"), null=True)
    is_approved = models.BooleanField(_("disetujui"), default=False)
    began_at = models.DateTimeField(_("mulai"), null=True)
    ends_at = models.DateTimeField(_("berakhir"), null=True)
    ended_at = models.DateTimeField(_("diakhiri"), null=True)

    class Meta:
        verbose_name = _("kunjungan")
        verbose_name_plural = pgettext_lazy("menu", "Kunjungan")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_approved=False) | ~models.Q(decided_by=models.F("asked_by")),
                name="visit_needs_two_people",
            ),
            models.CheckConstraint(
                condition=models.Q(began_at=None) | models.Q(is_approved=True), name="visit_begins_approved"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked_by}: {self.reason}"


class Switch(models.Model):
    """A feature that is on for everybody, for some cooperatives, or for nobody (settings.SWITCHES names them)."""

    name = models.CharField(_("nama"), max_length=40, unique=True)
    is_on = models.BooleanField(_("menyala untuk semua"), default=False)
    cooperatives = models.ManyToManyField(Cooperative, blank=True, verbose_name=_("menyala untuk"))

    class Meta:
        verbose_name = _("sakelar")
        verbose_name_plural = pgettext_lazy("menu", "Sakelar")

    def __str__(self) -> str:
        return self.name


class ChannelRoute(models.Model):
    """Which cooperative a marketplace means when it names one of its shops."""

    channel = models.CharField(max_length=20)
    external_shop_id = models.CharField(max_length=40)
    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="channel_routes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "external_shop_id"], name="one_cooperative_per_shop")]

    def __str__(self) -> str:
        return f"{self.channel}:{self.external_shop_id}"


class Due(models.Model):
    """A note, written in the same transaction as the state that needs it: this cooperative has work of `kind`.

    Rows are only ever added and removed, never updated by business code, so that two checkouts of one cooperative
    do not wait for each other. See tenants/due.py.
    """

    cooperative = models.ForeignKey(Cooperative, on_delete=models.CASCADE, related_name="due")
    kind = models.CharField(max_length=30)
    at = models.DateTimeField()
    every = models.PositiveIntegerField(null=True)  # seconds: a standing order, which is moved on and not removed
    rung_at = models.DateTimeField(null=True)  # when it was first offered; null: its time has not come
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)  # how often the work was begun
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("pekerjaan")
        verbose_name_plural = pgettext_lazy("menu", "Pekerjaan")
        indexes = [models.Index(fields=["cooperative", "kind", "at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["cooperative", "kind"], condition=models.Q(every__isnull=False), name="one_standing_order"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M:%S}"
