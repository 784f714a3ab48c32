import pytest

from lib import regencies
from shipping.provinces import PROVINCES


def test_all_kabupaten_and_kota_are_there_under_their_province():
    assert len(regencies.NAMES) == 514
    assert regencies.name("11.04") == "Kab. Aceh Tengah"
    assert regencies.PROVINCE_OF["34.71"] == "DI Yogyakarta"
    assert set(regencies.PROVINCE_OF.values()) == set(PROVINCES)
    assert sum(len(rows) for _, rows in regencies.by_province()) == 514
    assert regencies.name("99.99") == ""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("11.04", "11.04"),
        ("Aceh Tengah", "11.04"),
        (" kab. aceh  tengah", "11.04"),
        ("Kabupaten Aceh Tengah", "11.04"),
        ("Kab.Aceh Tengah", "11.04"),
        ("Kota Bandung", "32.73"),
        ("Bandung", ""),  # a kota and a kabupaten
        ("Atlantis", ""),
        ("", ""),
    ],
)
def test_a_name_as_people_write_it_is_a_code_only_where_it_can_be_one(text, code):
    assert regencies.code_of(text) == code
