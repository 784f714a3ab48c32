"""`/healthz`: the process answers, whatever the host name; `/readyz`: and it reaches its database;
`/known-host?domain=`: whether a shop answers there, so that a proxy knows for which names to get a certificate."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from tenants.models import Domain


class HealthMiddleware:
    """Stands before the choice of cooperative, because a health check knows no host name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        if request.path == "/readyz":
            return self._ready()
        if request.path == "/known-host":
            asked = request.GET.get("domain", "").replace("\x00", "")  # which no database takes
            known = Domain.objects.filter(domain=asked).exists()
            return HttpResponse("known\n" if known else "unknown\n", status=200 if known else 404)
        return self.get_response(request)

    def _ready(self) -> HttpResponse:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            return HttpResponse("database away\n", status=503, content_type="text/plain")
        return HttpResponse("ready\n", content_type="text/plain")
