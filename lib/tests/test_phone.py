import pytest

from lib.phone import NotAPhoneNumber, normalise


@pytest.mark.parametrize(
    "text",
    [
        "081234567890", "0812-3456-7890", "0812 3456 7890", "+6281234567890", "+62 812-3456-7890", "6281234567890",
        "62 812 3456 7890", "+62 (0)812 3456 7890", "(0812) 34567890", "0812.3456.7890",
    ],
)  # fmt: skip
def test_every_indonesian_way_to_write_a_number_is_one_number(text):
    assert normalise(text) == "+6281234567890"


@pytest.mark.parametrize("text", ["", "halo", "0812", "12345", "021-555", "08123456789012345678", "+", "()"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(NotAPhoneNumber):
        normalise(text)
