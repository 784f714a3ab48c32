"""The register of members: look things up, enter somebody."""

from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import needs
from backoffice.filters import MemberFilter
from backoffice.forms import NewMemberForm
from backoffice.paging import page_of
from catalog.models import Product
from members import joining
from members.models import Member
from members.roles import May


@needs(May.SEE_MEMBERS)
@require_safe
def members(request: HttpRequest) -> HttpResponse:
    """Who belongs to the cooperative. Bank accounts are not shown."""
    on_sale = Count("products", filter=Q(products__state=Product.State.LIVE))
    narrowed = MemberFilter(request.GET, queryset=Member.objects.annotate(on_sale=on_sale).order_by("number"))
    page = page_of(request, narrowed.qs)
    return TemplateResponse(request, "backoffice/members.html", {"filter": narrowed, "page": page})


@needs(May.EDIT_MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def member_new(request: HttpRequest) -> HttpResponse:
    """Somebody joins today."""
    form = NewMemberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        today = timezone.now().astimezone(ZoneInfo(request.tenant.zone)).date()
        try:
            member = joining.join(**form.cleaned_data, on=today)
        except joining.NumberTaken:
            form.add_error("number", _("Anggota lain sudah memakai nomor ini."))
        except joining.EmailTaken:
            form.add_error("email", _("Anggota lain sudah memakai e-mail ini."))
        else:
            messages.success(request, _("%(name)s menjadi anggota.") % {"name": member.name})
            return redirect("backoffice:members")
    return TemplateResponse(request, "backoffice/member_new.html", {"form": form}, status=422 if form.errors else 200)
