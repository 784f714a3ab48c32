"""What of a cooperative's site answers in which state (docs/lifecycle.md); for everything else there is a sign.

A view is named as in the URL table. What is not named here stays closed, so a new view of the shop opens with the shop.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve
from django.utils.cache import add_never_cache_headers

from tenants.models import Cooperative

State = Cooperative.State
READING = frozenset({"GET", "HEAD", "OPTIONS"})
PREVIEW = "preview"  # in the session of an officer who looks at the shop before it opens
TRY_AGAIN = "3600"  # seconds, for search engines

# money notices are stored whatever the state; the one-tap logins of the demo; operators come to look at what is wrong
ALWAYS = ("payments:", "demo:", "visiting:")
ENTRANCE = ("account_", "mfa_")
SIGN_UP = frozenset({"account_signup", "account_email_verification_sent"})
CHANGES_ON_GET = frozenset({"backoffice:shopee_return"})
LEAVING = frozenset({"backoffice:home"})
DRESS = frozenset({"theme", "icon"})  # what the signs are shown in
EXIT_KIT = "backoffice:exit_kit"  # this and names that begin so: a cooperative takes its data along in every state


def sign(request: HttpRequest, cooperative: Cooperative) -> HttpResponse | None:
    """The page that stands in for what the state of `cooperative` keeps closed; None where the request may go on."""
    if cooperative.is_platform or cooperative.state == State.OPEN:
        return None
    name = _name(request)
    if name.startswith(ALWAYS) or PASSES[State(cooperative.state)](request, name):
        return None
    return _sign(request, cooperative, is_inside=name.startswith("backoffice:"))


def _preparing(request: HttpRequest, name: str) -> bool:
    """Officers and members work. An officer may look at the shop as it will be; nobody can put in an order."""
    if name.startswith("storefront:"):
        return request.method in READING and bool(request.session.get(PREVIEW))
    return bool(name)


def _suspended(request: HttpRequest, name: str) -> bool:
    """Officers and members read and change nothing. The data stay theirs to take along."""
    if name.startswith(EXIT_KIT):
        return True
    if name.startswith("backoffice:"):
        return request.method in READING and name not in CHANGES_ON_GET
    return name in ("media", *DRESS) or _enters(name)


def _closed(request: HttpRequest, name: str) -> bool:
    """Officers come for their data and for nothing else."""
    return name in LEAVING or name in DRESS or name.startswith(EXIT_KIT) or _enters(name)


def _purging(request: HttpRequest, name: str) -> bool:
    return False


PASSES: dict[State, Callable[[HttpRequest, str], bool]] = {
    State.PREPARING: _preparing,
    State.SUSPENDED: _suspended,
    State.CLOSED: _closed,
    State.PURGING: _purging,
}


def _enters(name: str) -> bool:
    return name.startswith(ENTRANCE) and name not in SIGN_UP


def _name(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info, urlconf=getattr(request, "urlconf", None)).view_name
    except Resolver404:
        return ""


def _sign(request: HttpRequest, cooperative: Cooperative, *, is_inside: bool) -> HttpResponse:
    is_over = cooperative.state in (State.CLOSED, State.PURGING)
    context = {"cooperative": cooperative, "is_inside": is_inside}
    template = f"tenants/{State.CLOSED if is_over else cooperative.state}.html"
    page = TemplateResponse(request, template, context, status=410 if is_over else 503)
    if not is_over:
        page["Retry-After"] = TRY_AGAIN
    add_never_cache_headers(page)
    page._has_been_logged = True  # type: ignore[attr-defined]  # Django would log each visit as the server's error
    return page.render()
