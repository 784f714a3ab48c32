"""Files as they come: encodings, delimiters, headings in the wrong place, workbooks that mean harm."""

import zipfile

import openpyxl
import pytest

from catalog import reading, shapes
from catalog.reading import Unreadable

HEADING = "title,price,stock,sku,weight_g,seller"
ROW = "Kopi “Gayo”,1000,1,K1,250,A1"


def rows(path, tmp_path):
    """What is read of the first table: its shape, and (row, title, price, seller) of each record."""
    (table, *_others) = shapes.recognise(reading.sheets(path, scratch=tmp_path))
    at = table.columns
    records = [record for record in shapes.records(table) if any(record.cells)]
    return table.shape.name, [
        (record.number, *(record.cells[at[name]] for name in ("title", "price", "seller"))) for record in records
    ]


@pytest.mark.parametrize(
    ("data", "number"),
    [
        (f"{HEADING}\n{ROW}\n".encode(), 2),
        (f"\ufeff{HEADING}\r\n{ROW}\r\n".encode(), 2),
        (f"{HEADING}\n{ROW}\n".replace(",", ";").encode("utf-8-sig"), 2),
        (f"{HEADING}\n{ROW}\n".replace(",", "\t").encode(), 2),
        (f"{HEADING}\n{ROW}\n".encode("cp1252"), 2),
        (f"{HEADING}\n{ROW}\n".encode("utf-16"), 2),
        (f"{HEADING}\r\n{ROW}\n,,,,,\r\n".encode(), 2),
        (f"\n\t\ufeff{HEADING}\n{ROW}\n".encode(), 3),
        (f"DAFTAR HARGA KOPERASI,,,,,\n\nper 1 Januari,,,,,\n{HEADING}\n{ROW}\n".encode(), 5),
        (f"{HEADING}\n{ROW}\n{HEADING}\n".encode(), 2),
        (f"Nama Produk*,HARGA, Stok ,Kode SKU,Berat (g),Penjual\n{ROW}\n".encode(), 2),
        (f",,,,Berat,\ntitle,price,stock,sku,(gram),seller\n{ROW}\n".encode(), 3),
        (f'"{HEADING}";;;\n"{ROW}";;;\n'.encode(), 2),
        (f"{HEADING}\n{ROW}\n".replace("Gayo", "Ga\x00yo").encode(), 2),
    ],
)
def test_any_usual_encoding_delimiter_and_heading_is_read(data, number, tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(data)
    assert rows(path, tmp_path) == ("own", [(number, "Kopi “Gayo”", "1000", "A1")])


def test_a_lone_byte_of_windows_stands_beside_utf_8(tmp_path):
    path = tmp_path / "x.csv"
    path.write_bytes(f"{HEADING}\nKopi® ".encode() + b"\xae" + " ☕,1000,1,K1,250,A1\n".encode())
    assert rows(path, tmp_path)[1][0][1] == "Kopi® ® ☕"


def test_a_record_over_several_lines_is_one_row(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(f'{HEADING}\n"Kopi\nGayo, 12"" x",1000,1,K1,250,A1\nTeh,900,1,T1,9,A1\n', encoding="utf-8")
    assert [row[:2] for row in rows(path, tmp_path)[1]] == [(2, 'Kopi\nGayo, 12" x'), (3, "Teh")]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "kosong"),
        (b"\xef\xbb\xbf", "kosong"),
        (b"   \n", "kosong"),
        (b"\xd0\xcf\x11\xe0 old", "xlsx"),
        (b"\x01\x02\x03\x04" * 500, "bukan berkas CSV"),
        (b"PK\x03\x04 broken", "rusak"),
    ],
)
def test_what_is_no_table_says_so(data, told, tmp_path):
    path = tmp_path / "x"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match=told):
        reading.sheets(path, scratch=tmp_path)


