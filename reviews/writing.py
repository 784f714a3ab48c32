"""A buyer says what they think of what they bought and got."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from catalog.models import Product
from lib import phone
from orders import lifecycle
from orders.models import Order, OrderLine, OrderState
from reviews import photos
from reviews.models import Review

MOST_PHOTOS = 3
LONGEST_TEXT = 1000
ARRIVED = frozenset({OrderState.DELIVERED, OrderState.COMPLETED})


class CannotReview(Exception):
    """This line is not reviewed."""


class NotArrived(CannotReview):
    """Nobody can say anything yet about goods that are on their way, or that never came."""


class NothingToReview(CannotReview):
    """The product is gone, or the order came through a marketplace, whose buyers speak there."""


class OwnGoods(CannotReview):
    """Who sells it praises it elsewhere."""


class Decided(CannotReview):
    """An officer has decided about what was written; it stays."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """A line of an order that may be reviewed, and what was written about it until now."""

    line: OrderLine
    product: Product
    review: Review | None

    @property
    def is_open(self) -> bool:
        return self.review is None or self.review.state == Review.State.WAITING


def places(order: Order) -> list[Place]:
    """The lines of `order` that its buyer may review or has reviewed; none before the goods have arrived."""
    if order.state not in ARRIVED or order.channel != Order.SHOP:
        return []
    lines = order.lines.select_related("variant__product", "member__user", "review").order_by("pk")
    return [
        Place(line=line, product=line.variant.product, review=getattr(line, "review", None))
        for line in lines
        if line.variant is not None and not _is_own(order, line)
    ]


def write_review(
    *,
    line_id: int,
    stars: int,
    text: str,
    pictures: Sequence[tuple[str, bytes]] = (),
    keeps_pictures: bool = True,
    is_named: bool = True,
    language: str,
    now: datetime,
) -> Review:
    """What the buyer of this line thinks: 1 to 5 `stars`, perhaps words and photos. It waits until an officer has
    looked; until then the buyer may write it anew, and new photos (name as it came, content) take the place of the ones
    before.

    Raises CannotReview (see the classes above), photo_files.BadPhoto; nothing changes then.
    """
    order_id = OrderLine.objects.values_list("order", flat=True).get(pk=line_id)
    _place(Order.objects.get(pk=order_id), line_id)  # before anything is drawn
    drawn = [photos.draw(name=name, data=data) for name, data in pictures[:MOST_PHOTOS]]  # outside of the lock
    with photos.undone_on_error() as stored, transaction.atomic():
        order = lifecycle.lock(order_id)
        place = _place(order, line_id)
        review, _ = Review.objects.update_or_create(
            line=place.line,
            defaults={
                "product": place.product,
                "stars": stars,
                "text": _plain(text)[:LONGEST_TEXT],
                "language": language,
                "name": shown_name(order.buyer_name) if is_named else "",
                "created_at": now,
            },
        )
        if drawn or not keeps_pictures:
            photos.replace(review, drawn, stored)
    return review


def shown_name(name: str) -> str:
    """`Siti Aminah` -> `Siti A.`: enough to tell two buyers apart, not enough to find one."""
    words = name.split()
    if not words:
        return ""
    return words[0][:20] if len(words) == 1 else f"{words[0][:20]} {words[-1][0].upper()}."


def _place(order: Order, line_id: int) -> Place:
    if order.state not in ARRIVED:
        raise NotArrived(order.code)
    found = next((place for place in places(order) if place.line.pk == line_id), None)
    if found is None:
        line = order.lines.select_related("member__user").get(pk=line_id)
        raise OwnGoods(order.code) if _is_own(order, line) else NothingToReview(order.code)
    if not found.is_open:
        raise Decided(order.code)
    return found


def _is_own(order: Order, line: OrderLine) -> bool:
    """Whether the buyer is the member whose goods they are, by e-mail address or phone number."""
    if line.member is None:
        return False
    email = line.member.user.email if line.member.user else ""
    same_email = bool(email) and email.lower() == order.buyer_email.lower()
    return same_email or (bool(line.member.phone) and _digits(line.member.phone) == _digits(order.buyer_phone))


def _digits(number: str) -> str:
    try:
        return phone.normalise(number)
    except phone.NotAPhoneNumber:
        return number


def _plain(text: str) -> str:
    """Words and line ends; no control characters, and nothing that turns the reading direction of what stands below."""
    kept = (sign for sign in text.replace("\r\n", "\n") if sign == "\n" or sign.isprintable())
    return "".join(kept).strip()
