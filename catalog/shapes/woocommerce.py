"""WooCommerce's product CSV: `simple` products, and `variable` ones with `variation` rows that name their parent by its
SKU or as `id:12`, before or after it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from catalog.reading import BadCell, weight
from catalog.shapes.base import Row, Shape, spelled

HEADINGS = {
    "id": ("ID",),
    "type": ("Type", "Tipe"),
    "sku": ("SKU",),
    "barcode": ("GTIN, UPC, EAN, or ISBN", "GTIN UPC EAN or ISBN"),
    "title": ("Name", "Nama"),
    "published": ("Published", "Diterbitkan"),
    "short": ("Short description", "Deskripsi singkat"),
    "description": ("Description", "Deskripsi"),
    "stock": ("Stock", "Stok"),
    "weight_kg": ("Weight (kg)", "Berat (kg)", "Weight"),
    "weight_g": ("Weight (g)", "Berat (g)"),
    "weight_lbs": ("Weight (lbs)",),
    "weight_oz": ("Weight (oz)",),
    "price": ("Regular price", "Harga reguler", "Harga normal"),
    "category": ("Categories", "Kategori"),
    "images": ("Images", "Gambar"),
    "parent": ("Parent", "Induk"),
    "attribute1_name": ("Attribute 1 name", "Nama atribut 1"),
    "attribute1_value": ("Attribute 1 value(s)", "Nilai atribut 1"),
    "attribute2_name": ("Attribute 2 name", "Nama atribut 2"),
    "attribute2_value": ("Attribute 2 value(s)", "Nilai atribut 2"),
}
UNITS = {"weight_kg": "kg", "weight_g": "g", "weight_lbs": "lbs", "weight_oz": "oz"}
SOURCES = {
    "title": ("title",), "description": ("description", "short"), "category": ("category",), "state": ("published",),
    "axis1_name": ("attribute1_name",), "axis1_value": ("attribute1_value",), "axis2_name": ("attribute2_name",),
    "axis2_value": ("attribute2_value",), "sku": ("sku", "title"), "barcode": ("barcode",), "price": ("price",),
    "stock": ("stock",), "weight": tuple(UNITS), "pictures": ("images",), "variant_picture": ("images",),
    "lonely": ("type",),
}  # fmt: skip
STATES = {"1": "live", "0": "paused", "-1": "draft"}


def key(cells: Mapping[str, str]) -> Sequence[str]:
    if cells.get("parent"):
        return (_name(cells["parent"]),)
    number, sku = cells.get("id", ""), cells.get("sku", "")
    return tuple(name for name in (f"sku:{sku.casefold()}" if sku else "", f"id:{number}" if number else "") if name)


def _name(parent: str) -> str:
    return parent.casefold() if parent.casefold().startswith("id:") else f"sku:{parent.casefold()}"


def translate(rows: Sequence[Row]) -> Sequence[Row]:
    parent = next((row for row in rows if not row["parent"]), rows[0])
    variations = [row for row in rows if row is not parent and row["parent"]]
    strays = [_stray(row) for row in rows if row is not parent and (not row["parent"] or not _is_variable(parent))]
    head = _product(parent)
    if not _is_variable(parent):
        return [replace(parent, cells={**head, **_terms(parent)}), *strays]
    axes = {"axis1_name": parent["attribute1_name"], "axis2_name": parent["attribute2_name"]}
    found = []
    for row in variations:
        values = {
            "axis1_value": row["attribute1_value"] if axes["axis1_name"] else "",
            "axis2_value": row["attribute2_value"] if axes["axis2_name"] else "",
            "variant_picture": row["images"].split(",")[0].strip(),
        }
        weighed = row if _weight(row) else replace(row, cells={**row.cells, **_weights(parent)})
        found.append(replace(row, cells={**head, **axes, **values, **_terms(weighed)}))
    return [*(found or [replace(parent, cells={**head, "lonely": parent["type"]})]), *strays]


def _is_variable(parent: Row) -> bool:
    return "variable" in parent["type"].casefold()


def _stray(row: Row) -> Row:
    """A second row of the same SKU, or a variation of what has none."""
    if not row["parent"]:
        return replace(row, cells={**_product(row), **_terms(row)})
    return replace(row, cells={"title": row["title"], "lonely": row["type"] or "variation"})


def _product(parent: Row) -> dict[str, str]:
    first = parent["category"].split(",")[0]
    return {
        "title": parent["title"],
        "description": (parent["description"] or parent["short"]).replace("\\n", "\n"),
        "category": " > ".join(first.split(" > ")[-2:]).strip(),
        "state": STATES.get(parent["published"], "live"),
        "pictures": parent["images"],
        "code": parent["sku"] or parent["id"],
        **({"lonely": parent["type"]} if _is_alone(parent) else {}),
    }


def _is_alone(parent: Row) -> bool:
    """A kind of product that we do not sell (`grouped`, `external`), or a variation whose parent is not in the file."""
    kinds = parent["type"].casefold()
    return bool(parent["parent"]) or "grouped" in kinds or "external" in kinds


def _terms(row: Row) -> dict[str, str]:
    return {
        "sku": row["sku"], "barcode": row["barcode"], "price": row["price"], "stock": row["stock"].removesuffix(".0"),
        "weight": _weight(row),
    }  # fmt: skip


def _weights(row: Row) -> dict[str, str]:
    return {name: row[name] for name in UNITS if row[name]}


def _weight(row: Row) -> str:
    for name, unit in UNITS.items():
        if row[name] and row[name] != "0":
            written = f"{row[name]} {unit}"
            try:
                return str(weight(written))
            except BadCell:
                return written
    return ""


SHAPE = Shape(
    name="woocommerce", headings=spelled(HEADINGS), needed=frozenset({"type", "title", "price", "parent"}), key=key,
    translate=translate, sources=SOURCES, makes_skus=True,
)  # fmt: skip
