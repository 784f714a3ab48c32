"""Many products at once, with few statements: what catalog/writing.py does for one. A file's rows come this way."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.text import slugify

from catalog import content as contents
from catalog import figures, findable, naming, recording, vocabulary, writing
from catalog.content import Choice, Content
from catalog.models import Category, PriceStep, Product, ProductEvent, Variant
from catalog.passport import standing
from members.models import Member
from tenants import due

MADE_AT_ONCE = 500
CHANGED_AT_ONCE = 100  # Django writes a CASE of as many branches
FOUND_BY = {"title", "title_en", "category_id", "origin_code"}  # what a product's extra words are made of
KIND_OF_STATE = {
    Product.State.LIVE: ProductEvent.Kind.SHOWN,
    Product.State.PAUSED: ProductEvent.Kind.HIDDEN,
    Product.State.DRAFT: ProductEvent.Kind.HIDDEN,
}


@dataclass(kw_only=True)
class Item:
    """One product as it is to be. `content` has been checked (catalog.content.problems), and its SKUs and title are
    nobody else's. An existing `product` comes locked, with `all_variants` read. `state` empty: it keeps its own."""

    content: Content
    member: int
    product: Product | None = None
    before: Content | None = None
    state: str = ""
    by_sku: dict[str, int] = field(default_factory=dict)  # filled in: SKU -> pk of its variant


def write_many(items: Sequence[Item], *, by: str, now: datetime) -> dict[int, int]:
    """Write them all. Returns the opening stock of variants that are new, by pk, which has to be put on the shelf in
    the same transaction. Raises IntegrityError when somebody else was quicker by a moment."""
    known = [item for item in items if item.product is not None]
    opening = _make([item for item in items if item.product is None], by, now)
    _change_terms([item for item in known if _is_simple(item)], by, now)
    for item in known:
        if not _is_simple(item):
            opening |= _change(item, by, now)
    _set_states([item for item in known if item.state and item.product and item.state != item.product.state], by, now)
    figures.set_prices([item.product.pk for item in known if item.product is not None])
    standing.refresh([item.product.pk for item in items if item.product is not None], by=by, now=now)
    if any(item.product and item.product.state == Product.State.LIVE for item in items):
        due.note("push", now=now)
        vocabulary.outdated(now=now)
    return opening


def _make(items: Sequence[Item], by: str, now: datetime) -> dict[int, int]:
    """New products, their variants, steps and events: four statements."""
    if not items:
        return {}
    members = Member.objects.in_bulk({item.member for item in items})
    categories = Category.objects.select_related("parent__parent").in_bulk({item.content.category for item in items})
    slugs = _slugs([item.content.title for item in items])
    for item, slug in zip(items, slugs, strict=True):
        flat = {name: getattr(item.content, name) for name in writing.FLAT}
        prices = [choice.price for choice in item.content.choices]
        item.product = Product(
            **flat, member=members[item.member], category=categories[item.content.category], slug=slug,
            state=item.state or Product.State.LIVE, price_from=min(prices), price_to=max(prices),
            in_stock=item.content.made_to_order or any(choice.pieces for choice in item.content.choices),
        )  # fmt: skip
        variants = [_variant(choice, at) for at, choice in enumerate(item.content.choices)]
        item.product.active_variants = variants  # type: ignore[attr-defined]
        item.product.search_extra = findable.extra_words(item.product)
    products = [item.product for item in items if item.product is not None]
    Product.objects.bulk_create(products, batch_size=MADE_AT_ONCE)
    variants = []
    for product in products:
        for variant in product.active_variants:  # type: ignore[attr-defined]
            variant.product = product
            variants.append(variant)
    Variant.objects.bulk_create(variants, batch_size=MADE_AT_ONCE)
    _note_keys(items)
    pairs = [(item.by_sku[choice.sku], choice) for item in items for choice in item.content.choices]
    _write_steps(pairs)
    created = ProductEvent.Kind.CREATED
    ProductEvent.objects.bulk_create(
        [recording.event(product=product, kind=created, actor=by, now=now) for product in products]
    )
    return {pk: choice.pieces or 0 for pk, choice in pairs}


def _variant(choice: Choice, position: int) -> Variant:
    return Variant(**{name: getattr(choice, name) for name in writing.TERMS}, position=position)


def _note_keys(items: Sequence[Item]) -> None:
    for item in items:
        item.by_sku = {variant.sku: variant.pk for variant in item.product.active_variants}  # type: ignore[union-attr]


