"""A visitor asks, the cooperative answers, and so on; each side is told by mail."""

import uuid
from datetime import datetime

from django.db import transaction

from catalog.models import Product
from questions import letters
from questions.models import Post, Question

LONGEST = 1000
MOST_POSTS = 50


class ThreadFull(Exception):
    """So much has been said (MOST_POSTS) that the two had better talk."""


def ask(
    *, key: uuid.UUID, product: Product | None, name: str, email: str, text: str, language: str, now: datetime
) -> Question:
    """Write the question down and tell the officers. The same `key` again is the same question, unchanged."""
    with transaction.atomic():
        question, is_new = Question.objects.get_or_create(
            key=key,
            defaults={
                "product": product,
                "name": name,
                "email": email,
                "language": language,
                "created_at": now,
                "updated_at": now,
            },
        )
        if is_new:
            _post(question, author=name, is_shop=False, text=text, now=now)
            letters.asked(question, now=now)
        return question


def ask_again(*, question_id: int, text: str, now: datetime) -> Post:
    """The visitor says more. The same words as the last ones are not written twice. Raises ThreadFull."""
    with transaction.atomic():
        question = Question.objects.select_for_update().get(pk=question_id)
        last = question.posts.order_by("-at", "-pk").first()
        if last is not None and not last.is_shop and last.text == _clean(text):
            return last
        post = _post(question, author=question.name, is_shop=False, text=text, now=now)
        _stand(question, Question.State.OPEN, now)
        return post


def answer(*, question_id: int, text: str, by: str, now: datetime) -> Post:
    """The cooperative answers; the visitor hears of it where there is an e-mail address. Raises ThreadFull."""
    with transaction.atomic():
        question = Question.objects.select_for_update().get(pk=question_id)
        post = _post(question, author=by[:80], is_shop=True, text=text, now=now)
        _stand(question, Question.State.ANSWERED, now)
        letters.answered(question, post, now=now)
        return post


def _post(question: Question, *, author: str, is_shop: bool, text: str, now: datetime) -> Post:
    if question.posts.count() >= MOST_POSTS:
        raise ThreadFull
    return Post.objects.create(question=question, author=author, is_shop=is_shop, text=_clean(text), at=now)


def _stand(question: Question, state: str, now: datetime) -> None:
    question.state, question.updated_at = state, now
    question.save(update_fields=["state", "updated_at"])


def _clean(text: str) -> str:
    return text.replace("\x00", "").strip()[:LONGEST]
