"""Products from a file, and back into one: upload, look, run, and see what was not taken and why."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.access import needs
from backoffice.exporting import csv_response
from backoffice.filters import ProductFilter
from backoffice.import_forms import MappingForm, UploadForm, guessed_heading, preview_of
from backoffice.paging import page_of
from catalog import exporting
from catalog.importing import fetching, jobs, pictures
from catalog.models import ImportJob, Product
from members.roles import May
from tenants.context import current_cooperative

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
State = ImportJob.State


@needs(May.EDIT_PRODUCTS)
@require_http_methods(["GET", "HEAD", "POST"])
def products_import(request: HttpRequest) -> HttpResponse:
    """A file of products is taken in (docs/importing.md), and those before it."""
    is_post = request.method == "POST"
    form = UploadForm(request.POST if is_post else None, request.FILES if is_post else None)
    if is_post and form.is_valid() and (job := _begin(request, form)):
        return redirect("backoffice:import_job", pk=job.pk)
    context = {"form": form, "jobs": ImportJob.objects.order_by("-pk")[:10]}
    return TemplateResponse(request, "backoffice/products_import.html", context, status=422 if form.errors else 200)


@needs(May.EDIT_PRODUCTS)
@require_http_methods(["GET", "HEAD", "POST"])
def import_job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; what is new, changed, unchanged and wrong; or which column is what."""
    job = get_object_or_404(ImportJob, pk=pk)
    if job.state == State.MAPPING:
        return _mapping(request, job)
    counts = job.counts.get("run") if job.state in (State.RUNNING, State.DONE) else job.counts.get("check")
    context = {
        "job": job,
        "counts": counts or job.counts.get("check") or {},
        "is_under_way": job.state in jobs.UNDER_WAY,
        "percent": _percent(job),
        "page": page_of(request, job.problems.order_by("row", "pk")),
        "waiting_pictures": job.wanted_pictures.filter(done_at=None).count(),
        "failed_pictures": fetching.failed(job),
        "is_stopped_midway": job.state == State.CANCELLED and job.options.get("was") in jobs.STOPPABLE,
    }
    return TemplateResponse(request, "backoffice/import_job.html", context)


@needs(May.EDIT_PRODUCTS)
@require_POST
def import_start(request: HttpRequest, pk: int) -> HttpResponse:
    """What was looked through is written."""
    return _do(request, pk, lambda job: jobs.start(job_id=job.pk, now=timezone.now()))


@needs(May.EDIT_PRODUCTS)
@require_POST
def import_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """It stops where it stands."""
    return _do(request, pk, lambda job: jobs.cancel(job_id=job.pk))


@needs(May.EDIT_PRODUCTS)
@require_POST
def import_resume(request: HttpRequest, pk: int) -> HttpResponse:
    """It goes on from there."""
    return _do(request, pk, lambda job: jobs.resume(job_id=job.pk, now=timezone.now()))


@needs(May.EDIT_PRODUCTS)
@require_safe
def import_problems(request: HttpRequest, pk: int) -> HttpResponse:
    """The rows that were not taken, as a table to work through; pictures that could not be had come last."""
    job = get_object_or_404(ImportJob, pk=pk)
    head = [_("baris"), _("kolom"), _("isi"), _("alasan"), _("produk")]
    rows = list(job.problems.order_by("row", "pk").values_list("row", "column", "value", "reason", "title"))
    lost = job.wanted_pictures.filter(done_at__isnull=False).exclude(error="").order_by("pk")
    rows += [("", _("foto"), address[:120], why, title) for address, why, title in lost.values_list(
        "address", "error", "product__title")]  # fmt: skip
    return csv_response(filename=f"masalah-{job.pk}.csv", head=head, rows=rows)


@needs(May.EDIT_PRODUCTS)
@require_safe
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """Our template with two rows that show how it is filled in."""
    _known(kind)
    if kind == "csv":
        return _download(exporting.template_csv(), "contoh-produk.csv", "text/csv; charset=utf-8")
    return _made(exporting.template_xlsx, "contoh-produk.xlsx")


@needs(May.SEE_PRODUCTS)
@require_safe
def products_export(request: HttpRequest, kind: str) -> HttpResponse:
    """The products of the list, narrowed as it is, as a file that can be brought in again."""
    _known(kind)
    products = ProductFilter(request.GET, queryset=Product.objects.all()).qs
    site = request.build_absolute_uri("/").rstrip("/")
    write = exporting.write_csv if kind == "csv" else exporting.write_xlsx
    name = f"produk-{current_cooperative().slug}.{kind}"
    return _made(lambda path: write(path, products=products, site=site), name)


def _begin(request: HttpRequest, form: UploadForm) -> ImportJob | None:
    zipped = form.cleaned_data["pictures"]
    if zipped is not None:
        try:
            pictures.Names.of(zipped)
        except pictures.BadArchive as error:
            form.add_error("pictures", str(error))
            return None
        zipped.seek(0)
    file = form.cleaned_data["file"]
    return jobs.begin(
        file=file, zipped=zipped, file_name=file.name, by=str(request.user), language=get_language() or "id",
        now=timezone.now(), **form.said(),
    )  # fmt: skip


def _mapping(request: HttpRequest, job: ImportJob) -> HttpResponse:
    asked = request.POST if request.method == "POST" else request.GET
    sheet = preview_of(job, asked.get("sheet", ""))["sheet"]
    heading = asked.get("heading", "")
    row = int(heading) if heading.isascii() and heading.isdigit() and len(heading) < 7 else guessed_heading(job, sheet)
    form = MappingForm(request.POST if request.method == "POST" else None, job=job, sheet=sheet, heading=row)
    if request.method == "POST" and form.is_valid():
        try:
            jobs.describe(job_id=job.pk, now=timezone.now(), table=form.table(), **form.said())
        except jobs.NotNow:
            messages.info(request, _("Berkas ini sudah berjalan."))
        return redirect("backoffice:import_job", pk=job.pk)
    context = {"job": job, "form": form, "sheet": sheet, "heading": row, "preview": preview_of(job, sheet)["rows"]}
    return TemplateResponse(request, "backoffice/import_mapping.html", context, status=422 if form.errors else 200)


def _do(request: HttpRequest, pk: int, act: Callable[[ImportJob], Any]) -> HttpResponse:
    job = get_object_or_404(ImportJob, pk=pk)
    try:
        act(job)
    except jobs.NotNow:
        messages.info(request, _("Berkas ini sudah berjalan atau sudah berhenti."))
    return redirect("backoffice:import_job", pk=pk)


def _percent(job: ImportJob) -> int:
    done = job.rows_done if job.state == State.RUNNING else job.rows_checked
    return min(100, done * 100 // job.rows_total) if job.rows_total else 0


def _known(kind: str) -> None:
    if kind not in ("csv", "xlsx"):
        raise Http404


def _made(write: Callable[[Path], Any], name: str) -> HttpResponse:
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return _download(path.read_bytes(), name, XLSX if name.endswith("xlsx") else "text/csv; charset=utf-8")


def _download(data: bytes, name: str, content_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
