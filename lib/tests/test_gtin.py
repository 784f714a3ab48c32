import pytest

from lib import gtin


@pytest.mark.parametrize("text", ["8992761136024", "73513537", "036000291452", "10012345678902", "4006381333931"])
def test_a_barcode_whose_digits_agree(text):
    assert gtin.is_valid(text)


@pytest.mark.parametrize(
    "text", ["", "8992761136025", "899276113603", "89927611360240", "8992761-36024", "٨٩٩٢٧٦١١٣٦٠٢٤", "0", "123456789"]
)
def test_anything_else_is_none(text):
    assert not gtin.is_valid(text)
