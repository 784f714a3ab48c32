"""Forms on pages that everybody shares carry no token of one visitor: the browser itself says where they come from."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.csrf import csrf_failure
from django.views.decorators.csrf import csrf_exempt

READING = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
REASON = "the browser did not say that this form stands on our own page"

View = Callable[..., HttpResponse]


def same_origin(view: View) -> View:
    """Refuse (403) what another site lets a browser send. Instead of a token, where a page may be kept for everybody.

    Every browser since 2020 sends `Origin` with a POST, most send `Sec-Fetch-Site` too, and neither can be forged by
    a page. What carries none of them, and no `Referer` of ours, is refused too.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method in READING or comes_from_here(request) or _is_a_test(request):
            return view(request, *args, **kwargs)
        return csrf_failure(request, reason=REASON)

    return guarded


def comes_from_here(request: HttpRequest) -> bool:
    """Whether the browser says that this very host sent it. Every header that is there must say so."""
    said = [
        is_ours(request, request.headers[name])
        for name, is_ours in (("Sec-Fetch-Site", _is_same), ("Origin", _is_origin))
        if name in request.headers
    ]
    if said:
        return all(said)
    return _is_origin(request, request.headers.get("Referer", ""))


def _is_same(request: HttpRequest, value: str) -> bool:
    return value == "same-origin"


def _is_origin(request: HttpRequest, value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())


def _is_a_test(request: HttpRequest) -> bool:
    """As Django's own check does: its test client says that nothing is to be checked."""
    return bool(getattr(request, "_dont_enforce_csrf_checks", False))
