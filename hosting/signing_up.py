"""The sign-up of cooperatives: a form, a code by e-mail, and what happens next. Works without a script."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from redis.exceptions import RedisError

from hosting import suggesting
from hosting.forms import ApplyForm, CodeForm
from members import applying
from tenants import provisioning, switches
from tenants.addresses import on_host
from tenants.models import Application

View = Callable[..., HttpResponse]
IN_HAND = "application"  # the session's key: which application this browser made


def _while_open(view: View) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not switches.is_on("sign_up"):
            raise Http404
        return view(request, *args, **kwargs)

    return never_cache(guarded)


@_while_open
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """Ask for a shop. Whoever comes back with the code in hand is led on to it."""
    form = ApplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not _may_send(request, form.cleaned_data["email"]):
            form.add_error(None, _("Terlalu banyak percobaan. Coba lagi satu jam lagi."))
        elif _apply(request, form):
            return redirect("hosting:apply_code")
    return TemplateResponse(
        request, "hosting/apply.html", {"form": form}, status=422 if request.method == "POST" else 200
    )


@_while_open
@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """The field of the address, filled from the name; a script asks for it while the form is filled in."""
    form = ApplyForm(initial={"slug": request.GET.get("slug") or suggesting.slug_for(request.GET.get("name", "")[:80])})
    return TemplateResponse(request, "hosting/_slug.html", {"field": form["slug"]})


@_while_open
@require_http_methods(["GET", "HEAD", "POST"])
def apply_code(request: HttpRequest) -> HttpResponse:
    """Type in the code, or ask for another one."""
    application = _in_hand(request)
    if application.state != Application.State.UNVERIFIED:
        return redirect("hosting:applied")
    if "again" in request.POST:
        problem = _send_again(request, application)
        messages.add_message(
            request, *((messages.ERROR, problem) if problem else (messages.SUCCESS, _("Kode baru dikirim.")))
        )
        return redirect("hosting:apply_code")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _confirm(application, form):
        return redirect("hosting:applied")
    context = {"form": form, "application": application, "platform_host": settings.PLATFORM_HOST}
    status = 422 if request.method == "POST" else 200
    return TemplateResponse(request, "hosting/apply_code.html", context, status=status)


@_while_open
@require_safe
def applied(request: HttpRequest) -> HttpResponse:
    """What happens next: we look at it, or the shop's address."""
    application = _in_hand(request)
    if application.state == Application.State.UNVERIFIED:
        return redirect("hosting:apply_code")
    shop = application.cooperative
    address = on_host(shop.primary_domain, "/") if shop else ""
    return TemplateResponse(request, "hosting/applied.html", {"application": application, "address": address})


def _may_send(request: HttpRequest, email: str) -> bool:
    """So many an hour from one place and to one address, whatever is known of either. Uncounted is refused."""
    try:
        return ratelimit.consume(request, action="apply", key=email.lower())
    except (RedisError, OSError):
        return False


def _apply(request: HttpRequest, form: ApplyForm) -> bool:
    try:
        application = applying.apply(**form.cleaned_data, language=get_language() or "id", now=timezone.now())
    except provisioning.SlugRefused:
        form.add_error("slug", _("Alamat ini baru saja diambil. Pilih yang lain."))
    except applying.MailAway:
        form.add_error("email", _("E-mail tidak terkirim. Periksa alamatnya, atau coba lagi sebentar lagi."))
    else:
        request.session[IN_HAND] = application.pk
        return True
    return False


def _in_hand(request: HttpRequest) -> Application:
    found = Application.objects.filter(pk=request.session.get(IN_HAND)).select_related("cooperative").first()
    if found is None:
        raise Http404
    return found


def _send_again(request: HttpRequest, application: Application) -> str:
    """Why no new code went out; nothing when one did."""
    if not _may_send(request, application.email):
        return _("Terlalu banyak percobaan. Coba lagi satu jam lagi.")
    try:
        applying.send_code(application_id=application.pk, now=timezone.now())
    except applying.TooSoon:
        return _("Kode baru saja dikirim. Tunggu satu menit.")
    except applying.CodeSpent:
        return _("Kode salah terlalu sering. Mulai lagi dari awal.")
    except applying.MailAway:
        return _("E-mail tidak terkirim. Coba lagi sebentar lagi.")
    return ""


def _confirm(application: Application, form: CodeForm) -> bool:
    try:
        applying.confirm(application_id=application.pk, code=form.cleaned_data["code"], now=timezone.now())
    except applying.CodeWrong as error:
        form.add_error("code", _("Kode ini salah. Sisa percobaan: %(left)d.") % {"left": error.tries_left})
    except applying.CodeSpent:
        form.add_error("code", _("Kode ini tidak berlaku lagi. Minta kode baru, atau mulai lagi dari awal."))
    except provisioning.SlugRefused:
        return True  # taken since: it waits for an operator, who chooses another address with the applicant
    else:
        return True
    return False
