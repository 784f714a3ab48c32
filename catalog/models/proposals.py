"""Listings on their way to the shelf, and what happened to them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.goods import Product
from members.models import Member
from tenants.sealing import TenantModel


class Proposal(TenantModel):
    """A listing as somebody wants it: what a member types (saved while typing), what an officer decides on. The
    product itself changes only when it is applied (catalog/proposing.py)."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draf")
        SUBMITTED = "submitted", _("menunggu persetujuan")
        RETURNED = "returned", _("dikembalikan")
        APPLIED = "applied", _("disetujui")
        WITHDRAWN = "withdrawn", _("dibatalkan")

    key = models.UUIDField(unique=True)  # made where it is typed: sent twice it is one
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="proposals")
    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="proposals")
    content = models.JSONField(default=dict)  # catalog.content.Content, perhaps not complete yet
    version = models.PositiveIntegerField(default=1)  # of the content: a late save does not undo a newer one
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, db_default=State.DRAFT)
    reason = models.CharField(max_length=500, blank=True, db_default="")  # why it was returned
    by = models.CharField(max_length=80, blank=True, db_default="")  # who wrote it
    decided_by = models.CharField(max_length=80, blank=True, db_default="")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product"],
                condition=models.Q(state__in=["draft", "submitted", "returned"]),
                name="one_open_proposal_per_product",
            )
        ]
        indexes = [models.Index(fields=["state", "submitted_at"])]

    def __str__(self) -> str:
        return f"{self.content.get('title', '')} ({self.state})"


class ApprovalRule(TenantModel):
    """What an officer must look at before it is on sale: one row, written by officers (catalog/proposing.py)."""

    new_products = models.BooleanField(_("produk baru"), default=True, db_default=True)
    texts = models.BooleanField(_("nama, deskripsi, dan keterangan"), default=True, db_default=True)
    prices = models.BooleanField(_("harga"), default=False, db_default=False)
    pictures = models.BooleanField(_("foto"), default=True, db_default=True)

    def __str__(self) -> str:
        return "approval"


class ProductEvent(TenantModel):
    """What happened to a listing, who did it, when. Appended, never edited: a trigger refuses."""

    class Kind(models.TextChoices):
        CREATED = "created", _("dibuat")
        SUBMITTED = "submitted", _("diajukan")
        RETURNED = "returned", _("dikembalikan")
        APPLIED = "applied", _("disetujui dan dijual")
        CHANGED = "changed", _("diubah")
        HIDDEN = "hidden", _("disembunyikan")
        SHOWN = "shown", _("dijual lagi")
        BLOCKED = "blocked", _("turun dari rak: dokumen")
        UNBLOCKED = "unblocked", _("naik lagi ke rak: dokumen lengkap")
        WITHDRAWN = "withdrawn", _("dibatalkan")

    product = models.ForeignKey(Product, null=True, on_delete=models.PROTECT, related_name="events")
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=12, choices=Kind)
    actor = models.CharField(max_length=80)  # a person's name, or what acted: `import`, `clock`
    detail = models.JSONField(default=dict)  # a reason; what changed, before and after
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["product", "-at"]), models.Index(fields=["proposal", "-at"])]

    def __str__(self) -> str:
        return f"{self.product_id} {self.kind}"
