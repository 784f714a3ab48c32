"""What a listing says is written to the shelf. The one door by which a product's content changes: a member's listing,
an officer's edit, an approval, a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from catalog import content as contents
from catalog import figures, findable, naming, photos, recording, vocabulary
from catalog.content import Choice, Content, Difference, Problem
from catalog.models import Picture, PriceStep, Product, ProductEvent, Variant
from catalog.passport import standing
from members.models import Member
from tenants import due

FLAT = (
    "title", "title_en", "description", "description_en", "condition", "origin_code", "axis1", "axis2", "content_unit",
    "min_per_order", "max_per_order", "made_to_order", "lead_days", "daily_capacity", "preorder_date",
)  # fmt: skip
TERMS = ("sku", "option1", "option2", "price", "member_price", "weight_g", "barcode", "content_amount")


class Refused(Exception):
    """It cannot be sold as it is written: `problems` say why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__([problem.field for problem in problems])
        self.problems = list(problems)


@dataclass(frozen=True, kw_only=True)
class Written:
    """The product as it is now. `opening` maps new variants (pk) to the pieces that are to be put on the shelf."""

    product: Product
    is_new: bool
    changed: Sequence[Difference]
    opening: Mapping[int, int] = field(default_factory=dict)


def write_product(
    *,
    content: Content,
    member: Member,
    product: Product | None = None,
    by: str,
    now: datetime,
    state: str = Product.State.LIVE,
    kind: str = "",
) -> Written:
    """Make `product`, or a new one of `member`, say `content`. What is the same already is not written.

    Variants that `content` leaves out are no longer sold; their stock and orders stay. `state` is that of a new
    product. `kind` names the event (ProductEvent.Kind) where it is more than created or changed. Channels hear of it.
    Raises Refused; nothing changes then.
    """
    found = contents.problems(content)
    if found:
        raise Refused(found)
    try:
        with transaction.atomic():
            return _write(content, member, product, by, now, state, kind)
    except IntegrityError as error:  # somebody else was quicker by a moment
        raise Refused([_taken(error)]) from error


def _write(
    content: Content,
    member: Member,
    product: Product | None,
    by: str,
    now: datetime,
    state: str,
    kind: str,
) -> Written:
    before = None
    if product is not None:
        product = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
        before = contents.of(product)
    variants = list(product.variants.order_by("pk")) if product else []
    content = _with_known_variants(content, variants)
    _refuse_what_is_taken(content, member, product)
    changed = contents.differences(before, content) if before else []
    if product is not None and not changed and not _is_moved(content, before):
        return Written(product=product, is_new=False, changed=[])
    product = _assign(product or Product(member=member, state=state), content)
    pictures = _place_pictures(product, content, now)
    content = _with_kept_pictures(content, pictures)
    opening = _write_variants(product, content, variants)
    figures.set_prices([product.pk])
    figures.set_stock([product.pk])
    if before is None or before.category != content.category:
        standing.refresh([product.pk], by=by, now=now)
    findable.set_extra([product.pk])
    vocabulary.outdated(now=now)
    _record(product, before is None, changed, kind, by, now)
    if product.state == Product.State.LIVE:
        due.note("push", now=now)
    return Written(product=product, is_new=before is None, changed=changed, opening=opening)


def _with_known_variants(content: Content, variants: Sequence[Variant]) -> Content:
    """Each choice with the variant that it is: by its pk, else by its SKU, else by its options."""
    by_pk = {variant.pk: variant for variant in variants}
    by_sku = {variant.sku: variant for variant in variants}
    by_options = {(variant.option1.casefold(), variant.option2.casefold()): variant for variant in variants}
    taken: set[int] = {choice.variant for choice in content.choices if choice.variant in by_pk}
    found = []
    for choice in content.choices:
        variant = by_pk.get(choice.variant or 0)
        if variant is None:
            options = (choice.option1.casefold(), choice.option2.casefold())
            near = [by_sku.get(choice.sku), None if choice.sku else by_options.get(options)]
            variant = next((each for each in near if each is not None and each.pk not in taken), None)
        if variant is not None:
            taken.add(variant.pk)
        sku = choice.sku or (variant.sku if variant else "")
        found.append(replace(choice, variant=variant.pk if variant else None, sku=sku))
    return replace(content, choices=tuple(found))


def _refuse_what_is_taken(content: Content, member: Member, product: Product | None) -> None:
    owner = product.member_id if product else member.pk
    mine = product.pk if product else 0
    same = Product.objects.filter(member=owner, title__iexact=content.title.strip())
    found = []
    if same.exclude(pk=mine).exists():
        found.append(Problem(field="title", message=_("Anggota ini sudah punya produk lain dengan nama yang sama.")))
    skus = [choice.sku for choice in content.choices if choice.sku]
    others = Variant.objects.filter(sku__in=skus).exclude(product=mine)
    taken = set(others.values_list("sku", flat=True))
    for index, choice in enumerate(content.choices):
        if choice.sku in taken:
            found.append(Problem(field=f"choices.{index}.sku", message=_("SKU ini milik produk lain di toko.")))
    if found:
        raise Refused(found)


