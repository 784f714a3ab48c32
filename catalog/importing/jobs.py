"""An import on its way: begun by a person, looked through and written in turns, stopped and gone on with.

Where a job stands is in its row, written in the same transaction as the products: a worker that is killed loses the
products of one batch, and the next one begins where that stood.
"""

import itertools
import shutil
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import translation

from catalog import reading, shapes
from catalog.importing import applying, pictures, sellers, spooling
from catalog.importing.applying import OpenStock, Tally
from catalog.importing.judging import Judge
from catalog.importing.matching import Categories
from catalog.models import ImportJob, ImportProblem
from catalog.reading import Sheet, Unreadable
from catalog.shapes import Table
from tenants import due

AT_ONCE = 200  # products of one transaction
KEPT = timedelta(days=30)  # how long files of what has ended are kept
PREVIEWED = {"rows": 8, "columns": 60, "letters": 60}
State = ImportJob.State
UNDER_WAY = (State.CHECKING, State.RUNNING)
STOPPABLE = (State.MAPPING, State.CHECKING, State.CHECKED, State.RUNNING)


class NotNow(Exception):
    """The job is not in a state in which that can be done."""


@transaction.atomic
def begin(
    *,
    file: File,
    file_name: str,
    by: str,
    language: str,
    now: datetime,
    zipped: File | None = None,
    member: int | None = None,
    category: str = "",
    weight_g: int | None = None,
) -> ImportJob:
    """Take a file in and have it looked through. `zipped` holds pictures; `member`, `category` and `weight_g` are for
    rows that say nothing. Reasons are given in `language`."""
    _tidy(now)
    options = {"language": language, "member": member, "category": category, "weight_g": weight_g}
    job = ImportJob(state=State.CHECKING, file_name=file_name[:200], by=by[:80], created_at=now, options=options)
    job.file.save(file_name[-80:], file, save=False)
    if zipped is not None:
        job.pictures.save("foto.zip", zipped, save=False)
    job.save()
    due.note("import", now=now)
    return job


@transaction.atomic
def describe(
    *, job_id: int, now: datetime, member: int | None, category: str, weight_g: int | None, table: Mapping[str, Any]
) -> None:
    """Somebody says what the file's columns mean: `table` has `sheet`, `heading` (its row) and `columns` (field ->
    index), or nothing where its shape is known. Raises NotNow."""
    job = _locked(job_id, State.MAPPING)
    said = {"member": member, "category": category, "weight_g": weight_g}
    job.options = {**job.options, **said, **({"table": dict(table)} if table else {})}
    job.options.pop("preview", None)
    job.state = State.CHECKING
    job.save()
    due.note("import", now=now)


@transaction.atomic
def start(*, job_id: int, now: datetime) -> None:
    """What was looked through is written. Raises NotNow."""
    job = _locked(job_id, State.CHECKED)
    job.problems.all().delete()
    job.options = {**job.options, "offset": job.options["begin"]}
    job.state, job.rows_done = State.RUNNING, 0
    job.save()
    due.note("import", now=now)


@transaction.atomic
def cancel(*, job_id: int) -> None:
    """It stops where it stands: what is written stays. Raises NotNow."""
    job = _locked(job_id, *STOPPABLE)
    job.options = {**job.options, "was": job.state}
    job.state = State.CANCELLED
    job.save()


@transaction.atomic
def resume(*, job_id: int, now: datetime) -> None:
    """It goes on from where it was stopped. Raises NotNow."""
    job = _locked(job_id, State.CANCELLED)
    job.state = job.options.get("was", State.CHECKING)
    job.save()
    if job.state in UNDER_WAY:
        due.note("import", now=now)


def work(*, now: datetime, open_stock: OpenStock, seconds: float = 4.0) -> bool:
    """Go on with the oldest job for about `seconds`. Returns whether there is more to do."""
    job = ImportJob.objects.filter(state__in=UNDER_WAY).order_by("pk").first()
    if job is None:
        return False
    with translation.override(job.options.get("language", "id")):
        if "begin" in job.options:
            _go_on(job.pk, now, open_stock, time.monotonic() + seconds)
        else:
            _read(job.pk, now)
    return ImportJob.objects.filter(state__in=UNDER_WAY).exists()


def _locked(job_id: int, *states: str) -> ImportJob:
    job = ImportJob.objects.select_for_update().get(pk=job_id)
    if job.state not in states:
        raise NotNow(job.state)
    return job


def _mine(job_id: int) -> ImportJob | None:
    """The job, unless somebody else works at it or it was stopped."""
    jobs = ImportJob.objects.select_for_update(skip_locked=True).filter(pk=job_id, state__in=UNDER_WAY)
    return jobs.first()


@transaction.atomic
def _read(job_id: int, now: datetime) -> None:
    """The file is read once, and put down product by product beside it."""
    job = _mine(job_id)
    if job is None:
        return
    try:
        with TemporaryDirectory() as folder:
            sheets = reading.sheets(_at_hand(job, Path(folder)), scratch=Path(folder))
            tables = _tables(job, sheets)
            if tables and not _asks_for_seller(job, tables):
                _spool(job, tables)
            else:
                job.state = State.MAPPING
                job.format = tables[0].shape.name if tables else ""
                job.options = {**job.options, "preview": [] if tables else _preview(sheets)}
    except Unreadable as error:
        job.state, job.error, job.finished_at = State.FAILED, str(error)[:500], now
    job.save()


