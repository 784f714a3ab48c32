"""The platform's own front page."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from tenants import addresses, switches
from tenants.models import Cooperative, Domain

PER_PAGE = 24


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What this is, and which cooperatives are open."""
    page = Paginator(Cooperative.objects.open().order_by("name"), PER_PAGE).get_page(request.GET.get("halaman"))
    hosts = dict(Domain.objects.filter(tenant__in=page.object_list, is_primary=True).values_list("tenant_id", "domain"))
    shops = [
        (cooperative, addresses.on_host(hosts[cooperative.pk], "/")) for cooperative in page if cooperative.pk in hosts
    ]
    context = {"shops": shops, "page": page, "may_apply": switches.is_on("sign_up")}
    return TemplateResponse(request, "hosting/front.html", context)
