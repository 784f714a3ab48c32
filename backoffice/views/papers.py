"""The legal documents of products and members, as officers see them: looked at, accepted or refused, demanded."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice import papers as shown
from backoffice.access import needs
from backoffice.paging import page_of
from backoffice.paper_forms import PaperForm, RefuseForm, RequirementsForm, choices_of, examples
from catalog.models import Category, Document, Product
from catalog.passport import papers, standing
from lib.photo_files import BadPhoto
from members.models import Member
from members.roles import May

State = Document.State
TABS = ("menunggu", "segera", "diterima", "ditolak", "kurang")
STATES = {"menunggu": State.WAITING, "diterima": State.ACCEPTED, "ditolak": State.REFUSED}


@needs(May.SEE_PRODUCTS)
@require_safe
def documents(request: HttpRequest) -> HttpResponse:
    """`?lihat=`: those that wait (the beginning), that end soon, that are accepted or refused; and what is off sale."""
    tab = request.GET.get("lihat", TABS[0])
    if tab not in TABS:
        raise Http404
    today = standing.today(timezone.now())
    page = page_of(request, _lacking() if tab == "kurang" else _rows(tab, today))
    context = {"page": page, "tab": tab, "waiting": Document.objects.filter(state=State.WAITING).count()}
    if tab != "kurang":
        context["rows"] = [shown.row(document, today) for document in page]
    return TemplateResponse(request, "backoffice/documents.html", context)


@needs(May.SEE_PRODUCTS)
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """One document beside its photo."""
    return _page(request, _found(pk), RefuseForm())


@needs(May.APPROVE_PRODUCTS)
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """It counts from now on."""
    found = _found(pk)
    try:
        papers.accept(document_id=found.pk, by=str(request.user), now=timezone.now())
    except papers.Decided:
        messages.warning(request, _("Sudah diputuskan oleh pengurus lain."))
    else:
        messages.success(request, _("Dokumen %(kind)s diterima.") % {"kind": found.get_kind_display()})
    return redirect("backoffice:documents")


@needs(May.APPROVE_PRODUCTS)
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """It does not count, or no longer; the member reads why."""
    found, form = _found(pk), RefuseForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        papers.refuse(
            document_id=found.pk, reason=form.cleaned_data["reason"], by=str(request.user), now=timezone.now()
        )
    except papers.Decided:
        messages.warning(request, _("Sudah diputuskan oleh pengurus lain."))
    else:
        messages.success(request, _("Dokumen %(kind)s ditolak.") % {"kind": found.get_kind_display()})
    return redirect("backoffice:documents")


@needs(May.SEE_PRODUCTS)
@require_safe
def document_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Its photo."""
    return shown.file_of(_found(pk))


@needs(May.APPROVE_PRODUCTS)
@require_http_methods(["GET", "HEAD", "POST"])
def document_new(request: HttpRequest) -> HttpResponse:
    """An officer hands in a document for a member (`?anggota=`); it counts at once. Without one, a list to choose."""
    member = Member.objects.filter(pk=_number(request.GET.get("anggota"))).first()
    if member is None:
        context = {"members": Member.objects.order_by("name", "pk")}
        return TemplateResponse(request, "backoffice/document_whose.html", context)
    form = _form(request, member)
    if request.method == "POST" and form.is_valid() and hand_in(request, form, member, accept=True):
        messages.success(request, _("Dokumen disimpan dan diterima."))
        return redirect(f"{request.path.removesuffix('baru/')}?lihat=diterima")
    context = {"form": form, "member": member, "examples": examples(), "is_officer": True}
    return TemplateResponse(request, "backoffice/document_new.html", context, status=422 if form.errors else 200)


@needs(May.SEE_PRODUCTS, to_write=May.APPROVE_PRODUCTS)
@require_http_methods(["GET", "HEAD", "POST"])
def requirements(request: HttpRequest) -> HttpResponse:
    """Which documents a category demands; what lacks one comes off the shelf when this is saved."""
    categories = list(Category.objects.select_related("parent").order_by("parent__name", "position", "name"))
    form = RequirementsForm(request.POST if request.method == "POST" else None, categories=categories)
    if request.method == "POST" and form.is_valid():
        before = _lacking().count()
        for pk, kinds in form.wanted().items():
            standing.set_requirements(category_id=pk, kinds=kinds, by=str(request.user), now=timezone.now())
        messages.success(request, _("Aturan dokumen disimpan."))
        if (off := _lacking().count() - before) > 0:
            told = ngettext("%(n)d produk turun dari toko.", "%(n)d produk turun dari toko.", off)
            messages.warning(request, told % {"n": off})
        return redirect("backoffice:requirements")
    context = {"form": form, "lacking": _lacking().count()}
    return TemplateResponse(request, "backoffice/requirements.html", context, status=422 if form.errors else 200)


def hand_in(request: HttpRequest, form: PaperForm, member: Member, *, accept: bool) -> bool:
    """Whether it was taken; if not, the form says why."""
    product = member.products.filter(pk=form.cleaned_data["product"]).first() if form.cleaned_data["product"] else None
    try:
        papers.hand_in(
            paper=papers.Paper(**form.paper()),
            member=member,
            product=product,
            accept=accept,
            by=str(request.user),
            now=timezone.now(),
        )
    except papers.Refused as refusal:
        for field, message in refusal.problems.items():
            form.add_error(field, message)
    except BadPhoto as error:
        form.add_error("photo", str(error))
    return not form.errors


def _form(request: HttpRequest, member: Member) -> PaperForm:
    is_post = request.method == "POST"
    return PaperForm(
        request.POST if is_post else None,
        request.FILES if is_post else None,
        initial={"product": request.GET.get("produk", ""), "kind": request.GET.get("jenis", ""), "holder": member.name},
        products=choices_of(member.products.order_by("title", "pk")),
        all_label=_("semua produk %(name)s") % {"name": member.name},
    )


def _rows(tab: str, today: object) -> object:
    found = shown.ending(today) if tab == "segera" else Document.objects.filter(state=STATES[tab]).order_by("-pk")
    return found.select_related("product__member", "member")


def _lacking() -> object:
    lacks = Product.objects.filter(~Q(lacks=""), state=Product.State.LIVE)
    return lacks.select_related("member").order_by("member__name", "title", "pk")


def _found(pk: int) -> Document:
    return get_object_or_404(Document.objects.select_related("product__member", "member"), pk=pk)


def _page(request: HttpRequest, found: Document, form: RefuseForm, status: int = 200) -> HttpResponse:
    context = {
        "row": shown.row(found, standing.today(timezone.now())),
        "document": found,
        "member": found.product.member if found.product else found.member,
        "form": form,
    }
    return TemplateResponse(request, "backoffice/document.html", context, status=status)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else None
