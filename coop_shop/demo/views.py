from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coop_shop.demo import logins, mail


@require_safe
@never_cache
def log_in(request: HttpRequest, role: str) -> HttpResponse:
    """Log in by a signed link and go to where this role works."""
    user = logins.who(role=role, token=request.GET.get("t", ""))
    if user is None:
        raise Http404
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    if role == logins.OPERATOR:
        record_authentication(request, user, "mfa", type="demo")  # the link stands for the device too
    return redirect(_start_of(role))


@require_safe
@never_cache
def letters(request: HttpRequest) -> HttpResponse:
    """The mail that this shop has sent, as its receivers would read it."""
    return TemplateResponse(request, "demo/letters.html", {"letters": mail.newest()})


def _start_of(role: str) -> str:
    if role == logins.OPERATOR:
        return reverse("admin:index")
    if role == logins.CUSTOMER:
        return reverse("account_home")
    return reverse("backoffice:home")
