"""Seller files of any length, made by rule, with rows that are broken on purpose: what each of them has to be told is
known beforehand. Every trap was seen in real exports; no text of a real seller is in here."""

import csv
import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from catalog.shapes import own

SELLERS = ("KG-001", "Aman Dimot")
PRICES = ("65000", "Rp65.000", "Rp. 12.500,-", "12,5rb", "160000.00", "1.250.000", "1,250,000", "2 jt", "Rp 7.500")
RUPIAH = (65_000, 65_000, 12_500, 12_500, 160_000, 1_250_000, 1_250_000, 2_000_000, 7_500)
WEIGHTS = ("250", "250 g", "0,25 kg", "1.000", "270 gram", "0.5kg")
GRAMS = (250, 250, 250, 1000, 270, 500)
TEXTS = (
    "Rasa cokelat dan karamel.",
    "<p>Petik merah &amp;amp; dijemur.</p><ul><li>asli</li><li>segar</li></ul>",
    "Baris satu\nBaris dua; dengan titik koma, dan koma",
    "☕ 100% arabika 😀 — “terbaik”",
    "- asli dari kebun\n- tanpa campuran",
    '12" panjang, kata ibu: ""enak""',
)


@dataclass(kw_only=True)
class SellerFile:
    """A file and what an import of it must say: `wrong` maps a row to a part of its reason."""

    path: Path
    rows: int = 0
    products: int = 0
    wrong: dict[int, str] = field(default_factory=dict)
    refused_products: int = 0
    kinds: set[str] = field(default_factory=set)


_letters = itertools.cycle("KLMN")
_others = itertools.cycle(range(1, 5))
Cells = dict[str, str]
Breaking = Callable[[Cells], None]


def _set(**cells: str) -> Breaking:
    return lambda row: row.update(cells)


