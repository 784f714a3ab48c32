"""What follows from documents: whether a product may be on sale, and what it may show. `Product.lacks` and
`Product.marks` are written here and nowhere else.

Whoever writes a product, its category or a document calls `refresh` in the same transaction; the clock calls
`refresh_all` when a day is over.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Q

from catalog import findable, recording
from catalog.models import Category, Document, Product, ProductEvent
from tenants import due
from tenants.context import current_cooperative

Kind = Document.Kind
ORDER = {str(kind): place for place, kind in enumerate(Kind)}
AT_ONCE = 500


@transaction.atomic
def refresh(product_ids: Iterable[int], *, by: str, now: datetime) -> list[int]:
    """Bring these products in line with documents and categories. Returns those that came off sale or back on.

    What is live and comes off the shelf, or back onto it, has an event in its history, and channels hear of it.
    """
    wanted = Product.objects.select_for_update(no_key=True).filter(pk__in=sorted(set(product_ids))).order_by("pk")
    products = list(wanted.only("pk", "state", "member_id", "category_id", "lacks", "marks"))
    passports = _Passports.read(products, today=today(now))
    moved = _write(products, passports)
    live = [product for product in moved if product.state == Product.State.LIVE]
    ProductEvent.objects.bulk_create(_event(product, by, now) for product in live)
    if moved:
        due.note("push", now=now)
    return [product.pk for product in moved]


def refresh_all(*, by: str, now: datetime) -> list[int]:
    """`refresh` of every product that is not what it should be: the whole shelf is read, little of it is written."""
    return [pk for batch in _batches(_wrong(today(now))) for pk in refresh(batch, by=by, now=now)]


@transaction.atomic
def set_requirements(*, category_id: int, kinds: Sequence[str], by: str, now: datetime) -> None:
    """Nothing of this category, or below it, is on sale without documents of `kinds`."""
    category = Category.objects.select_for_update().get(pk=category_id)
    wanted = sorted({str(Kind(kind)) for kind in kinds}, key=ORDER.__getitem__)
    if wanted == category.requires:
        return
    category.requires = wanted
    category.save(update_fields=["requires"])
    below = [pk for pk, above in _lines().items() if category_id in above]
    mine = Product.objects.filter(category__in=below).order_by("pk").values_list("pk", flat=True)
    for batch in _batches(mine.iterator()):
        refresh(batch, by=by, now=now)


def shown(product: Product, *, now: datetime) -> list[Document]:
    """The documents that visitors see of a product, in the order of kinds; no query where it has no marks. Of two of
    one kind the product's own, and then the one that is valid longest."""
    mine = Document.objects.filter(Q(product=product) | Q(member=product.member_id), kind__in=product.marks)
    best: dict[str, Document] = {}
    for document in mine.filter(valid_on(today(now))):
        if document.kind not in best or _rank(document) > _rank(best[document.kind]):
            best[document.kind] = document
    return sorted(best.values(), key=lambda document: ORDER[document.kind])


def required(category: Category) -> list[str]:
    """Kinds that this category demands, itself or by one above it."""
    above = _lines()[category.pk]
    found = {kind for each in Category.objects.filter(pk__in=above) for kind in each.requires}
    return sorted(found, key=ORDER.__getitem__)


def today(now: datetime) -> date:
    """The day that it is where the cooperative is. A document is valid on its last day."""
    return now.astimezone(ZoneInfo(current_cooperative().zone)).date()


def valid_on(day: date) -> Q:
    """Documents that count."""
    return Q(state=Document.State.ACCEPTED) & (Q(valid_until=None) | Q(valid_until__gte=day))


@dataclass(frozen=True)
class _Passports:
    """What there is of documents and demands for some products."""

    of_products: Mapping[int, set[str]]
    of_members: Mapping[int, set[str]]
    demands: Mapping[int, set[str]]  # by category

    @classmethod
    def read(cls, products: Sequence[Product] | None, *, today: date) -> "_Passports":
        """For `products`, or for all. Two queries."""
        documents = Document.objects.filter(valid_on(today))
        if products is not None:
            whose = Q(product__in=[product.pk for product in products])
            documents = documents.filter(whose | Q(member__in={product.member_id for product in products}))
        of_products: dict[int, set[str]] = {}
        of_members: dict[int, set[str]] = {}
        for kind, product, member in documents.values_list("kind", "product", "member"):
            (of_products if product else of_members).setdefault(product or member, set()).add(kind)
        return cls(of_products, of_members, _demands())

    def of(self, product: Product) -> tuple[str, list[str]]:
        """What it lacks (the first of it; empty: nothing), and what it may show."""
        own = self.of_products.get(product.pk, set())
        theirs = self.of_members.get(product.member_id, set())
        if own & _SAYS_HALAL:  # what is said of this one product counts, not what is said of all
            theirs = theirs - _SAYS_HALAL
        has = own | theirs
        if Kind.NOT_HALAL in has:
            has = has - {Kind.HALAL}
        missing = self.demands.get(product.category_id, set()) - has
        if Kind.NOT_HALAL in has:  # the law wants a certificate or these words (UU 33/2014 art. 26)
            missing = missing - {Kind.HALAL}
        return min(missing, key=ORDER.__getitem__, default=""), sorted(has, key=ORDER.__getitem__)


_SAYS_HALAL = {Kind.HALAL, Kind.NOT_HALAL}


def _write(products: Sequence[Product], passports: _Passports) -> list[Product]:
    """One statement per outcome, and there are few. Returns those that came off sale or back on."""
    changed: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    moved = []
    for product in products:
        lacks, marks = passports.of(product)
        if (lacks, marks) != (product.lacks, product.marks):
            changed.setdefault((lacks, tuple(marks)), []).append(product.pk)
        if bool(lacks) != bool(product.lacks):
            moved.append(product)
        product.lacks, product.marks = lacks, marks
    for (missing, shown_kinds), ids in changed.items():
        Product.objects.filter(pk__in=ids).update(lacks=missing, marks=list(shown_kinds))
    findable.set_extra(pk for ids in changed.values() for pk in ids)
    return moved


def _event(product: Product, by: str, now: datetime) -> ProductEvent:
    kind = ProductEvent.Kind.BLOCKED if product.lacks else ProductEvent.Kind.UNBLOCKED
    return recording.event(product=product, kind=kind, actor=by, reason=product.lacks, now=now)


def _wrong(day: date) -> Iterator[int]:
    passports = _Passports.read(None, today=day)
    for product in Product.objects.order_by("pk").only("pk", "member_id", "category_id", "lacks", "marks").iterator():
        if passports.of(product) != (product.lacks, product.marks):
            yield product.pk


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    batch: list[int] = []
    for pk in ids:
        batch.append(pk)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _demands() -> dict[int, set[str]]:
    own = dict(Category.objects.exclude(requires=[]).values_list("pk", "requires"))
    if not own:
        return {}
    return {pk: {kind for each in above for kind in own.get(each, [])} for pk, above in _lines().items()}


def _lines() -> dict[int, list[int]]:
    """Each category with itself and all above it."""
    parents = dict(Category.objects.values_list("pk", "parent"))
    lines: dict[int, list[int]] = {}
    for pk in parents:
        line: list[int] = []
        at: int | None = pk
        while at is not None and at not in line:
            line.append(at)
            at = parents.get(at)
        lines[pk] = line
    return lines


def _rank(document: Document) -> tuple[bool, date]:
    return document.product_id is not None, document.valid_until or date.max
