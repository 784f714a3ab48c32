from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Category, Picture, Product, Variant
from orders.models import Order
from tenants.sealing import TenantModel


class Connection(TenantModel):
    """A shop of this cooperative on a marketplace, and the right to act in it.

    The shared table ChannelRoute says which cooperative a marketplace's push is for.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("terhubung")
        LOST = "lost", _("izin habis")  # the authorisation is dead: an officer must connect again
        CLOSED = "closed", _("diputus")

    channel = models.CharField(max_length=20)  # a key of marketplaces.channels.CHANNELS
    external_shop_id = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    sealed_tokens = models.TextField(blank=True)  # JSON {access, refresh}, sealed; both change in one write
    access_expires_at = models.DateTimeField(null=True)
    refresh_expires_at = models.DateTimeField(null=True)
    pulled_until = models.DateTimeField(null=True)  # orders changed before this have been brought in
    last_error = models.CharField(max_length=300, blank=True)
    buffer = models.PositiveIntegerField(default=0, db_default=0)  # pieces kept back from this channel
    cap = models.PositiveIntegerField(null=True)  # most pieces that this channel is told; null = no bound
    connected_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "external_shop_id"], name="one_connection_per_shop")]

    def __str__(self) -> str:
        return f"{self.channel}: {self.name}"


class CategoryMap(TenantModel):
    """Which of the channel's categories one of ours is, with the attributes that the channel demands."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="category_maps")
    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=40)
    external_name = models.CharField(max_length=200)
    attributes = models.JSONField(default=list)  # [[attribute id, value id or "", text], ...]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "category"], name="one_map_per_category")]

    def __str__(self) -> str:
        return f"{self.category_id} -> {self.external_name}"


class RemotePicture(TenantModel):
    """A picture that the channel already has, known by its content."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="pictures")
    picture = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="+")
    sha256 = models.CharField(max_length=64)
    external_id = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "sha256"], name="each_content_uploaded_once")]

    def __str__(self) -> str:
        return self.external_id


class Listing(TenantModel):
    """A product on a channel: wanted (what we want shown) beside pushed (what the channel last confirmed) beside
    seen (what the channel last reported)."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="listings")
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="listings")
    external_id = models.CharField(max_length=40, blank=True)  # empty until published
    wanted_live = models.BooleanField(default=True)
    pushed_live = models.BooleanField(null=True)
    seen_live = models.BooleanField(null=True)
    pushed_content = models.CharField(max_length=64, blank=True)  # digest of title, description, pictures, category
    pushed_choices = models.CharField(max_length=64, blank=True, db_default="")  # digest of axes, options and SKUs
    refused = models.CharField(max_length=64, blank=True, db_default="")  # digest of what the channel will not take
    publishing_at = models.DateTimeField(null=True)  # a publish was begun and its outcome is not known yet
    claim = models.CharField(max_length=32, blank=True, db_default="")  # who is pushing it, see claiming.py
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    try_at = models.DateTimeField(null=True)  # not before
    last_error = models.CharField(max_length=300, blank=True)  # in plain words, for people
    error_code = models.CharField(max_length=60, blank=True)
    needs_person = models.BooleanField(default=False, db_default=False)  # rejected: retrying alone will not help
    pushed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "product"], name="one_listing_per_product")]

    def __str__(self) -> str:
        return f"{self.connection_id}: {self.product_id}"


class ListingVariant(TenantModel):
    """A variant on a channel. Wanted price and quantity follow from catalogue and stock; here is what the channel
    confirmed and reported."""

    listing = models.ForeignKey(Listing, on_delete=models.CASCADE, related_name="variants")
    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="listed")
    external_id = models.CharField(max_length=40, blank=True)
    pushed_price = models.BigIntegerField(null=True)
    pushed_quantity = models.IntegerField(null=True)
    seen_price = models.BigIntegerField(null=True)
    seen_quantity = models.IntegerField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    error_code = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["listing", "variant"], name="one_listed_variant")]

    def __str__(self) -> str:
        return f"{self.listing_id}: {self.variant_id}"


class ChannelNotice(TenantModel):
    """The inbox: a push of a marketplace, unique by what it says. A hint to go and fetch."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="notices")
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=30)
    external_id = models.CharField(max_length=60, blank=True)
    body = models.JSONField()
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_error = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "key"], name="one_notice_per_push")]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"


class ChannelOrder(TenantModel):
    """What the channel last said about one of its orders, beside our order for it."""

    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="channel_orders")
    order = models.OneToOneField(Order, on_delete=models.PROTECT, related_name="channel_order")
    external_id = models.CharField(max_length=40)
    external_state = models.CharField(max_length=30)
    updated_at = models.DateTimeField()  # by the channel's clock: older news are ignored

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "external_id"], name="one_row_per_channel_order")]

    def __str__(self) -> str:
        return self.external_id
