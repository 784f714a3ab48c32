"""What members submit: looked at beside what is on sale, then put on the shelf or returned with a reason."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice import listing_history, listing_words
from backoffice.access import needs
from backoffice.answering_forms import ReturnForm, RuleForm
from backoffice.paging import page_of
from catalog import proposing, writing
from catalog.models import Category, Picture, Proposal
from inventory import approving
from members.roles import May

MOST_AT_ONCE = 100


@needs(May.SEE_PRODUCTS)
@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """Listings that wait, oldest first; `?dikembalikan=1` for those that went back to their members."""
    returned = "dikembalikan" in request.GET
    state = Proposal.State.RETURNED if returned else Proposal.State.SUBMITTED
    rows = Proposal.objects.filter(state=state).select_related("member", "product").order_by("submitted_at", "pk")
    page = page_of(request, rows)
    return TemplateResponse(request, "backoffice/approvals.html", {"page": page, "returned": returned})


@needs(May.SEE_PRODUCTS)
@require_safe
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """One listing: as it would be, and what that changes."""
    return _page(request, _found(pk), ReturnForm())


@needs(May.APPROVE_PRODUCTS)
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """It is on sale from now on."""
    try:
        done = approving.approve(proposal_id=_found(pk).pk, by=str(request.user), now=timezone.now())
    except approving.NotWaiting:
        messages.warning(request, _("Sudah diputuskan oleh pengurus lain."))
    except writing.Refused as refusal:
        messages.error(request, " ".join(problem.message for problem in refusal.problems))
        return redirect("backoffice:approval", pk=pk)
    else:
        messages.success(request, _("“%(title)s” sekarang dijual.") % {"title": done.product.title})
    return redirect("backoffice:approvals")


@needs(May.APPROVE_PRODUCTS)
@require_POST
def return_to_member(request: HttpRequest, pk: int) -> HttpResponse:
    """It goes back to the member with a reason."""
    form = ReturnForm(request.POST)
    found = _found(pk)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        approving.return_to_member(
            proposal_id=pk, reason=form.cleaned_data["reason"], by=str(request.user), now=timezone.now()
        )
    except approving.NotWaiting:
        messages.warning(request, _("Sudah diputuskan oleh pengurus lain."))
    else:
        messages.success(request, _("Dikembalikan kepada %(name)s.") % {"name": found.member.name})
    return redirect("backoffice:approvals")


@needs(May.APPROVE_PRODUCTS)
@require_POST
def approve_many(request: HttpRequest) -> HttpResponse:
    """All that were ticked, each by itself."""
    ticked = [int(pk) for pk in request.POST.getlist("pk")[:MOST_AT_ONCE] if pk.isascii() and pk.isdigit()]
    known = Proposal.objects.filter(pk__in=ticked).values_list("pk", flat=True)
    done, left = approving.approve_many(proposal_ids=known, by=str(request.user), now=timezone.now())
    if not ticked:
        messages.warning(request, _("Centang dulu produk yang disetujui."))
    if done:
        told = ngettext("%(n)d produk sekarang dijual.", "%(n)d produk sekarang dijual.", len(done))
        messages.success(request, told % {"n": len(done)})
    for proposal in left:
        told = _("“%(title)s” belum bisa disetujui. Buka untuk melihat sebabnya.")
        messages.warning(request, told % {"title": proposal.content.get("title", "")})
    return redirect("backoffice:approvals")


@needs(May.SEE_PRODUCTS, to_write=May.APPROVE_PRODUCTS)
@require_http_methods(["GET", "HEAD", "POST"])
def approval_rule(request: HttpRequest) -> HttpResponse:
    """What officers look at before it is on sale."""
    rule = proposing.rule()
    form = RuleForm(request.POST if request.method == "POST" else None, instance=rule)
    if request.method == "POST" and form.is_valid():
        proposing.set_rule(**form.cleaned_data)
        messages.success(request, _("Aturan disimpan."))
        return redirect("backoffice:approvals")
    return TemplateResponse(request, "backoffice/approval_rule.html", {"form": form})


def _found(pk: int) -> Proposal:
    return get_object_or_404(Proposal.objects.select_related("member", "product"), pk=pk)


def _page(request: HttpRequest, proposal: Proposal, form: ReturnForm, status: int = 200) -> HttpResponse:
    wanted = proposing.wanted(proposal)
    shown = [each.picture for each in wanted.pictures or ()]
    pictures = Picture.objects.in_bulk(shown)
    context = {
        "proposal": proposal,
        "content": wanted,
        "category": Category.objects.filter(pk=wanted.category).first(),
        "photos": [pictures[pk] for pk in shown if pk in pictures],
        "rows": listing_words.side_by_side(proposing.changes(proposal)),
        "form": form,
        "history": listing_history.of_proposal(proposal),
    }
    return TemplateResponse(request, "backoffice/approval.html", context, status=status)
