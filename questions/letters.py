"""What is told by mail about a question."""

from datetime import datetime

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from members.roles import ALLOWED, May
from notifications import writing
from questions.models import Post, Question
from tenants.addresses import absolute
from tenants.context import current_cooperative

ANSWERING = sorted(role for role, may in ALLOWED.items() if May.HANDLE_ORDERS in may)


def asked(question: Question, *, now: datetime) -> None:
    """To every officer who may answer."""
    for user in User.objects.filter(officer__role__in=ANSWERING, is_active=True).order_by("pk"):
        with translation.override(user.language):
            link = absolute(reverse("backoffice:question", args=[question.pk]))
            subject = _("Pertanyaan dari %(name)s") % {"name": question.name}
            body = _body("asked", question, link)
        writing.write(key=f"question:{question.pk}:asked:{user.pk}", to=user.email, subject=subject, body=body, now=now)


def answered(question: Question, post: Post, *, now: datetime) -> None:
    """To the visitor, with the link to the thread."""
    with translation.override(question.language):
        link = absolute(reverse("storefront:question", args=[question.token]))
        subject = _("%(shop)s menjawab pertanyaan Anda") % {"shop": current_cooperative().name}
        body = _body("answered", question, link, post)
    writing.write(
        key=f"question:{question.pk}:answer:{post.pk}", to=question.email, subject=subject, body=body, now=now
    )


def _body(what: str, question: Question, link: str, post: Post | None = None) -> str:
    said = post or question.posts.order_by("at", "pk")[0]
    context = {"question": question, "post": said, "link": link, "cooperative": current_cooperative()}
    return render_to_string(f"questions/emails/{what}.txt", context)
