"""The 514 kabupaten and kota of Indonesia by their code `PP.KK` (Kepmendagri 300.2.2-2430/2025).

Source and licence of the data: lib/regencies.md.
"""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

_ROWS = list(csv.DictReader((Path(__file__).parent / "regencies.csv").read_text(encoding="utf-8").splitlines()))

NAMES: Mapping[str, str] = {row["code"]: row["name"] for row in _ROWS}  # "11.04" -> "Kab. Aceh Tengah"
PROVINCE_OF: Mapping[str, str] = {row["code"]: row["province"] for row in _ROWS}
LONGEST_CODE = 5


def name(code: str) -> str:
    """`Kab. Aceh Tengah`; empty for a code that is none."""
    return NAMES.get(code, "")


def code_of(text: str) -> str:
    """The code of a kabupaten or kota that somebody wrote by its name, as `Aceh Tengah`, `Kab. Aceh Tengah`,
    `Kabupaten Aceh Tengah` or `11.04`; empty where it is none, or could be two (`Bandung` is a kota and a kabupaten).
    """
    plain = " ".join(text.replace(".", ". ").split()).casefold()
    if text.strip() in NAMES:
        return text.strip()
    plain = plain.replace("kabupaten ", "kab. ")
    exact = [code for code, full in NAMES.items() if full.casefold() == plain]
    bare = [code for code, full in NAMES.items() if full.split(" ", 1)[1].casefold() == plain]
    found = exact or bare
    return found[0] if len(found) == 1 else ""


def by_province() -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """For a select element: (province, [(code, name), ...]), both by name."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, full in NAMES.items():
        groups.setdefault(PROVINCE_OF[code], []).append((code, full))
    return [(province, sorted(groups[province], key=lambda pair: pair[1])) for province in sorted(groups)]
