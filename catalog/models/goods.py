"""What is for sale."""

import uuid
from pathlib import Path

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from pictures.models import PictureField

from members.models import Member
from tenants.context import current_cooperative
from tenants.sealing import TenantModel, TenantQuerySet


def in_language(indonesian: str, english: str) -> str:
    """What is written in the reader's language; where nobody wrote it in English, the Indonesian."""
    return (get_language() == "en" and english) or indonesian


class Category(TenantModel):
    name = models.CharField(_("nama"), max_length=60)
    name_en = models.CharField(_("nama dalam bahasa Inggris"), max_length=60, blank=True, db_default="")
    slug = models.SlugField(max_length=80, unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    position = models.PositiveSmallIntegerField(default=0, db_default=0)
    # kinds of Document without which nothing of this category is on sale (catalog/passport.py)
    requires = ArrayField(models.CharField(max_length=12), blank=True, default=list, db_default=[])

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("name"), "parent", name="one_category_of_a_name", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        return in_language(self.name, self.name_en)

    def get_absolute_url(self) -> str:
        return reverse("storefront:category", args=[self.slug])


ON_SHELF = models.Q(state="live", lacks="")


class ProductQuerySet(TenantQuerySet["Product"]):
    def on_sale(self) -> "ProductQuerySet":
        """What visitors may see."""
        return self.filter(ON_SHELF)


class Product(TenantModel):
    class State(models.TextChoices):
        DRAFT = "draft", _("draf")
        LIVE = "live", _("dijual")
        PAUSED = "paused", _("disembunyikan")

    class Condition(models.TextChoices):
        NEW = "new", _("baru")
        USED = "used", _("bekas")

    class Unit(models.TextChoices):
        """In what a variant's content is counted; the unit price is per 100 g, 100 ml, 1 m, or piece."""

        GRAM = "g", _("gram")
        MILLILITRE = "ml", _("mililiter")
        CENTIMETRE = "cm", _("sentimeter")
        PIECE = "pc", _("buah")

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="products")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    title = models.CharField(_("nama produk"), max_length=120)
    slug = models.SlugField(max_length=140, unique=True)
    title_en = models.CharField(_("nama dalam bahasa Inggris"), max_length=120, blank=True, db_default="")
    description = models.TextField(_("deskripsi"), blank=True)
    description_en = models.TextField(_("deskripsi dalam bahasa Inggris"), blank=True, db_default="")
    axis1 = models.CharField(_("pilihan pertama"), max_length=14, blank=True)
    axis2 = models.CharField(_("pilihan kedua"), max_length=14, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT, db_default=State.DRAFT)
    condition = models.CharField(
        _("kondisi"), max_length=4, choices=Condition, default=Condition.NEW, db_default=Condition.NEW
    )
    origin_code = models.CharField(_("asal"), max_length=5, blank=True, db_default="")  # kabupaten: lib/regencies.py
    content_unit = models.CharField(_("satuan isi"), max_length=2, choices=Unit, blank=True, db_default="")
    # pieces of this product in one order, all its variants together
    min_per_order = models.PositiveSmallIntegerField(_("paling sedikit"), default=1, db_default=1)
    max_per_order = models.PositiveSmallIntegerField(_("paling banyak"), null=True, blank=True)
    # made when it is ordered: no stock counts, but no more than `daily_capacity` pieces are ready on one day
    made_to_order = models.BooleanField(_("dibuat setelah dipesan"), default=False, db_default=False)
    lead_days = models.PositiveSmallIntegerField(_("lama membuat (hari)"), default=0, db_default=0)
    daily_capacity = models.PositiveIntegerField(_("sanggup per hari"), null=True, blank=True)
    preorder_date = models.DateField(_("dikirim mulai"), null=True, blank=True)  # sold now, sent from that day on

    # What shelves are sorted and narrowed by; derived, and held against their sources by an invariant
    price_from = models.BigIntegerField(default=0, db_default=0)  # cheapest active variant, whole rupiah
    price_to = models.BigIntegerField(default=0, db_default=0)
    in_stock = models.BooleanField(default=False, db_default=False)  # something of it can be bought
    lacks = models.CharField(max_length=12, blank=True, db_default="")  # kind of Document it is off sale for
    marks = ArrayField(models.CharField(max_length=12), blank=True, default=list, db_default=[])  # kinds it may show
    rating_sum = models.PositiveIntegerField(default=0, db_default=0)
    rating_count = models.PositiveIntegerField(default=0, db_default=0)
    search_extra = models.TextField(blank=True, db_default="")  # category, maker, SKUs: words to be found by

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
    words = models.GeneratedField(
        expression=SearchVector("title", weight="A", config="simple")
        + SearchVector("title", weight="A", config="indonesian")
        + SearchVector("title_en", weight="A", config="simple")
        + SearchVector("title_en", weight="A", config="english")
        + SearchVector("search_extra", weight="B", config="simple")
        + SearchVector("search_extra", weight="B", config="indonesian")
        + SearchVector("description", weight="C", config="simple")
        + SearchVector("description", weight="C", config="indonesian")
        + SearchVector("description_en", weight="D", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = ProductQuerySet.as_manager()  # type: ignore[assignment,misc]

    class Meta:
        constraints = [models.UniqueConstraint("member", Lower("title"), name="one_product_of_a_title_per_member")]
        indexes = [
            GinIndex(fields=["search"], name="product_search"),
            GinIndex(fields=["words"], name="product_words"),
            models.Index(fields=["state", "-created_at"], name="product_newest"),
            # the shelf in each of its orders, without what visitors do not see
            models.Index(fields=["category", "-created_at", "-id"], condition=ON_SHELF, name="shelf_category"),
            models.Index(fields=["-created_at", "-id"], condition=ON_SHELF, name="shelf_newest"),
            models.Index(fields=["price_from", "id"], condition=ON_SHELF, name="shelf_price"),
            models.Index(fields=["-sold", "-created_at", "-id"], condition=ON_SHELF, name="shelf_sold"),
            models.Index(fields=["member", "-created_at", "-id"], condition=ON_SHELF, name="shelf_member"),
            models.Index(fields=["origin_code"], condition=ON_SHELF, name="shelf_origin"),
            GinIndex(fields=["marks"], condition=ON_SHELF, name="shelf_marks"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        return in_language(self.title, self.title_en)

    @property
    def text(self) -> str:
        return in_language(self.description, self.description_en)

    def get_absolute_url(self) -> str:
        return reverse("storefront:product", args=[self.slug])


class Variant(TenantModel):
    """What is bought: one choice on the product's axes, with its own SKU, price and weight."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="variants")
    sku = models.CharField("SKU", max_length=50, unique=True)
    option1 = models.CharField(max_length=20, blank=True)
    option2 = models.CharField(max_length=20, blank=True)
    price = models.BigIntegerField(_("harga"))  # whole rupiah
    member_price = models.BigIntegerField(_("harga anggota"), null=True, blank=True)  # whole rupiah
    weight_g = models.PositiveIntegerField(_("berat (gram)"))  # packed, as a courier weighs it
    content_amount = models.PositiveIntegerField(_("isi"), null=True, blank=True)  # in Product.content_unit
    barcode = models.CharField(_("barcode"), max_length=14, blank=True, db_default="")  # GTIN
    picture = models.ForeignKey("Picture", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    position = models.PositiveSmallIntegerField(default=0, db_default=0)
    is_active = models.BooleanField(default=True, db_default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["product", "option1", "option2"], name="one_variant_of_a_choice"),
            models.CheckConstraint(condition=models.Q(price__gt=0), name="price_is_positive"),
            models.CheckConstraint(condition=models.Q(weight_g__gt=0), name="weight_is_positive"),
            models.CheckConstraint(
                condition=models.Q(member_price__gt=0, member_price__lte=models.F("price")),
                name="member_price_is_not_higher",
            ),
        ]

    def __str__(self) -> str:
        return self.sku

    @property
    def name(self) -> str:
        """The choice as people read it, e.g. `250 g / Halus`; empty for a product without choices."""
        return " / ".join(option for option in (self.option1, self.option2) if option)


class PriceStep(TenantModel):
    """Wholesale (harga grosir): from this many pieces of the product on, all its variants together, one piece costs
    this much."""

    variant = models.ForeignKey(Variant, on_delete=models.CASCADE, related_name="steps")
    from_quantity = models.PositiveSmallIntegerField()
    price = models.BigIntegerField()  # whole rupiah per piece

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["variant", "from_quantity"], name="one_step_of_a_quantity"),
            models.CheckConstraint(condition=models.Q(price__gt=0, from_quantity__gte=2), name="step_is_a_step"),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.price} from {self.from_quantity}"


def picture_name(picture: "Picture", filename: str) -> str:
    """The cooperative's uid is part of the stored name, so a file belongs to somebody wherever it is read."""
    return f"{current_cooperative().uid.hex}/products/{uuid.uuid4().hex}{Path(filename).suffix.lower()}"


class Picture(TenantModel):
    """A product photo. `rendered_at` is null until its sizes exist (catalog/picturing.py). Without a product it
    belongs to a proposal only, and nobody else sees it."""

    product = models.ForeignKey(Product, null=True, on_delete=models.CASCADE, related_name="pictures")
    proposal = models.ForeignKey("Proposal", null=True, on_delete=models.SET_NULL, related_name="pictures")
    image = PictureField(upload_to=picture_name, aspect_ratios=["1/1"], width_field="width", height_field="height")
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt = models.CharField(max_length=160)
    position = models.PositiveSmallIntegerField(default=0, db_default=0)
    sha256 = models.CharField(max_length=64)
    rendered_at = models.DateTimeField(null=True)
    is_broken = models.BooleanField(default=False, db_default=False)  # its sizes cannot be made
    tone = models.PositiveSmallIntegerField(null=True)  # which of the placeholder colours is like it, once known

    class Meta:
        constraints = [models.UniqueConstraint(fields=["product", "sha256"], name="one_picture_of_a_content")]

    def __str__(self) -> str:
        return self.alt


class Word(TenantModel):
    """The shop's own vocabulary, for help with typing errors (catalog/vocabulary.py)."""

    text = models.CharField(max_length=40, unique=True)
    products = models.PositiveIntegerField()  # that have it in their title or extra words

    def __str__(self) -> str:
        return self.text