# kind -> how a good row is broken, and a part of what has to be said about it
OWN_BROKEN: dict[str, tuple[Breaking, str]] = {
    "no title": (_set(title=""), "3 sampai 120 huruf"),
    "a dash for a title": (_set(title="-"), "3 sampai 120 huruf"),
    "short title": (lambda row: row.update(title=next(_letters)), "3 sampai 120 huruf"),
    "title of 280 letters": (lambda row: row.update(title=row["title"] + " x" * 135), "3 sampai 120 huruf"),
    "title that is a formula": (lambda row: row.update(title=f'=HYPERLINK("{row["sku"]}")'), "rumus"),
    "title that is markup only": (lambda row: row.update(title=f"<b {row['sku']}></b>"), "3 sampai 120 huruf"),
    "unknown seller": (_set(seller="KG-999"), "buku anggota"),
    "no seller": (_set(seller=""), "buku anggota"),
    "category too deep": (_set(category="A > B > C > D"), "Tulis kategori"),
    "no category": (_set(category=""), "Tulis kategori"),
    "no price": (_set(price=""), "tidak jelas"),
    "currency without a price": (_set(price="Rp."), "tidak jelas"),
    "range of prices": (_set(price="Rp3.000 - Rp18.900"), "tidak jelas"),
    "two prices in one": (_set(price="Rp42.500Rp50.000"), "tidak jelas"),
    "price that lost its zeros": (_set(price="15.0"), "tidak jelas"),
    "price in words": (_set(price="gratis"), "tidak jelas"),
    "negative price": (_set(price="-5000"), "tidak jelas"),
    "bait price": (_set(price="Rp1"), "kurang dari Rp100"),
    "price of a billion and one": (_set(price="1000000001"), "antara Rp1"),
    "price that is a formula": (_set(price="=B2*2"), "rumus"),
    "price that is an error": (_set(price="#REF!"), "rumus"),
    "price with letters that look like digits": (_set(price="６５０００"), "tidak jelas"),
    "fraction of a weight without unit": (_set(weight_g="0.27"), "Berat"),
    "no weight": (_set(weight_g=""), "Berat"),
    "weight of nothing": (_set(weight_g="0"), "Berat"),
    "weight in words": (_set(weight_g="ringan"), "Berat"),
    "weight of half a ton": (_set(weight_g="500 kg"), "Berat"),
    "stock in words": (_set(stock="habis"), "Stok"),
    "negative stock": (_set(stock="-3"), "Stok"),
    "endless stock": (_set(stock="9999999"), "Stok"),
    "no stock": (_set(stock=""), "Stok"),
    "half a piece": (_set(stock="1.5"), "Stok"),
    "no SKU": (_set(sku=""), "SKU wajib"),
    "SKU with a space": (lambda row: row.update(sku=f"{row['sku']} A"), "SKU wajib"),
    "SKU of 60 letters": (lambda row: row.update(sku=row["sku"].ljust(60, "X")), "SKU wajib"),
    "SKU of an earlier row": (_set(sku="SKU-0"), "sudah dipakai di baris 2"),
    "SKU of another product of the shop": (
        lambda row: row.update(sku=f"MILIK-LAIN-{next(_others)}"),
        "milik anggota lain",
    ),
    "name of a choice without a value": (_set(axis1_name="Ukuran"), "Isi nama pilihan"),
    "value of a choice without a name": (_set(axis1_value="Besar"), "Isi nama pilihan"),
    "name of a choice too long": (_set(axis1_name="Ukuran kemasan besar", axis1_value="L"), "14 huruf"),
    "value of a choice too long": (_set(axis1_name="Ukuran", axis1_value="x" * 21), "20 huruf"),
    "second choice without a first": (_set(axis2_name="Warna", axis2_value="Merah"), "pilihan pertama"),
    "barcode with a slip": (_set(barcode="8991234567892"), "Barcode"),
    "barcode in words": (_set(barcode="tidak ada"), "Barcode"),
    "members pay more": (_set(price="5000", member_price="6000"), "Harga anggota"),
    "wholesale that is dearer": (_set(price="5000", wholesale="10:6000"), "grosir"),
    "wholesale that goes down": (_set(price="5000", wholesale="10:4000; 5:3000"), "grosir"),
    "wholesale without quantities": (_set(wholesale="4000"), "grosir"),
    "unknown condition": (_set(condition="rusak"), "baru atau bekas"),
    "unknown state": (_set(state="entah"), "dijual, draf"),
    "regency of which there are two": (_set(origin="Bandung"), "ada dua"),
    "unknown regency": (_set(origin="Atlantis"), "tidak ada dalam daftar"),
    "unknown unit": (_set(content_unit="karung"), "satuan"),
    "nothing as the least": (_set(min_per_order="0"), "1 sampai 999"),
    "most below least": (_set(min_per_order="5", max_per_order="3"), "lebih kecil"),
    "perhaps made to order": (_set(made_to_order="mungkin"), "ya atau tidak"),
    "made to order in no time": (_set(made_to_order="ya", daily_capacity="5"), "berapa hari"),
    "made to order without capacity": (_set(made_to_order="ya", lead_days="3"), "sanggup"),
    "made to order and sold beforehand": (
        _set(made_to_order="ya", lead_days="3", daily_capacity="5", preorder_date="2026-12-24"),
        "salah satu",
    ),
    "date in words": (_set(preorder_date="besok"), "tanggal"),
    "date that is none": (_set(preorder_date="31/02/2026"), "tanggal"),
    "description of 6,000 letters": (_set(description="x" * 6000), "5.000 huruf"),
    "cell of 30,000 letters": (_set(description="x" * 30_000), "terlalu panjang"),
}


