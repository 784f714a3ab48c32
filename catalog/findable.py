"""What a product is found by besides its own texts: where it stands, who made it and where, its SKUs and choices, and
the other spellings of all these words. Kept in `Product.search_extra`, of which the index is made."""

from collections.abc import Iterable, Iterator

from django.db.models import Prefetch

from catalog import spelling
from catalog.models import Category, Product, Variant
from lib import regencies

AT_ONCE = 500
SAID = {"halal": "halal", "pirt": "P-IRT PIRT", "bpom": "BPOM", "sni": "SNI"}  # marks that people search for


def extra_words(product: Product) -> str:
    """`search_extra` of a product, of which its category, member and variants are read."""
    own = [word for text in (product.title, product.title_en) for word in spelling.words(text)]
    said = [word for text in _said_about(product) for word in spelling.words(text)]
    # PostgreSQL reads `Pedas/Asin` as a path and `gula.aren` as a host: such words are given one by one
    known = set(f"{product.title} {product.title_en}".lower().split())
    words = [*said, *(word for word in own if word not in known)]
    shapes = [spelling.shape(word) for word in [*own, *said]]
    return " ".join(dict.fromkeys([*words, *(shape for shape in shapes if shape not in known)]))


def set_extra(product_ids: Iterable[int]) -> int:
    """Bring `search_extra` of these products up to what their category, member, variants and marks are called now.
    Returns how many had changed. Three queries per 500 products."""
    wanted = sorted(set(product_ids))
    changed = 0
    for start in range(0, len(wanted), AT_ONCE):
        stale = []
        for product in _with_what_is_said(wanted[start : start + AT_ONCE]):
            words = extra_words(product)
            if words != product.search_extra:
                product.search_extra = words
                stale.append(product)
        Product.objects.bulk_update(stale, ["search_extra"])
        changed += len(stale)
    return changed


def _said_about(product: Product) -> Iterator[str]:
    category: Category | None = product.category
    member = product.member
    while category:
        yield from (category.name, category.name_en)
        category = category.parent
    yield from (member.name, member.village)
    origin = product.origin_code or member.origin_code
    yield from (regencies.name(origin), regencies.PROVINCE_OF.get(origin, ""))
    for variant in _choices(product):
        yield from (variant.sku, variant.option1, variant.option2)
    yield from (SAID[mark] for mark in product.marks if mark in SAID)


def _choices(product: Product) -> Iterable[Variant]:
    known = getattr(product, "active_variants", None)
    return known if known is not None else product.variants.filter(is_active=True).order_by("position", "pk")


def _with_what_is_said(product_ids: list[int]) -> Iterable[Product]:
    active = Variant.objects.filter(is_active=True).order_by("position", "pk")
    return (
        Product.objects.filter(pk__in=product_ids)
        .order_by("pk")
        .select_related("category__parent__parent", "member")
        .prefetch_related(Prefetch("variants", active, to_attr="active_variants"))
        .defer("search", "words", "description", "description_en")
    )
