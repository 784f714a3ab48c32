"""The legal passport of products."""

import uuid
from pathlib import Path

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.goods import Product
from members.models import Member
from tenants.context import current_cooperative
from tenants.sealing import TenantModel


def document_name(document: "Document", filename: str) -> str:
    """Below `private/`, which no address serves: only those whose it is read it (backoffice)."""
    return f"{current_cooperative().uid.hex}/private/documents/{uuid.uuid4().hex}{Path(filename).suffix.lower()}"


class Document(TenantModel):
    """A legal document of a product, or of a member and so of all their products (catalog/passport.py)."""

    class Kind(models.TextChoices):
        NIB = "nib", _("NIB")
        PIRT = "pirt", _("P-IRT")
        BPOM = "bpom", _("BPOM")
        HALAL = "halal", _("halal")
        NOT_HALAL = "not_halal", _("tidak halal")  # said, not proven: no number
        SNI = "sni", _("SNI")
        TRADEMARK = "trademark", _("merek terdaftar")
        LAB = "lab", _("hasil uji laboratorium")

    class State(models.TextChoices):
        WAITING = "waiting", _("menunggu diperiksa")
        ACCEPTED = "accepted", _("diterima")
        REFUSED = "refused", _("ditolak")

    kind = models.CharField(_("jenis"), max_length=12, choices=Kind)
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="documents")
    member = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="documents")
    number = models.CharField(_("nomor"), max_length=40, blank=True)
    holder = models.CharField(_("atas nama"), max_length=120, blank=True)
    file = models.FileField(_("berkas"), upload_to=document_name, blank=True)
    issued_date = models.DateField(_("terbit"), null=True, blank=True)
    valid_until = models.DateField(_("berlaku sampai"), null=True, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING, db_default=State.WAITING)
    checked_by = models.CharField(max_length=80, blank=True, db_default="")
    reason = models.CharField(max_length=300, blank=True, db_default="")  # why it was refused
    warned_days = models.PositiveSmallIntegerField(null=True)  # the last warning that was sent: 90, 30, 7, 0
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(product=None) ^ models.Q(member=None), name="of_a_product_or_of_a_member"
            )
        ]
        indexes = [models.Index(fields=["valid_until"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