def _slugs(titles: Sequence[str]) -> list[str]:
    """Free addresses for new products, looked up together; a number behind those that are taken."""
    bases = [slugify(title)[:130] or "produk" for title in titles]
    taken = set(Product.objects.filter(slug__in=bases).values_list("slug", flat=True))
    found = []
    for title, base in zip(titles, bases, strict=True):
        slug = base
        if slug in taken:
            slug = naming.free_slug(Product, title, otherwise="produk")
            number = 2
            while slug in taken:
                slug, number = f"{base}-{number}", number + 1
        taken.add(slug)
        found.append(slug)
    return found


def _write_steps(pairs: Sequence[tuple[int, Choice]]) -> None:
    PriceStep.objects.bulk_create(
        PriceStep(variant_id=pk, from_quantity=step.from_quantity, price=step.price)
        for pk, choice in pairs
        for step in choice.steps
    )


def _is_simple(item: Item) -> bool:
    """The same choices under the same names: what most files change is prices and texts."""

    def names(of: Content | None) -> list[tuple[Any, ...]]:
        choices = of.choices if of else ()
        return [(choice.variant, choice.sku, choice.option1, choice.option2) for choice in choices]

    return names(item.before) == names(item.content)


def _change(item: Item, by: str, now: datetime) -> Mapping[int, int]:
    """Other choices, or under other names: through the one door."""
    product = item.product
    assert product is not None
    content = replace(item.content, pictures=None)
    written = writing.write_product(content=content, member=product.member, product=product, by=by, now=now)
    item.by_sku = dict(Variant.objects.filter(product=product).values_list("sku", "pk"))
    return written.opening


def _change_terms(items: Sequence[Item], by: str, now: datetime) -> None:
    changed = [item for item in items if item.content != item.before]
    products, variants, events = _Rows(), _Rows(), []
    stale_steps: list[tuple[int, Choice]] = []
    for item in items:
        assert item.product is not None and item.before is not None
        item.by_sku = {choice.sku: choice.variant for choice in item.content.choices if choice.variant}
        if item.content == item.before:
            continue
        told = contents.differences(item.before, item.content)
        products.set(item.product, {name: getattr(item.content, name) for name in writing.FLAT})
        products.set(item.product, {"category_id": item.content.category, "updated_at": now})
        by_pk = {variant.pk: variant for variant in item.product.all_variants}  # type: ignore[attr-defined]
        for was, choice in zip(item.before.choices, item.content.choices, strict=True):
            variant = by_pk[choice.variant or 0]
            variants.set(variant, {name: getattr(choice, name) for name in writing.TERMS})
            if was.steps != choice.steps:
                stale_steps.append((variant.pk, choice))
        events.append(
            recording.event(product=item.product, kind=ProductEvent.Kind.CHANGED, actor=by, changed=told, now=now)
        )
    products.write(Product)
    variants.write(Variant)
    PriceStep.objects.filter(variant__in=[pk for pk, _choice in stale_steps]).delete()
    _write_steps(stale_steps)
    ProductEvent.objects.bulk_create(events)
    _follow(changed, products.fields)


def _follow(changed: Sequence[Item], fields: Collection[str]) -> None:
    keys = [item.product.pk for item in changed if item.product]
    if FOUND_BY & set(fields):
        findable.set_extra(keys)
    if "made_to_order" in fields:
        figures.set_stock(keys)


def _set_states(items: Sequence[Item], by: str, now: datetime) -> None:
    events = []
    for item in items:
        assert item.product is not None
        item.product.state = item.state
        kind = KIND_OF_STATE[Product.State(item.state)]
        events.append(recording.event(product=item.product, kind=kind, actor=by, now=now))
    for state in {item.state for item in items}:
        keys = [item.product.pk for item in items if item.product and item.state == state]
        Product.objects.filter(pk__in=keys).update(state=state, updated_at=now)
    ProductEvent.objects.bulk_create(events)


class _Rows:
    """Rows of which some columns changed; only columns that changed somewhere are written."""

    def __init__(self) -> None:
        self.rows: dict[int, Any] = {}
        self.fields: set[str] = set()

    def set(self, row: Any, wanted: Mapping[str, Any]) -> None:
        for name, value in wanted.items():
            if getattr(row, name) != value:
                setattr(row, name, value)
                self.fields.add(name)
                self.rows[row.pk] = row

    def write(self, model: Any) -> None:
        if self.fields == {"updated_at"}:
            one = next(iter(self.rows.values()))
            model.objects.filter(pk__in=list(self.rows)).update(updated_at=one.updated_at)
        elif self.rows:
            names = [name.removesuffix("_id") for name in sorted(self.fields)]
            model.objects.bulk_update([self.rows[pk] for pk in sorted(self.rows)], names, batch_size=CHANGED_AT_ONCE)
