"""A member's own legal documents. Everything starts from the member, so nothing of others can be reached."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice import papers as shown
from backoffice.access import needs
from backoffice.paging import page_of
from backoffice.paper_forms import PaperForm, choices_of, examples
from backoffice.views.papers import hand_in
from catalog.models import Document, Product
from catalog.passport import papers, standing
from members.models import Member
from members.roles import May


@needs(May.SEE_OWN)
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """What was handed in and how it stands; on top, what is off sale because something is missing."""
    member = request.user.member
    page = page_of(request, _own(member).select_related("product").order_by("-pk"))
    today = standing.today(timezone.now())
    lacking = list(member.products.filter(~Q(lacks=""), state=Product.State.LIVE).order_by("title", "pk")[:50])
    context = {"page": page, "rows": [shown.row(document, today) for document in page], "lacking": lacking}
    return TemplateResponse(request, "backoffice/own_documents.html", context)


@needs(May.EDIT_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def document_new(request: HttpRequest) -> HttpResponse:
    """A document with a photo of it; `?produk=` and `?jenis=` fill in what a link already knows."""
    member = request.user.member
    is_post = request.method == "POST"
    form = PaperForm(
        request.POST if is_post else None,
        request.FILES if is_post else None,
        initial={"product": request.GET.get("produk", ""), "kind": request.GET.get("jenis", ""), "holder": member.name},
        products=choices_of(member.products.order_by("title", "pk")),
        all_label=_("semua produk saya"),
    )
    if is_post and form.is_valid() and hand_in(request, form, member, accept=False):
        messages.success(request, _("Dokumen disimpan."))
        return redirect("backoffice:own_documents")
    context = {"form": form, "examples": examples(), "is_officer": False}
    return TemplateResponse(request, "backoffice/document_new.html", context, status=422 if form.errors else 200)


@needs(May.SEE_OWN)
@require_safe
def document_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The photo of a document of one's own."""
    return shown.file_of(_found(request, pk))


@needs(May.EDIT_OWN)
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """It is gone, with its photo; what an officer has accepted stays."""
    try:
        papers.take_back(document_id=_found(request, pk).pk, by=str(request.user), now=timezone.now())
    except papers.Decided:
        messages.warning(request, _("Dokumen ini sudah diterima pengurus."))
    else:
        messages.success(request, _("Dokumen dihapus."))
    return redirect("backoffice:own_documents")


def _found(request: HttpRequest, pk: int) -> Document:
    return get_object_or_404(_own(request.user.member), pk=pk)


def _own(member: Member) -> QuerySet[Document]:
    return Document.objects.filter(Q(member=member) | Q(product__member=member))
