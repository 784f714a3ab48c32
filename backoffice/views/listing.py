"""A member lists goods from a phone: one page, kept while it is typed, each photo sent by itself. Everything starts
from the member, so nothing of others can be reached."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.access import needs
from backoffice.listing import desk as desks
from backoffice.listing import working
from backoffice.listing.desk import Desk
from catalog import proposing, taking_back
from catalog.models import Product, Proposal
from inventory import approving
from members.models import Member
from members.roles import May

PAGE = "backoffice/own_listing.html"


@needs(May.EDIT_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new product; `?draf=` goes on with one that was begun."""
    desk = _desk(request.user.member, request.POST.get("key") or request.GET.get("draf", ""))
    if desk.product or (desk.proposal and desk.proposal.state == Proposal.State.WITHDRAWN):
        return working.go(request, reverse("backoffice:own_products"))  # it is a product by now, or was thrown away
    return _work(request, desk)


@needs(May.EDIT_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """A product of one's own that is there already: what is on sale stays as it is until the change is taken."""
    product = get_object_or_404(Product, pk=pk, member=request.user.member)
    desk = _desk(product.member, request.POST.get("key", ""), product)
    return _work(request, desk)


@needs(May.EDIT_OWN, May.EDIT_PRODUCTS)
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """What was typed so far, sent by the page itself."""
    return working.keep(request, _sent_desk(request))


@needs(May.EDIT_OWN, May.EDIT_PRODUCTS)
@require_POST
def photo(request: HttpRequest) -> HttpResponse:
    """One photo of a listing that is being written."""
    return working.take_photo(request, _sent_desk(request))


@needs(May.EDIT_OWN)
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """This draft is not wanted any more; what is on sale stays."""
    proposal = _own(request)
    proposing.withdraw(proposal_id=proposal.pk, by=str(request.user), now=timezone.now())
    messages.success(request, _("Draf dibuang."))
    return redirect("backoffice:own_products")


@needs(May.EDIT_OWN)
@require_POST
def take_back(request: HttpRequest) -> HttpResponse:
    """It waits for an officer, and the member wants to change it first."""
    proposal = _own(request)
    taking_back.take_back(proposal_id=proposal.pk, by=str(request.user), now=timezone.now())
    if proposal.product_id:
        return redirect("backoffice:own_listing", pk=proposal.product_id)
    return redirect(f"{reverse('backoffice:own_listing_new')}?draf={proposal.key}")


def _work(request: HttpRequest, desk: Desk) -> HttpResponse:
    frame = working.frame(submit_word=_("Ajukan untuk dijual"))
    return working.work(request, desk, template=PAGE, finish=lambda done: _submit(request, done), **frame)


def _submit(request: HttpRequest, desk: Desk) -> str:
    proposal = approving.submit(proposal_id=desk.proposal.pk, by=str(request.user), now=timezone.now())
    name = {"title": proposal.content.get("title", "")}
    if proposal.state == Proposal.State.APPLIED:
        messages.success(request, _("“%(title)s” sudah dijual.") % name)
    else:
        messages.success(request, _("“%(title)s” menunggu diperiksa pengurus. Anda dikabari hasilnya.") % name)
    return reverse("backoffice:own_products")


def _desk(member: Member, key: str, product: Product | None = None) -> Desk:
    try:
        return desks.at(member=member, key=working.key_of(key), product=product)
    except desks.NotThere as error:
        raise Http404 from error


def _sent_desk(request: HttpRequest) -> Desk:
    """Of the member who asks, or of the one for whom an officer writes."""
    whose = request.POST.get("anggota", "")
    if whose and May.EDIT_PRODUCTS in request.allowed:
        member = get_object_or_404(Member, pk=working.typed.whole(whose) or 0)
    elif May.EDIT_OWN in request.allowed:
        member = request.user.member
    else:
        raise Http404
    pk = request.POST.get("produk", "")
    product = get_object_or_404(Product, pk=working.typed.whole(pk) or 0, member=member) if pk else None
    if product is None and working.key_of(request.POST.get("key", "")) is None:
        raise Http404
    return _desk(member, request.POST.get("key", ""), product)


def _own(request: HttpRequest) -> Proposal:
    key = working.key_of(request.POST.get("key", ""))
    return get_object_or_404(Proposal, key=key, member=request.user.member)
