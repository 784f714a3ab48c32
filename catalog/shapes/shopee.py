"""Shopee Indonesia's mass-upload workbook and what its exports look like.

Its columns stand in another order for every category, and six rows stand above the first product: the first row has a
key for each column (`ps_price|1|1`), the third its label. Rows after the first of one integration code may have no
name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from catalog.reading import Record
from catalog.shapes.base import Row, Shape, spelled

HEADINGS = {
    "category": ("ps_category", "Kategori"),
    "title": ("ps_product_name", "Nama Produk"),
    "description": ("ps_product_description", "Deskripsi Produk"),
    "max_per_order": ("ps_maximum_purchase_quantity", "Maks. Jumlah Pembelian"),
    "min_per_order": ("ps_minimum_purchase_quantity", "Min. Jumlah Pembelian"),
    "parent_sku": ("ps_sku_parent_short", "SKU Induk"),
    "code": ("et_title_variation_integration_no", "Kode Integrasi Variasi", "Kode Produk"),
    "axis1_name": ("et_title_variation_1", "Nama Variasi 1"),
    "axis1_value": ("et_title_option_for_variation_1", "Varian untuk Variasi 1"),
    "axis2_name": ("et_title_variation_2", "Nama Variasi 2"),
    "axis2_value": ("et_title_option_for_variation_2", "Varian untuk Variasi 2"),
    "variant_picture": ("et_title_image_per_variation", "Foto Produk per Varian"),
    "price": ("ps_price", "Harga"),
    "stock": ("ps_stock", "Stok"),
    "sku": ("ps_sku_short", "Kode Variasi"),
    "barcode": ("ps_gtin_code", "GTIN"),
    "picture0": ("ps_item_cover_image", "Foto Sampul"),
    **{f"picture{n}": (f"ps_item_image_{n}", f"Foto Produk {n}") for n in range(1, 9)},
    "weight": ("ps_weight", "Berat"),
    "preorder_days": ("ps_product_pre_order_dts", "Dikirim Dalam Pre-order"),
    "integration": ("et_title_image_guide", "Alasan Gagal", "ps_brand", "Merek"),
}
PICTURES = tuple(f"picture{n}" for n in range(9))
GUIDES = {"wajib", "opsional", "wajib bersyarat", "mandatory", "optional", "conditional mandatory"}
SAME = (
    "category", "title", "description", "max_per_order", "min_per_order", "axis1_name", "axis1_value", "axis2_name",
    "axis2_value", "variant_picture", "price", "stock", "barcode", "weight",
)  # fmt: skip
SOURCES = {**{name: (name,) for name in SAME}, "sku": ("sku", "parent_sku", "title"), "pictures": PICTURES}
PRODUCT = ("category", "description", "max_per_order", "min_per_order", "axis1_name", "axis2_name")


def key(cells: Mapping[str, str]) -> Sequence[str]:
    if cells.get("code"):
        return (f"code:{cells['code'].casefold()}",)
    return (f"title:{cells['title'].casefold()}",) if cells.get("title") else ()


def translate(rows: Sequence[Row]) -> Sequence[Row]:
    first = rows[0]
    head = {name: first[name] for name in PRODUCT}
    head |= {
        "title": first["title"],
        "category": _category(first["category"]),
        "code": first["parent_sku"] or first["code"],
        "pictures": "\n".join(first[name] for name in PICTURES if first[name]),
    }
    return [replace(row, cells={**head, **_choice(row, first, len(rows))}) for row in rows]


def _choice(row: Row, first: Row, count: int) -> dict[str, str]:
    names = ("axis1_value", "axis2_value", "variant_picture", "price", "stock", "sku", "barcode")
    found = {name: row[name] for name in names}
    if not found["sku"] and count == 1:
        found["sku"] = row["parent_sku"]
    return {**found, "title": row["title"] or first["title"], "weight": row["weight"] or first["weight"]}


def _category(cell: str) -> str:
    """`100160-Aksesoris Fashion/Aksesoris Tambahan/Gelang` -> its last two; a bare number is Shopee's own and says
    nothing here."""
    if cell.isdecimal():
        return ""
    number, dash, rest = cell.partition("-")
    named = rest if dash and number.strip().isdecimal() else cell
    return " > ".join(part.strip() for part in named.replace(" > ", "/").split("/")[-2:])


def explains(record: Record, labels: Mapping[str, str]) -> bool:
    """The rows between the keys and the first product: labels, what is mandatory, how to fill in."""
    if any("|" in label for label in labels.values()):
        return record.number <= 6
    words = [cell.casefold() for cell in record.cells if cell]
    return record.number <= 6 and sum(word in GUIDES for word in words) * 2 >= len(words)


SHAPE = Shape(
    name="shopee", headings=spelled(HEADINGS), needed=frozenset({"title", "price", "stock", "parent_sku"}), key=key,
    translate=translate, sources=SOURCES, explains=explains, makes_skus=True,
)  # fmt: skip
