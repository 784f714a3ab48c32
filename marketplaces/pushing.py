"""Wanted state goes out to the channels. State in the rows is the queue: a listing is due while wanted ≠ pushed.

    push()          a turn of a few seconds: figures of what is published first, then the rest, oldest first
    telling.tell()  one listing, step by step, under its claim
    _note_failure   what went wrong, in words, and when to try again

Several turns may run at once; they share the work through the claims. What a turn leaves over is noted as due again.
"""

import logging
import random
import time
from collections import deque
from datetime import datetime, timedelta

from marketplaces import claiming, connecting, pacing, telling, wanting, words
from marketplaces.channels.errors import (
    ChannelDown,
    ChannelError,
    NotFound,
    Problem,
    RateLimited,
    Refused,
    Rejected,
)
from marketplaces.models import Connection, Listing, ListingVariant
from marketplaces.opening import channel
from tenants import due
from tenants.context import TenantExecutor, current_cooperative
from tenants.models import Due

logger = logging.getLogger(__name__)

TURN_SECONDS = 2.0  # then look again what is most urgent, and let other cooperatives have the worker
HANDS = 4
FEW = 3
DOWN_IN_A_TURN = 3
LONGEST_BACKOFF = 600.0
SLOWLY = 30.0
LIMITED_AGAIN = 1.0
# Problems that pass without a person; everything else is shown and waits for one.
PASSING = frozenset({"passing", "internal", "reserved_stock", "promotion", "holiday", "not_editable"})
SLOW_TO_PASS = frozenset({"promotion", "holiday", "not_editable"})


def push(*, now: datetime) -> None:
    """Tell the channels of this cooperative what they do not know yet, for about TURN_SECONDS."""
    work, later = _to_do(now)
    turn = _Turn(work, now)
    if later:
        turn.come_back(later)
    if len(work) <= FEW:
        _work(turn)
    else:
        with TenantExecutor(max_workers=HANDS) as hands:
            for done in [hands.submit(_work, turn) for _ in range(min(HANDS, len(work)))]:
                done.result()
    if turn.waiting:
        turn.come_back(now)
    if turn.again_at:
        _note_again(turn.again_at, now)


class _Turn:
    """What one turn has before it, shared by its hands."""

    def __init__(self, work: list[tuple[int, int]], now: datetime) -> None:
        self.waiting = deque(work)
        self.again_at: datetime | None = None
        self._stopped: dict[int, int] = {}  # connection id -> how often it was down in this turn
        self._now, self._began = now, time.monotonic()

    def now(self) -> datetime:
        return self._now + timedelta(seconds=time.monotonic() - self._began)

    def next(self) -> tuple[int, int] | None:
        """(listing id, connection id), or None when the turn is over."""
        while self.waiting and time.monotonic() - self._began < TURN_SECONDS:
            try:
                listing_id, connection_id = self.waiting.popleft()
            except IndexError:  # another hand took it
                return None
            if self._stopped.get(connection_id, 0) < DOWN_IN_A_TURN:
                return listing_id, connection_id
        return None

    def come_back(self, at: datetime) -> None:
        self.again_at = min(self.again_at or at, at)

    def stop(self, connection_id: int, *, strikes: int = DOWN_IN_A_TURN) -> None:
        """No more of this shop in this turn, or after so many strikes."""
        self._stopped[connection_id] = self._stopped.get(connection_id, 0) + strikes


def _to_do(now: datetime) -> tuple[list[tuple[int, int]], datetime | None]:
    """Listings that differ and may be tried now, the quick ones first; and when the next of the others may be."""
    found, later = [], []
    for listing in wanting.read(now=now):
        difference = wanting.difference(listing, wanting.wanted(listing))
        if not difference:
            continue
        if listing.try_at and listing.try_at > now:
            later.append(listing.try_at)
        else:
            found.append((not difference.is_quick, listing.pk, listing.connection_id))
    found.sort(key=lambda row: row[0])  # stable: the longest untouched stay in front
    return [(pk, shop) for _, pk, shop in found], min(later, default=None)


def _work(turn: _Turn) -> None:
    while (one := turn.next()) is not None:
        listing_id, connection_id = one
        claim = claiming.take(listing_id)
        if not claim:
            # its holder looks again when done; should it be dead, we come back
            turn.come_back(turn.now() + claiming.LEASE)
            continue
        fine = False
        try:
            fine = _push_one(turn, listing_id, connection_id, claim)
        finally:
            claiming.release(listing_id, claim)
        if fine and _changed_meanwhile(listing_id, turn.now()):
            turn.waiting.append(one)