def _at_hand(job: ImportJob, folder: Path) -> Path:
    """The file on this machine's disk."""
    path = folder / "file"
    with job.file.open("rb") as source, path.open("wb") as copy:
        shutil.copyfileobj(source, copy)
    return path


def _tables(job: ImportJob, sheets: Sequence[Sheet]) -> list[Table]:
    table = job.options.get("table")
    return shapes.mapped(sheets, **_described(table)) if table else shapes.recognise(sheets)


def _described(table: Mapping[str, Any]) -> dict[str, Any]:
    return {"sheet": table["sheet"], "heading": table["heading"], "chosen": table["columns"]}


def _asks_for_seller(job: ImportJob, tables: Sequence[Table]) -> bool:
    shape = tables[0].shape
    says = (shape.is_ours or shape.name == "mapped") and all("seller" in table.columns for table in tables)
    return not says and not job.options.get("member")


def _preview(sheets: Sequence[Sheet]) -> list[dict[str, Any]]:
    found = []
    for sheet in sheets[:5]:
        rows = [
            [record.number, [cell[: PREVIEWED["letters"]] for cell in record.cells[: PREVIEWED["columns"]]]]
            for record in shapes.head(sheet)[: PREVIEWED["rows"]]
        ]
        if rows:
            found.append({"sheet": sheet.name, "rows": rows})
    if not found:
        raise Unreadable(str(translation.gettext("Berkasnya kosong.")))
    return found


def _spool(job: ImportJob, tables: Sequence[Table]) -> None:
    usual = job.options.get("member")
    known = sellers.by_what_they_are_called()
    with TemporaryFile() as out:
        job.rows_total = spooling.spool(
            tables, owner_of=lambda text: str(known.get(text.casefold()) or text or usual), out=out
        )
        out.seek(0)
        begin = spooling.about(out)[1]
        out.seek(0)
        name = job.file.storage.save(f"{job.file.name}.jsonl", File(out))
    job.problems.all().delete()
    job.format = tables[0].shape.name
    job.rows_checked = job.rows_done = 0
    job.counts = {}
    job.options = {**job.options, "rows": name, "begin": begin, "offset": begin, "examples": {}}


def _go_on(job_id: int, now: datetime, open_stock: OpenStock, end: float) -> None:
    job = ImportJob.objects.get(pk=job_id)
    with job.file.storage.open(job.options["rows"], "rb") as file, _zipped(job) as names:
        about, _begin = spooling.about(file)
        judge = Judge(
            about=about, member_of=_member_of(), member=job.options.get("member"), weight_g=job.options.get("weight_g"),
            category=tuple(reading.path(job.options.get("category") or "")), has_picture=names.__contains__,
        )  # fmt: skip
        categories = Categories()
        while _batch(job_id, file, judge, categories, now, open_stock) and time.monotonic() < end:
            pass


def _member_of() -> Any:
    known = sellers.by_what_they_are_called()
    return lambda text: known.get(text.casefold())


@contextmanager
def _zipped(job: ImportJob) -> Iterator[pictures.Names]:
    if not job.pictures:
        yield pictures.Names()
        return
    with job.pictures.open("rb") as file:
        yield pictures.Names.of(file)


@transaction.atomic
def _batch(job_id: int, file: Any, judge: Judge, categories: Categories, now: datetime, open_stock: OpenStock) -> bool:
    """Some products, and where the job then stands. Returns whether there are more."""
    job = _mine(job_id)
    if job is None:
        return False
    found = list(itertools.islice(spooling.groups(file, offset=job.options["offset"]), AT_ONCE))
    groups = [group for _offset, group in found]
    if job.state == State.RUNNING:
        tally = applying.write(
            groups, judge=judge, categories=categories, by=job.by, now=now, open_stock=open_stock, job=job
        )
        job.rows_done += tally.rows
    else:
        tally = applying.look(groups, judge=judge, categories=categories)
        job.rows_checked += tally.rows
    _note(job, tally)
    job.options["offset"] = found[-1][0] if found else job.options["offset"]
    is_over = len(found) < AT_ONCE
    if is_over:
        job.state = State.CHECKED if job.state == State.CHECKING else State.DONE
        job.finished_at = now if job.state == State.DONE else None
    job.save()
    return not is_over


def _note(job: ImportJob, tally: Tally) -> None:
    which = "run" if job.state == State.RUNNING else "check"
    job.counts = {**job.counts, which: dict(Counter(job.counts.get(which, {})) + tally.counts)}
    if which == "check":
        examples = job.options.setdefault("examples", {})
        for outcome, shown in tally.examples.items():
            examples[outcome] = [*examples.get(outcome, []), *shown][: applying.MOST_SHOWN]
    ImportProblem.objects.bulk_create(
        ImportProblem(job=job, row=each.row, column=each.column, value=each.value, reason=each.reason, title=each.title)
        for each in tally.troubles
    )


def _tidy(now: datetime) -> None:
    """Files of what ended long ago. The rows stay: who brought what in, and what came of it."""
    old = ImportJob.objects.filter(created_at__lt=now - KEPT).exclude(file="")
    for job in old.exclude(state__in=UNDER_WAY).order_by("pk")[:20]:
        names = [job.file.name, job.pictures.name, job.options.get("rows")]
        for name in filter(None, names):
            with suppress(OSError):
                job.file.storage.delete(name)
        ImportJob.objects.filter(pk=job.pk).update(file="", pictures="")
