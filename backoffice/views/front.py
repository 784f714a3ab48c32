"""What stands on the home page, and the pages of text."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.access import needs
from backoffice.face_forms import SOURCES, BlockForm, NewPageForm, PageForm
from backoffice.views.face import uploaded
from lib.photo_files import BadPhoto
from members.roles import May
from pages import blocks as arranging
from pages import pictures, writing
from pages.models import Block
from tenants import describing

STEPS = ("up", "down", "show", "hide", "remove")


@needs(May.RUN_SHOP)
@require_http_methods(["GET", "HEAD", "POST"])
def blocks(request: HttpRequest) -> HttpResponse:
    """The blocks in their order; POST adds one and goes on to fill it in."""
    if request.method == "POST":
        try:
            block = arranging.add(kind=request.POST.get("kind", ""))
        except arranging.TooMany:
            messages.error(request, _("Beranda sudah penuh: paling banyak %(most)s bagian.") % _most())
        except ValueError:
            messages.error(request, _("Pilih jenis bagiannya."))
        else:
            return redirect("backoffice:block", key=block.pk)
        return redirect("backoffice:blocks")
    found = [(arranging.key(block), block, _summary(block)) for block in arranging.everything()]
    context = {"blocks": found, "kinds": Block.Kind.choices, "is_full": len(found) >= arranging.MOST_BLOCKS}
    return TemplateResponse(request, "backoffice/blocks.html", context)


@needs(May.RUN_SHOP)
@require_POST
def block_step(request: HttpRequest, key: str) -> HttpResponse:
    """Up, down, hide, show, away."""
    step = request.POST.get("step", "")
    try:
        if step in ("up", "down"):
            arranging.move(key=key, up=step == "up")
        elif step in ("show", "hide"):
            arranging.show(key=key, is_shown=step == "show")
        elif step == "remove":
            arranging.remove(key=key, cooperative=request.tenant)
            messages.success(request, _("Bagian dihapus dari beranda."))
    except arranging.Gone:
        messages.error(request, _gone())
    return redirect("backoffice:blocks")


@needs(May.RUN_SHOP)
@require_POST
def blocks_again(request: HttpRequest) -> HttpResponse:
    """The home page as it was on the first day."""
    arranging.start_again(cooperative=request.tenant)
    messages.success(request, _("Beranda kembali seperti semula."))
    return redirect("backoffice:blocks")


@needs(May.RUN_SHOP)
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: HttpRequest, key: str) -> HttpResponse:
    """What one block says."""
    try:
        found = arranging.found(key)
    except arranging.Gone:
        messages.error(request, _gone())
        return redirect("backoffice:blocks")
    is_sent = request.method == "POST"
    form = BlockForm(request.POST if is_sent else None, request.FILES if is_sent else None, block=found)
    if not is_sent and found.kind == Block.Kind.MAP and request.tenant.latitude is not None:
        form.initial["location"] = f"{request.tenant.latitude}, {request.tenant.longitude}"
    if is_sent and form.is_valid():
        try:
            picture = _picture(request, found, form)
        except BadPhoto as refused:
            form.add_error("upload", str(refused))
        else:
            return _write(request, key, form, picture)
    context = {"form": form, "part": found, "key": key, "picture_now": _picture_now(request, found)}
    return TemplateResponse(request, "backoffice/block.html", context, status=422 if form.errors else 200)


@needs(May.RUN_SHOP)
@require_http_methods(["GET", "HEAD", "POST"])
def pages(request: HttpRequest) -> HttpResponse:
    """All pages; POST adds one and goes on to write it."""
    form = NewPageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            page = writing.add(title=form.cleaned_data["title"])
        except writing.TooMany:
            form.add_error("title", _("Sudah ada %(most)s halaman.") % {"most": writing.MOST_PAGES})
        except writing.Untitled:
            form.add_error("title", _("Judulnya perlu huruf atau angka."))
        else:
            return redirect("backoffice:page", slug=page.slug)
    found = [writing.to_edit(slug, cooperative=request.tenant) for slug in writing.STANDARD]
    context = {"form": form, "standard": found, "others": writing.others()}
    return TemplateResponse(request, "backoffice/pages.html", context, status=422 if form.errors else 200)


@needs(May.RUN_SHOP)
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, slug: str) -> HttpResponse:
    found = writing.to_edit(slug, cooperative=request.tenant)
    if found is None:
        raise Http404
    names = ("title_id", "body_id", "title_en", "body_en", "is_shown")
    is_standard = slug in writing.STANDARD
    initial = {name: getattr(found, name) for name in names}
    initial["is_shown"] = found.is_shown or not found.body_id  # who writes a new page wants it read
    form = PageForm(request.POST if request.method == "POST" else None, initial=initial, is_standard=is_standard)
    if request.method == "POST" and form.is_valid():
        writing.write(slug, **form.cleaned_data)
        messages.success(request, _("Halaman disimpan."))
        return redirect("backoffice:page", slug=slug)
    context = {"form": form, "page": found, "is_standard": is_standard}
    return TemplateResponse(request, "backoffice/page_text.html", context, status=422 if form.errors else 200)


@needs(May.RUN_SHOP)
@require_POST
def page_remove(request: HttpRequest, slug: str) -> HttpResponse:
    """Away with a page; a standard one says again what it said on the first day."""
    writing.remove(slug)
    is_standard = slug in writing.STANDARD
    messages.success(request, _("Teks bawaan dipakai lagi.") if is_standard else _("Halaman dihapus."))
    return redirect("backoffice:pages")


def _write(request: HttpRequest, key: str, form: BlockForm, picture: dict[str, Any]) -> HttpResponse:
    try:
        written = arranging.write(key=key, content={**form.content(), **picture}, cooperative=request.tenant)
    except arranging.Gone:
        messages.error(request, _gone())
        return redirect("backoffice:blocks")
    if written.kind == Block.Kind.MAP:
        latitude, longitude = form.cleaned_data["location"] or (None, None)
        describing.describe(cooperative_id=request.tenant.pk, latitude=latitude, longitude=longitude)
    messages.success(request, _("Bagian beranda disimpan."))
    return redirect("backoffice:blocks")


def _picture(request: HttpRequest, block: Block, form: BlockForm) -> dict[str, Any]:
    """The new picture, the one there is, or none. Raises BadPhoto."""
    if "upload" not in form.fields or form.cleaned_data.get("remove_picture"):
        return {}
    if not form.cleaned_data.get("upload"):
        names = ("picture", "picture_width", "picture_height")
        return {name: block.content[name] for name in names if name in block.content}
    kept = pictures.keep_wide(**uploaded(request, "upload"), cooperative=request.tenant)
    return {"picture": kept.name, "picture_width": kept.width, "picture_height": kept.height}


def _picture_now(request: HttpRequest, block: Block) -> str:
    name = block.content.get("picture")
    if not name:
        return ""
    stored = pictures.stored(name, request.tenant)
    return reverse("media", args=[pictures.resized(stored, pictures.WIDE[1])])


def _summary(block: Block) -> str:
    content = block.content
    said = str(content.get("title_id") or content.get("text_id") or "")[:80]
    if block.kind != Block.Kind.COLLECTION:
        return said
    goods = str(SOURCES.get(content.get("source", "newest"), ""))
    return f"{said} ({goods})" if said else goods


def _gone() -> str:
    return _("Bagian itu sudah tidak ada. Mungkin pengurus lain baru saja mengubah beranda.")


def _most() -> dict[str, int]:
    return {"most": arranging.MOST_BLOCKS}
