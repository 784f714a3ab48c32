"""The cooperative takes all its data along: ask for the exit kit, see how far it is, fetch it."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backoffice.access import needs
from members.roles import May
from tenants.context import current_cooperative
from tenants.leaving import offering


@needs(May.RUN_SHOP)
@require_safe
def exit_kit(request: HttpRequest) -> HttpResponse:
    """What is in it, and the one that was made last or is being made."""
    now = timezone.now()
    kit = offering.latest(current_cooperative())
    context = {
        "kit": kit,
        "is_ready": kit is not None and offering.file_of(kit, now=now) is not None,
        "is_under_way": kit is not None and kit.ended_at is None,
        "until": kit.ended_at + offering.KEPT if kit and kit.ended_at else None,
    }
    return TemplateResponse(request, "backoffice/exit_kit.html", context)


@needs(May.RUN_SHOP)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Make one."""
    try:
        offering.ask(cooperative=current_cooperative(), by=str(request.user), now=timezone.now())
    except offering.UnderWay:
        messages.info(request, _("Paket sedang dibuat."))
    else:
        messages.success(request, _("Paket dibuat sekarang. Anda boleh menutup halaman ini dan kembali nanti."))
    return redirect("backoffice:exit_kit")


@needs(May.RUN_SHOP)
@require_safe
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The file, to nobody but those who run the shop, on no address that works without their login."""
    cooperative = current_cooperative()
    kit = cooperative.exit_kits.filter(pk=pk).first()
    path = offering.file_of(kit, now=timezone.now()) if kit else None
    if kit is None or path is None:
        raise Http404
    day = f"{kit.asked_at:%Y-%m-%d}"
    return FileResponse(path.open("rb"), as_attachment=True, filename=f"{cooperative.slug}-{day}.zip")
