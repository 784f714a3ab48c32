"""Tables for spreadsheets, which treat some texts as formulas."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

from lib.spreadsheets import cell


def csv_response(*, filename: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A CSV that Excel opens as UTF-8, with text that no spreadsheet runs.

    Built whole, not streamed: a stream would read its rows after the request has left the cooperative's schema.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([cell(value) for value in row] for row in rows)
    response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response
