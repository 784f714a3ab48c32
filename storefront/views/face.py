"""What browsers fetch to dress the shop and to keep it at hand: colours, icons, manifest, service worker."""

import json
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

import storefront
from lib import colours
from pages import icons, palette
from storefront import face

FOR_EVER = "public, max-age=31536000, immutable"
SOON_AGAIN = "public, max-age=300"  # the address of a release before or after this one
WORKER = Path(storefront.__file__).with_name("worker.js").read_text(encoding="utf-8")
LANGUAGES = ("id", "en")


@require_safe
def theme(request: HttpRequest, name: str) -> HttpResponse:
    """The colours of a shop. `name` is the chosen colour and the digest of what became of it."""
    colour = f"#{name[:6]}"
    if not colours.WRITTEN.fullmatch(colour):
        raise Http404
    response = HttpResponse(palette.stylesheet(colour), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = FOR_EVER if name[6:] == palette.digest(colour) else SOON_AGAIN
    return response


@require_safe
def icon(request: HttpRequest, kind: str, digest: str) -> HttpResponse:
    if kind not in icons.KINDS:
        raise Http404
    response = HttpResponse(icons.draw(kind, request.tenant), content_type="image/png")
    response["Cache-Control"] = FOR_EVER if digest == icons.digest(request.tenant) else SOON_AGAIN
    return response


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """The shop as something that one can put on the home screen."""
    cooperative = request.tenant
    home = reverse("storefront:home")
    shortcuts = [("storefront:search", _("Cari produk")), ("storefront:cart", _("Keranjang"))]
    shortcuts.append(("storefront:orders", _("Pesanan saya")))
    content = {
        "id": "/",
        "name": cooperative.name,
        "short_name": _short(cooperative.name),
        "description": _("Toko anggota %(name)s") % {"name": cooperative.name},
        "lang": get_language(),
        "dir": "ltr",
        "start_url": home,
        "scope": "/",
        "display": "standalone",
        "theme_color": icons.colour_of(cooperative),
        "background_color": colours.WHITE,
        "icons": [
            _icon("192", cooperative), _icon("512", cooperative), _icon("512m", cooperative, purpose="maskable")
        ],
        "shortcuts": [{"name": name, "url": reverse(where)} for where, name in shortcuts],
    }  # fmt: skip
    response = JsonResponse(content, content_type="application/manifest+json")
    response["Cache-Control"] = SOON_AGAIN
    return response


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that shows the offline page. What it keeps is named here, so that it changes when they do."""
    names = [static(name) for name in ("css/app.css", "js/face.js", "icons.svg")]
    if theme_css := face.Face(request.tenant).theme:
        names.append(theme_css)
    offline = {language: _in(language, "storefront:offline") for language in LANGUAGES}
    said = {"statics": names, "offline": offline, "state": request.tenant.revision}
    script = f"const SAID = {json.dumps(said, sort_keys=True)};\n{WORKER}"
    response = HttpResponse(script, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a phone without a connection shows instead of any page. The same for everybody."""
    response = TemplateResponse(request, "storefront/offline.html", {"cart_count": 0})
    response["Cache-Control"] = "no-cache"
    return response


def _icon(kind: str, cooperative, purpose: str = "any") -> dict[str, str]:
    size, _share = icons.KINDS[kind]
    where = face.icon_path(kind, cooperative)
    return {"src": where, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


def _short(name: str) -> str:
    """Under an icon there is room for about twelve letters: whole words, without the one that every cooperative has."""
    words = name.split()
    words = words[1:] if len(words) > 1 and words[0].lower() == "koperasi" else words
    short = words[0] if words else name
    for word in words[1:]:
        if len(f"{short} {word}") > 14:
            break
        short = f"{short} {word}"
    return short[:20]


def _in(language: str, name: str) -> str:
    with override(language):
        return reverse(name)
