"""When a page is not there, or we broke it: in the shop's own frame, with a way on."""

import re

from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, HttpResponseServerError
from django.template import loader
from django.utils import translation
from django.views import defaults
from django.views.decorators.csrf import requires_csrf_token

from storefront import face

PRODUCT = re.compile(r"^(?:/en)?/produk/([a-z0-9-]{3,80})/?$")


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """With a search that already has the words of a product that is gone."""
    if getattr(request, "tenant", None) is None:
        return defaults.page_not_found(request, exception)
    product = PRODUCT.match(request.path_info)
    words = [word for word in product[1].split("-") if not word.isdigit()] if product else []
    return HttpResponseNotFound(loader.render_to_string("404.html", {"query": " ".join(words)}, request))


def broken(request: HttpRequest) -> HttpResponse:
    """Asks nothing of what may be broken: no database, no session, no cache. Who the shop is, the request knows."""
    cooperative = getattr(request, "tenant", None)
    if cooperative is None or cooperative.is_platform:
        return defaults.server_error(request)
    language = "en" if request.path_info.startswith("/en/") else "id"
    try:
        with translation.override(language):
            theme = face.Face(cooperative).theme
            said = {"cooperative": cooperative, "LANGUAGE_CODE": language, "theme": theme}
            page = loader.render_to_string("500_shop.html", said)
    except Exception:
        return defaults.server_error(request)
    return HttpResponseServerError(page)
