from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from storefront import parts
from storefront.page_cache import kept
from storefront.remembering import remembered


@require_safe
@kept()
def home(request: HttpRequest) -> HttpResponse:
    """The shop's front: blocks, in the order in which officers put them."""
    shown = remembered(request, "home", lambda: parts.of_home(request.tenant))
    context = {"parts": shown, "has_heading": any(part.is_main for part in shown)}
    return TemplateResponse(request, "storefront/home.html", context)
