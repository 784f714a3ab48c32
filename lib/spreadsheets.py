"""Cells that a spreadsheet shows and does not run."""

# What makes Excel, LibreOffice or Google Sheets compute a cell; the wide forms count as well (OWASP, CSV injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> object:
    """`value` for a CSV: text that would be a formula begins with an apostrophe, nothing is empty, numbers stay."""
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS):
        return f"'{value}"
    return "" if value is None else value
