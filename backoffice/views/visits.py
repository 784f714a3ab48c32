"""Operators of the platform who look in: their way in and out, and what the cooperative reads about it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice import visiting as visit_sessions
from backoffice.access import needs
from backoffice.paging import page_of
from members import visiting as log
from members.models import VisitEntry
from members.roles import May
from tenants import visiting


@needs(May.SEE_VISITS)
@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    """Who looked in, why, with whose consent, and at which pages. Nobody can edit it."""
    page = page_of(request, VisitEntry.objects.order_by("-at", "-pk"))
    return TemplateResponse(request, "backoffice/visits.html", {"page": page})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """The link of the console leads here: what will be written down, and a button that begins."""
    token = request.GET.get("t", "")
    visit = visiting.of_ticket(token, now=timezone.now())
    if visit is None:
        return visit_sessions.refusal(request, "link")
    if request.method != "POST":
        return TemplateResponse(request, "backoffice/visit_begin.html", {"coming": visit})
    try:
        visit_sessions.begin(request, visit)
    except log.LinkUsed:
        return visit_sessions.refusal(request, "link")
    return redirect("backoffice:home")


@never_cache
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """The operator has seen enough."""
    if request.visit is not None:
        log.end(visit=request.visit, now=timezone.now())
        request.session.flush()
        request.visit = None
    return TemplateResponse(request, "backoffice/visit_refused.html", {"why": "ended"})
