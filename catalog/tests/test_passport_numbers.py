"""Numbers of documents: what people copy from paper is understood, what cannot be one is refused."""

from datetime import date

import pytest

from catalog.models import Document
from catalog.passport import numbers

Kind = Document.Kind


@pytest.mark.parametrize(
    ("kind", "typed", "kept"),
    [
        (Kind.NIB, "9120304567890", "9120304567890"),
        (Kind.NIB, " NIB: 9120 3045 67890", "9120304567890"),
        (Kind.PIRT, "2061171010123-29", "2061171010123-29"),
        (Kind.PIRT, "206117101012329", "2061171010123-29"),
        (Kind.PIRT, "P-IRT No. 206.1171.010123-29", "2061171010123-29"),
        (Kind.BPOM, "BPOM RI MD 867031110021", "MD867031110021"),
        (Kind.BPOM, "ML 867.031.110.021", "ML867031110021"),
        (Kind.BPOM, "na18220100123", "NA18220100123"),
        (Kind.BPOM, "TR 203 612 345", "TR203612345"),
        (Kind.BPOM, "SD181350123", "SD181350123"),
        (Kind.HALAL, "ID11110000123450922", "ID11110000123450922"),
        (Kind.HALAL, "id 1111 0000 1234 50922", "ID11110000123450922"),
        (Kind.SNI, "SNI 8371:2018", "8371:2018"),
        (Kind.SNI, "01-2891-1992", "01-2891-1992"),
        (Kind.SNI, "SNI ISO 9001:2015", "ISO 9001:2015"),
        (Kind.TRADEMARK, "IDM000812345", "IDM000812345"),
        (Kind.LAB, " LHU/0231/2026 ", "LHU/0231/2026"),
        (Kind.NOT_HALAL, "apa saja", ""),
    ],
)
def test_a_number_is_kept_as_it_is_written(kind, typed, kept):
    assert numbers.clean(kind, typed) == kept


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        (Kind.NIB, ""), (Kind.NIB, "912030456789"), (Kind.NIB, "91203045678901"), (Kind.NIB, "912030456789O"),
        (Kind.PIRT, "2061171010123"), (Kind.PIRT, "9061171010123-29"), (Kind.PIRT, "20611710101234-29"),
        (Kind.BPOM, "867031110021"), (Kind.BPOM, "MD8670311"), (Kind.BPOM, "XX867031110021"), (Kind.BPOM, "NA1822"),
        (Kind.HALAL, "11110000123450922"), (Kind.HALAL, "ID1111"), (Kind.HALAL, "ID" + "1" * 20),
        (Kind.SNI, "SNI"), (Kind.SNI, "SNI 8371"), (Kind.SNI, "8371:3018"),
        (Kind.TRADEMARK, "000812345"), (Kind.TRADEMARK, "IDM0008"), (Kind.LAB, "   "),
        (Kind.NIB, "９１２０３０４５６７８９０"), (Kind.HALAL, "<script>alert(1)</script>"),
    ],
)  # fmt: skip
def test_what_cannot_be_one_is_refused_with_an_example(kind, typed):
    with pytest.raises(numbers.BadNumber, match="misalnya"):
        numbers.clean(kind, typed)


def test_a_pirt_ends_in_the_year_that_its_number_says():
    assert numbers.last_year(Kind.PIRT, "2061171010123-29") == 2029
    assert numbers.fits(Kind.PIRT, "2061171010123-29", date(2029, 12, 31))
    assert not numbers.fits(Kind.PIRT, "2061171010123-29", date(2030, 1, 1))
    assert numbers.fits(Kind.HALAL, "ID11110000123450922", date(2030, 1, 1))


def test_every_example_is_one():
    for kind, shape in numbers.SHAPES.items():
        assert numbers.clean(kind, shape.example) == shape.example
