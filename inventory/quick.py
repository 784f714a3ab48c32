"""A member says with one tap how much there is: nothing, so many more, or so many. Also from a chat, by a link.

What a member counts is what can be sold: pieces that are promised to orders lie aside already. The link needs no login.
Whoever holds it may change the stock of this member's goods and nothing else, until it is renewed or too old.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from catalog.models import Variant
from inventory import stock
from inventory.models import Stock
from lib import signing
from members.models import Member

MOST = 99_999
LINK_DAYS = 180
_PURPOSE = "stock link"


class LinkIsOver(Exception):
    """Forged, of another cooperative, too old, or renewed since."""


class Changed(Exception):
    """Pieces were sold or came back while the member counted: `available` can be sold now."""

    def __init__(self, available: int) -> None:
        super().__init__(available)
        self.available = available


def countable(member: Member) -> QuerySet[Variant]:
    """What this member counts: choices that are sold, but not what is made when it is ordered."""
    mine = Variant.objects.filter(product__member=member, is_active=True, product__made_to_order=False)
    return mine.select_related("product", "stock").order_by("product__title", "product", "position", "pk")


def sold_out(*, variant_id: int, by: str, now: datetime) -> None:
    """Nothing more can be sold. What is promised to orders stays promised."""
    _set(variant_id, 0, None, by, now)


def add(*, variant_id: int, pieces: int, key: str, by: str, now: datetime) -> bool:
    """So many more. `key` is of one tap: sent again (a bad connection), it adds nothing. Returns whether it added."""
    _check(pieces)
    return stock.receive(variant_id=variant_id, pieces=pieces, key=f"{key}+{pieces}", reference=by, now=now)


def set_to(*, variant_id: int, pieces: int, shown: int, by: str, now: datetime) -> None:
    """So many can be sold from now on. `shown` is what the member saw before counting. Raises Changed when that is not
    so any more; nothing changes then."""
    _check(pieces)
    _set(variant_id, pieces, shown, by, now)


def link(member: Member) -> str:
    """What the address of this member's link ends with."""
    return signing.sign([member.pk, member.stock_link], purpose=_PURPOSE)


def whose(signed: str) -> Member:
    """The member whose link this is. Raises LinkIsOver."""
    try:
        pk, number = signing.unsign(signed, purpose=_PURPOSE, max_age=int(timedelta(days=LINK_DAYS).total_seconds()))
    except signing.BadToken:
        raise LinkIsOver from None
    member = Member.objects.filter(pk=pk, stock_link=number).first()
    if member is None:
        raise LinkIsOver
    return member


def renew_link(*, member_id: int) -> None:
    """Links that were given out until now open nothing any more."""
    Member.objects.filter(pk=member_id).update(stock_link=F("stock_link") + 1)


@transaction.atomic
def _set(variant_id: int, pieces: int, shown: int | None, by: str, now: datetime) -> None:
    row, _ = Stock.objects.select_for_update().get_or_create(pk=variant_id)
    if shown is not None and shown != row.available:
        raise Changed(row.available)
    stock.count(variant_id=variant_id, on_hand=row.reserved + pieces, reference=by[: stock.LONGEST_REFERENCE], now=now)


def _check(pieces: int) -> None:
    if not 0 <= pieces <= MOST:
        raise ValueError(f"{pieces} pieces")
