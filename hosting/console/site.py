"""The console's frame: who gets in, and what every list of it has in common."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from unfold.sites import UnfoldAdminSite

from accounts import second_factor
from accounts.second_factor import Standing
from hosting.console import dashboard


class OperatorSite(UnfoldAdminSite):
    """For operators who have shown their second factor. Login is by code, as everywhere."""

    site_header = gettext_lazy("Konsol operator")
    site_title = gettext_lazy("Konsol operator")
    index_title = gettext_lazy("Ringkasan")
    index_template = "hosting/console/dashboard.html"

    def has_permission(self, request: HttpRequest) -> bool:
        """The one gate of every page. Whoever it stops is led on by `login`."""
        return super().has_permission(request) and _standing(request) is Standing.PASSED

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        return super().index(request, {**(extra_context or {}), **dashboard.context(now=timezone.now())})

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """To where the next thing that is missing can be shown: the address, the device, or its code."""
        back_to = request.GET.get("next") or reverse("admin:index")
        if not request.user.is_authenticated:
            return redirect_to_login(back_to)
        if not super().has_permission(request) or _standing(request) is Standing.PASSED:
            raise Http404
        if _standing(request) is Standing.MISSING:
            return redirect_to_login(back_to, reverse("mfa_activate_totp"))
        return redirect_to_login(back_to, reverse("mfa_reauthenticate"))


class ReadOnly:
    """Rows are looked at here and changed by named actions or commands."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


def _standing(request: HttpRequest) -> Standing:
    if not hasattr(request, "_second_factor"):
        request._second_factor = second_factor.standing(request, now=timezone.now())
    return request._second_factor


console = OperatorSite(name="admin")
