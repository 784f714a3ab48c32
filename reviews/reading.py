"""Reviews as visitors read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db.models import Count, Prefetch, QuerySet, Sum

from catalog.models import Product
from members.models import Member
from reviews.models import Review, ReviewPhoto

PER_PAGE = 6
LAST_PAGE = 200
STARS = (5, 4, 3, 2, 1)
FEWEST_REPLIES = 3  # before we say how fast somebody answers


@dataclass(frozen=True, kw_only=True)
class Row:
    """How many of the shown reviews have so many stars."""

    stars: int
    count: int
    percent: int  # of all that are shown, rounded


@dataclass(frozen=True, kw_only=True)
class Summary:
    count: int
    stars: int  # their sum
    rows: Sequence[Row]
    hidden: int  # how many an officer decided not to show


@dataclass(frozen=True, kw_only=True)
class Page:
    reviews: Sequence[Review]
    number: int
    has_next: bool


def summary(product: Product) -> Summary:
    """Counts by stars, and how many are hidden. One query."""
    rows = product.reviews.exclude(state=Review.State.WAITING).order_by().values_list("state", "stars")
    counts = {(state, stars): count for state, stars, count in rows.annotate(count=Count("pk"))}
    return _summary(
        {stars: counts.get((Review.State.SHOWN, stars), 0) for stars in STARS},
        hidden=sum(count for (state, _), count in counts.items() if state == Review.State.HIDDEN),
    )


def page(product: Product, *, stars: int | None = None, number: int = 1) -> Page:
    """Shown reviews, newest first, with their photos; `stars` narrows them. Two queries."""
    start = (min(max(number, 1), LAST_PAGE) - 1) * PER_PAGE
    reviews = product.reviews.filter(state=Review.State.SHOWN).order_by("-created_at", "-pk")
    if stars:
        reviews = reviews.filter(stars=stars)
    rows = list(_with_photos(reviews)[start : start + PER_PAGE + 1])
    return Page(reviews=rows[:PER_PAGE], number=start // PER_PAGE + 1, has_next=len(rows) > PER_PAGE)


def of_member(member: Member) -> tuple[int, int]:
    """Sum and number of the stars of everything that `member` has on sale. One query."""
    figures = Product.objects.on_sale().filter(member=member)
    found = figures.aggregate(stars=Sum("rating_sum"), count=Sum("rating_count"))
    return found["stars"] or 0, found["count"] or 0


def reply_time(member: Member) -> timedelta | None:
    """How long it usually takes until a review of this member's goods is answered: the median of the last 20 answers.
    None while there are fewer than FEWEST_REPLIES."""
    answered = Review.objects.filter(product__member=member, state=Review.State.SHOWN).exclude(replied_at=None)
    moments = answered.order_by("-replied_at").values_list("decided_at", "replied_at")[:20]
    waits = [max((replied - shown).total_seconds(), 0.0) for shown, replied in moments if shown and replied]
    return timedelta(seconds=median(waits)) if len(waits) >= FEWEST_REPLIES else None


def unanswered(member: Member) -> "QuerySet[Review]":
    """Shown reviews of this member's goods that nobody has answered."""
    return of_goods_of(member).filter(reply="")


def of_goods_of(member: Member) -> "QuerySet[Review]":
    """Everything that is shown about this member's goods, newest first."""
    shown = Review.objects.filter(product__member=member, state=Review.State.SHOWN)
    return _with_photos(shown.select_related("product")).order_by("-created_at", "-pk")


def to_moderate(state: str) -> "QuerySet[Review]":
    """Reviews in `state` for officers: what waits longest comes first, of what is decided the latest."""
    found = _with_photos(Review.objects.filter(state=state).select_related("product__member", "line__order"))
    return found.order_by("created_at", "pk") if state == Review.State.WAITING else found.order_by("-decided_at", "-pk")


def counts_by_state() -> Mapping[str, int]:
    """How many wait, are shown, are hidden. One query."""
    rows = Review.objects.order_by().values_list("state").annotate(count=Count("pk"))
    return {**dict.fromkeys(Review.State.values, 0), **dict(rows)}


def _summary(counts: Mapping[int, int], *, hidden: int) -> Summary:
    whole = sum(counts.values())
    return Summary(
        count=whole,
        stars=sum(stars * count for stars, count in counts.items()),
        rows=[
            Row(stars=stars, count=counts[stars], percent=round(100 * counts[stars] / whole) if whole else 0)
            for stars in STARS
        ],
        hidden=hidden,
    )


def _with_photos(reviews: "QuerySet[Review]") -> "QuerySet[Review]":
    return reviews.prefetch_related(Prefetch("photos", ReviewPhoto.objects.order_by("position", "pk")))
