"""`/healthz`: the process answers, whatever the host name; `/readyz`: and it reaches its database;
`/known-host?domain=`: whether a shop answers there, so that a proxy knows for which names to get a certificate."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from tenants import hostnames, starting
from tenants.models import Domain

logger = logging.getLogger(__name__)

MOST_REMEMBERED = 10_000
_answers: dict[str, tuple[float, bool]] = {}  # host -> when it was looked up, and whether a shop answers there


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
            return self._known_host(request)
        return self.get_response(request)

    def _ready(self) -> HttpResponse:
        try:
            starting.make_sure()
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except starting.NotSealed as error:
            logger.error("not ready: %s", error)
            return HttpResponse("not sealed\n", status=503, content_type="text/plain")
        except DatabaseError:
            return HttpResponse("database away\n", status=503, content_type="text/plain")
        return HttpResponse("ready\n", content_type="text/plain")

    def _known_host(self, request: HttpRequest) -> HttpResponse:
        """200 for the platform, for the subdomain of every cooperative that is not purged, and for proven domains: just
        these have a Domain row. Anybody can make a proxy ask by opening a TLS connection, so what cannot be a host name
        costs no query and the rest costs one in HOSTS_KNOWN_SECONDS."""
        try:
            known = _is_known(request.GET.get("domain", "").lower().removesuffix("."))
        except DatabaseError:
            return HttpResponse("database away\n", status=503, content_type="text/plain")
        return HttpResponse("known\n" if known else "unknown\n", status=200 if known else 404)


def _is_known(host: str) -> bool:
    if not hostnames.is_well_formed(host):
        return False
    answered = _answers.get(host)
    if answered and time.monotonic() - answered[0] < settings.HOSTS_KNOWN_SECONDS:
        return answered[1]
    known = Domain.objects.filter(domain=host).exists()
    if len(_answers) >= MOST_REMEMBERED:
        _answers.clear()
    _answers[host] = (time.monotonic(), known)
    return known
