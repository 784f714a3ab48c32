"""Products come in: one by hand, many by file, and photos of what is there."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backoffice.access import needs
from backoffice.forms import PhotoForm
from backoffice.listing import desk as desks
from backoffice.listing import working
from backoffice.listing.desk import Desk
from catalog import adding_photos, photos
from catalog.models import Picture, Product
from inventory import putting_up
from members.models import Member
from members.roles import May


@needs(May.EDIT_PRODUCTS)
@require_http_methods(["GET", "HEAD", "POST"])
def product_new(request: HttpRequest) -> HttpResponse:
    """One product of the member `?anggota=`, on the page that members have; it is for sale at once. Without a member, a
    page that asks for one."""
    member = _member(request)
    if member is None:
        members = Member.objects.order_by("number")
        return TemplateResponse(request, "backoffice/product_for_whom.html", {"members": members})
    try:
        desk = desks.at(member=member, key=working.key_of(request.POST.get("key") or request.GET.get("draf", "")))
    except desks.NotThere as error:
        raise Http404 from error
    if desk.product:
        return working.go(request, reverse("backoffice:product", args=[desk.product.pk]))
    return working.work(
        request,
        desk,
        template="backoffice/product_new.html",
        finish=lambda done: _put_up(request, done),
        for_member=member.pk,
        is_officer=True,
        **working.frame(submit_word=_("Simpan dan jual")),
    )


@needs(May.EDIT_PRODUCTS)
@require_POST
def product_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """Another photo of this product."""
    product = get_object_or_404(Product, pk=pk)
    form = PhotoForm(request.POST, request.FILES)
    told = _("Pilih foto dulu.")
    if form.is_valid():
        try:
            file = form.cleaned_data["photo"]
            picture = adding_photos.add_photo(
                product=product, data=_read(file), name=file.name, by=str(request.user), now=timezone.now()
            )
        except photos.BadPhoto as error:
            told = str(error)
        else:
            return _photo_taken(request, product, picture)
    if working.wants_json(request):
        return JsonResponse({"error": told}, status=422)
    messages.error(request, told)
    return redirect("backoffice:product", pk=pk)


def _member(request: HttpRequest) -> Member | None:
    """The one that was chosen; the only one there is."""
    wanted = request.POST.get("anggota") or request.GET.get("anggota", "")
    if wanted:
        return get_object_or_404(Member, pk=int(wanted) if wanted.isascii() and wanted.isdigit() else 0)
    first = list(Member.objects.order_by("number")[:2])
    return first[0] if len(first) == 1 else None


def _put_up(request: HttpRequest, desk: Desk) -> str:
    done = putting_up.put_up(proposal_id=desk.proposal.pk, by=str(request.user), now=timezone.now())
    messages.success(request, _("Produk disimpan dan dijual."))
    return reverse("backoffice:product", args=[done.product_id])


def _photo_taken(request: HttpRequest, product: Product, picture: Picture) -> HttpResponse:
    if working.wants_json(request):
        return working.photo_answer(request, picture, alt=picture.alt)
    messages.success(request, _("Foto disimpan."))
    return redirect("backoffice:product", pk=product.pk)


def _read(file: object) -> bytes:
    """As much of the file as a photo may have, and one byte more so that a larger one is refused."""
    return file.read(photos.MOST_BYTES + 1)
