"""A shop with several names shows its pages at one of them."""

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from tenants.addresses import on_host
from tenants.models import Cooperative

# Who works or is logged in stays where the cookie is: sessions know one host only, and while a new domain does not
# answer yet, officers must reach the page that mends it. Notices and files have no reader who follows.
# What a page is dressed with comes from its own host: the policy allows no other.
DRESS = ("/theme-", "/ikon-", "/pekerja.js")
STAYS = ("/kelola/", "/akun/", "/hooks/", "/media/", "/operator/", "/demo/", *DRESS)
# Search engines take 301 for good; browsers forget this one soon. For ever, it would lead visitors of the subdomain to
# a domain that the cooperative may have lost.
REMEMBERED_SECONDS = 300


def elsewhere(request: HttpRequest, cooperative: Cooperative) -> HttpResponse | None:
    """The way to the same page at the shop's primary name, when a page was asked for at another."""
    path = request.path.removeprefix("/en")
    if request.method not in ("GET", "HEAD") or path.startswith(STAYS) or "HX-Request" in request.headers:
        return None
    asked = (request.get_host().rpartition(":")[0] or request.get_host()).lower()
    is_here = cooperative.state != Cooperative.State.OPEN or cooperative.shows_at in ("", asked)
    if is_here:
        return None
    response = HttpResponsePermanentRedirect(on_host(cooperative.shows_at, request.get_full_path()))
    response["Cache-Control"] = f"max-age={REMEMBERED_SECONDS}"
    return response