def _is_moved(content: Content, before: Content | None) -> bool:
    """Only the order of the choices changed."""
    return before is not None and [c.variant for c in content.choices] != [c.variant for c in before.choices]


def _assign(product: Product, content: Content) -> Product:
    for name in FLAT:
        setattr(product, name, getattr(content, name))
    product.title = content.title.strip()
    assert content.category is not None  # contents.problems asks for it
    product.category_id = content.category
    if product.pk is None:
        product.slug = naming.free_slug(Product, product.title, otherwise="produk")
    product.save()
    return product


def _place_pictures(product: Product, content: Content, now: datetime) -> dict[int, int]:
    """The pictures of the product in the order of `content`. Returns which picture stands for which: of two with the
    same content the product keeps the one it has."""
    if content.pictures is None:
        return {}
    wanted = [shown.picture for shown in content.pictures]
    mine = {picture.pk: picture for picture in product.pictures.all()}
    by_digest = {picture.sha256: picture.pk for picture in mine.values()}
    loose = Q(product=None, proposal__member=product.member_id)
    free = {picture.pk: picture for picture in Picture.objects.filter(loose, pk__in=wanted)}
    stands_for = {pk: by_digest[new.sha256] for pk, new in free.items() if new.sha256 in by_digest}
    kept: set[int] = set()
    for position, shown in enumerate(content.pictures):
        picture = mine.get(stands_for.get(shown.picture, shown.picture)) or free.get(shown.picture)
        if picture is None or picture.pk in kept:
            continue
        kept.add(picture.pk)
        picture.product, picture.position, picture.alt = product, position, shown.alt or product.title[:160]
        picture.save(update_fields=["product", "position", "alt"])
    for picture in mine.values():
        if picture.pk not in kept:
            photos.drop(picture)
    return stands_for


def _with_kept_pictures(content: Content, stands_for: Mapping[int, int]) -> Content:
    choices = (
        replace(choice, picture=stands_for.get(choice.picture, choice.picture) if choice.picture else None)
        for choice in content.choices
    )
    return replace(content, choices=tuple(choices))


def _write_variants(product: Product, content: Content, variants: Sequence[Variant]) -> dict[int, int]:
    """Returns the opening stock of those that are new, by pk."""
    by_pk = {variant.pk: variant for variant in variants}
    kept = {choice.variant for choice in content.choices}
    for variant in variants:
        if variant.pk not in kept and variant.is_active:
            variant.is_active = False
            variant.save(update_fields=["is_active"])
    _make_room(content, by_pk)
    photos = set(product.pictures.values_list("pk", flat=True))
    opening: dict[int, int] = {}
    for position, choice in enumerate(content.choices):
        variant = by_pk.get(choice.variant or 0) or Variant(product=product)
        is_new = variant.pk is None
        _write_variant(variant, product, choice, position, photos)
        _write_steps(variant, choice, is_new)
        if is_new:
            opening[variant.pk] = choice.pieces or 0
    return opening


def _make_room(content: Content, by_pk: Mapping[int, Variant]) -> None:
    """Two choices that swap their names, or one that takes the name of one no longer sold: the database would refuse
    the first of the two statements."""
    wanted = {choice.variant: (choice.option1, choice.option2) for choice in content.choices}
    names = set(wanted.values())
    for variant in by_pk.values():
        now = (variant.option1, variant.option2)
        if now in names and wanted.get(variant.pk) != now:
            variant.option1 = f"~{variant.pk}"[:20]
            variant.save(update_fields=["option1"])


def _write_variant(variant: Variant, product: Product, choice: Choice, position: int, photos: set[int]) -> None:
    wanted = {name: getattr(choice, name) for name in TERMS}
    wanted["sku"] = choice.sku or naming.free_sku(f"{product.slug} {choice.option1} {choice.option2}")
    wanted |= {"position": position, "is_active": True}
    wanted["picture_id"] = choice.picture if choice.picture in photos else None
    if variant.pk is None or any(getattr(variant, name) != value for name, value in wanted.items()):
        for name, value in wanted.items():
            setattr(variant, name, value)
        variant.save()


def _write_steps(variant: Variant, choice: Choice, is_new: bool) -> None:
    wanted = {(step.from_quantity, step.price) for step in choice.steps}
    known = set() if is_new else set(variant.steps.values_list("from_quantity", "price"))
    if wanted == known:
        return
    variant.steps.all().delete()
    PriceStep.objects.bulk_create(
        PriceStep(variant=variant, from_quantity=quantity, price=price) for quantity, price in sorted(wanted)
    )


def _record(product: Product, is_new: bool, changed: Sequence[Difference], kind: str, by: str, now: datetime) -> None:
    usual = ProductEvent.Kind.CREATED if is_new else ProductEvent.Kind.CHANGED
    recording.record(product=product, kind=kind or usual, actor=by, changed=changed, now=now)


def _taken(error: IntegrityError) -> Problem:
    if "sku" in str(error):
        return Problem(field="choices.0.sku", message=_("SKU ini milik produk lain di toko."))
    return Problem(field="title", message=_("Anggota ini sudah punya produk lain dengan nama yang sama."))
