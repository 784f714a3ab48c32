"""Sellers' files on their way in."""

import uuid
from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.goods import Picture, Product
from tenants.context import current_cooperative
from tenants.sealing import TenantModel


def import_name(job: "ImportJob", filename: str) -> str:
    return f"{current_cooperative().uid.hex}/private/imports/{uuid.uuid4().hex}{Path(filename).suffix.lower()}"


class ImportJob(TenantModel):
    """A seller's file on its way in: looked through first, then written, in turns that can be resumed."""

    class State(models.TextChoices):
        MAPPING = "mapping", _("kolomnya perlu dicocokkan")
        CHECKING = "checking", _("sedang diperiksa")
        CHECKED = "checked", _("siap dijalankan")
        RUNNING = "running", _("sedang dijalankan")
        DONE = "done", _("selesai")
        CANCELLED = "cancelled", _("dibatalkan")
        FAILED = "failed", _("tidak terbaca")

    state = models.CharField(max_length=10, choices=State)
    format = models.CharField(max_length=20, blank=True)  # which of the known shapes (catalog/shapes)
    file = models.FileField(upload_to=import_name)
    pictures = models.FileField(upload_to=import_name, blank=True)  # a ZIP
    file_name = models.CharField(max_length=200)  # as the person knows it
    options = models.JSONField(default=dict)  # mapping of columns, member for all rows, what to overwrite
    rows_total = models.PositiveIntegerField(default=0)
    rows_checked = models.PositiveIntegerField(default=0)
    rows_done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)  # products: new, changed, unchanged, wrong; checked and written apart
    error = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=80)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"


class ImportProblem(TenantModel):
    """A row that was not taken, or not wholly: where, what stood there, why, in plain words."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="problems")
    row = models.PositiveIntegerField()  # as the spreadsheet counts
    column = models.CharField(max_length=80, blank=True)
    value = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300)
    title = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["job", "row"])]

    def __str__(self) -> str:
        return f"{self.row} {self.column}: {self.reason}"


class WantedPicture(TenantModel):
    """A picture that an import names and nobody has fetched yet: a public address, or a name in the import's ZIP."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="wanted_pictures")
    job = models.ForeignKey(ImportJob, null=True, on_delete=models.SET_NULL, related_name="wanted_pictures")
    address = models.CharField(max_length=2000)
    alt = models.CharField(max_length=160, blank=True, db_default="")
    # keys of the choices that are to show it; none: the product as a whole
    variants = ArrayField(models.BigIntegerField(), blank=True, default=list, db_default=[])
    # what became of it: an export says again where it came from
    picture = models.ForeignKey(Picture, null=True, on_delete=models.SET_NULL, related_name="wishes")
    position = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    try_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "address"], name="one_wish_per_address")]

    def __str__(self) -> str:
        return self.address
