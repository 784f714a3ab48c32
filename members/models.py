from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tenants.sealing import TenantModel


class Member(TenantModel):
    """An entry in the register of members (buku daftar anggota, UU 25/1992 art. 17)."""

    number = models.CharField(_("nomor anggota"), max_length=20, unique=True)
    name = models.CharField(_("nama"), max_length=80)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="member"
    )
    phone = models.CharField(_("nomor HP"), max_length=20, blank=True)
    village = models.CharField(_("desa"), max_length=80, blank=True)
    origin_code = models.CharField(_("kabupaten"), max_length=5, blank=True, db_default="")  # lib/regencies.py
    story = models.TextField(_("cerita"), blank=True)
    story_en = models.TextField(_("cerita dalam bahasa Inggris"), blank=True, db_default="")
    photo = models.FileField(max_length=200, blank=True, db_default="")  # members/describing.py writes it
    is_trusted = models.BooleanField(_("langsung tayang"), default=False, db_default=False)  # listings need no approval
    stock_link = models.PositiveIntegerField(default=0, db_default=0)  # renewed so often; older links are over
    joined_date = models.DateField(_("anggota sejak"))
    bank_name = models.CharField(max_length=40, blank=True)
    bank_account = models.CharField(max_length=40, blank=True)
    bank_holder = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def slug(self) -> str:
        """The name in an address; one without a single Latin letter is just a producer's."""
        return slugify(self.name) or "produsen"

    def get_absolute_url(self) -> str:
        """Where visitors read about a member who sells."""
        return reverse("storefront:producer", args=[self.pk, self.slug])

    @property
    def told_in(self) -> str:
        """The language in which the reader gets the story."""
        return "en" if get_language() == "en" and self.story_en else "id"

    @property
    def told(self) -> str:
        return self.story_en if self.told_in == "en" else self.story


class Officer(TenantModel):
    """A person in office, and which office."""

    class Role(models.TextChoices):
        PENGURUS = "pengurus", _("pengurus")
        BENDAHARA = "bendahara", _("bendahara")
        PETUGAS = "petugas", _("petugas")
        PENGAWAS = "pengawas", _("pengawas")

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="officer")
    role = models.CharField(max_length=10, choices=Role)

    def __str__(self) -> str:
        return f"{self.user} ({self.role})"


class VisitEntry(TenantModel):
    """The cooperative's own record of operators of the platform who looked in: appended, never edited (trigger)."""

    class Kind(models.TextChoices):
        BEGAN = "began", _("mulai melihat")
        PAGE = "page", _("membuka halaman")
        ENDED = "ended", _("selesai")

    visit_id = models.BigIntegerField()  # tenants.Visit; no foreign key leads to a shared table
    kind = models.CharField(max_length=5, choices=Kind)
    at = models.DateTimeField()
    operator = models.CharField(max_length=254)  # e-mail
    approved_by = models.CharField(max_length=254)
    reason = models.CharField(max_length=300)
    until = models.DateTimeField()
    path = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["at"])]

    def __str__(self) -> str:
        return f"{self.operator} {self.kind} {self.path}"
