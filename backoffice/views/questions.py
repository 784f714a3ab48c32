"""What visitors ask, and the answers."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backoffice.access import needs
from backoffice.answering_forms import AnswerForm
from backoffice.paging import page_of
from members.roles import May
from questions import asking
from questions.models import Question


@needs(May.SEE_ORDERS)
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Those without an answer first, oldest first; `?dijawab=1` for the others, latest first."""
    answered = "dijawab" in request.GET
    rows = Question.objects.select_related("product").filter(
        state=Question.State.ANSWERED if answered else Question.State.OPEN
    )
    page = page_of(request, rows.order_by("-updated_at" if answered else "updated_at", "pk"))
    return TemplateResponse(request, "backoffice/questions.html", {"page": page, "answered": answered})


@needs(May.SEE_ORDERS, to_write=May.HANDLE_ORDERS)
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """One thread, and the place to answer."""
    found = get_object_or_404(Question.objects.select_related("product"), pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _answer(request, found, form):
        messages.success(request, _("Jawaban dikirim."))
        return redirect("backoffice:questions")
    context = {"question": found, "posts": found.posts.order_by("at", "pk"), "form": form}
    return TemplateResponse(request, "backoffice/question.html", context, status=422 if form.errors else 200)


def _answer(request: HttpRequest, found: Question, form: forms.Form) -> bool:
    try:
        asking.answer(question_id=found.pk, text=form.cleaned_data["text"], by=str(request.user), now=timezone.now())
    except asking.ThreadFull:
        form.add_error("text", _("Percakapan ini sudah penuh. Hubungi orangnya langsung."))
        return False
    return True
