"""Who gets into a page of the back office: one decorator per view, which names what one must be allowed to do."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from members import roles
from members.roles import May

View = Callable[..., HttpResponse]
READING = frozenset({"GET", "HEAD", "OPTIONS"})


def needs(*reading: May, to_write: May | None = None) -> Callable[[View], View]:
    """Let in whoever may do any of `reading`; a POST needs `to_write` where that is given.

    Nobody in particular goes to the login page, everyone else without the right gets 404: to them the page does
    not exist. `request.allowed` then holds all that the person may do, for menus and buttons.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            is_visit = getattr(request, "visit", None) is not None
            if not is_visit and not request.user.is_authenticated:
                back_to = request.get_full_path() if request.method in READING else reverse("backoffice:home")
                return redirect_to_login(back_to)
            allowed = set(roles.SEE) if is_visit else roles.allowed(request.user)
            wanted = {to_write} if to_write and request.method not in READING else set(reading)
            if not allowed & wanted or (is_visit and request.method not in READING):
                raise Http404
            request.allowed = allowed
            return view(request, *args, **kwargs)

        guarded.needs = (frozenset(reading), to_write)
        return never_cache(guarded)

    return decorate
