"""A visitor asks the cooperative without WhatsApp: a form, then a page that only its link opens."""

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from redis.exceptions import RedisError

from catalog.models import Product
from questions import asking
from questions.models import Question
from storefront.asking_forms import AgainForm, AskForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The form; `?produk=` names the product that it is about."""
    product = Product.objects.on_sale().filter(slug=request.GET.get("produk", "").replace("\x00", "")[:140]).first()
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if _may_ask(request):
            question = asking.ask(**form.said(), product=product, language=get_language() or "id", now=timezone.now())
            return redirect("storefront:question", token=question.token)
        form.add_error(None, _("Terlalu banyak pertanyaan dari jaringan ini. Coba lagi satu jam lagi."))
    context = {"form": form, "product": product}
    return TemplateResponse(request, "storefront/ask.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, token: str) -> HttpResponse:
    """The thread, for whoever holds its link."""
    found = get_object_or_404(Question.objects.select_related("product"), token=token)
    form = AgainForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            asking.ask_again(question_id=found.pk, text=form.cleaned_data["text"], now=timezone.now())
        except asking.ThreadFull:
            form.add_error("text", _("Percakapan ini sudah panjang. Hubungi koperasi lewat kontak di bawah halaman."))
        else:
            return redirect("storefront:question", token=token)
    context = {"question": found, "posts": found.posts.order_by("at", "pk"), "form": form}
    return TemplateResponse(request, "storefront/question.html", context, status=422 if form.errors else 200)


def _may_ask(request: HttpRequest) -> bool:
    """So many an hour from one place. Where nobody can count, a question is still welcome."""
    try:
        return bool(ratelimit.consume(request, action="ask"))
    except (RedisError, OSError):
        return True
