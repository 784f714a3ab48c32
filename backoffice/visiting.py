"""A visit of an operator, as HTTP: every request of its session is looked at here, whichever page it asks for.

It changes nothing, three times over: no method but reading ones gets through, `needs` gives no right to write, and the
page is made in a transaction that PostgreSQL keeps read-only and that is rolled back. The log entry is written before,
outside of that transaction: a page that is not in the log is not shown.
"""

from collections.abc import Callable

from django.conf import settings
from django.db import InternalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from psycopg.errors import ReadOnlySqlTransaction

from backoffice.access import READING
from lib.http import InsideTransaction
from members import visiting as log
from tenants import visiting
from tenants.models import Visit

IN_SESSION = "visit"


class VisitMiddleware:
    """`request.visit` is the visit that goes on in this session, or None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.visit = None
        visit_id = request.session.get(IN_SESSION)
        if visit_id is None:
            return self.get_response(request)
        now = timezone.now()
        request.visit = visiting.living(now=now).filter(pk=visit_id, cooperative=request.tenant.pk).first()
        if request.visit is None:
            request.session.flush()
            return refusal(request, "over")
        request.visit.minutes_left = -(-(request.visit.ends_at - now).seconds // 60)
        if request.method == "POST" and request.path_info == reverse("visiting:end"):
            return self.get_response(request)
        if request.method not in READING:
            return refusal(request, "reading")
        if not _is_public_file(request):
            log.record_page(visit=request.visit, path=request.get_full_path(), now=now)
        return self._show(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if request.visit is None:
            return None
        if isinstance(exception, InternalError) and isinstance(exception.__cause__, ReadOnlySqlTransaction):
            return refusal(request, "reading")
        return refusal(request, "outside") if isinstance(exception, InsideTransaction) else None

    def _show(self, request: HttpRequest) -> HttpResponseBase:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            response = self.get_response(request)
            transaction.set_rollback(True)
        if _leaves_the_house(request, response):  # not closed: that would end the request, and its connection, here
            return refusal(request, "download")
        return response


def begin(request: HttpRequest, visit: Visit) -> None:
    """This browser is on the visit from now on, and nobody else's any more. Raises members.visiting.LinkUsed."""
    log.begin(visit=visit, now=timezone.now())
    request.session.flush()
    request.session[IN_SESSION] = visit.pk
    request.session.set_expiry(visit.minutes * 60)


def refusal(request: HttpRequest, why: str) -> HttpResponse:
    """The page that says what a visit does not do (`reading`, `download`, `outside`), or that there is none (`over`,
    `link`)."""
    return TemplateResponse(request, "backoffice/visit_refused.html", {"why": why}, status=403).render()


def _is_public_file(request: HttpRequest) -> bool:
    return request.path_info.startswith(settings.MEDIA_URL)


def _leaves_the_house(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Files to keep are not for visitors: neither exports, nor anything else that a page does not show."""
    is_file = response.has_header("Content-Disposition") or response.streaming
    return is_file and not _is_public_file(request)
