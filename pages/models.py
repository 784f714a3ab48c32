"""What officers write for visitors: the blocks of the home page, and pages of text."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.sealing import TenantModel


class Block(TenantModel):
    """One part of the home page, in the order in which officers put them (pages/blocks.py)."""

    class Kind(models.TextChoices):
        BANNER = "banner", _("spanduk")
        COLLECTION = "collection", _("kumpulan produk")
        STORY = "story", _("cerita")
        TEXT = "text", _("teks")
        MAP = "map", _("peta")

    kind = models.CharField(max_length=10, choices=Kind)
    position = models.PositiveSmallIntegerField()
    is_shown = models.BooleanField(default=True, db_default=True)
    content = models.JSONField(default=dict)  # by kind: texts in both languages, stored name of a picture, products
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.position} {self.kind}"


class Page(TenantModel):
    """A page of text: about, how to order, privacy, and whatever officers add (pages/writing.py)."""

    slug = models.SlugField(max_length=60, unique=True)
    title_id = models.CharField(_("judul"), max_length=80)
    title_en = models.CharField(_("judul dalam bahasa Inggris"), max_length=80, blank=True)
    body_id = models.TextField(_("isi"), blank=True)
    body_en = models.TextField(_("isi dalam bahasa Inggris"), blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_shown = models.BooleanField(default=True, db_default=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.slug
