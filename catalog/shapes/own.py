"""Our own template: one row per variant. Export writes it, import reads it back (docs/importing.md)."""

from collections.abc import Mapping, Sequence

from catalog.shapes.base import Row, Shape, spelled

# in the order of the template
COLUMNS = (
    "title", "title_en", "description", "description_en", "category", "seller", "state", "condition", "origin",
    "axis1_name", "axis1_value", "axis2_name", "axis2_value", "sku", "barcode", "price", "member_price", "wholesale",
    "stock", "weight_g", "content_amount", "content_unit", "min_per_order", "max_per_order", "made_to_order",
    "lead_days", "daily_capacity", "preorder_date", "pictures", "variant_picture",
)  # fmt: skip
HEADINGS = {
    "title": ("title", "nama produk", "nama", "judul", "product name", "nama barang"),
    "title_en": ("title_en", "nama produk (inggris)", "nama dalam bahasa inggris"),
    "description": ("description", "deskripsi produk", "deskripsi", "keterangan"),
    "description_en": ("description_en", "deskripsi (inggris)", "deskripsi dalam bahasa inggris"),
    "category": ("category", "kategori"),
    "seller": ("seller", "penjual", "anggota", "nomor anggota"),
    "state": ("state", "status"),
    "condition": ("condition", "kondisi"),
    "origin": ("origin", "asal", "kabupaten"),
    "axis1_name": ("axis1_name", "nama variasi 1", "pilihan pertama"),
    "axis1_value": ("axis1_value", "varian untuk variasi 1", "varian 1", "nilai pilihan pertama"),
    "axis2_name": ("axis2_name", "nama variasi 2", "pilihan kedua"),
    "axis2_value": ("axis2_value", "varian untuk variasi 2", "varian 2", "nilai pilihan kedua"),
    "sku": ("sku", "kode variasi", "kode sku", "sku penjual", "kode barang"),
    "barcode": ("barcode", "gtin", "ean"),
    "price": ("price", "harga", "harga jual"),
    "member_price": ("member_price", "harga anggota"),
    "wholesale": ("wholesale", "harga grosir", "grosir"),
    "stock": ("stock", "stok", "jumlah stok"),
    "weight": ("weight_g", "weight", "berat", "berat (gram)", "berat (g)"),
    "content_amount": ("content_amount", "isi"),
    "content_unit": ("content_unit", "satuan isi"),
    "min_per_order": ("min_per_order", "paling sedikit", "min. jumlah pembelian"),
    "max_per_order": ("max_per_order", "paling banyak", "maks. jumlah pembelian"),
    "made_to_order": ("made_to_order", "dibuat setelah dipesan"),
    "lead_days": ("lead_days", "lama membuat (hari)"),
    "daily_capacity": ("daily_capacity", "sanggup per hari"),
    "preorder_date": ("preorder_date", "dikirim mulai"),
    "pictures": ("pictures", "picture", "foto", "foto sampul", "foto produk"),
    "variant_picture": ("variant_picture", "foto pilihan"),
}
FIELDS = tuple(HEADINGS)
SOURCES = {name: (name,) for name in FIELDS}
NEEDED = ("title", "price", "stock", "sku", "weight")


def key(cells: Mapping[str, str]) -> Sequence[str]:
    title = cells.get("title", "")
    return (f"{title.casefold()}\t{cells.get('seller', '').casefold()}",) if title else ()


def translate(rows: Sequence[Row]) -> Sequence[Row]:
    return rows


SHAPE = Shape(
    name="own", headings=spelled(HEADINGS), needed=frozenset(NEEDED), key=key, translate=translate, sources=SOURCES,
    is_ours=True,
)  # fmt: skip
# Any other table, once somebody has said what its columns mean: the same fields under other headings.
MAPPED = Shape(
    name="mapped", headings=spelled(HEADINGS), needed=frozenset({"title", "price"}), key=key, translate=translate,
    sources=SOURCES, makes_skus=True,
)  # fmt: skip
