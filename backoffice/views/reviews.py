"""Reviews: officers look at them before visitors do, members answer those of their goods."""

from datetime import datetime

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from backoffice.access import needs
from backoffice.paging import page_of
from backoffice.review_forms import HideForm, ReplyForm
from members.roles import May
from reviews import moderating, reading
from reviews.models import Reason, Review, ReviewPhoto

MOST_AT_ONCE = 100


@needs(May.SEE_PRODUCTS)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    """Those that wait, oldest first; `?status=` for the others."""
    state = request.GET.get("status", "")
    state = state if state in Review.State.values else Review.State.WAITING
    context = {
        "page": page_of(request, reading.to_moderate(state)),
        "state": state,
        "states": _states(),
        "reasons": Reason.choices,
    }
    return TemplateResponse(request, "backoffice/reviews.html", context)


@needs(May.MODERATE_REVIEWS)
@require_POST
def reviews_show(request: HttpRequest) -> HttpResponse:
    """Those that were ticked are shown from now on: each as it was when the page was made."""
    seen = dict(filter(None, map(_seen, request.POST.getlist("seen")[:MOST_AT_ONCE])))
    done = len(moderating.show(seen=seen, by=str(request.user), now=timezone.now()))
    if done:
        said = ngettext("%(count)d ulasan tayang.", "%(count)d ulasan tayang.", done) % {"count": done}
        messages.success(request, said)
    if done < len(seen):
        messages.warning(request, _("Sebagian ulasan baru saja diubah pembelinya atau sudah diputuskan. Baca lagi."))
    if not seen:
        messages.warning(request, _("Centang dulu ulasan yang mau ditayangkan."))
    return _back(request)


@needs(May.MODERATE_REVIEWS)
@require_POST
def review_hide(request: HttpRequest, pk: int) -> HttpResponse:
    """It is shown to nobody, for a reason from the list."""
    review = get_object_or_404(Review, pk=pk)
    form = HideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Pilih alasannya."))
        return _back(request)
    about = {"seen": form.cleaned_data["seen"], "reason": Reason(form.cleaned_data["reason"])}
    try:
        moderating.hide(review_id=review.pk, by=str(request.user), now=timezone.now(), **about)
    except moderating.Changed:
        messages.warning(request, _("Ulasan ini baru saja diubah pembelinya. Baca lagi."))
    else:
        messages.success(request, _("Ulasan tidak ditayangkan. Pembelinya membaca alasannya."))
    return _back(request)


@needs(May.MODERATE_REVIEWS)
@require_POST
def review_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """The cooperative answers."""
    return _answer(request, get_object_or_404(Review, pk=pk), by=request.tenant.name)


@needs(May.SEE_PRODUCTS)
@require_safe
def review_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """A photo that visitors do not see, or not yet; `?kecil` for the small one."""
    photo = get_object_or_404(ReviewPhoto, pk=pk)
    name = str(photo.thumb if "kecil" in request.GET else photo.name)
    if not default_storage.exists(name):
        raise Http404
    response = FileResponse(default_storage.open(name), content_type="image/webp")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@needs(May.SEE_OWN)
@require_safe
def own_reviews(request: HttpRequest) -> HttpResponse:
    """What buyers say about my goods; those without an answer by `?status=belum`."""
    member = request.user.member
    is_open = request.GET.get("status") == "belum"
    rows = reading.unanswered(member) if is_open else reading.of_goods_of(member)
    return TemplateResponse(
        request, "backoffice/own_reviews.html", {"page": page_of(request, rows), "is_open": is_open}
    )


@needs(May.EDIT_OWN)
@require_POST
def own_review_reply(request: HttpRequest, pk: int) -> HttpResponse:
    """The member answers under their own name."""
    member = request.user.member
    review = get_object_or_404(reading.of_goods_of(member), pk=pk)
    return _answer(request, review, by=member.name, back_to="backoffice:own_reviews")


def _states() -> list[tuple[str, str, int]]:
    counts = reading.counts_by_state()
    return [(value, str(label), counts[value]) for value, label in Review.State.choices]


def _seen(written: str) -> tuple[int, datetime] | None:
    """`12:2026-11-24T03:00:00+00:00` -> (12, that moment); None for anything else."""
    pk, _colon, moment = written.partition(":")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (int(pk), at) if pk.isascii() and pk.isdigit() and len(pk) < 18 and at.tzinfo else None


def _answer(request: HttpRequest, review: Review, *, by: str, back_to: str = "") -> HttpResponse:
    form = ReplyForm(request.POST)
    if form.is_valid():
        moderating.reply(review_id=review.pk, text=form.cleaned_data["reply"], by=by, now=timezone.now())
        messages.success(request, _("Jawaban disimpan."))
    else:
        messages.error(request, _("Jawaban paling panjang 500 huruf."))
    return redirect(back_to) if back_to else _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    state = request.POST.get("status", "")
    query = f"?status={state}" if state in Review.State.values else ""
    return redirect(reverse("backoffice:reviews") + query)
