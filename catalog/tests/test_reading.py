import pytest

from catalog import reading


@pytest.mark.parametrize(
    ("text", "rupiah"),
    [
        ("65000", 65_000),
        ("Rp59.000", 59_000),
        ("Rp 199.000", 199_000),
        ("Rp. 5.000", 5_000),
        ("Rp.80.000,-", 80_000),
        ("1,250,000", 1_250_000),
        ("160000.00", 160_000),
        ("13500.0", 13_500),
        ("42.000", 42_000),
    ],
)
def test_every_spelling_of_a_price_is_read(text, rupiah):
    assert reading.price(text) == rupiah


@pytest.mark.parametrize(
    "text", ["", "Rp.", "15.0", "4.8", "Rp3.000 - Rp18.900", "Rp42.500Rp50.000", "gratis", "-5000", "0", "1e5", "65.00"]
)
def test_a_price_that_can_be_meant_in_two_ways_is_refused(text):
    with pytest.raises(reading.BadCell):
        reading.price(text)


@pytest.mark.parametrize(
    ("text", "grams"),
    [("250", 250), ("250 g", 250), ("0,25 kg", 250), ("0.27kg", 270), ("1 kg", 1000), ("270 gram", 270)],
)
def test_weights_are_grams(text, grams):
    assert reading.weight(text) == grams


@pytest.mark.parametrize("text", ["0.27", "0,2", "", "berat", "0", "500 kg", "-1"])
def test_a_weight_without_clear_unit_is_refused(text):
    with pytest.raises(reading.BadCell):
        reading.weight(text)


@pytest.mark.parametrize(("text", "pieces"), [("0", 0), ("12", 12), ("1.000", 1000)])
def test_stock_is_whole_pieces(text, pieces):
    assert reading.pieces(text) == pieces


@pytest.mark.parametrize("text", ["", "habis", "-3", "1.5", "9999999"])
def test_stock_that_is_no_number_is_refused(text):
    with pytest.raises(reading.BadCell):
        reading.pieces(text)


HEADING = "title,price,stock,sku,weight_g,seller"


@pytest.mark.parametrize(
    "data",
    [
        f"{HEADING}\nKopi,1000,1,K1,250,A1\n".encode(),
        f"\ufeff{HEADING}\r\nKopi,1000,1,K1,250,A1\r\n".encode(),
        f"{HEADING}\nKopi,1000,1,K1,250,A1\n".replace(",", ";").encode("utf-8-sig"),
        f"{HEADING}\nKopi,1000,1,K1,250,A1\n".replace(",", "\t").encode(),
        b"\nNama Produk,Harga,Stok,SKU,Berat,Penjual\nKopi,1000,1,K1,250,A1\n,,,,,\n",
    ],
)
def test_any_usual_delimiter_encoding_and_heading_is_read(data):
    (row,) = reading.rows(data)
    assert (row.number, row["title"], row["price"], row["seller"]) == (2, "Kopi", "1000", "A1")


def test_a_file_without_the_needed_columns_says_which():
    with pytest.raises(reading.Unreadable, match="stock, sku, weight, seller"):
        reading.rows(b"title,price\nKopi,1000\n")


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"   \n"])
def test_an_empty_file_is_unreadable(data):
    with pytest.raises(reading.Unreadable):
        reading.rows(data)


def test_markup_becomes_plain_text():
    html = "<p>Kopi &amp;amp; gula</p><script>alert(1)</script>Baris<br/>dua &lt;b&gt;tebal&lt;/b&gt;"
    assert reading.plain(html) == "Kopi & gula\nBaris\ndua tebal"
