import uuid
from pathlib import Path

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from pictures.models import PictureField

from members.models import Member
from tenants.context import current_cooperative
from tenants.sealing import TenantModel, TenantQuerySet


class Category(TenantModel):
    name = models.CharField(_("nama"), max_length=60)
    slug = models.SlugField(max_length=80, unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    position = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), "parent", name="one_category_of_a_name", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("storefront:category", args=[self.slug])


class ProductQuerySet(TenantQuerySet["Product"]):
    def on_sale(self) -> "ProductQuerySet":
        """What visitors may see."""
        return self.filter(state=Product.State.LIVE)


class Product(TenantModel):
    class State(models.TextChoices):
        DRAFT = "draft", _("draf")
        LIVE = "live", _("dijual")
        PAUSED = "paused", _("disembunyikan")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="products")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    title = models.CharField(_("nama produk"), max_length=120)
    slug = models.SlugField(max_length=140, unique=True)
    description = models.TextField(_("deskripsi"), blank=True)
    axis1 = models.CharField(_("pilihan pertama"), max_length=14, blank=True)
    axis2 = models.CharField(_("pilihan kedua"), max_length=14, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, db_default=State.DRAFT)
    sold = models.PositiveIntegerField(default=0, db_default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    # Both configurations: `indonesian` stems some words and mangles others.
    search = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="simple")
        + SearchVector("title", weight="A", config="indonesian")
        + SearchVector("description", weight="C", config="simple")
        + SearchVector("description", weight="C", config="indonesian"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ProductQuerySet.as_manager()  # type: ignore[assignment,misc]

    class Meta:
        constraints = [models.UniqueConstraint("member", Lower("title"), name="one_product_of_a_title_per_member")]
        indexes = [
            GinIndex(fields=["search"], name="product_search"),
            models.Index(fields=["state", "-created_at"], name="product_newest"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("storefront:product", args=[self.slug])


class Variant(TenantModel):
    """What is bought: one choice on the product's axes, with its own SKU, price and weight."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField("SKU", max_length=50, unique=True)
    option1 = models.CharField(max_length=20, blank=True)
    option2 = models.CharField(max_length=20, blank=True)
    price = models.BigIntegerField(_("harga"))  # whole rupiah
    weight_g = models.PositiveIntegerField(_("berat (gram)"))
    position = models.PositiveSmallIntegerField(default=0, db_default=0)
    is_active = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "option1", "option2"], name="one_variant_of_a_choice"),
            models.CheckConstraint(condition=models.Q(price__gt=0), name="price_is_positive"),
            models.CheckConstraint(condition=models.Q(weight_g__gt=0), name="weight_is_positive"),
        ]

    def __str__(self) -> str:
        return self.sku

    @property
    def name(self) -> str:
        """The choice as people read it, e.g. `250 g / Halus`; empty for a product without choices."""
        return " / ".join(option for option in (self.option1, self.option2) if option)


def picture_name(picture: "Picture", filename: str) -> str:
    """The cooperative's uid is part of the stored name, so a file belongs to somebody wherever it is read."""
    return f"{current_cooperative().uid.hex}/products/{uuid.uuid4().hex}{Path(filename).suffix.lower()}"


class Picture(TenantModel):
    """A product photo. `rendered_at` is null until its sizes exist (catalog/picturing.py)."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="pictures")
    image = PictureField(upload_to=picture_name, aspect_ratios=["1/1"], width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = models.CharField(max_length=160)
    position = models.PositiveSmallIntegerField(default=0, db_default=0)
    sha256 = models.CharField(max_length=64)
    rendered_at = models.DateTimeField(null=True)
    is_broken = models.BooleanField(default=False, db_default=False)  # its sizes cannot be made

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "sha256"], name="one_picture_of_a_content")]

    def __str__(self) -> str:
        return self.alt
