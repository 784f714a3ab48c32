from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from storefront import parts
from storefront.page_cache import kept


@require_safe
@kept()
def home(request: HttpRequest) -> HttpResponse:
    """The shop's front: blocks, in the order in which officers put them."""
    return TemplateResponse(request, "storefront/home.html", {"parts": parts.of_home(request.tenant)})
