"""Stock by one tap: for a member who is logged in, and for whoever opens the link that a member keeps in a chat."""

from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from backoffice import tapping
from backoffice.access import needs
from inventory import quick
from members.models import Member
from members.roles import May
from tenants.addresses import absolute


@needs(May.SEE_OWN, to_write=May.EDIT_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def own_stock(request: HttpRequest) -> HttpResponse:
    """The member's goods with their buttons, and the link for the chat."""
    member = request.user.member
    here = reverse("backoffice:own_stock")
    if request.method == "POST":
        return _tap(request, member, by=member.name, here=here)
    context = {"rows": tapping.rows(member), "more": tapping.MORE, "here": here, **_link(member)}
    return TemplateResponse(request, "backoffice/own_stock.html", context)


@needs(May.SEE_OWN, to_write=May.EDIT_OWN)
@require_POST
def own_stock_renew(request: HttpRequest) -> HttpResponse:
    """The member's old link is over, a new one stands on the page."""
    quick.renew_link(member_id=request.user.member.pk)
    messages.success(request, _("Tautan lama tidak berlaku lagi. Ini tautan yang baru."))
    return redirect(reverse("backoffice:own_stock") + "#tautan")


@needs(May.EDIT_MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def member_stock_link(request: HttpRequest, pk: int) -> HttpResponse:
    """An officer sends the link to a member who has no account, or ends it."""
    member = get_object_or_404(Member, pk=pk)
    if request.method == "POST":
        quick.renew_link(member_id=member.pk)
        messages.success(request, _("Tautan lama tidak berlaku lagi. Ini tautan yang baru."))
        return redirect("backoffice:member_stock_link", pk=pk)
    return TemplateResponse(request, "backoffice/member_stock_link.html", {"member": member, **_link(member)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stock_link(request: HttpRequest, signed: str) -> HttpResponse:
    """What a link in a chat opens: the member's stock and nothing else. Looking changes nothing, so programs that
    preview links do no harm."""
    try:
        member = quick.whose(signed)
    except quick.LinkIsOver:
        return TemplateResponse(request, "backoffice/stock_link_over.html", status=404)
    here = reverse("backoffice:stock_link", args=[signed])
    if request.method == "POST":
        return _tap(request, member, by=_("tautan %(number)s") % {"number": member.number}, here=here)
    context = {"member": member, "rows": tapping.rows(member), "more": tapping.MORE, "here": here}
    return TemplateResponse(request, "backoffice/stock_link.html", context)


def _tap(request: HttpRequest, member: Member, *, by: str, here: str) -> HttpResponse:
    row = tapping.take(member, tapping.TapForm(request.POST), by=by, now=timezone.now())
    if row is None:
        messages.error(request, _("Itu tidak dapat disimpan. Periksa angkanya."))
        return _go_to(request, here)
    if request.htmx:
        context = {"row": row, "more": tapping.MORE, "here": here}
        return TemplateResponse(request, "backoffice/_tap.html", context)
    say = messages.warning if row.is_refused else messages.success
    say(request, f"{row.variant.product.title} {row.variant.name}".strip() + ": " + row.said)
    return _go_to(request, f"{here}#tap-{row.variant.pk}")


def _go_to(request: HttpRequest, address: str) -> HttpResponse:
    if not request.htmx:
        return redirect(address)
    answer = HttpResponse(status=204)
    answer["HX-Refresh"] = "true"
    return answer


def _link(member: Member) -> dict[str, object]:
    link = absolute(reverse("backoffice:stock_link", args=[quick.link(member)]))
    text = _("Tautan stok %(name)s: %(link)s") % {"name": member.name, "link": link}
    digits = member.phone.lstrip("+")
    return {"link": link, "chat": f"https://wa.me/{digits}?text={quote(text)}", "days": quick.LINK_DAYS}
