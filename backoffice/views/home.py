"""What has to be done today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from backoffice import going_live, todo
from backoffice.access import needs
from marketplaces.models import Connection
from members.roles import May
from orders.models import Order
from tenants import purging
from tenants.models import Cooperative

LATEST = 5


@needs(May.ENTER, May.SEE_OWN)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Officers see what waits for them; a member without an office goes to their own goods."""
    if request.tenant.state == Cooperative.State.CLOSED:
        last_day = purging.purged_from(request.tenant)
        return TemplateResponse(request, "backoffice/closed.html", {"purged_at": last_day})
    if May.ENTER not in request.allowed:
        return redirect("backoffice:own_products")
    context = {
        "points": _points(request),
        "tasks": todo.tasks(request.allowed),
        "lost": Connection.objects.filter(state=Connection.State.LOST).order_by("pk"),
        "latest": Order.objects.order_by("-placed_at", "-pk")[:LATEST],
    }
    return TemplateResponse(request, "backoffice/home.html", context)


def _points(request: HttpRequest) -> list[going_live.Point]:
    if request.tenant.state != Cooperative.State.PREPARING:
        return []
    return going_live.points(cooperative_id=request.tenant.pk, now=timezone.now())
