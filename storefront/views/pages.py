"""Pages of text: about, how to order, privacy, and what officers added."""

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from pages import markup, writing
from storefront.page_cache import kept


@require_safe
@kept()
def page(request: HttpRequest, slug: str) -> HttpResponse:
    language = get_language() or "id"
    found = writing.read(slug, cooperative=request.tenant, language=language)
    if found is None:
        raise Http404
    others = [other for other in writing.shown(cooperative=request.tenant, language=language) if other.slug != slug]
    context = {"page": found, "body": markup.as_html(found.body), "others": others}
    return TemplateResponse(request, "storefront/page.html", context)


@require_safe
@kept()
def pages(request: HttpRequest) -> HttpResponse:
    """Everything that there is to read."""
    found = writing.shown(cooperative=request.tenant, language=get_language() or "id")
    return TemplateResponse(request, "storefront/pages.html", {"pages": found})