def _push_one(turn: _Turn, listing_id: int, connection_id: int, claim: str) -> bool:
    """Whether all went well. One listing in trouble never stops the others, whatever the trouble is."""
    try:
        telling.tell(listing_id, claim, now=turn.now())
    except claiming.ClaimLost:
        turn.come_back(turn.now() + claiming.LEASE)
    except connecting.ConnectionLost:
        turn.stop(connection_id)
    except RateLimited as limit:
        _note_limit(turn, listing_id, connection_id, limit)
    except ChannelError as error:
        _stop_if_all_fail(turn, connection_id, error)
        turn.come_back(_note_failure(listing_id, error, turn.now()))
    except Exception:
        logger.exception("pushing listing %s", listing_id)
        turn.come_back(_note_failure(listing_id, Rejected([Problem(code="internal")]), turn.now()))
    else:
        _note_success(listing_id, connection_id, turn.now())
        return True
    return False


def _stop_if_all_fail(turn: _Turn, connection_id: int, error: ChannelError) -> None:
    """What the whole shop suffers from is not tried out on each of its listings."""
    if isinstance(error, ChannelDown):
        turn.stop(connection_id, strikes=1)
    elif isinstance(error, Refused):
        turn.stop(connection_id)
        text = words.say(error.problem)[:300]
        Connection.objects.filter(pk=connection_id).update(last_error=text)


def _note_success(listing_id: int, connection_id: int, now: datetime) -> None:
    clean = {"attempts": 0, "try_at": None, "last_error": "", "error_code": "", "needs_person": False, "refused": ""}
    for listing in wanting.read([listing_id], now=now) if _waits_for_person(listing_id) else ():
        if listing.refused == wanting.wanted(listing).digest:
            return  # the figures went out, but what was refused is still as it was
    Listing.objects.filter(pk=listing_id).update(**clean)
    ListingVariant.objects.filter(listing=listing_id).exclude(error_code="").update(last_error="", error_code="")
    troubled = Connection.objects.filter(pk=connection_id, state=Connection.State.ACTIVE).exclude(last_error="")
    troubled.update(last_error="")


def _waits_for_person(listing_id: int) -> bool:
    return Listing.objects.filter(pk=listing_id, needs_person=True).exists()


def _note_limit(turn: _Turn, listing_id: int, connection_id: int, limit: RateLimited) -> None:
    """Too many calls is nobody's fault: no attempt is counted, the shop's other listings wait too."""
    shop = Connection.objects.get(pk=connection_id)
    adapter = channel(shop.channel)
    seconds = limit.retry_after or LIMITED_AGAIN
    pacing.hold(channel=shop.channel, app=adapter.app, shop=shop.external_shop_id, seconds=seconds)
    turn.stop(connection_id)
    turn.come_back(turn.now() + timedelta(seconds=seconds))
    text = words.say_all(words.problems_of(limit))
    Listing.objects.filter(pk=listing_id, needs_person=False).update(last_error=text, error_code="limited")


def _note_failure(listing_id: int, error: ChannelError, now: datetime) -> datetime:
    """Write down what went wrong. Returns when to look again."""
    found = wanting.read([listing_id], now=now)
    if not found:
        return now  # disconnected meanwhile
    listing = found[0]
    problems = words.problems_of(error)
    if isinstance(error, NotFound):
        forget_remote(listing)
    codes = {problem.code for problem in problems}
    for_person = isinstance(error, Rejected | NotFound) and not codes <= PASSING
    slowly = isinstance(error, Refused) or bool(codes & SLOW_TO_PASS)
    try_at = now + timedelta(seconds=_backoff(listing.attempts + 1, slowly=slowly))
    Listing.objects.filter(pk=listing_id).update(
        attempts=min(listing.attempts + 1, 1000),
        try_at=None if for_person else try_at,
        last_error=words.say_all(problems),
        error_code=problems[0].code,
        needs_person=for_person,
        refused=wanting.wanted(listing).digest if for_person else "",
    )
    return now if for_person else try_at


def forget_remote(listing: Listing) -> None:
    """Somebody deleted it at the channel. A person decides whether it comes back."""
    ListingVariant.objects.filter(listing=listing).delete()
    Listing.objects.filter(pk=listing.pk).update(
        external_id="", pushed_live=None, seen_live=None, pushed_content="", pushed_choices="", publishing_at=None
    )


def _backoff(attempts: int, *, slowly: bool) -> float:
    """Seconds until the next try: doubling, with jitter so that a thousand listings do not come back at once."""
    first = SLOWLY if slowly else 1.0
    return min(LONGEST_BACKOFF, first * 2.0 ** min(attempts, 10)) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter


def _changed_meanwhile(listing_id: int, now: datetime) -> bool:
    """The world moved on while we held the claim, and whoever came to tell it found the listing claimed."""
    return any(wanting.difference(listing, wanting.wanted(listing)) for listing in wanting.read([listing_id], now=now))


def _note_again(at: datetime, now: datetime) -> None:
    """One note is enough, however many turns see the same reason to come back."""
    if at <= now:
        due.note("push", now=now)
        return
    notes = Due.objects.filter(cooperative=current_cooperative(), kind="push", rung_at=None)
    ahead = notes.filter(at__gt=now, at__lte=at)  # those that rang already end with the turn that they rang for
    if not ahead.exists():
        due.note("push", now=now, at=at)
