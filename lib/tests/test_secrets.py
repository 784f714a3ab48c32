import pytest

from lib.secrets import CannotOpen, Safe, new_key

PLACE = "t_aaaaaaaaaaaa|payments_gateway|1|sealed"


@pytest.fixture
def safe():
    return Safe([new_key("2026")])


def test_what_was_sealed_opens_in_its_place(safe):
    assert safe.open(safe.seal("sk_live_rahasia", place=PLACE), place=PLACE) == "sk_live_rahasia"


def test_a_sealed_text_shows_nothing_and_is_never_the_same_twice(safe):
    first, second = safe.seal("sk_live_rahasia", place=PLACE), safe.seal("sk_live_rahasia", place=PLACE)
    assert first != second
    assert "rahasia" not in first


@pytest.mark.parametrize(
    "place",
    [
        "t_bbbbbbbbbbbb|payments_gateway|1|sealed",
        "t_aaaaaaaaaaaa|payments_gateway|2|sealed",
        "t_aaaaaaaaaaaa|payments_gateway|1|other",
    ],
)
def test_it_does_not_open_for_another_cooperative_row_or_field(safe, place):
    with pytest.raises(CannotOpen):
        safe.open(safe.seal("rahasia", place=PLACE), place=place)


@pytest.mark.parametrize(
    "damaged", ["", "2026:", "2026:AAAA", "2026:not base64!", "unknown:AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "plain"]
)
def test_damaged_text_never_opens_to_a_guess(safe, damaged):
    with pytest.raises(CannotOpen):
        safe.open(damaged, place=PLACE)


def test_an_old_key_still_opens_while_the_new_one_seals(safe):
    old, new = new_key("2025"), new_key("2026")
    sealed = Safe([old]).seal("rahasia", place=PLACE)
    rotated = Safe([new, old])
    assert rotated.open(sealed, place=PLACE) == "rahasia"
    assert rotated.seal("rahasia", place=PLACE).startswith("2026:")


@pytest.mark.parametrize("keys", [[], ["2026"], ["2026:"], [":AAAA"]])
def test_without_a_whole_key_there_is_no_safe(keys):
    with pytest.raises(ValueError, match="CREDENTIAL_KEYS"):
        Safe(keys)
