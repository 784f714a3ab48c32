"""A file on this machine's disk, brought in at once: by the command line and by the demo. Pages go by jobs.py."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from django.db import transaction
from django.utils.translation import gettext as _

from catalog import reading, shapes
from catalog.importing import applying, fetching, matching, pictures, sellers, spooling
from catalog.importing.applying import OpenStock
from catalog.importing.judging import Judge
from catalog.importing.matching import Categories
from catalog.models import WantedPicture
from catalog.reading import Unreadable
from catalog.shapes import Table, own

AT_ONCE = 200
BY = "import"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Row `row` (the heading is row 1) could not be taken, or not wholly, and why."""

    row: int
    reason: str


@dataclass(kw_only=True)
class Report:
    """What an import did, counted in products."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


def import_file(
    *, path: Path, pictures_in: Path | None, open_stock: OpenStock, now: datetime, member: int | None = None
) -> Report:
    """Import the file at `path`; picture names in it are looked up below `pictures_in`. Rows that name no seller are
    those of `member`.

    `open_stock` gets the pieces of each new variant only: the shop has sold since. Raises Unreadable when the file as
    a whole makes no sense.
    """
    report = Report()
    with TemporaryDirectory() as folder, (Path(folder) / "rows").open("w+b") as rows:
        tables = _tables(reading.sheets(path, scratch=Path(folder)))
        known = sellers.by_what_they_are_called()
        spooling.spool(tables, owner_of=lambda text: str(known.get(text.casefold(), text)), out=rows)
        rows.seek(0)
        about, begin = spooling.about(rows)
        names = pictures.names_below(pictures_in)
        judge = Judge(
            about=about,
            member_of=lambda text: known.get(text.casefold()),
            member=member,
            has_picture=names.__contains__,
        )
        for groups in _batches(rows, begin):
            with transaction.atomic():
                tally = applying.write(
                    groups, judge=judge, categories=Categories(), by=BY, now=now, open_stock=open_stock
                )
            report.created += tally.counts[matching.NEW]
            report.updated += tally.counts[matching.CHANGED]
            report.unchanged += tally.counts[matching.UNCHANGED]
            report.problems += [Problem(row=each.row, reason=each.reason) for each in tally.troubles]
            report.problems += _attach(tally, pictures_in, now)
    report.problems.sort(key=lambda problem: problem.row)
    return report


def _tables(sheets: Sequence[reading.Sheet]) -> list[Table]:
    found = shapes.recognise(sheets)
    if found and (not found[0].shape.is_ours or "seller" in found[0].columns):
        return found
    cells = next((shapes.head(sheet) for sheet in sheets), [])
    known = {name for record in cells[:1] for cell in record.cells if (name := shapes.field_of(own.SHAPE, cell))}
    missing = [name for name in (*own.NEEDED, "seller") if name not in known]
    raise Unreadable(_("Kolom ini tidak ada di baris pertama: %(names)s") % {"names": ", ".join(missing)})


def _batches(rows: IO[bytes], begin: int) -> Iterator[list[spooling.Group]]:
    found = (group for _offset, group in spooling.groups(rows, offset=begin))
    while batch := list(itertools.islice(found, AT_ONCE)):
        yield batch


def _attach(tally: applying.Tally, folder: Path | None, now: datetime) -> Iterator[Problem]:
    """Pictures that lie beside the file; those at an address are fetched later."""
    if folder is None:
        return
    for (product, address), row in tally.wishes.items():
        if address.lower().startswith(("http://", "https://")):
            continue
        wish = WantedPicture.objects.select_related("job").get(product=product, address=address)
        reason = fetching.fetch(wish, read=lambda wish: pictures.read_below(folder, wish.address), now=now)
        if reason:
            yield Problem(row=row, reason=reason)