def own_rows(products: int, *, broken_each: int = 4) -> Iterator[tuple[Cells, str]]:
    """Rows of our template, each with the kind of its fault (empty: none): four of five products have four choices,
    and each kind of fault comes `broken_each` times, spread over the file."""
    kinds = list(OWN_BROKEN) * broken_each
    gap = max(1, products // (len(kinds) + 1))
    for n in range(products):
        yield from _own_product(n)
        if n % gap == gap - 1 and kinds:
            kind = kinds.pop()
            row = next(_own_product(products + n))[0] | {"axis1_name": "", "axis1_value": ""}
            OWN_BROKEN[kind][0](row)
            yield row, kind


def _own_product(n: int) -> Iterator[tuple[Cells, str]]:
    base = dict.fromkeys(own.COLUMNS, "") | {
        "title": f"Kopi Gayo nomor {n}",
        "description": TEXTS[n % len(TEXTS)],
        "category": ("Kopi", "Kopi > Bubuk", "Teh > Hijau")[n % 3],
        "seller": SELLERS[n % 2],
        "condition": "baru" if n % 7 else "",
        "origin": "Kab. Aceh Tengah" if n % 4 == 0 else "",
        "sku": f"SKU-{n}",
        "price": PRICES[n % len(PRICES)],
        "wholesale": "10:7.000; 50:6500" if n % 9 == 8 else "",
        "stock": str(n % 50),
        "weight_g": WEIGHTS[n % len(WEIGHTS)],
        "barcode": "8991234567891" if n % 11 == 0 else "",
    }
    if n % 5 == 4:
        yield base, ""
        return
    for number, size in enumerate(("200 g", "500 g", "1 kg", "5 kg")):
        sku = f"SKU-{n}" if number == 0 else f"SKU-{n}-{number}"
        yield {**base, "axis1_name": "Berat", "axis1_value": size, "sku": sku}, ""


def own_file(path: Path, *, products: int, broken_each: int = 4, delimiter: str = ",", bom: bool = False) -> SellerFile:
    made = SellerFile(path=path, products=products)
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(own.COLUMNS)
        for number, (row, kind) in enumerate(own_rows(products, broken_each=broken_each), start=2):
            writer.writerow([row[name] for name in own.COLUMNS])
            made.rows += 1
            if kind:
                made.wrong[number] = OWN_BROKEN[kind][1]
                made.refused_products += 1
                made.kinds.add(f"own: {kind}")
    return made


SHOPIFY = (
    "Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published", "Option1 Name",
    "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value", "Variant SKU", "Variant Grams",
    "Variant Inventory Tracker", "Variant Inventory Qty", "Variant Inventory Policy", "Variant Price",
    "Variant Barcode",    "Image Src", "Image Position", "Image Alt Text", "Variant Image", "Status",
)  # fmt: skip
SHOPIFY_BROKEN: dict[str, tuple[Breaking, str]] = {
    "point for thousands": (_set(**{"Variant Price": "65.000"}), "tidak jelas"),
    "no price": (_set(**{"Variant Price": ""}), "tidak jelas"),
    "cents": (_set(**{"Variant Price": "65000.50"}), "tidak jelas"),
    "weightless": (_set(**{"Variant Grams": "0"}), "Berat"),
    "third choice": (_set(**{"Option3 Name": "Bahan", "Option3 Value": "Katun"}), "dua macam"),
    "no title": (_set(Title=""), "3 sampai 120 huruf"),
    "no type": (_set(Type="", **{"Product Category": ""}), "Tulis kategori"),
    "unknown status": (_set(Status="hilang"), "dijual, draf"),
    "option too long": (_set(**{"Option1 Name": "Ukuran", "Option1 Value": "y" * 25}), "20 huruf"),
    "SKU twice": (_set(**{"Variant SKU": "SH-1"}), "sudah dipakai di baris"),
    "quantity in words": (_set(**{"Variant Inventory Qty": "banyak"}), "Stok"),
    "title of an earlier product": (_set(Title="Baju Shopify 1"), "sudah dipakai produk lain di baris"),
}


def shopify_file(path: Path, *, products: int, broken_each: int = 2) -> SellerFile:
    """One product in four has two choices and a further picture, in rows without a title."""
    made = SellerFile(path=path, products=products)
    rows = _shopify_rows(products, broken_each)
    return _write_csv(made, SHOPIFY, rows, SHOPIFY_BROKEN, "shopify")


def _shopify_rows(products: int, broken_each: int) -> Iterator[tuple[Cells, str]]:
    for n, kind in _spread(products, SHOPIFY_BROKEN, broken_each):
        cells = dict.fromkeys(SHOPIFY, "") | {
            "Handle": f"baju-{n}{'-x' if kind else ''}", "Title": f"Baju Shopify {n}{' x' if kind else ''}",
            "Body (HTML)": f"<p>Baju <strong>katun</strong> nomor&nbsp;{n}</p>", "Vendor": "Toko Baju", "Type": "Baju",
            "Published": "true", "Option1 Name": "Title", "Option1 Value": "Default Title",
            "Variant SKU": f"SH-{n}{'-x' if kind else ''}", "Variant Grams": "300", "Variant Inventory Qty": str(n % 9),
            "Variant Price": "160000.00", "Status": "active",
        }  # fmt: skip
        if kind:
            SHOPIFY_BROKEN[kind][0](cells)
            yield cells, kind
        elif n % 4:
            yield cells, ""
        else:
            yield {**cells, "Option1 Name": "Ukuran", "Option1 Value": "M"}, ""
            further = dict.fromkeys(SHOPIFY, "") | {"Handle": cells["Handle"]}
            yield {**further, "Option1 Value": "L", "Variant SKU": f"SH-{n}-L", "Variant Grams": "320",
                   "Variant Inventory Qty": "3", "Variant Price": "165000"}, ""  # fmt: skip
            yield {**further, "Image Position": "2"}, ""


WOO = (
    "ID", "Type", "SKU", "GTIN, UPC, EAN, or ISBN", "Name", "Published", "Short description", "Description", "Stock",
    "Weight (kg)", "Sale price", "Regular price", "Categories", "Images", "Parent", "Attribute 1 name",
    "Attribute 1 value(s)", "Attribute 2 name", "Attribute 2 value(s)",
)  # fmt: skip
WOO_BROKEN: dict[str, tuple[Breaking, str]] = {
    "variation without its parent": (
        lambda row: row.update(Type="variation", Parent=f"id:9{row['ID']}"),
        "produk induknya",
    ),
    "grouped": (_set(Type="grouped"), "Jenis"),
    "variable without variations": (_set(Type="variable"), "Jenis"),
    "no price": (_set(**{"Regular price": ""}), "tidak jelas"),
    "weightless": (_set(**{"Weight (kg)": ""}), "Berat"),
    "weight in words": (_set(**{"Weight (kg)": "ringan"}), "Berat"),
    "no name": (_set(Name=""), "3 sampai 120 huruf"),
    "no category": (_set(Categories=""), "Tulis kategori"),
    "SKU twice": (_set(SKU="WO-1"), "sudah dipakai di baris"),
    "name of an earlier product": (_set(Name="Tas Woo 1"), "sudah dipakai produk lain di baris"),
}


def woocommerce_file(path: Path, *, products: int, broken_each: int = 2) -> SellerFile:
    """One product in four is variable, with two variations; those of every eighth stand before it."""
    made = SellerFile(path=path, products=products)
    return _write_csv(made, WOO, _woo_rows(products, broken_each), WOO_BROKEN, "woocommerce")


def _woo_rows(products: int, broken_each: int) -> Iterator[tuple[Cells, str]]:
    for n, kind in _spread(products, WOO_BROKEN, broken_each):
        mark = f"{n}{'-x' if kind else ''}"
        cells = dict.fromkeys(WOO, "") | {
            "ID": str(10_000 + 2 * n + bool(kind)), "Type": "simple", "SKU": f"WO-{mark}", "Name": f"Tas Woo {mark}",
            "Published": "1", "Description": "Tas anyam\\nasli", "Stock": str(n % 9), "Weight (kg)": "0.4",
            "Regular price": "85000", "Categories": "Tas > Anyaman, Promo",
        }  # fmt: skip
        if kind:
            WOO_BROKEN[kind][0](cells)
            yield cells, kind
        elif n % 4:
            yield cells, ""
        else:
            parent = {**cells, "Type": "variable", "Regular price": "", "Attribute 1 name": "Warna",
                      "Attribute 1 value(s)": "Merah, Biru", "Stock": ""}  # fmt: skip
            variations = [
                {**dict.fromkeys(WOO, ""), "ID": f"9{n}{i}", "Type": "variation", "SKU": f"WO-{n}-{i}",
                 "Name": f"Tas Woo {n} - {colour}", "Regular price": "90000", "Stock": "2",
                 "Parent": f"id:{cells['ID']}" if n % 3 else f"WO-{n}", "Attribute 1 name": "Warna",
                 "Attribute 1 value(s)": colour}
                for i, colour in enumerate(("Merah", "Biru"))
            ]  # fmt: skip
            ordered = [*variations, parent] if n % 8 == 0 else [parent, *variations]
            yield from ((row, "") for row in ordered)


SHOPEE = {
    "ps_category|1|0": "Kategori", "ps_product_name|1|0": "Nama Produk",
    "ps_product_description|1|0": "Deskripsi Produk",
    "ps_sku_parent_short|0|0": "SKU Induk", "et_title_variation_integration_no|0|0": "Kode Integrasi Variasi",
    "et_title_variation_1|0|0": "Nama Variasi 1", "et_title_option_for_variation_1|0|0": "Varian untuk Variasi 1",
    "ps_price|1|1": "Harga", "ps_stock|1|1": "Stok", "ps_sku_short|0|0": "Kode Variasi", "ps_weight|1|1": "Berat",
    "ps_gtin_code|0|0": "GTIN",
}  # fmt: skip
SHOPEE_BROKEN: dict[str, tuple[Breaking, str]] = {
    "no price": (_set(Harga=""), "tidak jelas"),
    "price that lost its zeros": (_set(Harga="15"), "kurang dari Rp100"),
    "category that is a number": (_set(Kategori="16984"), "Tulis kategori"),
    "no name": (_set(**{"Nama Produk": "", "Kode Integrasi Variasi": ""}), "3 sampai 120 huruf"),
    "kilograms": (_set(Berat="0.27"), "Berat"),
    "variation name too long": (
        _set(**{"Nama Variasi 1": "Ukuran dan warna", "Varian untuk Variasi 1": "M"}), "14 huruf",
    ),
    "barcode with a slip": (_set(GTIN="8991234567892"), "Barcode"),
    "SKU twice": (_set(**{"Kode Variasi": "SP-1"}), "sudah dipakai di baris"),
}  # fmt: skip


def shopee_file(path: Path, *, products: int, broken_each: int = 2) -> SellerFile:
    """The workbook of its mass upload: six rows above the products, a hidden sheet, an example that is no product."""
    made = SellerFile(path=path, products=products)
    book = openpyxl.Workbook(write_only=True)
    hidden = book.create_sheet("HiddenLists")
    hidden.sheet_state = "hidden"
    hidden.append(["Kategori", "Nama Produk", "Harga", "Stok", "SKU Induk"])
    example = book.create_sheet("Contoh Pengisian")
    example.append(list(SHOPEE.values()))
    sheet = book.create_sheet("Template")
    labels = list(SHOPEE.values())
    for head in (
        list(SHOPEE),
        ["sales_info"],
        labels,
        ["Wajib", "Wajib", "Opsional"],
        ["Panduan"],
        ["x" * 60, "y" * 60],
    ):
        sheet.append(head)
    for number, (row, kind) in enumerate(_shopee_rows(products, broken_each), start=7):
        sheet.append([_typed(row[name]) for name in labels])
        made.rows += 1
        if kind:
            made.wrong[number] = SHOPEE_BROKEN[kind][1]
            made.refused_products += 1
            made.kinds.add(f"shopee: {kind}")
    book.save(path)
    return made


def _shopee_rows(products: int, broken_each: int) -> Iterator[tuple[Cells, str]]:
    for n, kind in _spread(products, SHOPEE_BROKEN, broken_each):
        mark = f"{n}{'x' if kind else ''}"
        cells = dict.fromkeys(SHOPEE.values(), "") | {
            "Kategori": "100160-Aksesoris Fashion/Gelang", "Nama Produk": f"Gelang Shopee {mark}",
            "Deskripsi Produk": "Gelang manik buatan tangan.", "SKU Induk": f"SP-{mark}", "Harga": "25000",
            "Stok": str(n % 9), "Berat": "50", "Kode Variasi": f"SP-{mark}",
        }  # fmt: skip
        if kind:
            SHOPEE_BROKEN[kind][0](cells)
            yield cells, kind
        elif n % 4:
            yield cells, ""
        else:
            code = {"Kode Integrasi Variasi": str(n), "Nama Variasi 1": "Warna"}
            yield {**cells, **code, "Varian untuk Variasi 1": "Merah"}, ""
            yield (
                {**cells, **code, "Varian untuk Variasi 1": "Biru", "Nama Produk": "", "Kode Variasi": f"SP-{n}-B"},
                "",
            )


def _typed(cell: str) -> str | int | None:
    return int(cell) if cell.isdecimal() and len(cell) < 10 else cell or None


def _spread(products: int, broken: dict[str, tuple[Breaking, str]], each: int) -> Iterator[tuple[int, str]]:
    kinds = list(broken) * each
    gap = max(1, products // (len(kinds) + 1))
    for n in range(products):
        yield n, ""
        if n % gap == gap - 1 and kinds:
            yield n, kinds.pop()


def _write_csv(
    made: SellerFile,
    heading: Sequence[str],
    rows: Iterator[tuple[Cells, str]],
    broken: dict[str, tuple[Breaking, str]],
    shape: str,
) -> SellerFile:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(heading)
    for number, (row, kind) in enumerate(rows, start=2):
        writer.writerow([row[name] for name in heading])
        made.rows += 1
        if kind:
            made.wrong[number] = broken[kind][1]
            made.refused_products += 1
            made.kinds.add(f"{shape}: {kind}")
    made.path.write_text(text.getvalue(), encoding="utf-8")
    return made
