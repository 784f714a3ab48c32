"""The addresses at which the shop answers: the subdomain, and domains of the cooperative's own."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backoffice.access import needs
from backoffice.domain_words import say
from backoffice.forms import DomainForm
from members.roles import May
from tenants import domains as own
from tenants import hostnames, switches
from tenants.context import current_cooperative
from tenants.models import Domain, DomainClaim


@needs(May.RUN_SHOP)
@require_safe
def domains(request: HttpRequest) -> HttpResponse:
    """Every address with its state, and what to enter at the domain's provider."""
    return TemplateResponse(request, "backoffice/domains.html", _addresses())


@needs(May.RUN_SHOP)
@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Another domain, which is to be proven."""
    if not _may_add():
        raise Http404
    form = DomainForm(request.POST)
    if form.is_valid():
        try:
            own.claim(cooperative=current_cooperative(), text=form.cleaned_data["domain"], now=timezone.now())
        except own.DomainRefused as refused:
            form.add_error("domain", _in_words(refused))
    if not form.is_valid():
        return TemplateResponse(request, "backoffice/domains.html", {**_addresses(), "form": form}, status=422)
    messages.success(request, _("Domain ditambahkan. Pasang catatan TXT di bawah ini, lalu periksa."))
    return redirect("backoffice:domains")


@needs(May.RUN_SHOP)
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Is the record there now?"""
    try:
        made = own.verify(cooperative=current_cooperative(), claim_id=pk, now=timezone.now())
    except DomainClaim.DoesNotExist:
        raise Http404 from None
    except own.DomainRefused as refused:
        messages.error(request, _in_words(refused))
    else:
        name = hostnames.shown(made.domain)
        messages.success(request, _("%(domain)s terbukti milik koperasi Anda.") % {"domain": name})
    return redirect("backoffice:domains")


@needs(May.RUN_SHOP)
@require_POST
def make_primary(request: HttpRequest, pk: int) -> HttpResponse:
    """The shop is shown at this address from now on."""
    try:
        chosen = own.make_primary(cooperative=current_cooperative(), domain_id=pk)
    except Domain.DoesNotExist:
        raise Http404 from None
    name = hostnames.shown(chosen.domain)
    messages.success(request, _("%(domain)s sekarang alamat utama toko.") % {"domain": name})
    return redirect("backoffice:domains")


@needs(May.RUN_SHOP)
@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """The cooperative gives this domain up."""
    try:
        own.remove(cooperative=current_cooperative(), claim_id=pk, now=timezone.now())
    except DomainClaim.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Domain dilepas. Toko tetap tampil di alamat yang lain."))
    return redirect("backoffice:domains")


def _addresses() -> dict[str, object]:
    cooperative = current_cooperative()
    rows = {row.domain: row for row in cooperative.domains.order_by("pk")}
    claims = list(cooperative.domain_claims.order_by("pk"))
    return {
        "given": [_given(row) for name, row in rows.items() if name not in {claim.domain for claim in claims}],
        "claims": [_claimed(claim, rows.get(claim.domain)) for claim in claims],
        "points_at": own.subdomain_of(cooperative),
        "addresses": settings.PUBLIC_ADDRESSES,
        "form": DomainForm(),
        "may_add": _may_add(),
    }


def _may_add() -> bool:
    """Whether operators have turned own domains on for this cooperative; what it has it keeps."""
    return switches.is_on("own_domains", current_cooperative())


def _given(row: Domain) -> dict[str, object]:
    return {"row": row, "name": hostnames.shown(row.domain), "link": _link(row)}


def _claimed(claim: DomainClaim, row: Domain | None) -> dict[str, object]:
    return {
        "claim": claim,
        "row": row,
        "name": hostnames.shown(claim.domain),
        "link": _link(row) if row else "",
        "record_name": own.record_name(claim.domain),
        "record_text": own.record_text(claim.token),
        "told": say(claim.error) if claim.error and claim.error != own.Reason.COOLING else "",
        "until": row.failing_since + own.GRACE if row and row.failing_since else None,
    }


def _link(row: Domain) -> str:
    return f"{settings.SITE_SCHEME}://{row.domain}{settings.SITE_PORT}/"


def _in_words(refused: own.DomainRefused) -> str:
    return say(refused.reason, until=refused.until, zone=current_cooperative().zone)
