"""A product is written down by hand."""

from django.db import transaction
from django.utils.text import slugify

from catalog import figures, importing
from catalog.models import Product, Variant
from members.models import Member


class TitleTaken(Exception):
    """The member already sells a product of this title."""


class SkuTaken(Exception):
    """Another product has this SKU."""


@transaction.atomic
def add_product(
    *, member: Member, category: str, title: str, description: str, price: int, weight_g: int, sku: str = ""
) -> Variant:
    """A product for sale without choices, in `category` at the top level, which is made where it is missing.

    Price in whole rupiah, weight in gram; without `sku` it gets one from its title. Returns its variant. Raises
    TitleTaken, SkuTaken; nothing changes then.
    """
    if Product.objects.filter(member=member, title__iexact=title).exists():
        raise TitleTaken(title)
    slug = importing.free_slug(Product, title, otherwise="produk")
    sku = sku or slugify(slug).upper()[:50]
    if Variant.objects.filter(sku=sku).exists():
        raise SkuTaken(sku)
    product = Product.objects.create(
        member=member,
        category=importing.category_at([category]),
        title=title,
        slug=slug,
        description=description,
        state=Product.State.LIVE,
    )
    variant = Variant.objects.create(product=product, sku=sku, price=price, weight_g=weight_g)
    figures.set_prices([product.pk])
    return variant
