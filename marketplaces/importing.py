"""Orders come in. A push or a line in the list of changed orders is a hint; each becomes a notice, and the order is
fetched and followed from there (following.py). One path, however the hint came."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.db.models import F, Min, QuerySet

from marketplaces import connecting, following, opening, words
from marketplaces.channels.base import OrderHead, Push
from marketplaces.channels.errors import ChannelDown, ChannelError, Problem
from marketplaces.models import ChannelNotice, ChannelOrder, Connection
from tenants import due

logger = logging.getLogger(__name__)

OVERLAP = timedelta(minutes=10)  # pushes get lost, clocks differ
WINDOW = timedelta(days=15)
ORDERS_PER_CALL = 50
MOST_ATTEMPTS = 20
TRY_AGAIN = timedelta(seconds=5)
PULL_AGAIN = timedelta(seconds=30)


class CursorLoops(ChannelDown):
    """The list of changed orders leads back to a page that was read already."""

    def __init__(self) -> None:
        super().__init__("the cursor loops", outcome_unknown=False)


@transaction.atomic
def receive(*, channel: str, push: Push, now: datetime) -> bool:
    """Write a verified push into the inbox. Returns whether it was news; a repeat changes nothing."""
    shop = Connection.objects.filter(channel=channel, external_shop_id=push.shop_id).first()
    if shop is None or push.kind == "other":
        return False
    _, is_new = ChannelNotice.objects.get_or_create(
        connection=shop,
        key=push.key,
        defaults={"kind": push.kind, "external_id": push.external_id, "body": push.body, "received_at": now},
    )
    if is_new:
        due.note("import_orders", now=now)
    return is_new


def import_orders(*, now: datetime) -> None:
    """Act on every notice that waits. What cannot be fetched now stays, and is due again."""
    for notice in ChannelNotice.objects.filter(handled_at=None, kind="deauthorised").select_related("connection"):
        if _permission_is_known(notice.connection):
            _handled([notice.pk], now)
    for shop in Connection.objects.filter(state=Connection.State.ACTIVE, notices__handled_at=None).distinct():
        _import_of(shop, now)
    waiting = ChannelNotice.objects.filter(
        handled_at=None, attempts__lt=MOST_ATTEMPTS, connection__state=Connection.State.ACTIVE
    )
    fewest = waiting.aggregate(fewest=Min("attempts"))["fewest"]
    if fewest is not None:
        due.note("import_orders", now=now, at=now + TRY_AGAIN * 2 ** min(fewest, 7))


def stuck() -> QuerySet[ChannelNotice]:
    """Notices that were tried too often: a person has to look."""
    return ChannelNotice.objects.filter(handled_at=None, attempts__gte=MOST_ATTEMPTS)


def pull(*, now: datetime) -> None:
    """Ask every connected shop which orders changed since we last asked. One shop in trouble does not stop the next."""
    for shop in Connection.objects.filter(state=Connection.State.ACTIVE).order_by("pk"):
        try:
            _pull_of(shop, now)
        except connecting.ConnectionLost:
            continue
        except CursorLoops:
            _note_trouble(shop, words.say(Problem(code="cursor_loops")), now)
        except ChannelError as error:
            _note_trouble(shop, words.say_all(words.problems_of(error)), now)


def _permission_is_known(shop: Connection) -> bool:
    """A push that says “deauthorised” is a hint too, perhaps an old one: ask, and see whether the token still works.
    Where it does not, the renewal marks the shop as lost."""
    try:
        connecting.ask(shop, opening.channel(shop.channel).shop_name)
    except connecting.ConnectionLost:
        return True
    except ChannelError:
        return False
    return True


def _import_of(shop: Connection, now: datetime) -> None:
    notices = ChannelNotice.objects.filter(
        connection=shop, handled_at=None, kind="order", attempts__lt=MOST_ATTEMPTS
    ).order_by("received_at", "pk")
    by_order: dict[str, list[int]] = {}
    for pk, external_id in notices.values_list("pk", "external_id"):
        by_order.setdefault(external_id, []).append(pk)
    ids = list(by_order)
    for start in range(0, len(ids), ORDERS_PER_CALL):
        some = {one: by_order[one] for one in ids[start : start + ORDERS_PER_CALL]}
        if not _fetch_and_follow(shop, some, now):
            return


def _fetch_and_follow(shop: Connection, some: dict[str, list[int]], now: datetime) -> bool:
    """Whether the shop answers; each order then succeeds or fails alone."""
    adapter = opening.channel(shop.channel)
    try:
        news = {order.id: order for order in connecting.ask(shop, adapter.read_orders, list(some))}
    except (ChannelError, connecting.ConnectionLost) as error:
        # nobody's fault: no attempt is counted, so a long outage loses nothing
        ChannelNotice.objects.filter(pk__in=[pk for pks in some.values() for pk in pks]).update(
            last_error=str(error)[:200]
        )
        return False
    for external_id, pks in some.items():
        # counted before the work, so that an order that kills its worker is not tried for ever
        ChannelNotice.objects.filter(pk__in=pks).update(attempts=F("attempts") + 1)
        if external_id not in news:
            ChannelNotice.objects.filter(pk__in=pks).update(last_error="the channel does not know this order")
            continue
        try:
            following.follow(shop=shop, news=news[external_id], now=now)
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            logger.exception("importing order %s", external_id)
            ChannelNotice.objects.filter(pk__in=pks).update(last_error=type(error).__name__)
        else:
            _handled(pks, now)
    return True


def _pull_of(shop: Connection, now: datetime) -> None:
    since = (shop.pulled_until or shop.connected_at) - OVERLAP
    while since < now:
        until = min(since + WINDOW, now)
        _write_down(shop, _changed_orders(shop, since, until), until, now)
        since = until


def _changed_orders(shop: Connection, since: datetime, until: datetime) -> list[OrderHead]:
    """All pages of one window. Raises CursorLoops rather than read for ever."""
    adapter = opening.channel(shop.channel)
    heads: list[OrderHead] = []
    seen = {""}
    cursor = ""
    while True:
        page = connecting.ask(shop, adapter.pull_orders, since=since, until=until, cursor=cursor)
        heads += page.heads
        cursor = page.cursor
        if not cursor:
            return heads
        if cursor in seen:
            raise CursorLoops
        seen.add(cursor)


@transaction.atomic
def _write_down(shop: Connection, heads: Sequence[OrderHead], until: datetime, now: datetime) -> None:
    """A notice for each order that we know differently, and how far we have looked: both or neither."""
    asked = ChannelOrder.objects.filter(connection=shop, external_id__in={head.id for head in heads})
    known = dict(asked.values_list("external_id", "external_state"))
    is_news = False
    for head in heads:
        if known.get(head.id) != head.state:
            ChannelNotice.objects.update_or_create(
                connection=shop,
                key=f"pull:{head.id}",
                defaults={
                    "kind": "order",
                    "external_id": head.id,
                    "body": {"state": head.state},
                    "received_at": now,
                    "handled_at": None,
                    "attempts": 0,
                },
            )
            is_news = True
    if is_news:
        due.note("import_orders", now=now)
    Connection.objects.filter(pk=shop.pk).update(pulled_until=until)
    Connection.objects.filter(pk=shop.pk, state=Connection.State.ACTIVE).update(last_error="")


def _note_trouble(shop: Connection, text: str, now: datetime) -> None:
    Connection.objects.filter(pk=shop.pk, state=Connection.State.ACTIVE).update(last_error=text)
    due.note("pull", now=now, at=now + PULL_AGAIN)


def _handled(pks: Sequence[int], now: datetime) -> None:
    ChannelNotice.objects.filter(pk__in=pks).update(handled_at=now, last_error="")
