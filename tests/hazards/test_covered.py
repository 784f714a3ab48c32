"""The table of docs/tenancy.md, held against the tests: no hazard without one, and none that is only promised."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TABLE = (ROOT / "docs" / "tenancy.md").read_text(encoding="utf-8")


def test_every_hazard_has_tests_in_the_files_that_the_page_names() -> None:
    rows = re.findall(r"^\| ((?:[HAP]\d+(?:, )?)+) \|.*\| ([^|]*) \|$", TABLE, re.MULTILINE)
    named = {number: files for numbers, files in rows for number in numbers.split(", ")}
    assert {f"H{number}" for number in range(1, 20)} <= named.keys()
    missing = [number for number, files in named.items() if not _tests(number, files)]
    assert missing == []


def test_every_test_of_a_hazard_is_on_the_page() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    used = {f"{kind.upper()}{int(number)}" for kind, number in re.findall(r"def test_([hap])(\d\d)_", text)}
    assert [number for number in sorted(used) if not re.search(rf"\b{number}\b", TABLE)] == []


def _tests(number: str, files: str) -> list[str]:
    """Tests named for it, in at least one of the files; elsewhere tests have names of their own."""
    prefix = f"def test_{number[0].lower()}{int(number[1:]):02d}_"
    inside = [Path(__file__).parent / name for name in re.findall(r"`(test_\w+\.py)`", files)]
    return [str(file) for file in inside if file.exists() and prefix in file.read_text(encoding="utf-8")]
