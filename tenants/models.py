import secrets
import uuid

from django.core.validators import RegexValidator
from django.db import models
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


class Cooperative(TenantMixin):
    """A tenant: one cooperative with its own schema, and what its shop says about itself to everyone."""

    class State(models.TextChoices):
        OPEN = "open", _("buka")
        SUSPENDED = "suspended", _("ditangguhkan")

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
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.OPEN)
    zone = models.CharField(_("zona waktu"), max_length=20, choices=Zone, default=Zone.WIB)
    created_at = models.DateTimeField(_("dibuat"), auto_now_add=True)

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

    auto_create_schema = True
    auto_drop_schema = False

    objects = CooperativeQuerySet.as_manager()

    class Meta:
        verbose_name = _("koperasi")
        verbose_name_plural = pgettext_lazy("menu", "Koperasi")

    def __str__(self) -> str:
        return self.name

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

    class Meta:
        verbose_name = _("alamat")
        verbose_name_plural = pgettext_lazy("menu", "Alamat")


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
    rung_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["at"]), models.Index(fields=["cooperative", "kind"])]

    def __str__(self) -> str:
        return f"{self.kind} at {self.at:%Y-%m-%d %H:%M:%S}"
