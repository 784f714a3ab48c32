"""Officers look at reviews before visitors do. What is hidden is hidden for a reason from a list, and few stars are
none of them (docs/trust.md)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from reviews import figures, photos
from reviews.models import Reason, Review

LONGEST_REPLY = 500


class Changed(Exception):
    """The buyer wrote it anew while the officer was looking."""


def show(*, seen: Mapping[int, datetime], by: str, now: datetime) -> list[Review]:
    """Show these reviews to everybody: id -> `created_at` of what the officer has read. One that was written anew since
    is left waiting, one that is shown already stays as it is. Returns those that were changed.
    """
    with photos.undone_on_error() as stored, transaction.atomic():
        changed = [
            review
            for review in _locked(list(seen))
            if review.state != Review.State.SHOWN and review.created_at == seen[review.pk]
        ]
        for review in changed:
            photos.move(review, to=photos.PUBLIC, stored=stored)
            _decide(review, Review.State.SHOWN, by=by, reason="", now=now)
        figures.set_ratings(review.product_id for review in changed)
    return changed


def hide(*, review_id: int, seen: datetime, reason: Reason, by: str, now: datetime) -> Review:
    """Show it to nobody, for this reason. Raises Changed, Review.DoesNotExist; nothing changes then."""
    with photos.undone_on_error() as stored, transaction.atomic():
        review = _lock(review_id)
        if review.created_at != seen:
            raise Changed
        photos.move(review, to=photos.PRIVATE, stored=stored)
        _decide(review, Review.State.HIDDEN, by=by, reason=reason, now=now)
        figures.set_ratings([review.product_id])
    return review


@transaction.atomic
def reply(*, review_id: int, text: str, by: str, now: datetime) -> Review:
    """What the seller, or the cooperative, answers below a review. Empty: the answer is taken away."""
    review = _lock(review_id)
    text = text.replace("\x00", "").strip()[:LONGEST_REPLY]
    if text == review.reply:
        return review
    review.reply, review.replied_by = text, by[:80] if text else ""
    review.replied_at = (review.replied_at or now) if text else None  # a corrected answer was given when it was given
    review.save(update_fields=["reply", "replied_by", "replied_at"])
    return review


def _decide(review: Review, state: Review.State, *, by: str, reason: str, now: datetime) -> None:
    review.state, review.decided_by, review.decided_at, review.reason = state, by[:80], now, reason
    review.save(update_fields=["state", "decided_by", "decided_at", "reason"])


def _lock(review_id: int) -> Review:
    return Review.objects.select_for_update(no_key=True).get(pk=review_id)


def _locked(review_ids: list[int]) -> list[Review]:
    return list(Review.objects.select_for_update(no_key=True).filter(pk__in=review_ids).order_by("pk"))
