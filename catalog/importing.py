"""A seller's file becomes products. A bad row is named with its number and reason and stops nothing else; the same file
again changes nothing."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext as _

from catalog import figures, photos, reading
from catalog.models import Category, Product, Variant
from catalog.reading import BadCell, Row
from members.models import Member


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Row `row` (the heading is row 1) could not be taken, or not wholly, and why."""

    row: int
    reason: str


@dataclass(kw_only=True)
class Report:
    """What an import did, counted in products."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class _Choice:
    row: int
    sku: str
    option1: str
    option2: str
    price: int
    weight_g: int
    stock: int


def import_file(*, path: Path, pictures: Path | None, open_stock: Callable[[int, int], None], now: datetime) -> Report:
    """Import the CSV file at `path`; picture names in it are looked up below `pictures`.

    Rows of equal title and seller are one product with variants; its description, category and picture are taken
    from the first row that has them. `open_stock(variant id, pieces)` is called for each new variant only: the
    shop has sold since. Raises reading.Unreadable when the file as a whole makes no sense.
    """
    work = _Import(pictures=pictures, open_stock=open_stock, now=now, members=_members())
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in reading.rows(path.read_bytes()):
        groups.setdefault((row["title"].casefold(), row["seller"].casefold()), []).append(row)
    for rows in groups.values():
        _import_product(rows, work)
    work.report.problems.sort(key=lambda problem: problem.row)
    return work.report


@dataclass(kw_only=True)
class _Import:
    """One run: what it was given, and what it has seen so far."""

    pictures: Path | None
    open_stock: Callable[[int, int], None]
    now: datetime
    members: dict[str, Member]
    taken: dict[str, int] = field(default_factory=dict)  # SKU -> the row that has it
    report: Report = field(default_factory=Report)

    def refuse(self, row: int, reason: Exception) -> None:
        self.report.problems.append(Problem(row=row, reason=str(reason)))


def _members() -> dict[str, Member]:
    by_name: dict[str, list[Member]] = {}
    known: dict[str, Member] = {}
    for member in Member.objects.all():
        known[member.number.casefold()] = member
        by_name.setdefault(member.name.casefold(), []).append(member)
    return {**{name: found[0] for name, found in by_name.items() if len(found) == 1}, **known}


def _import_product(rows: Sequence[Row], work: _Import) -> None:
    try:
        wanted = _product_fields(rows, work.members)
    except BadCell as error:
        for row in rows:
            work.refuse(row.number, error)
        return
    choices = _choices(rows, wanted, work)
    if not choices:
        return
    try:
        with transaction.atomic():
            product, is_new, changed = _write_product(wanted, choices, work)
    except IntegrityError:  # e.g. the shop has this choice under the SKU that the file had before
        for choice in choices:
            work.refuse(choice.row, BadCell(_("Nama atau pilihan ini sudah dipakai SKU lain di toko.")))
        return
    changed |= _attach_picture(product, rows, work)
    outcome = "created" if is_new else "updated" if changed else "unchanged"
    setattr(work.report, outcome, getattr(work.report, outcome) + 1)


def _product_fields(rows: Sequence[Row], members: dict[str, Member]) -> dict[str, object]:
    title = reading.plain(rows[0]["title"])
    if not 3 <= len(title) <= 120:
        raise BadCell(_("Nama produk harus 3 sampai 120 huruf."))
    member = members.get(rows[0]["seller"].casefold())
    if member is None:
        raise BadCell(_("Anggota “%(seller)s” tidak ada di buku anggota.") % {"seller": rows[0]["seller"]})
    category = reading.path(_first(rows, "category"))
    if not category or len(category) > 2 or any(len(part) > 60 for part in category):
        raise BadCell(_("Tulis kategori seperti “Kopi” atau “Kopi > Bubuk”."))
    axes = {name: _first(rows, f"{name}_name") for name in ("axis1", "axis2")}
    if any(len(axis) > 14 for axis in axes.values()):
        raise BadCell(_("Nama pilihan paling panjang 14 huruf."))
    return {
        "title": title,
        "member": member,
        "category": category_at(category),
        "description": reading.plain(_first(rows, "description")),
        **axes,
    }


def _first(rows: Sequence[Row], name: str) -> str:
    return next((row[name] for row in rows if row[name]), "")


def _choices(rows: Sequence[Row], wanted: dict[str, object], work: _Import) -> list[_Choice]:
    found: list[_Choice] = []
    for row in rows:
        try:
            choice = _choice(row, wanted)
            _refuse_twice(choice, found, work.taken)
        except BadCell as error:
            work.refuse(row.number, error)
        else:
            work.taken[choice.sku] = row.number
            found.append(choice)
    return _of_one_product(found, work)


def _of_one_product(choices: Sequence[_Choice], work: _Import) -> list[_Choice]:
    """Without the choices whose SKU belongs to another product than the first known one does."""
    owners = dict(Variant.objects.filter(sku__in=[c.sku for c in choices]).values_list("sku", "product_id"))
    owner = next((owners[choice.sku] for choice in choices if choice.sku in owners), None)
    kept = []
    for choice in choices:
        if owners.get(choice.sku, owner) == owner:
            kept.append(choice)
        else:
            work.refuse(choice.row, BadCell(_("SKU ini milik produk lain di toko.")))
    return kept


def _choice(row: Row, wanted: dict[str, object]) -> _Choice:
    sku, option1, option2 = row["sku"], row["axis1_value"], row["axis2_value"]
    if not sku or len(sku) > 50 or " " in sku:
        raise BadCell(_("SKU wajib diisi, paling panjang 50 huruf, tanpa spasi."))
    if bool(wanted["axis1"]) != bool(option1) or bool(wanted["axis2"]) != bool(option2):
        raise BadCell(_("Isi nama pilihan dan nilainya, atau kosongkan keduanya."))
    if max(len(option1), len(option2)) > 20:
        raise BadCell(_("Nilai pilihan paling panjang 20 huruf."))
    return _Choice(
        row=row.number,
        sku=sku,
        option1=option1,
        option2=option2,
        price=reading.price(row["price"]),
        weight_g=reading.weight(row["weight"]),
        stock=reading.pieces(row["stock"]),
    )


def _refuse_twice(choice: _Choice, found: Sequence[_Choice], taken: dict[str, int]) -> None:
    if choice.sku in taken:
        raise BadCell(_("SKU ini sudah dipakai di baris %(row)d.") % {"row": taken[choice.sku]})
    if any((other.option1, other.option2) == (choice.option1, choice.option2) for other in found):
        raise BadCell(_("Pilihan ini sudah ada di produk yang sama."))


def _write_product(wanted: dict[str, object], choices: Sequence[_Choice], work: _Import) -> tuple[Product, bool, bool]:
    """The product with its variants, whether it is new, and whether anything changed."""
    known = Product.objects.filter(variants__sku__in=[choice.sku for choice in choices]).first()
    product = known or _same_title(wanted)
    is_new = product is None
    if product is None:
        slug = free_slug(Product, str(wanted["title"]), otherwise="produk")
        product = Product(slug=slug, state=Product.State.LIVE)
    changed = _assign(product, wanted)
    if changed:
        product.save()
    for position, choice in enumerate(choices):
        changed |= _write_variant(product, choice, position, work)
    if changed:
        figures.set_prices([product.pk])
    return product, is_new, changed


def _same_title(wanted: dict[str, object]) -> Product | None:
    return Product.objects.filter(Q(member=wanted["member"]), title__iexact=str(wanted["title"])).first()


def category_at(names: Sequence[str]) -> Category:
    parent: Category | None = None
    for depth in range(len(names)):
        name = names[depth]
        found = Category.objects.filter(name__iexact=name, parent=parent).first()
        if found is None:
            slug = free_slug(Category, " ".join(names[: depth + 1])[:70], otherwise="kategori")
            found = Category.objects.create(name=name, parent=parent, slug=slug)
        parent = found
    assert parent is not None
    return parent


def free_slug(model: type[Category | Product], title: str, *, otherwise: str) -> str:
    base = slugify(title)[:130] or otherwise
    taken = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    tries = itertools.chain([base], (f"{base}-{number}" for number in itertools.count(2)))
    return next(slug for slug in tries if slug not in taken)


def _assign(row: Product | Variant, wanted: dict[str, object]) -> bool:
    """Set what differs. Returns whether anything did."""
    is_new = row.pk is None
    names = [name for name, value in wanted.items() if is_new or getattr(row, name) != value]
    for name in names:
        setattr(row, name, wanted[name])
    return bool(names)


def _write_variant(product: Product, choice: _Choice, position: int, work: _Import) -> bool:
    variant = Variant.objects.filter(sku=choice.sku).first()
    is_new = variant is None
    if variant is None:
        variant = Variant(sku=choice.sku)
    wanted = {
        "product": product,
        "option1": choice.option1,
        "option2": choice.option2,
        "price": choice.price,
        "weight_g": choice.weight_g,
        "position": position,
    }
    changed = _assign(variant, wanted)
    if changed:
        variant.save()
    if is_new:
        work.open_stock(variant.pk, choice.stock)
    return changed


def _attach_picture(product: Product, rows: Sequence[Row], work: _Import) -> bool:
    row = next((row for row in rows if row["picture"]), None)
    if row is None or work.pictures is None:
        return False
    file = (work.pictures / row["picture"]).resolve()
    try:
        if not file.is_relative_to(work.pictures.resolve()) or not file.is_file():
            raise photos.BadPhoto(_("Foto “%(name)s” tidak ditemukan.") % {"name": row["picture"]})
        data = file.read_bytes()
        is_new = photos.found(product=product, data=data) is None
        photos.attach(product=product, data=data, alt=product.title, now=work.now)
        return is_new
    except photos.BadPhoto as error:
        work.refuse(row.number, error)
        return False
