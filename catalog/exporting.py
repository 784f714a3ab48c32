"""The catalogue as a file of our own template, which an import reads back without a change (docs/importing.md).

django-import-export says which columns there are and what stands in them (`Columns`); rows are written as they come, so
that a catalogue of any length needs the memory of a few hundred.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from import_export import fields, resources
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from catalog import reading
from catalog.models import Category, Picture, PriceStep, Product, Variant, WantedPicture
from catalog.shapes import own
from lib import regencies

AT_ONCE = 500
ONCE = {"title_en", "description", "description_en", "pictures"}  # on a product's first row only: they are long
CONDITIONS = {"new": "baru", "used": "bekas"}
STATES = {"live": "dijual", "draft": "draf", "paused": "disembunyikan"}
EXAMPLE = {
    "title": "Kopi Arabika Gayo", "description": "Petik merah, disangrai sedang.", "category": "Kopi > Biji",
    "seller": "A-001", "state": "dijual", "condition": "baru", "origin": "Kab. Aceh Tengah", "axis1_name": "Berat",
    "price": 65_000, "wholesale": "10:60000; 50:55000", "stock": 20, "content_unit": "g", "min_per_order": 1,
    "pictures": "kopi-arabika.jpg",
}  # fmt: skip
EXAMPLES: tuple[dict[str, Any], ...] = (
    {**EXAMPLE, "axis1_value": "250 g", "sku": "KOPI-250", "weight_g": 270, "content_amount": 250},
    {
        **EXAMPLE, "description": "", "pictures": "", "axis1_value": "500 g", "sku": "KOPI-500", "weight_g": 530,
        "content_amount": 500, "price": 120_000, "wholesale": "",
    },
)  # fmt: skip


class Columns(resources.ModelResource):
    """What stands in each column of a variant's row. Money in whole rupiah, weight in gram."""

    def __init__(self, *, site: str) -> None:
        super().__init__()
        self.site = site  # where pictures without another address are seen
        self.paths = _paths()
        self.product: int | None = None

    class Meta:
        model = Variant
        fields = ()

    def row(self, variant: Variant) -> list[Any]:
        """The cells of one variant; rows of a product come one after another."""
        is_first, self.product = self.product != variant.product_id, variant.product_id
        cells = self.export_resource(variant, selected_fields=list(own.COLUMNS))
        return [
            "" if name in ONCE and not is_first else _cell(cell) for name, cell in zip(own.COLUMNS, cells, strict=True)
        ]

    def dehydrate_seller(self, variant: Variant) -> str:
        return variant.product.member.number

    def dehydrate_category(self, variant: Variant) -> str:
        return self.paths.get(variant.product.category_id, "")

    def dehydrate_state(self, variant: Variant) -> str:
        return STATES[variant.product.state]

    def dehydrate_condition(self, variant: Variant) -> str:
        return CONDITIONS[variant.product.condition]

    def dehydrate_origin(self, variant: Variant) -> str:
        code = variant.product.origin_code
        name = regencies.name(code)
        return name if regencies.code_of(name) == code else code

    def dehydrate_axis1_name(self, variant: Variant) -> str:
        return variant.product.axis1

    def dehydrate_axis2_name(self, variant: Variant) -> str:
        return variant.product.axis2

    def dehydrate_axis1_value(self, variant: Variant) -> str:
        return variant.option1

    def dehydrate_axis2_value(self, variant: Variant) -> str:
        return variant.option2

    def dehydrate_wholesale(self, variant: Variant) -> str:
        return "; ".join(f"{step.from_quantity}:{step.price}" for step in variant.steps.all())

    def dehydrate_stock(self, variant: Variant) -> int:
        return variant.stock.on_hand if hasattr(variant, "stock") else 0

    def dehydrate_made_to_order(self, variant: Variant) -> str:
        return "ya" if variant.product.made_to_order else ""

    def dehydrate_lead_days(self, variant: Variant) -> int | None:
        return variant.product.lead_days or None

    def dehydrate_min_per_order(self, variant: Variant) -> int | None:
        return variant.product.min_per_order if variant.product.min_per_order > 1 else None

    def dehydrate_preorder_date(self, variant: Variant) -> str:
        date = variant.product.preorder_date
        return date.isoformat() if date else ""

    def dehydrate_pictures(self, variant: Variant) -> str:
        return "\n".join(self._address(picture) for picture in variant.product.pictures.all())

    def dehydrate_variant_picture(self, variant: Variant) -> str:
        return self._address(variant.picture) if variant.picture else ""

    def _address(self, picture: Picture) -> str:
        """Where it came from, so that it is known again; else where it is seen."""
        wish = next(iter(picture.wishes.all()), None)
        return wish.address if wish else f"{self.site}{picture.image.url}"


def _of(name: str) -> fields.Field:
    """A column that is an attribute of the product, of the variant, or worked out by `dehydrate_<name>`."""
    of_product = {field.name for field in Product._meta.concrete_fields} - {"id", "category", "state", "condition"}
    path = f"product__{name}" if name in of_product else name
    return fields.Field(attribute=path, column_name=name)


Columns.fields = {name: _of(name) for name in own.COLUMNS}


def write_csv(path: Path, *, products: QuerySet[Product], site: str) -> int:
    """Write the variants on sale of `products` to a CSV file. Returns how many rows."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(own.COLUMNS)
        count = 0
        for row in _rows(products, site):
            writer.writerow(row)
            count += 1
    return count


def write_xlsx(path: Path, *, products: QuerySet[Product], site: str) -> int:
    """As `write_csv`, for Excel: numbers are numbers, texts are texts and never formulas."""
    return _write_book(path, _rows(products, site))


def template_csv() -> bytes:
    """An empty template with two rows that show how it is filled in."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(own.COLUMNS)
    writer.writerows(_examples())
    return out.getvalue().encode("utf-8-sig")


def template_xlsx(path: Path) -> None:
    _write_book(path, _examples())


def _examples() -> Iterator[list[Any]]:
    return ([_cell(row.get(name, "")) for name in own.COLUMNS] for row in EXAMPLES)


def _write_book(path: Path, rows: Iterable[list[Any]]) -> int:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Produk"))
    sheet.append(list(own.COLUMNS))
    count = 0
    for row in rows:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) if isinstance(cell, str) else cell for cell in row])
        count += 1
    book.save(path)
    return count


def _rows(products: QuerySet[Product], site: str) -> Iterator[list[Any]]:
    columns = Columns(site=site)
    pictures = Picture.objects.order_by("position", "pk").prefetch_related(_wishes())
    found = (
        Variant.objects.filter(is_active=True, product__in=products.order_by().values("pk"))
        .select_related("product__member", "stock")
        .defer("product__search", "product__words")
        .prefetch_related(
            Prefetch("product__pictures", pictures),
            Prefetch("picture", Picture.objects.prefetch_related(_wishes())),
            Prefetch("steps", PriceStep.objects.order_by("from_quantity")),
        )
        .order_by("product_id", "position", "pk")
    )
    for variant in found.iterator(chunk_size=AT_ONCE):
        yield columns.row(variant)


def _wishes() -> Prefetch:
    return Prefetch("wishes", WantedPicture.objects.order_by("pk"))


def _paths() -> Mapping[int, str]:
    rows = {row.pk: row for row in Category.objects.all()}
    found = {}
    for row in rows.values():
        names, above = [row.name], row.parent_id
        while above is not None:
            names.insert(0, rows[above].name)
            above = rows[above].parent_id
        found[row.pk] = " > ".join(names)
    return found


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return reading.kept(value)
    return "" if value is None else value
