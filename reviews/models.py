"""What buyers say about what they bought."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from orders.models import OrderLine
from tenants.sealing import TenantModel


class Reason(models.TextChoices):
    """Why a review is hidden. Few stars are none (docs/trust.md)."""

    RUDE = "rude", _("kata kasar atau menyerang orang")
    PRIVATE = "private", _("memuat data pribadi")
    OFF_TOPIC = "off_topic", _("tidak tentang produk ini")
    ADVERT = "advert", _("iklan atau tautan")
    UNLAWFUL = "unlawful", _("melanggar hukum")


class Review(TenantModel):
    """One per bought line, by whoever holds the order's link; officers look at it before it is shown."""

    class State(models.TextChoices):
        WAITING = "waiting", _("menunggu")
        SHOWN = "shown", _("ditampilkan")
        HIDDEN = "hidden", _("disembunyikan")

    line = models.OneToOneField(OrderLine, on_delete=models.PROTECT, related_name="review")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="reviews")
    stars = models.PositiveSmallIntegerField()
    text = models.TextField(_("ulasan"), blank=True)
    language = models.CharField(max_length=2, default="id")
    name = models.CharField(max_length=80)  # as it is shown: never the whole name
    state = models.CharField(max_length=8, choices=State, default=State.WAITING, db_default=State.WAITING)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)  # why it is hidden: a Reason
    reply = models.TextField(_("balasan"), blank=True)
    replied_by = models.CharField(max_length=80, blank=True)
    replied_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="one_to_five_stars")]
        indexes = [
            models.Index(fields=["product", "state", "-created_at"]),
            models.Index(fields=["state", "created_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.stars}"

    @property
    def why_hidden(self) -> str:
        """In the reader's language; empty while it is not hidden."""
        return str(Reason(self.reason).label) if self.reason in Reason.values else self.reason


class ReviewPhoto(TenantModel):
    """A photo that the buyer took."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="photos")
    # FileField: a copy of the cooperative gets its own uid into these names (reviews/photos.py writes them)
    name = models.FileField(max_length=200)  # drawn anew, 1080 px at most
    thumb = models.FileField(max_length=200)  # 240 px square
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    position = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.name)