def test_a_quotation_mark_that_is_never_closed_is_named_with_its_row(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text(f'{HEADING}\n{ROW}\n"Kopi,1000\n' + "x" * 1_100_000, encoding="utf-8")
    with pytest.raises(Unreadable, match="Baris 3"):
        list(reading.sheets(path, scratch=tmp_path)[0].records())


def workbook(path, fill):
    book = openpyxl.Workbook()
    fill(book)
    book.save(path)
    return path


def test_a_workbook_is_read_with_merged_headings_numbers_and_further_sheets(tmp_path):
    def fill(book):
        sheet = book.active
        sheet.title = "Kopi"
        sheet["B2"], sheet["B3"], sheet["C3"], sheet["D3"] = "DAFTAR", "Nama Produk", "Harga", "Stok"
        sheet["E3"], sheet["F3"], sheet["G3"] = "SKU", "Berat", "Penjual"
        sheet.merge_cells("B2:G2")
        sheet.append(["", "Kopi", 65000, 3, "'0012", 250.0, "A1"])
        sheet.append(["", None, "Rp70.000", 3, "K2", 500, "A1"])
        sheet.merge_cells("B4:B5")
        other = book.create_sheet("Teh")
        other.append(["title", "price", "stock", "sku", "weight_g", "seller"])
        other.append(["Teh", 9000, 1, "T1", 100, "A1"])
        example = book.create_sheet("Contoh Pengisian")
        example.append(["title", "price", "stock", "sku", "weight_g", "seller"])
        hidden = book.create_sheet("Rahasia")
        hidden.sheet_state = "hidden"
        hidden.append(["title", "price", "stock", "sku", "weight_g", "seller"])

    path = workbook(tmp_path / "x.xlsx", fill)
    tables = shapes.recognise(reading.sheets(path, scratch=tmp_path))
    assert [table.sheet.name for table in tables] == ["Kopi", "Teh"]
    assert rows(path, tmp_path) == ("own", [(4, "Kopi", "65000", "A1"), (5, "Kopi", "Rp70.000", "A1")])


def test_a_workbook_that_claims_seventeen_billion_cells_ends_its_own_process_only(tmp_path):
    def fill(book):
        book.active.cell(1, 1, "x")
        book.active.cell(1_048_576, 16_384, "y")

    path = workbook(tmp_path / "x.xlsx", fill)
    with pytest.raises(Unreadable, match="terlalu besar"):
        reading.sheets(path, scratch=tmp_path)


def test_a_workbook_that_unpacks_to_gigabytes_is_not_unpacked(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for part in range(5):
            package.writestr(f"xl/part{part}.xml", b"\0" * 100_000_000)
    assert path.stat().st_size < 1_000_000
    with pytest.raises(Unreadable, match="terlalu besar"):
        reading.sheets(path, scratch=tmp_path)


def test_external_entities_in_a_workbook_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("RAHASIA")
    path = workbook(tmp_path / "x.xlsx", lambda book: book.active.append(["title", "price"]))
    changed = tmp_path / "xxe.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/sharedStrings"):
                data = data.replace(b"<sst", f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><sst'.encode(), 1)
                data = data.replace(b"title", b"&e;")
            target.writestr(name, data)
    try:
        sheets = reading.sheets(changed, scratch=tmp_path)
        texts = [cell for sheet in sheets for record in sheet.records() for cell in record.cells]
    except Unreadable:
        texts = []
    assert "RAHASIA" not in "".join(texts)


def test_each_known_shape_is_recognised_by_its_headings(tmp_path):
    heads = {
        "shopify": "Handle,Title,Body (HTML),Variant SKU,Variant Price,Image Src",
        "shopify ": "Title,URL handle,Description,SKU,Price,Product image URL",
        "woocommerce": "ID,Type,SKU,Name,Published,Regular price,Categories,Images,Parent",
        "shopee": "Kategori,Nama Produk,SKU Induk,Kode Integrasi Variasi,Harga,Stok,Kode Variasi,Berat",
        "own": "nama produk,harga,stok,sku,berat,anggota",
    }
    for name, head in heads.items():
        path = tmp_path / "x.csv"
        path.write_text(head + "\n" + "x," * head.count(",") + "x\n")
        (table,) = shapes.recognise(reading.sheets(path, scratch=tmp_path))
        assert table.shape.name == name.strip()


def test_a_table_of_no_known_shape_is_left_to_a_person(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("barang,rupiah\nKopi,1000\n")
    assert shapes.recognise(reading.sheets(path, scratch=tmp_path)) == []
