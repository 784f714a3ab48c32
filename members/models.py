from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Member(models.Model):
    """An entry in the register of members (buku daftar anggota, UU 25/1992 art. 17)."""

    number = models.CharField(_("nomor anggota"), max_length=20, unique=True)
    name = models.CharField(_("nama"), max_length=80)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="member"
    )
    phone = models.CharField(_("nomor HP"), max_length=20, blank=True)
    village = models.CharField(_("desa"), max_length=80, blank=True)
    story = models.TextField(_("cerita"), blank=True)
    joined_date = models.DateField(_("anggota sejak"))
    bank_name = models.CharField(max_length=40, blank=True)
    bank_account = models.CharField(max_length=40, blank=True)
    bank_holder = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Officer(models.Model):
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
