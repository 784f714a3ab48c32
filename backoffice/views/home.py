"""What has to be done today."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from backoffice import todo
from backoffice.access import needs
from marketplaces.models import Connection
from members.roles import May
from orders.models import Order

LATEST = 5


@needs(May.ENTER, May.SEE_OWN)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Officers see what waits for them; a member without an office goes to their own goods."""
    if May.ENTER not in request.allowed:
        return redirect("backoffice:own_products")
    context = {
        "tasks": todo.tasks(request.allowed),
        "lost": Connection.objects.filter(state=Connection.State.LOST).order_by("pk"),
        "latest": Order.objects.order_by("-placed_at", "-pk")[:LATEST],
    }
    return TemplateResponse(request, "backoffice/home.html", context)
