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
        ("12,5rb", 12_500),
        ("12.5 rb", 12_500),
        ("7 ribu", 7_000),
        ("1,25jt", 1_250_000),
        ("2 juta", 2_000_000),
        ("1.250.000,00", 1_250_000),
        ("IDR 59000", 59_000),
    ],
)
def test_every_spelling_of_a_price_is_read(text, rupiah):
    assert reading.price(text) == rupiah


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Rp.",
        "15.0",
        "4.8",
        "Rp3.000 - Rp18.900",
        "Rp42.500Rp50.000",
        "gratis",
        "-5000",
        "0",
        "1e5",
        "65.00",
        "Rp1",
        "99",
        "1,5",
        "12,5 rbu",
        "６５０００",
    ],
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


@pytest.mark.parametrize(("cell", "rupiah"), [("160000.00", 160_000), ("65000", 65_000), ("65000.0", 65_000)])
def test_where_the_point_is_decimal_a_price_is_read_so(cell, rupiah):
    assert reading.decimal_price(cell) == rupiah


@pytest.mark.parametrize("cell", ["65.000", "65000.50", "Rp65000", "", "42.000", "15.00"])
def test_where_the_point_is_decimal_thousands_are_refused(cell):
    with pytest.raises(reading.BadCell):
        reading.decimal_price(cell)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("a.jpg, b.jpg", ["a.jpg", "b.jpg"]),
        ("['a.jpg', 'b.jpg']", ["a.jpg", "b.jpg"]),
        ("https://x.example/a.jpg,https://x.example/b.jpg", ["https://x.example/a.jpg", "https://x.example/b.jpg"]),
        ("https://x.example/w_1,h_2/a.jpg", ["https://x.example/w_1,h_2/a.jpg"]),
        ("a.jpg|a.jpg", ["a.jpg"]),
        ("C:\\foto\\a.jpg", ["C:\\foto\\a.jpg"]),
        ("", []),
    ],
)
def test_pictures_of_one_cell(cell, found):
    assert reading.addresses(cell) == found


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("'2611916", "2611916"),
        ('="0812"', "0812"),
        ("'=1+1", "=1+1"),
        ("=== READY ===", "=== READY ==="),
        ("'90s", "'90s"),
    ],
)
def test_what_spreadsheets_put_around_a_text_is_taken_off(cell, meant):
    assert reading.text(cell) == meant


@pytest.mark.parametrize("cell", ["=A1", "=1+1", '=HYPERLINK("x")', "=-2", "=@SUM(A1)", "#REF!", "#N/A"])
def test_a_formula_is_refused(cell):
    with pytest.raises(reading.BadCell, match="rumus"):
        reading.text(cell)


@pytest.mark.parametrize(
    "value", ["=1+1", "-5 diskon", "'90s", "@toko", "null", "-", "+62", " =x", "biasa", "''", "＝1"]
)
def test_what_is_kept_from_being_computed_reads_back(value):
    assert reading.text(reading.kept(value)) == value


def test_markup_becomes_plain_text():
    html = "<p>Kopi &amp;amp; gula</p><script>alert(1)</script>Baris<br/>dua &lt;b&gt;tebal&lt;/b&gt;"
    assert reading.plain(html) == "Kopi & gula\nBaris\ndua tebal"
