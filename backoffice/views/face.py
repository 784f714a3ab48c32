"""The shop's face: colours, logo and cover, hours and holidays."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backoffice.access import needs
from backoffice.face_forms import ColourForm, HoursForm
from lib import colours
from lib.photo_files import MOST_BYTES, BadPhoto
from members.roles import May
from pages import palette, pictures
from tenants import describing
from tenants.models import Cooperative

KEEP = {"logo": pictures.keep_logo, "cover": pictures.keep_wide}


@needs(May.RUN_SHOP)
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest) -> HttpResponse:
    """Colours, logo and cover. `?colour=` shows this page in a colour that nobody has saved yet."""
    cooperative = Cooperative.objects.get(pk=request.tenant.pk)  # as it is now, not as the process remembers it
    part = request.POST.get("part", "")
    if request.method == "POST" and part in KEEP:
        return _set_picture(request, cooperative, part)
    form = ColourForm(request.POST if request.method == "POST" else None, initial=_now(request, cooperative))
    if request.method == "POST" and form.is_valid():
        describing.describe(
            cooperative_id=cooperative.pk, theme=form.cleaned_data["theme"], colour=form.cleaned_data["colour"]
        )
        messages.success(request, _("Tampilan toko disimpan."))
        return redirect("backoffice:look")
    context = {"form": form, **_shown(request, cooperative)}
    return TemplateResponse(request, "backoffice/look.html", context, status=422 if form.errors else 200)


@needs(May.RUN_SHOP)
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest) -> HttpResponse:
    """When somebody is there, and when nobody is for a while."""
    cooperative = Cooperative.objects.get(pk=request.tenant.pk)
    form = HoursForm(request.POST if request.method == "POST" else None, cooperative=cooperative)
    if request.method == "POST" and form.is_valid():
        describing.describe(cooperative_id=cooperative.pk, **form.told())
        messages.success(request, _("Jam buka dan libur disimpan."))
        return redirect("backoffice:hours")
    return TemplateResponse(request, "backoffice/hours.html", {"form": form}, status=422 if form.errors else 200)


def _set_picture(request: HttpRequest, cooperative: Cooperative, part: str) -> HttpResponse:
    before = getattr(cooperative, part)
    name = ""
    if "remove" not in request.POST:
        try:
            kept = KEEP[part](**uploaded(request, "file"), cooperative=cooperative)
        except BadPhoto as refused:
            messages.error(request, str(refused))
            return redirect("backoffice:look")
        name = pictures.stored(kept.name, cooperative)
    describing.describe(cooperative_id=cooperative.pk, **{part: name})
    pictures.forget(before, cooperative)
    messages.success(request, _("Gambar disimpan.") if name else _("Gambar dihapus."))
    return redirect("backoffice:look")


def uploaded(request: HttpRequest, field: str) -> dict[str, Any]:
    """Bytes and name of an uploaded file. Raises BadPhoto where there is none, or too much of it."""
    file = request.FILES.get(field)
    if file is None:
        raise BadPhoto(_("Pilih gambarnya dulu."))
    if file.size > MOST_BYTES:
        raise BadPhoto(_("Fotonya lebih besar dari 10 MB."))
    return {"data": file.read(), "filename": file.name}


def _now(request: HttpRequest, cooperative: Cooperative) -> dict[str, str]:
    tried = _tried(request)
    colour = tried or cooperative.colour
    return {
        "theme": cooperative.theme,
        "own": "1" if colour else "",
        "colour": colour or palette.OF_THEMES.get(cooperative.theme, ""),
    }


def _tried(request: HttpRequest) -> str:
    colour = request.GET.get("colour", "").lower()
    return colour if colours.WRITTEN.fullmatch(colour) and request.GET.get("own", "1") else ""


def _shown(request: HttpRequest, cooperative: Cooperative) -> dict[str, Any]:
    tried = _tried(request)
    colour = tried or cooperative.colour
    if not colours.WRITTEN.fullmatch(colour):
        colour = ""
    seen = palette.palette(colour) if colour else {}
    return {
        "tried": tried,
        "tried_theme": reverse("theme", args=[tried[1:] + palette.digest(tried)]) if tried else "",
        "chosen": colour,
        "is_corrected": bool(colour) and palette.is_corrected(colour),
        "swatches": [(name, seen[name]) for name in ("primary", "accent", "neutral", "secondary") if seen],
        "contrast": round(colours.contrast(seen["primary"], seen["base-100"]), 1) if seen else None,
        "from_logo": pictures.colours_in(cooperative.logo) if cooperative.logo else [],
        "logo_now": _media(cooperative.logo),
        "cover_now": _media(pictures.resized(cooperative.cover, pictures.WIDE[1])),
    }


def _media(name: str) -> str:
    return reverse("media", args=[name]) if name else ""
