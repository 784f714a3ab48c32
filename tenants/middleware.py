"""Host name -> cooperative, before anything else happens to a request."""

import time
from collections.abc import Callable
from copy import copy

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django_tenants.middleware.main import TenantMainMiddleware

from lib.schema import connection
from tenants import freshness, gates, primary_host, servers, versions
from tenants.models import Cooperative, Domain, FreedName

SESSION_STAMP = "_cooperative"
MOST_HOSTS = 5_000
TRY_AGAIN = "10"  # seconds
_known: dict[str, tuple[float, int | None, Cooperative]] = {}  # host -> when, at which directory, and whose it is


def forget_hosts() -> None:
    """What was just changed shows at once in this process; others see it when their memory runs out."""
    _known.clear()


class TenantMiddleware(TenantMainMiddleware):
    """An unknown host is 404, one that was given up 410, and the connection is back in `public` afterwards."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return super().__call__(request)
        finally:
            servers.go_home()

    def get_tenant(self, domain_model: type[Domain], hostname: str) -> Cooperative:
        """Whose host it is. Looked up once in HOSTS_KNOWN_SECONDS per process, and again as soon as any cooperative or
        domain changed (tenants/freshness.py); while the cache is away, a suspension or a new theme shows that much
        later. A host that nobody has is looked up each time. Each request gets a copy of its own."""
        directory = freshness.of_directory()
        known = _known.get(hostname)
        if known and time.monotonic() - known[0] < settings.HOSTS_KNOWN_SECONDS and known[1] == directory:
            return copy(known[2])
        found = domain_model.objects.select_related("tenant").get(domain=hostname)
        others = domain_model.objects.filter(tenant=found.tenant_id, is_primary=True)
        primary = found if found.is_primary else others.first() or found
        found.tenant.primary_domain = primary.domain  # known now: no page asks for it again
        if primary.failing_since is None:  # nobody is led to a domain that is in doubt
            found.tenant.shows_at = primary.domain
        if len(_known) >= MOST_HOSTS:
            _known.clear()
        found.tenant.directory = directory
        _known[hostname] = (time.monotonic(), directory, found.tenant)
        return copy(found.tenant)

    @staticmethod
    def hostname_from_request(request: HttpRequest) -> str:
        """As the Domain table has it. `www.` stays: a name that nobody proved is nobody's."""
        return request.get_host().partition(":")[0].lower().removesuffix(".")

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        """What can be said before anything of the cooperative is read; then the request stands in its schema."""
        try:
            refused = super().process_request(request)
        except Http404:
            return _plain(404, "tidak ada toko di sini / no shop answers here")
        except (OperationalError, InterfaceError):
            # Providers and marketplaces send a notice again when they hear 503, less often when they hear 500.
            return _plain(503, "coba lagi sebentar lagi / database away")
        if refused is not None:
            return refused
        cooperative: Cooperative = request.tenant  # type: ignore[attr-defined]
        for gate in (primary_host.elsewhere, _moving, _behind):
            if (answer := gate(request, cooperative)) is not None:
                return answer
        servers.go_to(cooperative)
        return None

    def no_tenant_found(self, request: HttpRequest, hostname: str) -> HttpResponse:
        """A name that a cooperative gave up is gone; any other was never here. Raises Http404."""
        if not FreedName.objects.filter(name=hostname).exists():
            raise Http404
        return _plain(410, "toko ini sudah tidak ada di sini / this shop is no longer here")


def _moving(request: HttpRequest, cooperative: Cooperative) -> HttpResponse | None:
    if not cooperative.moving_to:
        return None
    return _plain(503, "toko ini sedang dipindahkan, coba lagi sebentar / moving house, try again in a moment")


def _behind(request: HttpRequest, cooperative: Cooperative) -> HttpResponse | None:
    """This code does not serve a schema that lacks what it needs (tenants/migrating.py)."""
    if cooperative.is_platform or not versions.is_behind(cooperative.schema_version):
        return None
    _known.pop(TenantMiddleware.hostname_from_request(request), None)  # it answers as soon as it is brought up
    return _plain(503, "toko ini sedang diperbarui, coba lagi sebentar / being updated, try again in a moment")


def _plain(status: int, text: str) -> HttpResponse:
    headers = {"Retry-After": TRY_AGAIN} if status == 503 else {}
    return HttpResponse(f"{status}: {text}\n", status=status, content_type="text/plain", headers=headers)


class StateGate:
    """A shop that is not open says so. Stands where the session and the language of the page are known already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        cooperative: Cooperative = request.tenant  # type: ignore[attr-defined]
        return gates.sign(request, cooperative) or self.get_response(request)


class SessionBelongsHere:
    """A session cookie of one cooperative, replayed at another, is an empty session (attack A4)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        here = connection.schema_name
        stamp = request.session.get(SESSION_STAMP)
        if stamp is not None and stamp != here:
            request.session.flush()
        response = self.get_response(request)
        if request.session.modified and not request.session.is_empty():
            request.session[SESSION_STAMP] = here
        return response
