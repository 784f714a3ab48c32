"""What the number of each kind of document looks like. Only its shape is checked: whether it is somebody's, an officer
sees in the document itself.

Sources: NIB 13 digits (PP 5/2021, OSS). P-IRT 15 digits, the first the kind of packing, the last two the year in which
it ends (Perka BPOM 22/2018). BPOM: letters for the kind of goods, then digits (cekbpom). Halal: `ID` and 17 digits
(BPJPH), held loosely because older ones differ.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from catalog.models import Document

Kind = Document.Kind
LONGEST = 40


class BadNumber(ValueError):
    """Not what such a number looks like; the message says what it does look like."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """`written` matches a number without anything between its characters. `ends`: such a document has a last day."""

    written: re.Pattern[str]
    example: str
    ends: bool = False


def _pattern(written: str) -> re.Pattern[str]:
    return re.compile(written, re.ASCII)  # digits of other scripts are none here


SHAPES = {
    Kind.NIB: Shape(written=_pattern(r"\d{13}"), example="9120304567890"),
    Kind.PIRT: Shape(written=_pattern(r"[1-8]\d{14}"), example="2061171010123-29", ends=True),
    Kind.BPOM: Shape(
        written=_pattern(r"(MD|ML)\d{12,13}|N[A-E]\d{11}|(TR|TI|TL|SD|SI|SL)\d{9}"),
        example="MD867031110021",
        ends=True,
    ),
    Kind.HALAL: Shape(written=_pattern(r"ID\d{15,19}"), example="ID11110000123450922"),
    Kind.SNI: Shape(written=_pattern(r"SNI(ISO|IEC)*\d{2,6}([-.:]\d{1,5})*[-:](19|20)\d{2}"), example="8371:2018"),
    Kind.TRADEMARK: Shape(written=_pattern(r"ID[MS]\d{9}"), example="IDM000812345", ends=True),
    Kind.LAB: Shape(written=_pattern(r"\S.*"), example="LHU/0231/2026"),
}


def clean(kind: str, text: str) -> str:
    """`text` as the number of a document of `kind` is written. Empty where that kind has none. Raises BadNumber."""
    shape = SHAPES.get(Kind(kind))
    if shape is None:
        return ""
    bare = " ".join(text.split())[:LONGEST] if kind == Kind.LAB else _bare(kind, text.upper())
    if not shape.written.fullmatch(bare):
        raise BadNumber(
            _("Nomor %(kind)s tidak berbentuk seperti ini, misalnya %(example)s.")
            % {"kind": Kind(kind).label, "example": shape.example}
        )
    return _written(kind, bare)


def last_year(kind: str, number: str) -> int | None:
    """The year in which it ends, where the number itself says so."""
    return 2000 + int(number[-2:]) if kind == Kind.PIRT and number else None


def fits(kind: str, number: str, valid_until: date | None) -> bool:
    """Whether that day can be the last one of a document of this number."""
    year = last_year(kind, number)
    return year is None or valid_until is None or valid_until.year == year


def _bare(kind: str, text: str) -> str:
    text = re.sub(r"^\W*(NOMOR|NO)\b\.?:?", "", text.strip())
    if kind == Kind.SNI:
        bare = re.sub(r"\s", "", text)
        return bare if bare.startswith("SNI") else f"SNI{bare}"
    text = re.sub(r"[\s.\-/:]", "", text)
    if kind == Kind.PIRT:
        return text.removeprefix("PIRT").removeprefix("NO")
    if kind == Kind.BPOM:
        return text.removeprefix("BPOM").removeprefix("RI")
    return text.removeprefix("NIB") if kind == Kind.NIB else text


def _written(kind: str, bare: str) -> str:
    if kind == Kind.PIRT:
        return f"{bare[:13]}-{bare[13:]}"
    return re.sub(r"^(ISO|IEC)", r"\1 ", bare.removeprefix("SNI")) if kind == Kind.SNI else bare
